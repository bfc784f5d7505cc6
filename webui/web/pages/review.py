"""Put right what was read wrong: the queue, one value accepted or typed anew, the list of what was done, undoing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import LibraryBusy, NotFound, OcopError, UsageError
from corpus.library.corrections import EDITABLE, MAY_BE_ABSENT
from webui.app import audit_list, review
from webui.app.labels import FIELDS, date_text
from webui.web import access, forms
from webui.web.rendering import address, page

router = APIRouter(include_in_schema=False)

SHOWN = 30
#: What an address may say went wrong with a correction, by its code.
WRONG = {
    "trong": "Ô còn trống. Hãy ghi giá trị đúng; nếu trên văn bản không in mục này, bấm “Văn bản không có”.",
    "so": "Không phải số ký hiệu. Ví dụ: 490/QĐ-TTg, 05-NQ/TW.",
    "ngay": "Không phải ngày. Viết ngày/tháng/năm, ví dụ 30/12/2019.",
    "sai": "Không ghi được giá trị này: mục không sửa được, dài quá 2000 ký tự, hoặc văn bản nào cũng phải có.",
    "khong-thay": "Không còn văn bản này trong kho.",
    "ban": "Kho đang bận. Hãy thử lại sau ít giây.",
    "khac": "Chưa ghi được. Hãy thử lại; nếu vẫn lỗi, báo người quản trị.",
}
#: Entries of the audit list on one page.
LISTED = 100


@router.get("/duyet")
def queue(request: Request, xong: str = "", loi: str = "", muc: str = "") -> Response:
    """The queue."""
    access.writer(request)
    library = access.reader(request)
    found = review.items(library, access.graph(request), limit=SHOWN)
    return page(
        request, "review.html", items=found, done=xong == "1", wrong=_wrong(loi, muc), unsure=library.status().unsure,
        may_be_absent=MAY_BE_ABSENT,
    )  # fmt: skip


def _wrong(code: str, field: str) -> str:
    """The message of a code of an address: anybody may write an address, nobody else the words of this site."""
    told = WRONG.get(code, "")
    return f"{FIELDS[field]}: {told}" if told and field in EDITABLE else told


@router.get("/van-ban/{id}/sua")
def edit(request: Request, id: int, loi: str = "", muc: str = "") -> Response:
    """All values of one document as forms."""
    access.writer(request)
    document = access.reader(request).document(id)
    if document.record is None:
        raise UsageError("Văn bản này không có tệp trong kho.", "Không có gì để sửa.")
    record = document.record
    rows = [
        {
            "field": name, "label": FIELDS[name], "evidence": record.fields.get(name),
            "value": date_text(getattr(record, name)) if name == "date" else getattr(record, name) or "",
        }
        for name in EDITABLE
    ]  # fmt: skip
    return page(
        request, "edit.html", doc=document.summary, rows=rows, wrong=_wrong(loi, muc), may_be_absent=MAY_BE_ABSENT
    )


@router.post("/duyet")
async def correct(request: Request) -> Response:
    """Accept a value (``chap-nhan``), put in another, or say that the paper has none (``khong-co``); then back."""
    access.writer(request)
    access.same_origin(request)
    async with forms.sent(request, max_files=0, max_fields=10, max_part_size=20_000) as sent:
        user = access.checked(request, sent)
        said = {name: str(sent.get(name) or "") for name in ("van_ban", "muc", "gia_tri", "cu", "viec", "ve", "chon")}
    if not (said["van_ban"].isascii() and said["van_ban"].isdigit() and len(said["van_ban"]) < 20):
        raise UsageError("Thiếu văn bản cần sửa.", "Hãy gửi lại từ trang kiểm tra.")
    typed = said["gia_tri"].strip() != said["cu"].strip()
    if said["viec"] == "khong-co":
        said["gia_tri"] = said["chon"] = ""
    elif said["viec"] == "chap-nhan" and typed:
        said["viec"] = "sua"  # Enter in the field presses the first button: what was typed counts
    elif said["chon"] and not typed:
        said["viec"], said["gia_tri"] = "sua", said["chon"]  # what others cite, taken by one key
    here = f"/van-ban/{said['van_ban']}"
    back = {"sua": f"{here}/sua", "van-ban": here}.get(said["ve"], "/duyet")
    form = back if back != here else f"{here}/sua"  # the document's own page tells of no error
    if said["viec"] == "sua" and not said["gia_tri"].strip():
        return RedirectResponse(address(form, loi="trong", muc=said["muc"]), status_code=303)
    try:
        await run_in_threadpool(
            _correct, request, int(said["van_ban"]), said["muc"], said["gia_tri"], said["viec"], user.name
        )
    except OcopError as error:
        return RedirectResponse(address(form, loi=_code(error, said["muc"]), muc=said["muc"]), status_code=303)
    return RedirectResponse(address(back, xong="1") if back == "/duyet" else back, status_code=303)


def _code(error: OcopError, field: str) -> str:
    """Which message of :data:`WRONG` an error is."""
    if isinstance(error, LibraryBusy):
        return "ban"
    if isinstance(error, NotFound):
        return "khong-thay"
    return {"so_ky_hieu": "so", "date": "ngay"}.get(field, "sai") if isinstance(error, UsageError) else "khac"


def _correct(request: Request, id: int, field: str, value: str, what: str, who: str) -> None:
    library = access.reader(request)
    if what == "khong-co" and field not in MAY_BE_ABSENT:
        raise UsageError("Văn bản nào cũng có mục này.", "Hãy ghi giá trị đúng.")
    if what == "chap-nhan":
        record = library.document(id).record
        if record is None or field not in EDITABLE:
            raise UsageError("Không có mục này để chấp nhận.", "Hãy gửi lại từ trang kiểm tra.")
        value = getattr(record, field) or ""
    library.document(id)  # a paper this visitor may not see is not corrected either
    request.app.state.library.edits.correct(id, field, value, who=who)
    request.app.state.search.catch_up()


@router.get("/nhat-ky")
def history(request: Request, sau: Annotated[int, Query(ge=0)] = 0) -> Response:
    """What was corrected, by whom; and what was removed or merged. sau: entries already seen."""
    access.writer(request)
    rows, more = audit_list.shown(request.app.state.library, access.reader(request), sau, LISTED)
    following = address("/nhat-ky", sau=sau + LISTED) if more else None
    return page(request, "history.html", rows=rows, after=sau, following=following, zone=audit_list.ZONE_NAME)


@router.post("/nhat-ky/{entry}/hoan-tac")
async def undo(request: Request, entry: int) -> Response:
    """Take back a correction; removals and merges are for administrators."""
    access.writer(request)
    access.same_origin(request)
    async with forms.sent(request, max_files=0, max_fields=10, max_part_size=10_000) as sent:
        access.checked(request, sent)
    library = request.app.state.library
    kind = next((e.action for e in await run_in_threadpool(library.edits.audit) if e.id == entry), None)
    if kind != "correct":
        access.writer(request, admin=True)
    await run_in_threadpool(library.edits.undo, entry)
    await run_in_threadpool(request.app.state.search.catch_up)
    return RedirectResponse("/nhat-ky", status_code=303)
