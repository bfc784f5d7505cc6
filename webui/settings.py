"""What can be set, each by an environment variable ``OCOP_<NAME>`` (``OCOP_PORT=9000``); the commands' options win."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.errors import UsageError


class Settings(BaseSettings):
    """The settings of one run."""

    model_config = SettingsConfigDict(env_prefix="OCOP_", extra="ignore")

    library: Path = Field(Path("library"), description="Thư mục của kho văn bản")
    host: str = Field(default="127.0.0.1", description="Địa chỉ máy phục vụ trang")
    port: int = Field(default=8000, ge=0, le=65535, description="Cổng của trang")
    engine: Literal["whoosh", "tantivy"] | None = Field(
        default=None, description="Máy tìm; mặc định là máy đã lập chỉ mục (kho mới: whoosh)"
    )
    jobs: int | None = Field(
        default=None, ge=1, le=256, description="Số tiến trình đọc tệp; mặc định là số nhân của máy"
    )
    file_seconds: float = Field(default=1800.0, gt=0, description="Thời gian đọc tối đa cho một tệp, giây")
    ocr_mode: Literal["auto", "redo", "force", "off"] = Field(
        default="auto", description="Khi nào OCR: auto từng trang, redo trang quét, force mọi trang, off không OCR"
    )
    ocr_cache: Path | None = Field(default=None, description="Thư mục nhớ kết quả OCR; mặc định nằm trong kho")
    second_reader: bool = Field(default=True, description="Dùng bộ đọc thứ hai cho số viết tay")
    page_size: int = Field(default=20, ge=1, le=100, description="Số kết quả một trang")
    max_upload_mb: int = Field(default=100, ge=1, le=1000, description="Dung lượng tối đa một lần tải lên, MB")
    closed: bool = Field(default=False, description="Bắt đăng nhập cả khi chỉ đọc")
    secure_cookies: bool = Field(default=False, description="Chỉ gửi cookie qua HTTPS; bật khi đứng sau proxy HTTPS")
    trusted_proxies: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Địa chỉ proxy được tin, cách nhau bằng dấu phẩy"
    )

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def load(**options: object) -> Settings:
    """The settings of the environment; *options* that are not None win. Raises UsageError naming what is wrong."""
    try:
        given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "OCOP_" + "_".join(str(part) for part in first["loc"]).upper()
        raise UsageError(
            f"Giá trị của {name} không hợp lệ: {first.get('input')!r}.", "Hãy sửa biến môi trường này."
        ) from error
