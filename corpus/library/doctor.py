"""Is the library sound? Files, database and what is derived from it, held against each other; what is derived is mended.

:func:`examine` reads; with ``repair`` it also puts right whatever can be made again without loss. What cannot is told with
the next step and left as it is. Index and pages have checks of their own (:meth:`search.searcher.Search.examine`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import exc

from corpus import durable, storage_errors
from corpus.errors import DiskFull, LibraryBusy, LibraryDamaged, NotFound, OcopError, StaleIndex
from corpus.library import Library, migrations, records
from corpus.library.changes import record_changes
from corpus.library.originals import HASHED, STRAYS, invalid_hashes, is_hash
from corpus.library.resolving import rules

#: What a damaged original is renamed to, so that a good one can take its place.
ASIDE = ".hong"
#: Seconds in which a file that nothing stands for yet may be one that is just being taken in.
YOUNG = 60.0


RESTORE = (
    "Hãy phục hồi từ bản sao lưu: ocop restore TỆP --library THƯ_MỤC_MỚI; nếu không có, dời cả thư mục kho đi rồi nạp lại "
    "các tệp trong originals."
)


@dataclass(slots=True)
class Finding:
    """One thing that is not as it should be. derived: it can be made again from what is there. examples: a few of many."""

    code: str
    message: str
    next_step: str = ""
    derived: bool = False
    repaired: bool = False
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Examination:
    """What was looked at (counts by name) and what was found."""

    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing is left to mend."""
        return all(f.repaired for f in self.findings)

    @property
    def exit_code(self) -> int:
        """0 clean; 22 only what ``--repair`` makes again; 21 something that it cannot."""
        left = [f for f in self.findings if not f.repaired]
        if not left:
            return 0
        return StaleIndex.exit_code if all(f.derived for f in left) else LibraryDamaged.exit_code


def examine(folder: Path, *, deep: bool = False, repair: bool = False, facts: bool = True) -> Examination:
    """Look at everything but the index. deep: read every original and record, and settle a copy of the library anew.

    Without *repair* nothing in the library changes: an older schema is told and looked at no further.

    Raises NotFound (no library), LibraryBusy, DiskFull.
    """
    folder = Path(folder)
    found = Examination()
    if not folder.is_dir() or (not (folder / "library.db").exists() and not (folder / "originals").exists()):
        raise NotFound(f"Chưa có kho văn bản ở {folder}.", "Hãy chạy `ocop ingest` để lập kho.")
    broken = _database(folder / "library.db")
    if broken is None and not repair:
        broken = _older(folder / "library.db")
    if broken is None:
        try:
            with Library.open(folder, facts=facts, read_only=not repair) as library:
                _Visit(library, found, deep, repair).everything()
        except (LibraryBusy, DiskFull):
            raise
        except OcopError as error:
            broken = Finding("co_so_du_lieu", error.message, error.next_step)
        except exc.DBAPIError as error:
            broken = Finding(
                "co_so_du_lieu", "Tệp library.db thiếu bảng hoặc cột.", RESTORE, examples=[str(error.orig)]
            )
    if broken is not None:
        kept = sum(1 for _ in (folder / "originals").glob("[0-9a-f][0-9a-f]/*")) if folder.is_dir() else 0
        found.counts["originals"] = kept
        broken.message += f" Thư mục originals còn {kept} tệp gốc."
        found.findings.insert(0, broken)
    users = folder / "users.db"
    if users.exists() and (bad := _unsound(users)):
        found.findings.append(
            Finding("nguoi_dung", "Tệp users.db (người dùng) hỏng.", "Hãy dời tệp ấy đi rồi lập lại bằng `ocop user add`.",
                    examples=bad[:3])
        )  # fmt: skip
    return found


def _database(path: Path) -> Finding | None:
    """What makes the database unusable; None for a sound one."""
    if not path.exists() or not path.stat().st_size:
        return Finding("co_so_du_lieu", "Tệp library.db không còn hoặc trống.", RESTORE)
    if bad := _unsound(path):
        return Finding("co_so_du_lieu", "Tệp library.db hỏng.", RESTORE, examples=bad[:3])
    if bad := _strange(path):
        return Finding("co_so_du_lieu", "Tệp library.db có mã băm không hợp lệ.", RESTORE, examples=bad[:3])
    return None


