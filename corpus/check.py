"""Draft check: each căn cứ of a draft against the library, the known-documents tables and how others cite it.

Facts alone, field by field: ``khop`` (✓), ``lech`` (✗) or ``khong_ro``; what is known stands beside what is written,
with where it is known from. Nothing is stored. "lech" never means that the draft is wrong, only that the two differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from corpus import dates, identity, known
from corpus.effect import Health
from corpus.fold import fold, letters
from corpus.graph import Graph
from corpus.health import health, known_health
from corpus.identity import LAWS, Facts
from corpus.model import Citation, Record
from corpus.store import Library
from corpus.views import Considered, Reference

Verdict = Literal["khop", "lech", "khong_ro"]
SIGNS: dict[str, str] = {"khop": "✓", "lech": "✗", "khong_ro": "không rõ"}
FIELDS = ("so_ky_hieu", "date", "issuer", "title")
#: As a user reads them.
NAMES: dict[str, str] = {"so_ky_hieu": "số hiệu", "date": "ngày", "issuer": "cơ quan", "title": "trích yếu"}


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """One field. written: as the draft has it, None where it has none. known: what is known, None where nothing is."""

    field: str
    verdict: Verdict
    written: str | None
    known: str | None
    note: str = ""


@dataclass(slots=True)
class BasisCheck:
    """One căn cứ of a draft.

    source: where it is known from: van_ban (held), bang (tables), dan_chieu (others cite it), None (nowhere).
    votes: how many documents of the library cite it. id: its node. health: its state today, None when nothing is known
    of it. suggestion: a full wording to consider, None where nothing is known or nothing differs. candidates: what it may
    mean, each as text, the one it was compared with first; several mean that its words do not tell which.
    """

    citation: Citation
    fields: list[FieldCheck]
    state: str
    source: Literal["van_ban", "bang", "dan_chieu"] | None
    votes: int
    id: int | None
    health: Health | None
    suggestion: str | None
    candidates: list[str] = field(default_factory=list)

    @property
    def needs_look(self) -> bool:
        ended = self.health is not None and self.health.state not in {"khong_ro", "con_hieu_luc"}
        return ended or bool(self.candidates) or any(f.verdict == "lech" for f in self.fields)


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """All căn cứ of a draft, in order. repeated: pairs of places (in ``bases``) that mean one document."""

    bases: list[BasisCheck]
    repeated: list[tuple[int, int]]

    @property
    def needs_look(self) -> bool:
        return bool(self.repeated) or any(b.needs_look for b in self.bases)


def check(record: Record, library: Library, graph: Graph, *, on: str | None = None) -> DraftCheck:
    """Check the căn cứ of *record* (not in the library, or not yet). on: the day to judge effect by, today if None.

    The căn cứ are the citations marked can_cu in the preamble, whatever the kind of paper.
    """
    graph.refresh()
    found = library.consider(record)
    bases = []
    for considered in found:
        citation = record.citations[considered.ordinal]
        if citation.relation == "can_cu" and citation.zone in {"preamble", "body"} and considered.state != "self":
            bases.append(_check(citation, considered, library, graph, on))
    first: dict[tuple[str | None, ...], int] = {}
    repeated = []
    for at, basis in enumerate(bases):
        facts = found_facts(basis, found, record)
        key = (facts.number, facts.sym_key, facts.issuer_key, facts.year, facts.law if not facts.number else None)
        if any(key) and key in first:
            repeated.append((first[key], at))
        first.setdefault(key, at)
    return DraftCheck(bases, repeated)


def found_facts(basis: BasisCheck, found: list[Considered], record: Record) -> Facts:
    """What the citation of *basis* says, as considered."""
    return next(c.facts for c in found if record.citations[c.ordinal] is basis.citation)


def _check(citation: Citation, considered: Considered, library: Library, graph: Graph, on: str | None) -> BasisCheck:
    reference = considered.reference
    if reference is None or (reference.votes == 0 and not reference.held and not reference.known):
        return _unknown(citation, considered, library)
    facts = reference.facts
    by: Literal["van_ban", "bang", "dan_chieu"] = (
        "van_ban" if reference.held else "bang" if reference.known else "dan_chieu"
    )
    fields = [
        _number(citation, facts),
        _date(citation, reference, by),
        _issuer(citation, considered.facts, facts),
        _title(citation, facts, reference.conflicts),
    ]
    differs = any(f.verdict == "lech" or (f.written is None and f.known) for f in fields)
    worth = None
    if reference.id is not None:
        worth = health(library, graph, reference.id, on=on)
    elif reference.known is not None:
        worth = known_health(reference.known, on=on)
    rivals = _namesakes(citation, considered, reference, library)
    return BasisCheck(
        citation,
        fields,
        considered.state,
        by,
        reference.votes,
        reference.id,
        worth,
        wording(facts) if differs and not rivals else None,
        [wording(facts), *rivals] if rivals else [],
    )


def _namesakes(citation: Citation, considered: Considered, reference: Reference, library: Library) -> list[str]:
    """Other documents of the library that the words of a căn cứ fit as well: its number, and its issuer and day if written."""
    facts = reference.facts
    if citation.so_ky_hieu is None or (citation.issuer is not None and citation.date is not None):
        return []
    rivals = []
    for other in library.find(citation.so_ky_hieu):
        if other.id == reference.id or other.date is None or other.doc_key.split("|")[2:3] != [facts.sym_key or ""]:
            continue
        if not identity.compatible(citation.date, other.date):
            continue
        if citation.issuer is not None and other.issuer_key != considered.facts.issuer_key:
            continue
        rivals.append(
            wording(
                Facts(
                    doc_type=other.doc_type, so_ky_hieu=other.so_ky_hieu, date=other.date,
                    issuer=other.issuer, title=other.title,
                )
            )
        )  # fmt: skip
    return rivals


def _number(citation: Citation, facts: Facts) -> FieldCheck:
    said, here = citation.so_ky_hieu, facts.so_ky_hieu
    if said is None:
        by_name = citation.doc_type in LAWS
        note = "luật được dẫn bằng tên và ngày" if by_name else "không ghi số, ký hiệu đầy đủ"
        return FieldCheck("so_ky_hieu", "khop" if by_name and here else "khong_ro", None, here, note)
    if here is None:
        return FieldCheck("so_ky_hieu", "khong_ro", said, None)
    if _same_number(said, here):
        return FieldCheck("so_ky_hieu", "khop", said, here)
    return FieldCheck("so_ky_hieu", "lech", said, here, "ký hiệu viết khác")


def _same_number(a: str, b: str) -> bool:
    # A leading zero is no difference; a lost hyphen or a shortened ký hiệu is one to show.
    return a.lstrip("0").replace(" ", "") == b.lstrip("0").replace(" ", "")


def _date(citation: Citation, reference: Reference, by: str) -> FieldCheck:
    said, here = citation.date, reference.facts.date
    contested = len(reference.conflicts.get("date", {})) > 1
    if said is None or here is None:
        return FieldCheck("date", "khong_ro", said, here, "không ghi ngày" if said is None else "")
    if said == here:
        return FieldCheck("date", "khop", said, here)
    row = known.get(reference.known) if reference.known else None
    settled = by == "van_ban" or (by == "bang" and row is not None and row.sure)
    if not settled and (contested or reference.votes < 2):
        return FieldCheck(
            "date", "khong_ro", said, here, "các văn bản khác cũng ghi không thống nhất" if contested else ""
        )
    if identity.compatible(said, here):
        return FieldCheck("date", "khop" if len(said) < len(here) else "khong_ro", said, here)
    return FieldCheck("date", "lech", said, here)


def _issuer(citation: Citation, said: Facts, facts: Facts) -> FieldCheck:
    written = citation.issuer
    if written is None:
        return FieldCheck("issuer", "khong_ro", None, facts.issuer, "không ghi cơ quan")
    # The ký hiệu settles a central issuer, so what is written is judged by its own words.
    own = identity.issuer_key(written, None, "") or said.issuer_key
    if own is None or facts.issuer_key is None or own.endswith("?") or facts.issuer_key.endswith("?"):
        return FieldCheck(
            "issuer", "khop" if said.issuer_key == facts.issuer_key else "khong_ro", written, facts.issuer
        )
    same = own == facts.issuer_key or (said.issuer_key == facts.issuer_key and ":" in own)
    return FieldCheck("issuer", "khop" if same else "lech", written, facts.issuer)


def _words(text: str) -> list[str]:
    return fold(text).replace("-", " ").split()


def likeness(a: str, b: str) -> float:
    """How much of the shorter title stands in the longer one, 0 to 1 (words, folded)."""
    short, long = sorted((set(map(letters, _words(a))), set(map(letters, _words(b)))), key=len)
    short.discard("")
    return len(short & long) / len(short) if short else 0.0


def _title(citation: Citation, facts: Facts, conflicts: dict[str, dict[str, int]]) -> FieldCheck:
    said, here = citation.title, facts.title
    if not said or not here:
        return FieldCheck("title", "khong_ro", said, here)
    if facts.law and identity.law_slug(said) == facts.law:
        return FieldCheck("title", "khop", said, here)
    near = max(likeness(said, other) for other in (here, *conflicts.get("title", {})))
    verdict: Verdict = "khop" if near >= 0.85 else "lech" if near < 0.4 else "khong_ro"
    return FieldCheck("title", verdict, said, here)


def wording(facts: Facts) -> str:
    """A citation in full, as Nghị định 30/2020/NĐ-CP wants it: loại, số, ngày, cơ quan, trích yếu."""
    if facts.doc_type in LAWS:
        name = facts.title or ""
        parts = [name if fold(name).startswith(fold(facts.doc_type)) else f"{facts.doc_type} {name}".strip()]
        parts += [f"số {facts.so_ky_hieu}"] if facts.so_ky_hieu else []
        parts += [f"ngày {dates.vietnamese(facts.date)}"] if facts.date else []
        return " ".join(parts)
    parts = [facts.doc_type or "Văn bản"]
    if facts.so_ky_hieu:
        parts.append(f"số {facts.so_ky_hieu}")
    if facts.date:
        parts.append(f"ngày {dates.vietnamese(facts.date)}" if len(facts.date) == 10 else dates.vietnamese(facts.date))
    if facts.issuer:
        parts.append(f"của {facts.issuer}")
    if facts.title:
        parts.append(facts.title)
    return " ".join(parts)


def _unknown(citation: Citation, considered: Considered, library: Library) -> BasisCheck:
    """Nothing is known of that number: is there a document of that day and ký hiệu, or that title, of another number?"""
    facts = considered.facts
    near = [r for r in library.alike(facts) if _alike(facts, r)]
    candidates = [wording(r.facts) for r in considered.candidates]
    values = {
        "so_ky_hieu": citation.so_ky_hieu,
        "date": citation.date,
        "issuer": citation.issuer,
        "title": citation.title,
    }
    fields = [FieldCheck(name, "khong_ro", values[name], None) for name in FIELDS]
    suggestion = None
    if len(near) == 1 and not candidates:
        other = near[0].facts
        suggestion = wording(other)
        note = "có văn bản cùng ngày, cùng trích yếu mang số khác"
        fields[0] = FieldCheck("so_ky_hieu", "lech", citation.so_ky_hieu, other.so_ky_hieu, note)
    elif near:
        candidates += [wording(r.facts) for r in near]
    return BasisCheck(citation, fields, considered.state, None, 0, None, None, suggestion, candidates)


def _alike(said: Facts, other: Reference) -> bool:
    """The same day, and the title agrees (or one of them has none and the numbers are one digit apart)."""
    facts = other.facts
    if not said.number or facts.number == said.number or said.date != facts.date:
        return False
    if said.title and facts.title:
        return likeness(said.title, facts.title) >= 0.6
    a, b = said.number, facts.number or ""
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
