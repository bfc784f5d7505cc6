"""Effect (hiệu lực): the proofs that a document is or is not in force, and the state they allow on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import timedelta
from typing import Literal

from corpus.dates import interval, vietnamese
from corpus.fold import fold, squeeze
from corpus.law import known_documents
from corpus.law.known_documents import Known, KnownEdge
from corpus.model import Record
from corpus.vocabulary import Effect, Relation

#: What a document becomes that another one mentions in this way.
BY_RELATION: dict[str, Effect] = {
    Relation.REPLACES: Effect.REPLACED,
    Relation.REPEALS: Effect.REPEALED,
    Relation.AMENDS: Effect.AMENDED,
    Relation.CORRECTS: Effect.AMENDED,
}

#: Effects in the order in which they decide.
_ORDER = tuple(Effect)
#: Statuses of the known-documents tables that end or limit a document's effect.
_ENDED = frozenset({Effect.EXPIRED, Effect.PARTLY_EXPIRED, Effect.PERIOD_OVER})
_PERIOD = re.compile(r"giai doan\s*(?:tu nam\s*)?((?:19|20)\d\d)\s*(?:-|den(?: nam)?)\s*((?:19|20)\d\d)")
_LATER = re.compile(r"(?:den nam|tam nhin(?: den)?|dinh huong(?: den)?|nhung nam tiep theo)\D{0,12}((?:19|20)\d\d)?")


@dataclass(frozen=True, slots=True)
class Proof:
    """One reason for a state."""

    state: Effect
    #: EDTF: the day from which it holds; None where it is not known (then from the day on which the table was checked).
    since: str | None
    #: Id of the document that says so; None for a table.
    by: int | None
    #: The words that say so, for a reader.
    sentence: str
    #: van_ban: a document of the library; bang: the tables; trich_yeu: a title; giai_doan: the period in the own title.
    origin: Literal["van_ban", "bang", "trich_yeu", "giai_doan"]
    page: int | None = None
    #: S, V, K+, K~ or K? of the tables; "" for a document.
    certainty: str = ""
    #: EDTF: when the table was checked.
    checked_on: str = ""
    #: EDTF: the day before which it holds (only NOT_YET_IN_FORCE).
    until: str | None = None
    #: False for what is presumed, inferred or read with doubt: it is shown as a hint and never decides the state.
    sure: bool = True
    #: The document of the tables that says so, as text; "" where the document's own row does.
    named: str = ""
    #: First and last year of the period that is over (only PERIOD_OVER, where the title names both).
    years: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class EffectStatus:
    """The state of a document on a day."""

    state: Effect
    #: EDTF; None where the day is not known.
    on: str | None
    #: All that hold on that day, the deciding one first.
    proofs: list[Proof] = field(default_factory=list)
    #: What may hold but is not sure.
    hints: list[Proof] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The state in Vietnamese; of a period that is over with its years."""
        years = next((p.years for p in self.proofs if p.state is self.state and p.years), None)
        return self.state.words + (f" ({years[0]}–{years[1]})" if years else "")


def period_years(title: str | None) -> tuple[str, str] | None:
    """First and last year of "giai đoạn 2018-2020"; None without one, or of one that goes on ("định hướng …")."""
    folded = fold(title or "").replace("–", "-")
    ends = list(_PERIOD.finditer(folded))
    if not ends:
        return None
    first, end = max(((m[1], m[2]) for m in ends), key=lambda years: years[1])
    for later in _LATER.finditer(folded, ends[-1].end()):
        if later[1] is None or later[1] > end:
            return None
    return first, end


def from_title(id: int | None, title: str | None) -> Iterator[Proof]:
    """That the period in the document's own title is over."""
    years = period_years(title)
    if years:
        since = f"{int(years[1]) + 1}-01-01"
        yield Proof(Effect.PERIOD_OVER, since, id, title or "", "giai_doan", years=years)


