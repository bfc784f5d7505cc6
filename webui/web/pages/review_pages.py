"""Reviewing what was read: the queue, accepting or correcting a value, the audit list, undoing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import LibraryBusy, NotFound, OcopError, UsageError
from corpus.library.corrections import EDITABLE, MAY_BE_ABSENT
from webui.app import audit_list, review_queue
from webui.app.labels import FIELDS, date_text
from webui.web import access, forms
from webui.web.rendering import address, page
from webui.web.workers.roles import by_main_process

router = APIRouter(include_in_schema=False)

#: Values of the queue on its page.
SHOWN = 30
#: Entries of the audit list on one page.
LISTED = 100
#: Messages for an address to name by code: anybody may write an address, so it carries no text of its own.
WRONG = {
    "trong": "Ô còn trống. Hãy ghi giá trị đúng; nếu trên văn bản không in mục này, bấm “Văn bản không có”.",
    "so": "Không phải số ký hiệu. Ví dụ: 490/QĐ-TTg, 05-NQ/TW.",
    "ngay": "Không phải ngày. Viết ngày/tháng/năm, ví dụ 30/12/2019.",
    "sai": "Không ghi được giá trị này: mục không sửa được, dài quá 2000 ký tự, hoặc văn bản nào cũng phải có.",
    "khong-thay": "Không còn văn bản này trong kho.",
    "ban": "Kho đang bận. Hãy thử lại sau ít giây.",
    "khac": "Chưa ghi được. Hãy thử lại; nếu vẫn lỗi, báo người quản trị.",
}
#: Actions of the form.
_ACCEPT, _CORRECT, _ABSENT = "chap-nhan", "sua", "khong-co"


@dataclass(frozen=True, slots=True)
class _Decision:
    """What a reviewer decided about one value."""

    document: int
    field: str
    value: str
    action: str
    #: The address of the document.
    home: str
    #: The page that the form stood on.
    back: str

    @property
    def form(self) -> str:
        """The page that shows what went wrong; the document's own page shows no errors."""
        return f"{self.home}/sua" if self.back == self.home else self.back


class QueueAddress(BaseModel):
    """The parameters of the queue."""

    #: Something was done.
    xong: str = ""
    #: Code and field of an error.
    loi: str = ""
    muc: str = ""
    #: Only one field, one agency, the documents of one upload.
    loc: str = Field(default="", max_length=40)
    coquan: str = Field(default="", max_length=300)
    lo: str = Field(default="", max_length=40)
    #: "1": one value on a page, for a phone.
    mot: str = Field(default="", max_length=1)
    #: Values to pass over.
    sau: int = Field(default=0, ge=0, le=10_000)

    def kept(self) -> dict[str, str]:
        """The choice, for addresses that lead back to the same queue; "" for what is not chosen."""
        return {name: getattr(self, name) for name in CHOICE}


#: The parameters that say which queue it is.
CHOICE = ("loc", "coquan", "lo", "mot")


@router.get("/duyet")
@by_main_process
def queue(request: Request, asked: Annotated[QueueAddress, Query()]) -> Response:
    """The review queue, all of it or what the address chooses."""
    access.require_user(request)
    if asked.loc and asked.loc not in EDITABLE:
        raise UsageError(f"Không có mục “{asked.loc}”.", "Hãy chọn trong danh sách.")
    library = access.reader(request)
    batch = request.app.state.uploads.batch(asked.lo) if asked.lo else None
    documents = frozenset(one.id for one in batch.reports if one.id is not None) if batch else None
    if asked.lo and batch is None:
        raise NotFound("Không còn báo cáo của lần tải lên này.", "Hãy mở cả hàng đợi ở trang Duyệt.")
    chosen = review_queue.Chosen(asked.loc, asked.coquan, documents)
    shown = 1 if asked.mot == "1" else SHOWN
    found = review_queue.items(library, access.graph(request), limit=asked.sau + shown + 1, chosen=chosen)
    following = {**asked.kept(), "sau": asked.sau + shown} if len(found) > asked.sau + shown else None
    return page(
        request,
        "review.html",
        items=found[asked.sau : asked.sau + shown],
        following=address("/duyet", **following) if following else None,
        asked=asked.kept(),
        fields={name: FIELDS[name] for name in EDITABLE},
        agencies=review_queue.agencies(library, documents),
        batch=batch,
        done=asked.xong == "1",
        last=audit_list.last_of(request.app.state.library, access.require_user(request).name) if asked.xong else None,
        wrong=_message(asked.loi, asked.muc),
        unsure=library.status().unsure,
        may_be_absent=MAY_BE_ABSENT,
    )


def _message(code: str, field: str) -> str:
    """The message of :data:`WRONG` for *code*, with the field's name; "" for an unknown code."""
    words = WRONG.get(code, "")
    return f"{FIELDS[field]}: {words}" if words and field in EDITABLE else words


@router.get("/van-ban/{id}/sua")
def edit(request: Request, id: int, loi: str = "", muc: str = "") -> Response:
    """All values of one document as forms."""
    access.require_user(request)
    document = access.reader(request).document(id)
    record = document.record
    if record is None:
        raise UsageError("Văn bản này không có tệp trong kho.", "Không có gì để sửa.")
    rows = [
        {
            "field": name,
            "label": FIELDS[name],
            "evidence": record.fields.get(name),
            "value": date_text(getattr(record, name)) if name == "date" else getattr(record, name) or "",
        }
        for name in EDITABLE
    ]
    wrong = _message(loi, muc)
    return page(request, "edit.html", doc=document.summary, rows=rows, wrong=wrong, may_be_absent=MAY_BE_ABSENT)


