"""The whole library examined: files, database, OCR memory, index, graph and uploads; what is derived is made again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import LibraryDamaged, StaleIndex
from corpus.graph.graph import Graph
from corpus.library import Library
from corpus.library.doctor import Examination, Finding, examine
from search.searcher import Search
from webui.app.uploads import LIST, read_list

if TYPE_CHECKING:
    from webui.app.settings import Settings


def examined(settings: Settings, *, deep: bool = False, repair: bool = False) -> Examination:
    """Everything of ``settings.library``. Raises NotFound, LibraryBusy, DiskFull."""
    folder = settings.library
    found = examine(folder, deep=deep, repair=repair)
    if any(f.code == "co_so_du_lieu" for f in found.findings):
        return found  # nothing else can be asked
    try:
        with Library.open(folder, read_only=not repair) as library:
            _index(found, library, folder, settings, repair)
            _graph(found, library)
    except LibraryDamaged as error:
        found.findings.append(Finding("ban_ghi", error.message, error.next_step))
    _uploads(found, folder)
    return found


def _index(found: Examination, library: Library, folder: Path, settings: Settings, repair: bool) -> None:
    sources: list[tuple[str, Path, Any]] = [("", folder, library.view())]
    if (folder / "signed-in" / "index").exists():  # the index of the signed-in
        sources.append((" (của người đăng nhập)", folder / "signed-in", library.view(restricted=True)))
    for whose, place, source in sources:
        with closing(Search(place, source, settings.engine)) as search:
            wrong = search.examine()
            if wrong:
                finding = Finding(
                    "chi_muc", f"{wrong[0]}{whose}", "Hãy chạy: ocop doctor --repair", derived=True, examples=wrong[1:]
                )
                found.findings.append(finding)
                if repair:
                    finding.repaired = _mended(search)
            if not wrong or repair:
                found.counts["index" if not whose else "index_signed_in"] = int(search.state()["documents"])


def _mended(search: Search) -> bool:
    for way in (search.catch_up, search.rebuild):
        attempt: Callable[[], object] = way
        with suppress(StaleIndex):  # of another version: only made anew
            attempt()
        if not search.examine():
            return True
    return False


def _graph(found: Examination, library: Library) -> None:
    """The graph that pages follow must load, and its edges end in documents that are there."""
    whole = library.view(restricted=True)
    graph = Graph(whole).refresh()
    there = {s.id for s in whole.documents(held=None)}
    edges = [(link.source, link.target) for link in graph.links(facts=False)]
    lost = sorted({end for edge in edges for end in edge} - there)
    found.counts["edges"] = len(edges)
    if lost:
        found.findings.append(
            Finding("do_thi", f"Đồ thị dẫn đến văn bản không có ({len(lost)}).", "Hãy chạy: ocop doctor --repair --deep",
                    derived=True, examples=[f"#{id_}" for id_ in lost[:5]])
        )  # fmt: skip


_BY_HAND = "Hãy nạp bằng `ocop ingest` thư mục ấy rồi xóa nó."


def _uploads(found: Examination, folder: Path) -> None:
    places = sorted((folder / "uploads").glob("*"))
    waiting = [batch for place in places if (batch := read_list(place)) is not None]
    found.counts["uploads"] = len(waiting)
    unread = [place for place in places if (place / LIST).exists() and read_list(place) is None]
    if unread:
        found.findings.append(
            Finding("tai_len", f"Lần tải lên có danh sách hỏng ({len(unread)}).", _BY_HAND,
                    examples=[str(place) for place in unread[:5]])
        )  # fmt: skip
    stuck = [batch for batch in waiting if batch.stuck]
    if stuck:
        found.findings.append(
            Finding("tai_len", f"Lần tải lên chưa nạp được ({len(stuck)}).", _BY_HAND,
                    examples=[str(batch.folder) for batch in stuck[:5]])
        )  # fmt: skip


def as_json(found: Examination) -> dict[str, Any]:
    """``{"clean", "counts", "findings": [{"code", "message", "next_step", "derived", "repaired", "examples"}]}``."""
    from dataclasses import asdict

    return {"clean": found.clean, "counts": found.counts, "findings": [asdict(f) for f in found.findings]}


_COUNTS = {
    "records": "văn bản", "originals": "tệp gốc", "mentions": "lần dẫn chiếu", "edges": "cạnh đồ thị",
    "index": "mục trong chỉ mục", "uploads": "lần tải lên đang chờ",
}  # fmt: skip


def told(found: Examination, *, deep: bool) -> list[str]:
    """The same for people, a line each."""
    lines = [
        "Đã khám: " + ", ".join(f"{found.counts[n]} {words}" for n, words in _COUNTS.items() if n in found.counts) + "."
    ]
    for finding in found.findings:
        mark = "đã chữa" if finding.repaired else "HỎNG" if not finding.derived else "cần chữa"
        lines.append(f"[{mark}] {finding.message}")
        lines += [f"    {example}" for example in finding.examples]
        if not finding.repaired and finding.next_step:
            lines.append(f"    → {finding.next_step}")
    if found.clean:
        lines.append("Kho lành." if deep else "Kho lành. (Chưa so mã băm tệp gốc; thêm --deep để so.)")
    return lines