def _older(path: Path) -> Finding | None:
    """What is to be done first for a library of an earlier program; None for one of ours, or of nobody's we know."""
    with (
        contextlib.closing(sqlite3.connect(path, timeout=60)) as raw,
        storage_errors.translated(),
        contextlib.suppress(sqlite3.OperationalError),
    ):
        at = raw.execute("SELECT version_num FROM alembic_version").fetchone()
        if at is not None and migrations.older(at[0]):
            return Finding(
                "co_so_du_lieu", "Kho do phiên bản trước lập, chưa được nâng cấp nên chưa khám được.",
                "Hãy chạy: ocop doctor --repair", derived=True,
            )  # fmt: skip
    return None


def _strange(path: Path) -> list[str]:
    """Hashes that are none, of papers that are held, refused or taken out: nothing may be looked for by them.

    One in the list of places alone leads to no file and is told with the places.
    """
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as raw, storage_errors.translated():
        has = "SELECT 1 FROM pragma_table_info(?) WHERE name = 'sha256'"
        tables = [table for table in HASHED if table != "files" and raw.execute(has, (table,)).fetchone()]
        return [bad for t in tables for bad in invalid_hashes(r[0] for r in raw.execute(f"SELECT sha256 FROM {t}"))]


def _unsound(path: Path) -> list[str]:
    """What SQLite finds wrong with a database; empty for a sound one. Raises LibraryBusy, DiskFull."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=60)) as raw:
            said = [str(row[0]) for row in raw.execute("PRAGMA integrity_check(5)")]
            said += [f"khóa ngoại: {row[0]} {row[1]}" for row in raw.execute("PRAGMA foreign_key_check").fetchmany(5)]
    except sqlite3.Error as error:
        if isinstance(ours := storage_errors.meaning(error), LibraryBusy | DiskFull):
            raise ours from error
        return [str(error)]
    return [line for line in said if line != "ok"]


#: Queries that give what must not be (an id each), and what it means. All of it follows from records: settling mends it.
_SETTLED = {
    "Dẫn chiếu chỉ đến văn bản không có trong kho": """
        SELECT c.id FROM claims c, json_each(c.candidates) j LEFT JOIN nodes n ON n.id = j.value WHERE n.id IS NULL
        UNION SELECT c.id FROM claims c LEFT JOIN nodes n ON n.id = c.target_id
              WHERE c.target_id IS NOT NULL AND n.id IS NULL""",
    "Số lần dẫn chiếu đếm sai": """
        SELECT c.id FROM claims c
        LEFT JOIN (SELECT claim_id, count(DISTINCT source_id) AS n FROM mentions GROUP BY claim_id) m ON m.claim_id = c.id
        WHERE coalesce(m.n, 0) <> c.votes + c.hidden_votes""",
    "Mục chỉ được dẫn chiếu mà không còn văn bản nào dẫn": """
        SELECT n.id FROM nodes n WHERE NOT n.held AND NOT n.known_only AND n.merged_into IS NULL
        AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.target_id = n.id)
        AND NOT EXISTS (SELECT 1 FROM nodes m WHERE m.merged_into = n.id)
        AND n.id NOT IN (SELECT j.value FROM claims c, json_each(c.candidates) j)""",
}
#: The same, of what no rule can make again.
_KEPT = {
    "Văn bản có trong kho mà mất bản ghi": """
        SELECT n.id FROM nodes n LEFT JOIN records r ON r.node_id = n.id WHERE n.held AND r.node_id IS NULL
        UNION SELECT r.node_id FROM records r JOIN nodes n ON n.id = r.node_id WHERE NOT n.held""",
    "Dẫn chiếu của văn bản không có bản ghi": """
        SELECT DISTINCT m.source_id FROM mentions m LEFT JOIN records r ON r.node_id = m.source_id
        WHERE r.node_id IS NULL""",
    "Văn bản gộp vào một văn bản đã gộp": """
        SELECT n.id FROM nodes n JOIN nodes h ON h.id = n.merged_into WHERE h.merged_into IS NOT NULL""",
    "Bản ghi không phải JSON": """
        SELECT node_id FROM records WHERE NOT json_valid(record) OR NOT json_valid(covered)
        UNION SELECT source_id FROM mentions WHERE NOT json_valid(citation)""",
}
#: Held papers that nobody can reach: those that lead their groups are only cited.
_LED = """
    SELECT n.id FROM nodes n JOIN nodes h ON h.id = n.merged_into WHERE n.held AND NOT h.held"""
#: Bookkeeping for the index: a wrong entry is told to it anew.
_CHANGES = """
    SELECT n.id FROM nodes n LEFT JOIN changes c ON c.node_id = n.id
    WHERE n.merged_into IS NULL AND (c.node_id IS NULL OR c.kind <> 'put')
    UNION SELECT c.node_id FROM changes c LEFT JOIN nodes n ON n.id = c.node_id WHERE c.kind = 'put' AND n.id IS NULL
    UNION SELECT c.node_id FROM changes c WHERE c.seq > (SELECT value FROM counter)"""


class _Visit:
    """One look at an open library."""

    def __init__(self, library: Library, found: Examination, deep: bool, repair: bool) -> None:
        self.library = library
        self.found = found
        self.deep = deep
        self.repair = repair

    def everything(self) -> None:
        self.tables()
        self.originals()
        self.spare_files()
        if self.deep:
            self.records()
            self.settled_anew()

    def add(
        self,
        code: str,
        message: str,
        of: Iterable[object],
        next_step: str = "",
        *,
        mend: Callable[[], object] | None = None,
    ) -> None:
        """Note that *message* holds of *of*, if it holds of any; mend: makes it right again."""
        told = [str(one) for one in of]
        if not told:
            return
        finding = Finding(code, f"{message} ({len(told)}).", next_step, derived=mend is not None, examples=told[:5])
        if mend is not None and not next_step:
            finding.next_step = "Hãy chạy: ocop doctor --repair"
        if mend is not None and self.repair:
            mend()
            finding.repaired = True
        self.found.findings.append(finding)

    def ask(self, query: str) -> list[Any]:
        with self.library.database.read() as connection:
            return [row[0] for row in connection.exec_driver_sql(query)]

    # ---------------------------------------------------------------- database

    def tables(self) -> None:
        lost = "Hãy phục hồi từ bản sao lưu, hoặc gỡ rồi nạp lại văn bản ấy."
        for words, query in _KEPT.items():
            self.add("ban_ghi", words, (f"#{id_}" for id_ in self.ask(query)), lost)
        wrong = {words: ids for words, query in _SETTLED.items() if (ids := self.ask(query))}
        resolved_by = self.ask("SELECT value FROM settings WHERE name = 'rules'")
        if resolved_by and resolved_by[0] != rules(self.library.facts):
            wrong["Quy tắc hoặc bảng văn bản đã biết mới hơn kho"] = resolved_by
        if wrong and self.repair:
            self.library.resolve_again()
        for words, ids in wrong.items():
            after = self.ask(_SETTLED[words]) if self.repair and words in _SETTLED else []
            self.add("dan_chieu", words, ids, mend=(lambda: None) if not after else None)
        self.add(
            "gop", "Văn bản có trong kho bị gộp vào một mục chỉ được dẫn chiếu", led := self.ask(_LED),
            mend=lambda: self.library.edits.lead_held(led),
        )  # fmt: skip
        for query, code, words in ((_CHANGES, "thay_doi", "Số thay đổi ghi sai"),):
            ids = self.ask(query)

            def note(ids: list[int] = ids) -> None:
                with self.library.database.write() as connection:
                    there = {r[0] for r in connection.exec_driver_sql("SELECT id FROM nodes WHERE merged_into IS NULL")}
                    connection.exec_driver_sql(
                        "UPDATE counter SET value = max(value, (SELECT coalesce(max(seq), 0) FROM changes))"
                    )
                    record_changes(connection, [i for i in ids if i in there])
                    record_changes(connection, [i for i in ids if i not in there], "delete")

            self.add(code, words, ids, mend=note)

        def unlist() -> None:
            with self.library.database.write() as connection:
                connection.exec_driver_sql("DELETE FROM files WHERE sha256 NOT IN (SELECT sha256 FROM records)")

        strays = self.ask("SELECT path FROM files WHERE sha256 NOT IN (SELECT sha256 FROM records)")
        self.add("duong_dan", "Đường dẫn của văn bản không có trong kho", strays, mend=unlist)
        for name in ("nodes", "records", "claims", "mentions"):
            self.found.counts[name] = int(self.ask(f"SELECT count(*) FROM {name}")[0])

    def records(self) -> None:
        """Every record read as the programs read it, its citations inside its text."""
        bad = []
        for id_ in self.ask("SELECT node_id FROM records ORDER BY node_id"):
            try:
                with self.library.database.read() as connection:
                    record = records.load(connection, id_)
                if any(not 0 <= c.start <= c.end <= len(record.text) for c in record.citations):
                    bad.append(f"#{id_}")
            except LibraryDamaged:
                bad.append(f"#{id_}")
        self.add(
            "ban_ghi", "Bản ghi không đọc được", bad, "Hãy phục hồi từ bản sao lưu, hoặc gỡ rồi nạp lại văn bản ấy."
        )

    def settled_anew(self) -> None:
        """A copy of the library, settled from its records alone, must say what the library says."""
        if any(f.code == "ban_ghi" for f in self.found.findings):
            return
        with storage_errors.translated(), durable.scratch(self.library.folder) as place:
            with (
                contextlib.closing(sqlite3.connect(self.library.folder / "library.db", timeout=60)) as raw,
                storage_errors.translated(),
            ):
                raw.execute("VACUUM INTO ?", (str(place / "library.db"),))
            with Library.open(place, facts=self.library.facts) as copy:
                before = list(copy.view(restricted=True).dump())
                copy.resolve_again()
                changed = set(before) ^ set(copy.view(restricted=True).dump())
        keys = sorted({str(said.get("key") or said.get("source")) for said in map(json.loads, changed)})
        self.add("dan_chieu", "Dẫn chiếu khác với khi định lại từ đầu", keys, mend=self.library.resolve_again)

    # ---------------------------------------------------------------- files

    def originals(self) -> None:
        library, root = self.library, self.library.folder / "originals"
        held = set(self.ask("SELECT sha256 FROM records"))
        removed = set(self.ask("SELECT sha256 FROM removed"))
        there: dict[str, Path] = {}
        strange, orphans = [], []
        for path in root.glob("*/*"):
            name = path.name
            if name.startswith(durable.ASIDE) or name.endswith(ASIDE):
                continue
            if not is_hash(name) or path.parent.name != name[:2] or path.is_symlink() or not path.is_file():
                strange.append(f"{path.parent.name}/{name}")
            elif name in held or name in removed:
                there[name] = path
            else:
                orphans.append(path)
        self.found.counts["originals"] = len(there)
        missing = sorted((held | removed) - set(there))
        damaged = [sha for sha, path in sorted(there.items()) if self.deep and _sha256(path) != sha]
        for code, words, hashes in (
            ("mat_goc", "Tệp gốc bị mất", missing),
            ("hong_goc", "Tệp gốc bị hỏng, khác mã băm", damaged),
        ):
            again = {sha: source for sha in hashes if (source := self.source_of(sha))}

            def fetch(again: dict[str, Path] = again) -> None:
                for sha, source in again.items():
                    library.originals.path(sha).unlink(missing_ok=True)
                    library.originals.keep(sha, source)

            self.add(code, f"{words}; nơi nạp còn tệp y hệt", map(self.told, again), mend=fetch)
            lost = [sha for sha in hashes if sha not in again]
            in_the_way = code == "hong_goc" and not self.repair
            if self.repair and code == "hong_goc":
                for sha in lost:
                    os.replace(library.originals.path(sha), library.originals.path(sha).with_name(sha + ASIDE))
            self.add(
                code,
                words,
                map(self.told, lost),
                # A damaged one stands in the way of a good one until it is set aside.
                ("Hãy chạy `ocop doctor --deep --repair` để dời tệp hỏng sang bên, rồi" if in_the_way else "Hãy")
                + " lấy tệp từ bản sao lưu hay nơi lưu khác rồi `ocop ingest` tệp ấy.",
            )
        self.add("tep_la", "Tệp lạ trong originals", sorted(strange), "Hãy xem và dời những tệp ấy đi.")
        if not self.repair:
            orphans = [path for path in orphans if _age(path) > YOUNG]
        aside = library.folder / STRAYS
        words = "Tệp gốc không ứng với văn bản nào"
        self.add(
            "mo_coi",
            f"{words}; đã dời sang {aside}, nạp lại bằng: ocop ingest {aside}" if self.repair else words,
            sorted(p.name for p in orphans),
            "Hãy chạy `ocop doctor --repair` để dời chúng sang bên, rồi nạp lại.",
            mend=lambda: self.set_aside(orphans, aside),
        )
        back = [path for path in aside.glob("*") if path.name in there and _is_good(there[path.name])]
        self.add("mo_coi", "Tệp đã dời sang bên nay có trong kho", (p.name for p in back), mend=lambda: _remove(back))

    def set_aside(self, orphans: list[Path], aside: Path) -> None:
        """Move *orphans* there; those of refused papers go for good.

        Under the writer's lock: who is just taking such a file in looks for it again there (:meth:`corpus.library.intake.Intake.add`).
        """
        with self.library.database.write() as connection:
            kept = set(
                connection.exec_driver_sql("SELECT sha256 FROM records UNION SELECT sha256 FROM removed").scalars()
            )
            refused = set(connection.exec_driver_sql("SELECT sha256 FROM refused").scalars())
            durable.make_folder(aside, 0o700)
            for path in orphans:
                if path.name in refused:
                    path.unlink(missing_ok=True)
                elif path.name not in kept:
                    with contextlib.suppress(FileNotFoundError):
                        os.replace(path, aside / path.name)
            durable.sync_folder(aside)

    def told(self, sha256: str) -> str:
        """How a file is named to a user: where it came from, else its hash."""
        with self.library.database.read() as connection:
            path = connection.exec_driver_sql("SELECT min(path) FROM files WHERE sha256 = ?", (sha256,)).scalar()
        return str(path or sha256[:12])

    def source_of(self, sha256: str) -> Path | None:
        """Another file with that very content: one set aside before, or where it was read from."""
        with self.library.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT path FROM files WHERE sha256 = ?", (sha256,)).scalars()
            paths = [self.library.folder.absolute() / STRAYS / sha256, *(Path(path) for path in rows)]
        for path in paths:
            with contextlib.suppress(OSError):
                if path.is_absolute() and path.is_file() and _sha256(path) == sha256:
                    return path
        return None

    def spare_files(self) -> None:
        """What killed programs left half written, and what refused papers must not leave."""
        folder = self.library.folder
        refused = self.ask("SELECT sha256 FROM refused")
        left = [d for sha in refused if (d := folder / "ocr" / sha[:2] / sha).exists()]
        self.add("sot_mat", "Kết quả OCR của văn bản bị từ chối", (d.name for d in left), mend=lambda: _remove(left))
        spare = [p for p in _parts(folder) if not _being_written(p)]
        spare += [half for half in (folder / "originals").glob(f"*/{durable.ASIDE}*") if durable.is_abandoned(half)]
        spare += durable.abandoned_scratch(folder)
        self.add("tep_tam", "Tệp tạm còn sót", (p.name for p in spare), mend=lambda: _remove(spare))
        if self.deep:
            bad = [p for p in (folder / "ocr").rglob("*.json.z") if not _readable(p)]
            self.add(
                "ocr", "Kết quả OCR được nhớ bị hỏng", (p.parent.parent.name for p in bad), mend=lambda: _remove(bad)
            )
            torn = [p for p in (folder / "pictures").glob("*.png") if not _is_png(p)]
            self.add("anh", "Ảnh trang được nhớ bị hỏng", (p.name for p in torn), mend=lambda: _remove(torn))


def _parts(folder: Path) -> Iterator[Path]:
    yield from (folder / "ocr").rglob("*.part")
    yield from (folder / "pictures").glob("*.part")


def _being_written(path: Path) -> bool:
    """Whether the process in the name (``….1234.part``) is alive and the file is young."""
    pid = path.suffixes[-2][1:] if len(path.suffixes) > 1 else ""
    return durable.is_running(pid) and _age(path) < 3600


def _age(path: Path) -> float:
    with contextlib.suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0.0


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _readable(path: Path) -> bool:
    try:
        json.loads(zlib.decompress(path.read_bytes()))
    except (OSError, ValueError, zlib.error):
        return False
    return True


def _is_png(path: Path) -> bool:
    with contextlib.suppress(OSError):
        data = path.read_bytes()
        return data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"IEND\xaeB`\x82")
    return True


def _is_good(original: Path) -> bool:
    """Whether an original is there now, with the content it is named by."""
    with contextlib.suppress(OSError):
        return _sha256(original) == original.name
    return False


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
