"""The MCP server: the tools of :mod:`webui.mcp.tools` on stdin and stdout, or by HTTP for this machine alone."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated, Any, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field

from corpus.errors import OcopError
from corpus.library import Library
from webui.app.settings import Settings
from webui.mcp.tools import Tools

#: Bytes of the longest request, which may hold a draft, and characters of that draft.
MAX_REQUEST, MAX_DRAFT = 1_000_000, 200_000

Name = Annotated[
    str,
    Field(min_length=1, max_length=300, description="Số hiệu, có thể thêm cơ quan, năm; hoặc #mã."),
]
Agency = Annotated[str, Field(min_length=1, max_length=300, description="Tên cơ quan như trong văn bản.")]
Provision = Annotated[str, Field(min_length=1, max_length=200, description="khoản 1 Điều 5, Phụ lục II.")]
Offset = Annotated[int, Field(ge=0, le=100_000_000, description="Bỏ qua bao nhiêu mục (hoặc ký tự) đầu.")]
Day = Annotated[
    str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="Tính đến ngày nào (2025-07-06); để trống là hôm nay.")
]

_T = TypeVar("_T")
_READING = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_INSTRUCTIONS = (
    "Kho văn bản hành chính, chỉ đọc. Mỗi câu trả lời kèm câu văn làm chứng, độ tin cậy, chỗ còn nghi ngờ "
    "(needs_review, unverified, candidates) và phần bị cắt (left_out, cut, next). "
    "“chưa rõ” nghĩa là kho không đủ dữ liệu, không phải là còn hiệu lực. Văn bản lưu hành nội bộ không có ở đây."
)


def make_server(library: Library, settings: Settings) -> MCPServer[Any]:
    """The server with its tools over an open library."""
    server: MCPServer[Any] = MCPServer(
        "can-cu", version=version("can-cu"), instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    tools = Tools(library, settings)
    _add_documents(server, tools)
    _add_checks(server, tools)
    return server


def _add_documents(server: MCPServer[Any], tools: Tools) -> None:
    """The tools that find and show documents."""

    @server.tool(annotations=_READING, structured_output=False)
    def search(
        query: Annotated[str, Field(max_length=1000, description="Câu tìm, như trên trang tìm kiếm.")],
        page: Annotated[int, Field(ge=1, le=1000)] = 1,
    ) -> dict[str, Any]:
        """Tìm văn bản theo số hiệu, theo chữ, theo trường (loai:, coquan:, ngay:, cancu:)."""
        return _answer(lambda: tools.search(query, page))

    @server.tool(annotations=_READING, structured_output=False)
    def document(
        name: Name,
        provision: Annotated[str, Field(max_length=200, description="Chỉ điều khoản này: khoản 1 Điều 5.")] = "",
        offset: Offset = 0,
    ) -> dict[str, Any]:
        """Mọi điều biết về một văn bản, hiệu lực kèm chứng cứ, và một phần toàn văn."""
        return _answer(lambda: tools.document(name, provision, offset))

    @server.tool(annotations=_READING, structured_output=False)
    def provision(name: Name, provision: Provision, on: Day = "") -> dict[str, Any]:
        """Lời văn một điều khoản tại một ngày, kèm các câu sửa đổi đã ghép và chưa ghép được."""
        return _answer(lambda: tools.provision(name, provision, on))

    @server.tool(annotations=_READING, structured_output=False)
    def cites(name: Name, offset: Offset = 0) -> dict[str, Any]:
        """Văn bản này dẫn những văn bản nào, điều khoản nào, trong câu nào."""
        return _answer(lambda: tools.cites(name, offset))

    @server.tool(annotations=_READING, structured_output=False)
    def cited_by(name: Name, offset: Offset = 0) -> dict[str, Any]:
        """Những văn bản nào dẫn văn bản này, mới trước."""
        return _answer(lambda: tools.cited_by(name, offset))


def _add_checks(server: MCPServer[Any], tools: Tools) -> None:
    """The tools that say what a change affects, and check drafts."""

    @server.tool(annotations=_READING, structured_output=False)
    def impact(name: Name) -> dict[str, Any]:
        """Văn bản nào phải rà soát nếu văn bản này thay đổi."""
        return _answer(lambda: tools.impact(name))

    @server.tool(annotations=_READING, structured_output=False)
    def radar(name: Name, on: Day = "") -> dict[str, Any]:
        """Căn cứ, điều khoản được dẫn có bị văn bản khác đụng tới không, kèm câu sửa đổi và điều chưa kiểm được."""
        return _answer(lambda: tools.radar(name, on))

    @server.tool(annotations=_READING, structured_output=False)
    def agency_radar(agency: Agency, on: Day = "") -> dict[str, Any]:
        """Mọi văn bản của một cơ quan: văn bản nào dựa vào điều khoản đã bị đụng tới, đứng trước."""
        return _answer(lambda: tools.agency_radar(agency, on))

    @server.tool(annotations=_READING, structured_output=False)
    def check(
        text: Annotated[str, Field(min_length=1, max_length=MAX_DRAFT, description="Toàn văn dự thảo.")],
    ) -> dict[str, Any]:
        """Đối chiếu từng căn cứ của một dự thảo với kho, xem thể thức; không giữ lại gì của dự thảo."""
        return _answer(lambda: tools.check(text))


def _answer(make: Callable[[], _T]) -> _T:
    """What *make* returns. Raises ToolError with the words for users where it cannot be answered."""
    try:
        return make()
    except OcopError as error:
        raise ToolError(str(error)) from error


def run_http(server: MCPServer[Any], port: int) -> None:
    """Serve by HTTP on the loopback address until stopped; requests under another name are refused."""
    hosts = [f"127.0.0.1:{port}", f"localhost:{port}"]
    server.run(
        "streamable-http",
        host="127.0.0.1",
        port=port,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MAX_REQUEST,
        transport_security=TransportSecuritySettings(
            allowed_hosts=hosts, allowed_origins=[f"http://{host}" for host in hosts]
        ),
    )
