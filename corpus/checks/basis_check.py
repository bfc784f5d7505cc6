"""One căn cứ of a draft against the library, the known-documents tables and how others cite it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from corpus.checks.comparison import FIELDS, Comparison, FieldCheck, KnownFrom, WrittenBasis
from corpus.checks.effect_status import effect_status, known_effect_status
from corpus.checks.issuer_check import check_issuer, issuer_for_wording, signed_by
from corpus.checks.nearby import Near, namesakes, of_same_day, of_same_number
from corpus.checks.number_check import check_date, check_number, check_type, misspelled
from corpus.checks.title_check import check_title
from corpus.checks.wording import facts_of, wording
from corpus.graph.graph import Graph
from corpus.identity import LAWS, Facts
from corpus.law import known_documents
from corpus.law.effect import EffectStatus
from corpus.library import LibraryView
from corpus.library.values import Reference, Summary
from corpus.model import Citation
from corpus.vocabulary import Effect, MentionState

#: With more citing documents than this, copies among them are not counted one by one.
_MANY = 400


@dataclass(slots=True)
class BasisCheck:
    """One căn cứ of a draft."""

    citation: Citation
    fields: list[FieldCheck]
    state: MentionState
    #: Where it is known from; None for nowhere.
    source: KnownFrom | None
    #: How many documents of the library cite it.
    votes: int
    #: Its node.
    id: int | None
    #: Its effect on the day of the check; None where nothing is known of it.
    effect: EffectStatus | None
    #: A full wording to consider; None where nothing is known, or nothing differs.
    suggestion: str | None
    #: Wordings of the documents that it may mean, the one that it was compared with first.
    candidates: list[str] = field(default_factory=list)
    #: Documents with its number, where nothing is known of it.
    near: list[Near] = field(default_factory=list)
    #: The documents that decide its effect, by id.
    by: dict[int, Summary] = field(default_factory=dict)
    #: The wording of the document that replaced it.
    replacement: str | None = None

    @property
    def needs_look(self) -> bool:
        """Whether a person should look at it."""
        ended = self.effect is not None and self.effect.state not in {Effect.UNKNOWN, Effect.IN_FORCE}
        meant = bool(self.candidates) or any(near.same == "ngay" for near in self.near)
        return ended or meant or any(f.verdict is Comparison.DIFFERS or f.doubtful for f in self.fields)


def check_basis(basis: WrittenBasis, view: LibraryView, graph: Graph, on: str | None) -> BasisCheck:
    """Check one căn cứ; on: the day for its effect (EDTF), today if None."""
    reference = basis.considered.reference
    if reference is None or (reference.votes == 0 and not reference.held and not reference.known):
        return _check_unknown(basis, view)
    reference = _as_in_tables(reference)
    facts = reference.facts
    known_from: KnownFrom = "van_ban" if reference.held else "bang" if reference.known else "dan_chieu"
    signed = signed_by(view, reference)
    fields = [
        *check_type(basis, facts),
        check_number(basis, facts),
        check_date(basis.citation, reference, known_from),
        *check_issuer(basis, facts, signed),
        check_title(basis.citation, facts, reference.conflicts),
    ]
    others = namesakes(basis, reference, view)
    full = wording(replace(facts, issuer=issuer_for_wording(facts, signed, basis.issuer)))
    differs = any(f.verdict is Comparison.DIFFERS or f.note or (f.written is None and f.known) for f in fields)
    effect = _effect(reference, view, graph, on)
    by = _deciding(effect, reference.id, view)
    near = of_same_number(basis, view) if known_from == "dan_chieu" else []
    return BasisCheck(
        basis.citation,
        fields,
        basis.considered.state,
        known_from,
        _citing_documents(view, graph, reference),
        reference.id,
        effect,
        full if differs and not others else None,
        [full, *others] if others else [],
        near=[n for n in near if n.same == "ngay" and n.id != reference.id],
        by=by,
        replacement=_replacement(effect, by, view, graph, on),
    )


def _as_in_tables(reference: Reference) -> Reference:
    """A document that is not held, as a sure row of the tables has it: one wrong citation does not outvote the row."""
    row = known_documents.get(reference.known) if reference.known and not reference.held else None
    if row is None or not row.sure:
        return reference
    facts = replace(
        reference.facts,
        date=row.facts.date or reference.facts.date,
        issuer=row.facts.issuer or reference.facts.issuer,
        doc_type=row.facts.doc_type or reference.facts.doc_type,
    )
    return replace(reference, facts=facts)


def _citing_documents(view: LibraryView, graph: Graph, reference: Reference) -> int:
    """How many documents of the library cite it; one that was scanned twice counts once."""
    if reference.id is None or not 1 < reference.votes <= _MANY:
        return reference.votes
    citing = view.summaries({link.source for link in graph.cited_by_links(reference.id) if not link.fact})
    return min(reference.votes, len({s.doc_key for s in citing.values() if s.held})) or reference.votes


def _effect(reference: Reference, view: LibraryView, graph: Graph, on: str | None) -> EffectStatus | None:
    if reference.id is not None:
        return effect_status(view, graph, reference.id, on=on)
    return known_effect_status(reference.known, on=on) if reference.known is not None else None


def _deciding(effect: EffectStatus | None, own: int | None, view: LibraryView) -> dict[int, Summary]:
    """The documents whose words decide an effect, by id."""
    if effect is None:
        return {}
    return view.summaries({p.by for p in (*effect.proofs, *effect.hints) if p.by is not None and p.by != own})


def _replacement(
    effect: EffectStatus | None, by: dict[int, Summary], view: LibraryView, graph: Graph, on: str | None
) -> str | None:
    """The end of the chain of replacements; None unless every link of it is sure and one alone."""
    found = None
    seen: set[int] = set()
    while effect is not None and effect.state is Effect.REPLACED:
        successors = {p.by for p in effect.proofs if p.state is Effect.REPLACED and p.by in by}
        if len(successors) != 1 or successors & seen:
            break
        (successor,) = successors
        assert successor is not None
        seen.add(successor)
        found = by[successor]
        effect = effect_status(view, graph, successor, on=on)
        by = _deciding(effect, successor, view)
    return wording(facts_of(found)) if found is not None else None


def _check_unknown(basis: WrittenBasis, view: LibraryView) -> BasisCheck:
    """Nothing is known of that document: another number of its day, or other documents of its number, may be meant."""
    citation, considered = basis.citation, basis.considered
    candidates = [wording(r.facts) for r in considered.candidates]
    of_day = of_same_day(considered.facts, view)
    of_number = of_same_number(basis, view) if not candidates else []
    fields = _unknown_fields(basis)
    suggestion = None
    if len(of_day) == 1 and not candidates:
        suggestion = wording(of_day[0].facts)
        fields = _fields_of_other_number(basis, of_day[0].facts)
    elif of_day:
        candidates += [wording(r.facts) for r in of_day]
    elif len(of_number) == 1 and of_number[0].same == "ngay" and basis.issuer is not None:
        fields = _fields_of_other_issuer(basis, facts_of(view.summary(of_number[0].id)))
    if citation.doc_type in LAWS:
        fields = [f for f in fields if f.field != "issuer" or f.written]
    fields = [*check_type(basis, Facts()), *fields]
    return BasisCheck(citation, fields, considered.state, None, 0, None, None, suggestion, candidates, of_number)


def _unknown_fields(basis: WrittenBasis) -> list[FieldCheck]:
    citation = basis.citation
    written = {
        "so_ky_hieu": citation.so_ky_hieu,
        "date": citation.date,
        "issuer": basis.issuer,
        "title": citation.title,
    }
    fields = [FieldCheck(name, Comparison.UNKNOWN, written[name], None) for name in FIELDS]
    if misspelled(citation) is not None:
        fields[0] = check_number(basis, Facts())
    return fields


def _fields_of_other_number(basis: WrittenBasis, other: Facts) -> list[FieldCheck]:
    """Compared with a document of the same day that has another number."""
    citation = basis.citation
    note = (
        "có văn bản cùng ngày, cùng trích yếu mang số khác"
        if citation.title and other.title
        else "có văn bản cùng ngày, cùng cơ quan mang số khác một chữ số"
    )
    return [
        FieldCheck("so_ky_hieu", Comparison.DIFFERS, citation.so_ky_hieu, other.so_ky_hieu, note),
        FieldCheck("date", Comparison.MATCHES, citation.date, other.date),
        *check_issuer(basis, other, None),
        check_title(citation, other, {}),
    ]


def _fields_of_other_issuer(basis: WrittenBasis, other: Facts) -> list[FieldCheck]:
    """Compared with a document of the same number and day that has another issuer."""
    verdict = Comparison.DIFFERS if basis.typed else Comparison.UNKNOWN
    return [
        check_number(basis, other),
        FieldCheck("date", Comparison.MATCHES, basis.citation.date, other.date),
        FieldCheck("issuer", verdict, basis.issuer, other.issuer, doubtful=True),
        check_title(basis.citation, other, {}),
    ]
