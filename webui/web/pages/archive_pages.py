"""The work of an archivist on one document: merge it, take it out, read it again, and take that back."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import NotFound, OcopError, UsageError
from webui.app import addressing, audit_list, json_shapes
from webui.app.duplicates import differences
from webui.app.rereading import MODES
from webui.web import access, forms
from webui.web.moved import redirect_if_moved
from webui.web.rendering import address, page
from webui.web.workers.roles import by_main_process

router = APIRouter(include_in_schema=False)

#: Seconds after which the page of a document that is being read again is loaded again.
REFRESH = "2"
#: What was done, by the code in the address: anybody may write an address, so it carries no text of its own.
DONE = {"gop": "Đã gộp.", "go": "Đã gỡ tệp khỏi kho.", "doc": "Đã xếp hàng đọc lại."}


@router.get("/van-ban/{id}/luu-tru")
@by_main_process
def work(request: Request, id: int, xong: str = "") -> Response:
    """What an archivist may do with a document, and what was done with it."""
    access.require_user(request)
    found = access.reader(request).summary(id)
    moved = redirect_if_moved(request, id, found, "/luu-tru")
    return moved or _page(request, found.id, done=DONE.get(xong, ""))


def _page(
    request: Request, id: int, *, done: str = "", wrong: OcopError | None = None, typed: str = "", code: int = 200
) -> Response:
    """typed: the other document as it was typed, where it has to be chosen again."""
    view = access.reader(request)
    reading = request.app.state.rereadings.of(id)
    response = page(
        request,
        "archive.html",
        status_code=code,
        doc=json_shapes.summary(view.summary(id)),
        copies=[json_shapes.summary(one) for one in view.summaries(view.document(id).copies).values()],
        rows=audit_list.of_document(request.app.state.library, view, id),
        reading=reading,
        modes=MODES,
        done=done,
        wrong=wrong,
        typed=typed,
        choices=[json_shapes.summary(one) for one in getattr(wrong, "found", [])],
    )
    if reading is not None and not reading.done:
        response.headers["Refresh"] = REFRESH
    return response


@router.post("/van-ban/{id}/gop")
async def merge(request: Request, id: int) -> Response:
    """State that another document is the same as this one."""
    submitted, who = await _submitted(request, admin=True)
    other, reason = submitted["van_ban"], submitted["ly_do"]
    try:
        await run_in_threadpool(_merge, request, id, other, reason, who, sure=submitted["khac_loai"] == "1")
    except (NotFound, UsageError) as error:
        return await run_in_threadpool(partial(_page, request, id, wrong=error, typed=other, code=400))
    return RedirectResponse(address(f"/van-ban/{id}/luu-tru", xong="gop"), status_code=303)


@router.post("/van-ban/{id}/go")
async def remove(request: Request, id: int) -> Response:
    """Take the file of a document out of the library."""
    submitted, who = await _submitted(request, admin=True)
    try:
        stays = await run_in_threadpool(_remove, request, id, submitted["ly_do"], who)
    except UsageError as error:
        return await run_in_threadpool(partial(_page, request, id, wrong=error, code=400))
    back = address(f"/van-ban/{id}/luu-tru", xong="go") if stays else "/nhat-ky"
    return RedirectResponse(back, status_code=303)


@router.post("/van-ban/{id}/doc-lai")
async def reread(request: Request, id: int) -> Response:
    """Read the original again in another way; in the background, as a scan takes minutes."""
    submitted, _ = await _submitted(request)
    mode = submitted["cach"]
    if mode not in MODES:
        raise UsageError("Không có cách đọc này.", "Hãy gửi lại từ trang của văn bản.")
    found = await run_in_threadpool(access.reader(request).summary, id)
    request.app.state.rereadings.add(found.id, mode)
    return RedirectResponse(address(f"/van-ban/{found.id}/luu-tru", xong="doc"), status_code=303)


async def _submitted(request: Request, *, admin: bool = False) -> tuple[dict[str, str], str]:
    """The fields of the form, and who sent it. Raises HTTPException 401, 403."""
    access.require_user(request, admin=admin)
    access.require_same_origin(request)
    async with forms.read_form(request, max_files=0, max_fields=10, max_part_size=10_000) as submitted:
        user = access.require_form_token(request, submitted, admin=admin)
        return {name: _text(submitted, name) for name in ("van_ban", "ly_do", "cach", "khac_loai")}, user.name


def _text(submitted: FormData, name: str) -> str:
    return str(submitted.get(name) or "").strip()


def _merge(request: Request, id: int, words: str, reason: str, who: str, *, sure: bool) -> None:
    """sure: also where the two are of different types."""
    view = access.reader(request)
    if not words:
        raise UsageError("Chưa ghi văn bản cần gộp.", "Hãy gõ số hiệu hoặc mã (#12).")
    if not reason:
        raise UsageError("Cần nêu lý do gộp hai văn bản.", "Ví dụ: hai bản quét của một văn bản.")
    here, other = view.summary(id), addressing.one(view, words, paths=False)
    if "loại" in differences(here, other) and not sure:
        raise UsageError(
            f"{here.name} và {other.name} khác loại, hiếm khi là một văn bản.",
            "Nếu đúng là một thì đánh dấu “Vẫn gộp dù khác loại”.",
        )
    request.app.state.library.edits.merge(here.id, other.id, reason, who=who)
    request.app.state.search.catch_up()


def _remove(request: Request, id: int, reason: str, who: str) -> bool:
    """Whether the document stays as one that is only cited."""
    view = access.reader(request)
    if not reason:
        raise UsageError("Cần nêu lý do gỡ văn bản.", "Ví dụ: tệp tải nhầm.")
    request.app.state.library.edits.remove(view.summary(id).id, reason, who=who)
    request.app.state.search.catch_up()
    try:
        view.summary(id)
    except NotFound:
        return False
    return True
