"""Put right what was read wrong: the queue, one value accepted or typed anew, the list of what was done, undoing."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.corrections import EDITABLE
from corpus.errors import OcopError, UsageError
from webui import access, review
from webui.labels import FIELDS, date_text
from webui.rendering import address, page

router = APIRouter(include_in_schema=False)

SHOWN = 30


@router.get("/duyet")
def queue(request: Request, xong: str = "", loi: str = "") -> Response:
    """The queue."""
    access.writer(request)
    library = access.reader(request)
    found = review.items(library, access.graph(request), limit=SHOWN)
    return page(request, "review.html", items=found, done=xong[:200], wrong=loi[:300], unsure=library.status().unsure)


@router.get("/van-ban/{id}/sua")
def edit(request: Request, id: int, loi: str = "") -> Response:
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
    return page(request, "edit.html", doc=document.summary, rows=rows, wrong=loi[:300])


@router.post("/duyet")
async def correct(request: Request) -> Response:
    """Accept a value (``chap-nhan``) or put in another; then back to where the form came from."""
    access.writer(request)
    access.same_origin(request)
    async with request.form(max_files=0, max_fields=10, max_part_size=20_000) as sent:
        user = access.checked(request, sent)
        said = {name: str(sent.get(name) or "") for name in ("van_ban", "muc", "gia_tri", "cu", "viec", "ve")}
    if not said["van_ban"].isdigit():
        raise UsageError("Thiếu văn bản cần sửa.", "Hãy gửi lại từ trang kiểm tra.")
    if said["viec"] == "chap-nhan" and said["gia_tri"].strip() != said["cu"].strip():
        said["viec"] = "sua"  # Enter in the field presses the first button: what was typed counts
    back = f"/van-ban/{said['van_ban']}/sua" if said["ve"] == "sua" else "/duyet"
    try:
        await run_in_threadpool(
            _correct, request, int(said["van_ban"]), said["muc"], said["gia_tri"], said["viec"], user.name
        )
    except OcopError as error:
        return RedirectResponse(address(back, loi=str(error)), status_code=303)
    return RedirectResponse(address(back, xong="1") if back == "/duyet" else back, status_code=303)


def _correct(request: Request, id: int, field: str, value: str, what: str, who: str) -> None:
    library = access.reader(request)
    if what == "chap-nhan":
        record = library.document(id).record
        if record is None or field not in EDITABLE:
            raise UsageError("Không có mục này để chấp nhận.", "Hãy gửi lại từ trang kiểm tra.")
        value = getattr(record, field) or ""
    library.document(id)  # a paper this visitor may not see is not corrected either
    library.library.correct(id, field, value, who=who)
    request.app.state.search.catch_up()


@router.get("/nhat-ky")
def history(request: Request) -> Response:
    """What was corrected, by whom; and what was removed or merged."""
    access.writer(request)
    library = access.reader(request)
    made = library.library.corrections()
    named = library.summaries({c.document for c in made})
    rows = [
        {
            "id": c.id, "at": c.at, "who": c.who, "label": FIELDS.get(c.field, c.field), "document": named.get(c.document),
            "before": date_text(c.before) if c.field == "date" else c.before,
            "after": date_text(c.after) if c.field == "date" else c.after,
            "accepted": c.before == c.after, "undone": c.undone,
        }
        for c in made[:500]
        if c.document in named
    ]  # fmt: skip
    others = [e for e in library.library.audit() if e.action in {"remove", "merge"}][::-1]
    return page(request, "history.html", rows=rows, others=others)


@router.post("/nhat-ky/{entry}/hoan-tac")
async def undo(request: Request, entry: int) -> Response:
    """Take back a correction; removals and merges are for administrators."""
    access.writer(request)
    access.same_origin(request)
    async with request.form(max_files=0, max_fields=10, max_part_size=10_000) as sent:
        access.checked(request, sent)
    library = request.app.state.library
    kind = next((e.action for e in await run_in_threadpool(library.audit) if e.id == entry), None)
    if kind != "correct":
        access.writer(request, admin=True)
    await run_in_threadpool(library.undo, entry)
    await run_in_threadpool(request.app.state.search.catch_up)
    return RedirectResponse("/nhat-ky", status_code=303)
