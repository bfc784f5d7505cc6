"""The settings. Each is an environment variable ``OCOP_<NAME>`` (``OCOP_PORT=9000``); command options override it."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.errors import UsageError
from corpus.library.store import Store
from search.engine import EngineAddress

#: Rates as they are mostly written; the `limits` library takes others too.
#: An address of an object store: a bucket, and mostly a prefix.
_OBJECT_STORE = re.compile(r"(?:s3|gs|az)://[^/@\s]+(?:/[^\s]*)?\Z")
_PLAIN_RATE = re.compile(r"[1-9][0-9]{0,8}/(?:second|minute|hour|day)")


def _rate(value: str) -> str:
    if not _PLAIN_RATE.fullmatch(value):
        from limits import parse  # slow to import, and every command reads settings

        parse(value)  # ValueError
    return value


def _network(value: str) -> str:
    ip_network(value, strict=False)  # ValueError
    return value


def _place(value: str) -> str:
    if "://" not in value:
        return str(Path(value).absolute())
    if not _OBJECT_STORE.match(value):
        raise ValueError(value)
    return value


#: The checkout, or the folder that packages are installed in.
_ROOT = Path(__file__).resolve().parents[2]


def _default_library() -> Path:
    """The folder ``library`` of the checkout; of an installed package, in the current folder."""
    return (_ROOT if (_ROOT / "pyproject.toml").is_file() else Path.cwd()) / "library"


#: A limit as the `limits` library writes it: ``60/minute``.
Rate = Annotated[str, AfterValidator(_rate)]


class Settings(BaseSettings):
    """The settings of one run."""

    model_config = SettingsConfigDict(env_prefix="OCOP_", extra="ignore")

    # Absolute, so that messages name the folder without doubt.
    library: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        default_factory=_default_library,
        description="Thư mục của kho văn bản; mặc định là library cạnh mã nguồn, đường dẫn tương đối tính từ nơi chạy",
    )
    database: SecretStr | None = Field(
        default=None,
        description="Cơ sở dữ liệu PostgreSQL của kho: postgresql://NGƯỜI_DÙNG@MÁY:5432/TÊN; bỏ trống: tệp library.db "
        "trong thư mục của kho",
    )
    originals: Annotated[str, AfterValidator(_place)] | None = Field(
        default=None,
        description="Nơi giữ tệp gốc: một thư mục mà nhiều máy thấy được, hoặc s3://TÊN_BUCKET/TIỀN_TỐ (khóa đặt ở "
        "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY); bỏ trống: originals trong thư mục của kho",
    )
    originals_cache_mb: int = Field(
        default=2048, ge=1, description="Dung lượng tối đa, trên máy này, của các bản chép từ s3://, MB"
    )
    host: str = Field(default="127.0.0.1", description="Địa chỉ máy phục vụ trang")
    port: int = Field(default=8000, ge=0, le=65535, description="Cổng của trang")
    engine: Literal["whoosh", "tantivy", "opensearch"] | None = Field(
        default=None,
        description="Máy tìm; mặc định là máy đã lập chỉ mục (kho mới: whoosh). Whoosh dành cho kho đến 20.000 văn "
        "bản, lớn hơn thì dùng tantivy; opensearch khi một máy không đủ",
    )
    opensearch: Annotated[list[SecretStr], NoDecode] = Field(
        default_factory=list,
        description="Địa chỉ các máy của cụm OpenSearch, cách nhau bằng dấu phẩy: https://tên:mật-khẩu@máy:9200",
    )
    opensearch_certificates: Path | None = Field(
        default=None, description="Tệp chứng thư (PEM) mà cụm OpenSearch phải xuất trình theo"
    )
    opensearch_shards: int = Field(default=1, ge=1, le=1000, description="Số phần của chỉ mục mới trên OpenSearch")
    opensearch_replicas: int = Field(
        default=1, ge=0, le=10, description="Số bản sao thêm của mỗi phần trên các máy OpenSearch khác"
    )
    # What a reader notices: a document that another machine stored is found this much later.
    index_seconds: float = Field(
        default=10.0,
        ge=0.2,
        le=3600,
        description="Kho ở PostgreSQL: bao lâu trang đưa vào chỉ mục những gì máy khác đã nạp một lần, giây",
    )
    grow_engine: bool = Field(
        default=False, description="Khi kho vượt mức của máy tìm, ocop ingest tự chuyển sang máy tìm lớn hơn"
    )
    jobs: int | None = Field(
        default=None, ge=1, le=256, description="Số tiến trình đọc tệp; mặc định là số nhân của máy"
    )
    file_seconds: float = Field(default=1800.0, gt=0, description="Thời gian đọc tối đa cho một tệp, giây")
    # Reasons: docs/limits.md. Each limit is far above any administrative document seen.
    file_cpu_seconds: float = Field(
        default=1800.0, gt=0, description="Thời gian CPU tối đa của một tiến trình cho một tệp, giây"
    )
    file_memory_mb: int = Field(
        default=4096, ge=512, description="Bộ nhớ (địa chỉ) tối đa của một tiến trình đọc tệp, MB"
    )
    file_mb: int = Field(default=400, ge=1, description="Dung lượng tối đa của một tệp, MB")
    file_pages: int = Field(default=3000, ge=1, description="Số trang tối đa của một tệp")
    file_citations: int = Field(default=10_000, ge=1, description="Số dẫn chiếu được giữ của một văn bản")
    page_megapixels: int = Field(
        default=30,
        ge=1,
        le=500,
        description="Số triệu điểm ảnh tối đa của một trang khi OCR; trang lớn hơn được thu nhỏ",
    )
    text_mb: int = Field(default=32, ge=1, description="Dung lượng chữ tối đa của một tệp, MB")
    unpacked_mb: int = Field(
        default=200, ge=1, description="Dung lượng tối đa sau khi giải nén (.docx, .odt) hoặc của .doc, .rtf, MB"
    )
    ocr_mode: Literal["auto", "redo", "force", "off"] = Field(
        default="auto", description="Khi nào OCR: auto từng trang, redo trang quét, force mọi trang, off không OCR"
    )
    ocr: Literal["both", "reader", "tesseract"] = Field(
        default="both",
        description="Bộ đọc chữ trên ảnh: both bộ đọc dòng và Tesseract đối chiếu, reader chỉ bộ đọc dòng, "
        "tesseract chỉ Tesseract",
    )
    ocr_cache: Path | None = Field(default=None, description="Thư mục nhớ kết quả OCR; mặc định nằm trong kho")
    second_reader: bool = Field(default=True, description="Dùng bộ đọc thứ hai cho số viết tay")
    page_size: int = Field(default=20, ge=1, le=100, description="Số kết quả một trang")
    max_upload_mb: int = Field(default=100, ge=1, le=1000, description="Dung lượng tối đa một lần tải lên, MB")
    # A scanner that sends page by page pauses for some seconds between pages.
    watch_quiet: float = Field(
        default=10.0, ge=0, le=3600, description="ocop watch: tệp không đổi trong bao lâu thì coi là đã xong, giây"
    )
    # A scan of a share with 100,000 files takes seconds.
    watch_interval: float = Field(
        default=5.0, ge=0.05, le=3600, description="ocop watch: bao lâu xem thư mục một lần, giây"
    )
    closed: bool = Field(default=False, description="Bắt đăng nhập cả khi chỉ đọc")
    secure_cookies: bool = Field(default=False, description="Chỉ gửi cookie qua HTTPS; bật khi đứng sau proxy HTTPS")
    trusted_proxies: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Địa chỉ proxy được tin, cách nhau bằng dấu phẩy"
    )

    hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Tên trong địa chỉ mà máy chủ nhận, cách nhau bằng dấu phẩy; bỏ trống: tên máy này và localhost "
        "(địa chỉ IP luôn được nhận); * là mọi tên",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Nhật ký trên stderr: text cho người đọc, json mỗi dòng một đối tượng"
    )
    trusted_roots: Path | None = Field(
        default=None, description="Thư mục chứng thư gốc được tin (PEM hoặc DER), để kiểm tra chữ ký số"
    )
    site_url: str = Field(
        default="", description="Địa chỉ trang mà người dùng gõ, để ghi vào thư: https://cancu.tinh.vn"
    )
    smtp_host: str = Field(default="", description="Máy chủ thư (SMTP); bỏ trống: không gửi thư")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Cổng của máy chủ thư")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="Mã hóa khi gửi thư: starttls, tls, hoặc none trong mạng nội bộ"
    )
    smtp_ca: Path | None = Field(
        default=None, description="Tệp chứng thư gốc (PEM) của máy chủ thư nội bộ; mặc định: của máy"
    )
    smtp_user: str = Field(default="", description="Tên đăng nhập máy chủ thư; bỏ trống: không đăng nhập")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Mật khẩu máy chủ thư")
    mail_from: str = Field(default="can-cu@localhost", description="Địa chỉ gửi ghi trên thư")
    mail_minutes: float = Field(default=60.0, gt=0, description="Bao lâu gửi thư báo tin mới một lần, phút")
    metrics_for: Annotated[list[Annotated[str, AfterValidator(_network)]], NoDecode] = Field(
        default_factory=lambda: ["127.0.0.0/8", "::1"],
        description="Địa chỉ hoặc dải mạng được xem /metrics; mặc định chỉ máy này",
    )
    answer_seconds: float = Field(
        default=60.0, gt=0, description="Một trang được tính tối đa bao nhiêu giây trước khi trả lời 503"
    )
    # Pages keep a processor busy, so more threads would only use more memory; pictures, drafts and sign-ins, which wait
    # for others, use ten at most.
    threads: int = Field(default=16, ge=12, le=200, description="Số luồng trả lời cùng lúc")
    # Ten times the threads: people do not wait for more than that.
    at_once: int = Field(default=160, ge=1, description="Số yêu cầu được xử lý cùng lúc; thêm nữa thì trả lời 503")
    # Only a balancer that asks /readyz needs it: as long as that takes to notice.
    drain_seconds: float = Field(
        default=0.0,
        ge=0,
        le=600,
        description="Khi dừng: /readyz báo 503 bao lâu trước khi thôi nhận yêu cầu mới, giây",
    )
    # Longer than any page takes; a draft check takes three minutes at most.
    end_seconds: float = Field(
        default=5.0,
        ge=1,
        le=600,
        description="Khi dừng: yêu cầu đang làm được làm tiếp bao lâu rồi mới bị bỏ, giây",
    )
    # Each holds the library's graph in memory; more than the cores would only wait for each other.
    workers: int = Field(default=1, ge=1, le=64, description="Số tiến trình phục vụ trang")
    # Half of the thousand files that a process may usually have open.
    connections: int = Field(default=512, ge=1, description="Số kết nối cùng lúc")
    # A whole office may share an address (fifty people, one request a second): four times that.
    rate_page: Rate = Field(default="12000/minute", description="Số trang mỗi người hoặc địa chỉ được xem")
    rate_picture: Rate = Field(default="3000/minute", description="Số lược đồ, ảnh trang, tệp gốc")
    rate_table: Rate = Field(default="60/minute", description="Số lần tải bảng CSV")
    rate_draft: Rate = Field(default="30/minute", description="Số lần kiểm tra dự thảo: mỗi lần đọc một tệp")
    rate_write: Rate = Field(default="300/minute", description="Số lần sửa, nạp, duyệt")
    rate_sign_in: Rate = Field(
        default="60/minute", description="Số lần đăng nhập mỗi địa chỉ, đúng hay sai; mỗi lần tốn 64 MB bộ nhớ"
    )

    @property
    def store(self) -> Store:
        """Where the library's database and originals are."""
        return Store(
            self.database.get_secret_value() if self.database is not None else None,
            originals=self.originals,
            fetched_bytes=self.originals_cache_mb << 20,
        )

    @property
    def engine_address(self) -> EngineAddress | None:
        """Where a search engine on other machines is; None where no setting says so."""
        if not self.opensearch:
            return None
        urls = tuple(url.get_secret_value() for url in self.opensearch)
        return EngineAddress(urls, self.opensearch_certificates, self.opensearch_shards, self.opensearch_replicas)

    @field_validator("trusted_proxies", "hosts", "metrics_for", "opensearch", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def load(**options: object) -> Settings:
    """The settings of the environment; *options* that are not None override them. Raises UsageError."""
    try:
        given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "OCOP_" + "_".join(part for part in first["loc"] if isinstance(part, str)).upper()
        raise UsageError(
            f"Giá trị của {name} không hợp lệ: {first.get('input')!r}.", "Hãy sửa biến môi trường này."
        ) from error
