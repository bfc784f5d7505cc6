"""Whether the files in the folder of a library exist, are whole, and are the only ones."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from corpus import durable
from corpus.library.examination.report import Visit
from corpus.library.library import Library
from corpus.library.originals import STRAYS, Entry, Originals
from corpus.library.schema import files as paths

#: Of these files the originals are kept.
_KEPT = "SELECT sha256 FROM records UNION SELECT sha256 FROM removed UNION SELECT sha256 FROM containers"
#: Seconds in which a file that no record has yet may be one that is just being taken in.
YOUNG = 60.0
#: Seconds after which a partial file is no longer being written, whatever process has its number.
_OLD = 3600.0


@dataclass(slots=True)
class _Seen:
    """What lies where the originals are."""

    #: Hashes of held and removed documents and of containers.
    there: set[str] = field(default_factory=set)
    #: Originals of no document.
    orphans: list[Entry] = field(default_factory=list)
    #: Names of what is no original.
    foreign: list[str] = field(default_factory=list)


def examine_originals(visit: Visit) -> None:
    """Every held and removed document and every container has its original; other files are reported or moved aside."""
    originals = visit.library.originals
    wanted = set(visit.ask(_KEPT))
    seen = _look(originals, wanted)
    visit.found.counts["originals"] = len(seen.there)
    damaged = [sha for sha in sorted(seen.there) if visit.deep and not originals.is_whole(sha)]
    _examine_missing(visit, sorted(wanted - seen.there))
    _examine_damaged(visit, damaged)
    visit.add("tep_la", "Tệp lạ trong originals", sorted(seen.foreign), "Hãy xem và dời những tệp ấy đi.")
    _examine_orphans(visit, seen)


def _look(originals: Originals, wanted: set[str]) -> _Seen:
    seen = _Seen()
    for entry in originals.entries():
        if entry.sha256 is None:
            seen.foreign.append(entry.name)
        elif entry.sha256 in wanted:
            seen.there.add(entry.sha256)
        else:
            seen.orphans.append(entry)
    return seen


def _examine_missing(visit: Visit, hashes: Sequence[str]) -> None:
    _fetch_again(visit, "mat_goc", "Tệp gốc bị mất", hashes, "Hãy")


def _examine_damaged(visit: Visit, hashes: Sequence[str]) -> None:
    # A damaged file is in the way of a good one until it is renamed.
    first = "Hãy" if visit.repair else "Hãy chạy `ocop doctor --deep --repair` để dời tệp hỏng sang bên, rồi"
    lost = _fetch_again(visit, "hong_goc", "Tệp gốc bị hỏng, khác mã băm", hashes, first)
    if visit.repair:
        for sha in lost:
            visit.library.originals.mark_damaged(sha)


def _fetch_again(visit: Visit, code: str, message: str, hashes: Sequence[str], first: str) -> list[str]:
    """Report originals that are missing or damaged; those of which an equal file is at hand can be repaired.

    Returns the others.
    """
    originals = visit.library.originals
    sources = {sha: source for sha in hashes if (source := _equal_file(visit.library, sha))}

    def fetch() -> None:
        for sha, source in sources.items():
            originals.discard([sha])
            originals.keep(sha, source)

    named = {sha: _name_of(visit.library, sha) for sha in hashes}
    visit.add(code, f"{message}; nơi nạp còn tệp y hệt", [named[sha] for sha in sources], fix=fetch)
    lost = [sha for sha in hashes if sha not in sources]
    next_step = f"{first} lấy tệp từ bản sao lưu hay nơi lưu khác rồi `ocop ingest` tệp ấy."
    visit.add(code, message, [named[sha] for sha in lost], next_step)
    return lost


def _name_of(library: Library, sha256: str) -> str:
    """How a file is named to a user: the place where it was read, else its hash."""
    with library.database.read() as connection:
        path = connection.execute(select(func.min(paths.c.path)).where(paths.c.sha256 == sha256)).scalar()
    return str(path or sha256[:12])


def _equal_file(library: Library, sha256: str) -> Path | None:
    """Another file with that content: one moved aside before, or at the place where it was read."""
    with library.database.read() as connection:
        rows = connection.execute(select(paths.c.path).where(paths.c.sha256 == sha256)).scalars()
        places = [library.folder.absolute() / STRAYS / sha256, *(Path(path) for path in rows)]
    for path in places:
        with contextlib.suppress(OSError):
            if path.is_absolute() and path.is_file() and sha256_of(path) == sha256:
                return path
    return None


def _examine_orphans(visit: Visit, seen: _Seen) -> None:
    found = seen.orphans if visit.repair else [entry for entry in seen.orphans if entry.age > YOUNG]
    orphans = sorted(entry.sha256 for entry in found if entry.sha256 is not None)
    aside = visit.library.folder / STRAYS
    message = "Tệp gốc không ứng với văn bản nào"
    visit.add(
        "mo_coi",
        f"{message}; đã dời sang {aside}, nạp lại bằng: ocop ingest {aside}" if visit.repair else message,
        orphans,
        "Hãy chạy `ocop doctor --repair` để dời chúng sang bên, rồi nạp lại.",
        fix=lambda: _move_aside(visit.library, orphans, aside),
    )
    originals = visit.library.originals
    back = [path for path in aside.glob("*") if path.name in seen.there and originals.is_whole(path.name)]
    visit.add("mo_coi", "Tệp đã dời sang bên nay có trong kho", [p.name for p in back], fix=lambda: remove(back))


def _move_aside(library: Library, orphans: Iterable[str], aside: Path) -> None:
    """Move *orphans* there; those of refused documents are deleted.

    Under the writer's lock: a process that is just taking such a file in looks for it again there
    (:meth:`corpus.library.intake.Intake.add`).
    """
    with library.database.write() as connection:
        kept = set(connection.exec_driver_sql(_KEPT).scalars())
        refused = set(connection.exec_driver_sql("SELECT sha256 FROM refused").scalars())
        durable.make_folder(aside, 0o700)
        for sha in orphans:
            if sha in refused:
                library.originals.discard([sha])
            elif sha not in kept:
                library.originals.move_out(sha, aside / sha)
        durable.sync_folder(aside)


def examine_leftovers(visit: Visit) -> None:
    """Files half written by killed processes, files of refused documents, and damaged caches."""
    folder = visit.library.folder
    refused = visit.ask("SELECT sha256 FROM refused")
    left = [memory for sha in refused if (memory := folder / "ocr" / sha[:2] / sha).exists()]
    visit.add("sot_mat", "Kết quả OCR của văn bản bị từ chối", [d.name for d in left], fix=lambda: remove(left))
    abandoned = [path for path in _partial_files(folder) if not _is_being_written(path)]
    abandoned += visit.library.originals.half_copied()
    abandoned += durable.abandoned_scratch(folder)
    visit.add("tep_tam", "Tệp tạm còn sót", [p.name for p in abandoned], fix=lambda: remove(abandoned))
    if visit.deep:
        bad = [path for path in (folder / "ocr").rglob("*.json.z") if not _is_compressed_json(path)]
        names = [path.parent.parent.name for path in bad]
        visit.add("ocr", "Kết quả OCR được nhớ bị hỏng", names, fix=lambda: remove(bad))
        torn = [path for path in (folder / "pictures").glob("*.png") if not _is_whole_png(path)]
        visit.add("anh", "Ảnh trang được nhớ bị hỏng", [p.name for p in torn], fix=lambda: remove(torn))


def _partial_files(folder: Path) -> Iterator[Path]:
    yield from (folder / "ocr").rglob("*.part")
    yield from (folder / "pictures").glob("*.part")


def _is_being_written(path: Path) -> bool:
    """Whether the process in its name (``….1234.part``) runs and the file is young."""
    pid = path.suffixes[-2][1:] if len(path.suffixes) > 1 else ""
    return durable.is_running(pid) and _age(path) < _OLD


def _age(path: Path) -> float:
    """Seconds since it was written; 0 for one that is gone."""
    with contextlib.suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0.0


def remove(paths: Iterable[Path]) -> None:
    """Delete files and folders."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_compressed_json(path: Path) -> bool:
    try:
        json.loads(zlib.decompress(path.read_bytes()))
    except (OSError, ValueError, zlib.error):
        return False
    return True


def _is_whole_png(path: Path) -> bool:
    with contextlib.suppress(OSError):
        data = path.read_bytes()
        return data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"IEND\xaeB`\x82")
    return True


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file. Raises OSError."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