def from_record(id: int, record: Record) -> Iterator[Proof]:
    """What a held document states of its own effect: the day on which it begins, the day on which it ends."""
    for name, state in (("effective_date", Effect.NOT_YET_IN_FORCE), ("expiry", Effect.EXPIRED)):
        value, seen = getattr(record, name), record.fields.get(name)
        if value is None or seen is None or len(value) != 10:
            continue
        sentence = squeeze(record.text[seen.start : seen.end]) if seen.start is not None else ""
        sure = not seen.needs_review
        if state is Effect.NOT_YET_IN_FORCE:
            yield Proof(state, None, id, sentence, "van_ban", seen.page, sure=sure, until=value)
        else:
            after = (Day.fromisoformat(value) + timedelta(days=1)).isoformat()
            yield Proof(state, after, id, sentence, "van_ban", seen.page, sure=sure)


def from_tables(key: str, ids: Mapping[str, int]) -> Iterator[Proof]:
    """What the tables say of the known document *key*; ids: nodes by known key, to name what changes it."""
    for edge in known_documents.edges_to(key):
        if edge.relation in BY_RELATION:
            yield _from_edge(edge, ids.get(edge.source))
    row = known_documents.get(key)
    if row is not None:
        yield from _from_row(row)


def _from_edge(edge: KnownEdge, by: int | None) -> Proof:
    row = known_documents.get(edge.source)
    assert row is not None
    facts = row.facts
    day = f"ngày {vietnamese(facts.date)}" if facts.date and len(facts.date) == 10 else ""
    return Proof(
        BY_RELATION[edge.relation],
        row.effective_date or facts.date,
        by,
        edge.note or f"{facts.doc_type} {facts.so_ky_hieu} {facts.title or ''}".strip(),
        "bang",
        certainty=edge.certainty,
        checked_on=row.checked_on,
        sure=edge.sure,
        named=" ".join(part for part in (facts.doc_type, facts.so_ky_hieu, day) if part),
    )


def _from_row(row: Known) -> Iterator[Proof]:
    sentence = f"danh mục tra cứu kèm theo phần mềm (nguồn: {row.source})"
    if row.status in _ENDED:
        # The status names the last day of a programme, or the first day without effect.
        since = row.status_from or None
        if row.status == Effect.PERIOD_OVER and since and since.endswith("-12-31"):
            since = f"{int(since[:4]) + 1}-01-01"
        yield Proof(
            Effect(row.status),
            since,
            None,
            sentence,
            "bang",
            certainty=row.certainty,
            checked_on=row.checked_on,
            sure=row.sure,
        )
    if row.effective_date:
        yield Proof(
            Effect.NOT_YET_IN_FORCE,
            None,
            None,
            sentence,
            "bang",
            certainty=row.certainty,
            checked_on=row.checked_on,
            until=row.effective_date,
            sure=row.sure,
        )


def state_on(found: Iterable[Proof], on: str | None) -> EffectStatus:
    """The state on a day (EDTF; a partial date: what held on all its days), by the proofs *found*."""
    if on is None:
        return EffectStatus(Effect.UNKNOWN, None, [], list(found))
    hold: list[Proof] = []
    hints: list[Proof] = []
    for proof in found:
        holds = _holds(proof, *interval(on))
        if holds is not False:
            (hold if holds and proof.sure else hints).append(proof)
    hold.sort(key=lambda p: (_ORDER.index(p.state), p.origin != "van_ban", p.since or ""))
    return EffectStatus(hold[0].state if hold else Effect.UNKNOWN, on, hold, hints)


def _holds(proof: Proof, first: str, last: str) -> bool | None:
    """Whether *proof* holds on all days from *first* to *last* (ISO); None where it may hold."""
    if proof.until is not None:
        begins = interval(proof.until)
        return True if last < begins[0] else None if first < begins[1] else False
    since = proof.since or proof.checked_on
    if not since:
        return None
    begins = interval(since)
    return True if begins[1] <= first else None if begins[0] <= last else False


def today() -> str:
    """The day of today, EDTF."""
    return Day.today().isoformat()
