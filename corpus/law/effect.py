"""Effect: the states a document may be in, and which of them the proofs at hand allow on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import timedelta
from typing import Literal

from corpus.dates import interval, vietnamese
from corpus.fold import fold, squeeze
from corpus.law import known_documents
from corpus.model import Record
from corpus.vocabulary import Effect, Relation

_ORDER = tuple(Effect)
#: What a document that is mentioned so comes to be.
BY_RELATION: dict[str, Effect] = {
    Relation.REPLACES: Effect.REPLACED,
    Relation.REPEALS: Effect.REPEALED,
    Relation.AMENDS: Effect.AMENDED,
    Relation.CORRECTS: Effect.AMENDED,
}
#: Statuses of the known-documents tables that end or limit a document's effect.
_ENDED = frozenset({Effect.EXPIRED, Effect.PARTLY_EXPIRED, Effect.PERIOD_OVER})
_PERIOD = re.compile(r"giai doan\s*(?:tu nam\s*)?(?:19|20)\d\d\s*(?:-|den(?: nam)?)\s*((?:19|20)\d\d)")
_LATER = re.compile(r"(?:den nam|tam nhin(?: den)?|dinh huong(?: den)?|nhung nam tiep theo)\D{0,12}((?:19|20)\d\d)?")


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a state holds.

    since: EDTF day from which, None when not known (then only from the day the table was checked). until: the day
    before which (chua_co_hieu_luc). by: id of the document that says so, None for a table. sentence, page: where.
    named: the document of the tables that says so, as text. origin: van_ban | bang | trich_yeu | giai_doan. certainty: S, V, K+, K~, K? of the tables, "" for a file.
    sure: False for what is presumed, inferred or read with doubt: shown as a hint, never as the state.
    """

    state: Effect
    since: str | None
    by: int | None
    sentence: str
    origin: Literal["van_ban", "bang", "trich_yeu", "giai_doan"]
    page: int | None = None
    certainty: str = ""
    checked_on: str = ""
    until: str | None = None
    sure: bool = True
    named: str = ""


@dataclass(frozen=True, slots=True)
class EffectStatus:
    """The state on a day. proofs: all that hold on it, the deciding one first. hints: what may hold but is not sure."""

    state: Effect
    on: str | None
    proofs: list[Proof] = field(default_factory=list)
    hints: list[Proof] = field(default_factory=list)

    @property
    def words(self) -> str:
        return self.state.words


def period_end(title: str | None) -> str | None:
    """The last year of "giai đoạn 2018-2020"; None when there is no period or it points further ("định hướng …")."""
    folded = fold(title or "").replace("–", "-")
    ends = list(_PERIOD.finditer(folded))
    if not ends:
        return None
    end = max(int(m[1]) for m in ends)
    for later in _LATER.finditer(folded, ends[-1].end()):
        if later[1] is None or int(later[1]) > end:
            return None
    return str(end)


def from_title(id: int | None, title: str | None) -> Iterable[Proof]:
    """The period in a document's own title is over."""
    end = period_end(title)
    if end:
        yield Proof(Effect.PERIOD_OVER, f"{int(end) + 1}-01-01", id, title or "", "giai_doan")


def from_record(id: int, record: Record) -> Iterable[Proof]:
    """What a held document says of its own effect: a day it begins on, a day it ends on."""
    for name, state in (("effective_date", Effect.NOT_YET_IN_FORCE), ("expiry", Effect.EXPIRED)):
        value, seen = getattr(record, name), record.fields.get(name)
        if value is None or seen is None or len(value) != 10:
            continue
        sentence = squeeze(record.text[seen.start : seen.end]) if seen.start is not None else ""
        sure = not seen.needs_review
        if state is Effect.NOT_YET_IN_FORCE:
            yield Proof(Effect.NOT_YET_IN_FORCE, None, id, sentence, "van_ban", seen.page, sure=sure, until=value)
        else:
            after = (Day.fromisoformat(value) + timedelta(days=1)).isoformat()
            yield Proof(Effect.EXPIRED, after, id, sentence, "van_ban", seen.page, sure=sure)


def _day(date: str | None) -> str:
    return f"ngày {vietnamese(date)}" if date and len(date) == 10 else ""


def from_tables(key: str, ids: Mapping[str, int]) -> Iterable[Proof]:
    """What the tables say of the known document *key*; ids: nodes by known key, to name the amending document."""
    for edge in known_documents.edges():
        if edge.target == key and edge.relation in BY_RELATION:
            row = known_documents.get(edge.source)
            assert row is not None
            yield Proof(
                BY_RELATION[edge.relation],
                row.effective_date or row.facts.date,
                ids.get(edge.source),
                edge.note or f"{row.facts.doc_type} {row.facts.so_ky_hieu} {row.facts.title or ''}".strip(),
                "bang",
                certainty=edge.certainty,
                checked_on=row.checked_on,
                sure=edge.sure,
                named=" ".join(
                    part for part in (row.facts.doc_type, row.facts.so_ky_hieu, _day(row.facts.date)) if part
                ),
            )
    row = known_documents.get(key)
    if row is None:
        return
    told = f"bảng văn bản đã biết ({row.source})"
    if row.status in _ENDED:
        # The status names the last day of a programme, or the first day without effect.
        since = row.status_from or None
        if row.status == Effect.PERIOD_OVER and since:
            since = f"{int(since[:4]) + 1}-01-01" if since.endswith("-12-31") else since
        yield Proof(
            Effect(row.status),
            since,
            None,
            told,
            "bang",
            certainty=row.certainty,
            checked_on=row.checked_on,
            sure=row.sure,
        )
    if row.effective_date:
        yield Proof(
            Effect.NOT_YET_IN_FORCE, None, None, told, "bang", certainty=row.certainty, checked_on=row.checked_on,
            until=row.effective_date, sure=row.sure,
        )  # fmt: skip


def state_on(found: Iterable[Proof], on: str | None) -> EffectStatus:
    """The state on a day (EDTF; partial: what held on all its days), from the proofs given."""
    if on is None:
        return EffectStatus(Effect.UNKNOWN, None, [], list(found))
    first, last = interval(on)
    hold: list[Proof] = []
    hints: list[Proof] = []
    for proof in found:
        if proof.until is not None:
            begins = interval(proof.until)
            if last < begins[0]:
                (hold if proof.sure else hints).append(proof)
            elif first < begins[1]:
                hints.append(proof)
            continue
        since = proof.since or (proof.checked_on or None)
        if since is None:
            hints.append(proof)
            continue
        begins = interval(since)
        if begins[1] <= first:
            (hold if proof.sure else hints).append(proof)
        elif begins[0] <= last:
            hints.append(proof)
    hold.sort(key=lambda p: (_ORDER.index(p.state), p.origin != "van_ban", p.since or ""))
    return EffectStatus(hold[0].state if hold else Effect.UNKNOWN, on, hold, hints)


def today() -> str:
    return Day.today().isoformat()
