"""What an examination of a library finds, and the repairs it makes on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from corpus.errors import LibraryDamaged, StaleIndex
from corpus.library.library import Library

#: What to do about a database that cannot be used.
RESTORE = (
    "Hãy phục hồi từ bản sao lưu: ocop restore TỆP --library THƯ_MỤC_MỚI; nếu không có, dời cả thư mục kho đi rồi "
    "nạp lại các tệp trong originals."
)
_REPAIR = "Hãy chạy: ocop doctor --repair"
#: Examples that are shown of a finding.
_MOST_EXAMPLES = 5


@dataclass(slots=True)
class Finding:
    """One thing that is not as it should be."""

    #: Its kind: co_so_du_lieu, ban_ghi, dan_chieu, gop, thay_doi, duong_dan, mat_goc, hong_goc, tep_la, mo_coi,
    #: sot_mat, tep_tam, ocr, anh, nguoi_dung; other rooms add their own.
    code: str
    #: In Vietnamese.
    message: str
    next_step: str = ""
    #: It can be rebuilt from what is stored.
    derived: bool = False
    repaired: bool = False
    #: A few of many.
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Examination:
    """What was found, and how much was looked at."""

    findings: list[Finding] = field(default_factory=list)
    #: By name: originals, nodes, records, claims, mentions; other rooms add their own.
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether nothing is left to repair."""
        return all(f.repaired for f in self.findings)

    @property
    def exit_code(self) -> int:
        """0 clean; 22 where ``--repair`` can make everything again; 21 where it cannot."""
        left = [f for f in self.findings if not f.repaired]
        if not left:
            return 0
        return StaleIndex.exit_code if all(f.derived for f in left) else LibraryDamaged.exit_code


@dataclass(frozen=True, slots=True)
class Visit:
    """One examination of an open library."""

    library: Library
    found: Examination
    #: Read every original and record as well.
    deep: bool
    repair: bool

    def add(
        self,
        code: str,
        message: str,
        of: Iterable[object],
        next_step: str = "",
        *,
        fix: Callable[[], object] | None = None,
    ) -> None:
        """Note that *message* is true of each of *of*, if there are any; fix: repairs it."""
        examples = [str(one) for one in of]
        if not examples:
            return
        finding = Finding(
            code,
            f"{message} ({len(examples)}).",
            next_step or (_REPAIR if fix is not None else ""),
            derived=fix is not None,
            examples=examples[:_MOST_EXAMPLES],
        )
        if fix is not None and self.repair:
            fix()
            finding.repaired = True
        self.found.findings.append(finding)

    def ask(self, query: str) -> list[Any]:
        """The first column of what *query* gives."""
        with self.library.database.read() as connection:
            return [row[0] for row in connection.exec_driver_sql(query)]
