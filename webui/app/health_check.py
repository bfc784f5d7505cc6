"""Examines a whole library: files, database, OCR cache, index, graph and uploads; derived data can be made again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import LibraryDamaged, StaleIndex
from corpus.graph.graph import Graph
from corpus.library import Library
from corpus.library.doctor import Examination, Finding, examine
from search.searcher import Search
from webui.app.upload_files import LIST, read_list

if TYPE_CHECKING:
    from webui.app.settings import Settings

#: Examples that a finding names.
_EXAMPLES = 5
_BY_HAND = "Hãy nạp bằng `ocop ingest` thư mục ấy rồi xóa nó."


def examine_library(settings: Settings, *, deep: bool = False, repair: bool = False) -> Examination:
    """Examine ``settings.library``. deep: every original too, by its hash. Raises NotFound, LibraryBusy, DiskFull."""
    folder = settings.library
    found = examine(folder, deep=deep, repair=repair, store=settings.store)
    if any(f.code == "co_so_du_lieu" for f in found.findings):
        return found  # without the database nothing else can be examined
    try:
        with Library.open(folder, read_only=not repair, store=settings.store) as library:
            _examine_index(found, library, settings, repair)
            _examine_graph(found, library)
    except LibraryDamaged as error:
        found.findings.append(Finding("ban_ghi", error.message, error.next_step))
    _examine_uploads(found, folder)
    return found


def _examine_index(found: Examination, library: Library, settings: Settings, repair: bool) -> None:
    folder = library.folder
    sources: list[tuple[str, Path, Any]] = [("", folder, library.view())]
    if (folder / "signed-in" / "index").exists():  # the index for signed-in users
        sources.append((" (của người đăng nhập)", folder / "signed-in", library.view(restricted=True)))
    for whose, place, source in sources:
        with closing(Search(place, source, settings.engine, settings.engine_address)) as search:
            wrong = search.examine()
            if wrong:
                finding = Finding(
                    "chi_muc", f"{wrong[0]}{whose}", "Hãy chạy: ocop doctor --repair", derived=True, examples=wrong[1:]
                )
                found.findings.append(finding)
                if repair:
                    finding.repaired = _repaired(search)
            if not wrong or repair:
                found.counts["index" if not whose else "index_signed_in"] = int(search.state()["documents"])


def _repaired(search: Search) -> bool:
    """Bring the index up to date or make it again; whether it is sound then."""
    for way in (search.catch_up, search.rebuild):
        attempt: Callable[[], object] = way
        with suppress(StaleIndex):  # of another version: it can only be made again
            attempt()
        if not search.examine():
            return True
    return False


def _examine_graph(found: Examination, library: Library) -> None:
    """The graph must load, and its edges must lead to existing documents."""
    whole = library.view(restricted=True)
    graph = Graph(whole).refresh()
    there = {s.id for s in whole.documents(held=None)}
    edges = [(link.source, link.target) for link in graph.links(facts=False)]
    lost = sorted({end for edge in edges for end in edge} - there)
    found.counts["edges"] = len(edges)
    if lost:
        message = f"Đồ thị dẫn đến văn bản không có ({len(lost)})."
        examples = [f"#{id_}" for id_ in lost[:_EXAMPLES]]
        found.findings.append(
            Finding("do_thi", message, "Hãy chạy: ocop doctor --repair --deep", derived=True, examples=examples)
        )


def _examine_uploads(found: Examination, folder: Path) -> None:
    places = sorted((folder / "uploads").glob("*"))
    waiting = [batch for place in places if (batch := read_list(place)) is not None]
    found.counts["uploads"] = len(waiting)
    unread = [place for place in places if (place / LIST).exists() and read_list(place) is None]
    if unread:
        examples = [str(place) for place in unread[:_EXAMPLES]]
        found.findings.append(
            Finding("tai_len", f"Lần tải lên có danh sách hỏng ({len(unread)}).", _BY_HAND, examples=examples)
        )
    stuck = [batch for batch in waiting if batch.stuck]
    if stuck:
        examples = [str(batch.folder) for batch in stuck[:_EXAMPLES]]
        found.findings.append(
            Finding("tai_len", f"Lần tải lên chưa nạp được ({len(stuck)}).", _BY_HAND, examples=examples)
        )


def as_json(found: Examination) -> dict[str, Any]:
    """``{"clean", "counts", "findings": [{"code", "message", "next_step", "derived", "repaired", "examples"}]}``."""
    return {"clean": found.clean, "counts": found.counts, "findings": [asdict(f) for f in found.findings]}


_COUNTS = {
    "records": "văn bản",
    "originals": "tệp gốc",
    "mentions": "lần dẫn chiếu",
    "edges": "cạnh đồ thị",
    "index": "mục trong chỉ mục",
    "uploads": "lần tải lên đang chờ",
}


def report_lines(found: Examination, *, deep: bool) -> list[str]:
    """The examination as lines of text. deep: whether originals were compared with their hashes."""
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
