"""Checks an index against the library, for ``ocop doctor``. Making the index again repairs whatever is found."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.errors import LibraryDamaged, StaleIndex
from search.index.index_folder import Stamp
from search.index.open_index import OpenIndex
from search.plan import Everything
from search.source import Source, find

#: Ids named in a message.
_MOST_NAMED = 5
#: More ids than any index has.
_NO_LIMIT = 1 << 40


def problems(index: OpenIndex, source: Source) -> list[str]:
    """What is wrong with the index, in Vietnamese; empty where it holds exactly what the library holds.

    Reads every byte of the index.
    """
    try:
        stamp = index.folder.stamp()
        if stamp is None:
            return ["Kho chưa có chỉ mục."]
        index.check_engine(stamp)
        wrong = _wrong_files(index, stamp)
        if wrong:
            return [wrong]
        with index.reading():
            build = index.open(stamp)
            if not build.lexicon.is_sound():
                return ["Bộ từ của chỉ mục bị hỏng."]
            indexed = set(build.engine.ids(Everything(), limit=_NO_LIMIT))
    except (StaleIndex, LibraryDamaged) as error:
        return [error.message]
    return [*_differences(stamp, indexed, source), *_left_over(index)]


def _wrong_files(index: OpenIndex, stamp: Stamp) -> str:
    """What is wrong with the files; empty where nothing is."""
    if not stamp.seal or stamp.seal != index.folder.seal():
        return "Chỉ mục không được lập tại chỗ này nên không thể tin."
    if stamp.pending:
        return "Một lần ghi chỉ mục bị dở dang."
    if not index.folder.is_complete(stamp) or not index.folder.is_sound(stamp):
        return "Tệp của chỉ mục bị mất hoặc bị đổi."
    return ""


def _left_over(index: OpenIndex) -> list[str]:
    """What is left of earlier indexes on other machines."""
    left = len(index.folder.left_builds())
    return [f"Còn {left} chỉ mục cũ trên cụm máy tìm, chưa xóa được vì cụm không trả lời."] if left else []


def _differences(stamp: Stamp, indexed: set[int], source: Source) -> list[str]:
    """How the documents of the index differ from those of the library."""
    behind = source.sequence() - stamp.sequence
    if behind > 0:
        return [f"Chỉ mục chậm {behind} thay đổi so với kho."]
    if behind < 0:
        return ["Chỉ mục mới hơn kho: kho đã lùi lại, những lần ghi cuối có thể đã mất."]
    held = {change.id for change in source.changes(0) if change.kind != "delete"}
    missing = [id_ for id_ in sorted(held - indexed) if find(source, id_) is not None]
    surplus = sorted(indexed - held)
    found = (("thiếu văn bản", missing), ("thừa văn bản", surplus))
    return [f"Chỉ mục {words}: {_listed(ids)}." for words, ids in found if ids]


def _listed(ids: Sequence[int]) -> str:
    """The first few ids, and how many there are in all."""
    more = f" … ({len(ids)} văn bản)" if len(ids) > _MOST_NAMED else ""
    return ", ".join(f"#{id_}" for id_ in ids[:_MOST_NAMED]) + more