@router.post("/duyet")
async def decide(request: Request) -> Response:
    """Accept a value, correct it, or record that the document has none; then back to the page of the form."""
    access.require_user(request)
    access.require_same_origin(request)
    async with forms.read_form(request, max_files=0, max_fields=10, max_part_size=20_000) as submitted:
        user = access.require_form_token(request, submitted)
        decision = _decision_of(submitted)
        queue = _chosen(submitted) if decision.back == "/duyet" else {}
    if decision.action == _CORRECT and not decision.value.strip():
        return RedirectResponse(address(decision.form, loi="trong", muc=decision.field, **queue), status_code=303)
    try:
        await run_in_threadpool(_carry_out, request, decision, user.name)
    except OcopError as error:
        code = _error_code(error, decision.field)
        return RedirectResponse(address(decision.form, loi=code, muc=decision.field, **queue), status_code=303)
    back = address(decision.back, xong="1", **queue) if decision.back == "/duyet" else decision.back
    return RedirectResponse(back, status_code=303)


def _chosen(form: FormData) -> dict[str, str]:
    """The choice of the queue that the form stood in."""
    return {name: str(form.get(name) or "")[:300] for name in CHOICE}


def _decision_of(form: FormData) -> _Decision:
    """What the form says. Raises UsageError where it names no document."""
    fields = ("van_ban", "muc", "gia_tri", "cu", "viec", "ve", "chon")
    document, field, value, before, action, origin, chosen = (str(form.get(name) or "") for name in fields)
    if not (document.isascii() and document.isdigit() and len(document) < 20):
        raise UsageError("Thiếu văn bản cần sửa.", "Hãy gửi lại từ trang kiểm tra.")
    home = f"/van-ban/{document}"
    back = {"sua": f"{home}/sua", "van-ban": home}.get(origin, "/duyet")
    decision = _Decision(int(document), field, value, action, home, back)
    typed = value.strip() != before.strip()
    if action == _ABSENT:
        return replace(decision, value="")
    if action == _ACCEPT and typed:  # Enter in the field presses the first button, but what was typed counts
        return replace(decision, action=_CORRECT)
    if chosen and not typed:  # the value that other documents cite, taken with one key
        return replace(decision, action=_CORRECT, value=chosen)
    return decision


def _error_code(error: OcopError, field: str) -> str:
    """The code of :data:`WRONG` for an error."""
    if isinstance(error, LibraryBusy):
        return "ban"
    if isinstance(error, NotFound):
        return "khong-thay"
    return {"so_ky_hieu": "so", "date": "ngay"}.get(field, "sai") if isinstance(error, UsageError) else "khac"


def _carry_out(request: Request, decision: _Decision, who: str) -> None:
    if decision.action == _ABSENT and decision.field not in MAY_BE_ABSENT:
        raise UsageError("Văn bản nào cũng có mục này.", "Hãy ghi giá trị đúng.")
    document = access.reader(request).document(decision.document)  # NotFound where this user may not see it
    value = decision.value
    if decision.action == _ACCEPT:
        if document.record is None or decision.field not in EDITABLE:
            raise UsageError("Không có mục này để chấp nhận.", "Hãy gửi lại từ trang kiểm tra.")
        value = getattr(document.record, decision.field) or ""
    request.app.state.library.edits.correct(decision.document, decision.field, value, who=who)
    request.app.state.search.catch_up()


@router.get("/nhat-ky")
def history(request: Request, sau: Annotated[int, Query(ge=0)] = 0) -> Response:
    """Corrections with who made them, removals and merges. sau: entries to pass over."""
    access.require_user(request)
    rows, more = audit_list.section(request.app.state.library, access.reader(request), sau, LISTED)
    following = address("/nhat-ky", sau=sau + LISTED) if more else None
    return page(request, "history.html", rows=rows, after=sau, following=following, zone=audit_list.ZONE_NAME)


@router.post("/nhat-ky/{entry}/hoan-tac")
async def undo(request: Request, entry: int) -> Response:
    """Undo a correction or a confirmation; removals and merges are for administrators."""
    access.require_user(request)
    access.require_same_origin(request)
    async with forms.read_form(request, max_files=0, max_fields=10, max_part_size=10_000) as submitted:
        access.require_form_token(request, submitted)
        document = origin = str(submitted.get("ve") or "")
        queue = _chosen(submitted)
    library = request.app.state.library
    kind = next((e.action for e in await run_in_threadpool(library.edits.audit) if e.id == entry), None)
    if kind not in {"correct", "confirm"}:
        access.require_user(request, admin=True)
    await run_in_threadpool(library.edits.undo, entry)
    await run_in_threadpool(request.app.state.search.catch_up)
    known = document.isascii() and document.isdigit() and len(document) < 18
    if origin == "duyet":
        return RedirectResponse(address("/duyet", **queue), status_code=303)
    return RedirectResponse(f"/van-ban/{document}#can-cu" if known else "/nhat-ky", status_code=303)
