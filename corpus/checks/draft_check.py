"""Draft check: each căn cứ of a draft against the library, the known-documents tables and how others cite it.

Facts alone, field by field: ``khop`` (✓), ``lech`` (✗) or ``khong_ro``; what is known stands beside what is written,
with where it is known from. Nothing is stored. "lech" never means that the draft is wrong, only that the two differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Literal

from corpus import agencies, areas, dates, identity
from corpus.checks.effect_status import effect_status, known_effect_status
from corpus.fold import canonical, clean, fold, letters, squeeze
from corpus.graph.graph import Graph
from corpus.identity import LAWS, Facts
from corpus.law import known_documents as known
from corpus.law.effect import EffectStatus
from corpus.library import LibraryView
from corpus.library.values import Considered, Reference, Summary
from corpus.model import Citation, Record
from corpus.so_ky_hieu import code_of_type, type_of_symbol
from corpus.tables import rows
from corpus.vocabulary import Effect, Relation, Zone

Verdict = Literal["khop", "lech", "khong_ro"]
SIGNS: dict[str, str] = {"khop": "✓", "lech": "✗", "khong_ro": "không rõ"}
FIELDS = ("so_ky_hieu", "date", "issuer", "title")
#: As a user reads them.
NAMES: dict[str, str] = {
    "doc_type": "loại", "so_ky_hieu": "số hiệu", "date": "ngày", "issuer": "cơ quan", "title": "trích yếu",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """One field. written: as the draft has it, None where it has none. known: what is known, None where nothing is.

    look: worth a look although the two need not differ (a letter read as a digit).
    """

    field: str
    verdict: Verdict
    written: str | None
    known: str | None
    note: str = ""
    look: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """A document of the library with the number of a căn cứ that nothing is known of. same: what else they share."""

    id: int
    words: str
    same: Literal["ngay", "co_quan", "so"]


@dataclass(slots=True)
class BasisCheck:
    """One căn cứ of a draft.

    source: where it is known from: van_ban (held), bang (tables), dan_chieu (others cite it), None (nowhere).
    votes: how many documents of the library cite it. id: its node. health: its state today, None when nothing is known
    of it. suggestion: a full wording to consider, None where nothing is known or nothing differs. candidates: what it may
    mean, each as text, the one it was compared with first; several mean that its words do not tell which. near: where
    nothing is known of it, what has its number. by: the documents that its health names, by id. replacement: the wording
    of what replaced it.
    """

    citation: Citation
    fields: list[FieldCheck]
    state: str
    source: Literal["van_ban", "bang", "dan_chieu"] | None
    votes: int
    id: int | None
    effect: EffectStatus | None
    suggestion: str | None
    candidates: list[str] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)
    by: dict[int, Summary] = field(default_factory=dict)
    replacement: str | None = None

    @property
    def needs_look(self) -> bool:
        ended = self.effect is not None and self.effect.state not in {Effect.UNKNOWN, Effect.IN_FORCE}
        meant = bool(self.candidates) or any(n.same == "ngay" for n in self.near)
        return ended or meant or any(f.verdict == "lech" or f.look for f in self.fields)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A document named outside the căn cứ. fields: those alone in which it differs from what is known for sure."""

    citation: Citation
    fields: list[FieldCheck]


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """All căn cứ of a draft, in order. repeated: pairs of places (in ``bases``) that mean one document.

    elsewhere: the other documents with a number that the draft names, each once.
    """

    bases: list[BasisCheck]
    repeated: list[tuple[int, int]]
    elsewhere: list[Elsewhere] = field(default_factory=list)

    @property
    def needs_look(self) -> bool:
        """Whether a person should look: a draft without any căn cứ is no draft that is in order."""
        differs = any(e.fields for e in self.elsewhere)
        return not self.bases or bool(self.repeated) or differs or any(b.needs_look for b in self.bases)


def check(
    record: Record,
    view: LibraryView,
    graph: Graph,
    *,
    on: str | None = None,
    beside: Mapping[int, str] | None = None,
) -> DraftCheck:
    """Check the căn cứ of *record* (not in the library, or not yet). on: the day to judge effect by, today if None.

    The căn cứ are the citations marked can_cu in the preamble, whatever the kind of paper. beside: ordinal of a citation
    → the issuer that is written behind it although its ký hiệu names another.
    """
    beside = beside or {}
    graph.refresh()
    found = view.consider(record)
    bases = []
    for considered in found:
        citation = record.citations[considered.ordinal]
        if (
            citation.relation == Relation.LEGAL_BASIS
            and citation.zone in {Zone.PREAMBLE, Zone.BODY}
            and considered.state != "self"
        ):
            said = Said(
                citation, considered, citation.issuer or beside.get(considered.ordinal), record.source == "text"
            )
            bases.append(_check(said, view, graph, on))
    first: dict[tuple[str | None, ...], int] = {}
    repeated = []
    for at, basis in enumerate(bases):
        facts = found_facts(basis, found, record)
        key = (facts.number, facts.sym_key, facts.issuer_key, facts.year, facts.law if not facts.number else None)
        if any(key) and key in first:
            repeated.append((first[key], at))
        first.setdefault(key, at)
    return DraftCheck(bases, repeated, _elsewhere(record, found, {id(b.citation) for b in bases}))


def _elsewhere(record: Record, found: list[Considered], bases: set[int]) -> list[Elsewhere]:
    others: dict[str, Elsewhere] = {}
    for considered in found:
        citation = record.citations[considered.ordinal]
        if id(citation) in bases or citation.so_ky_hieu is None or considered.state == "self":
            continue
        reference = considered.reference
        fields = []
        if reference is not None and (reference.held or reference.known) and not citation.needs_review:
            said = Said(citation, considered, citation.issuer, record.source == "text")
            by = "van_ban" if reference.held else "bang"
            fields = [f for f in (*_type(said, reference.facts), _date(citation, reference, by)) if f.verdict == "lech"]
        if fields or citation.so_ky_hieu not in others:
            others[citation.so_ky_hieu] = Elsewhere(citation, fields)
    return list(others.values())


def found_facts(basis: BasisCheck, found: list[Considered], record: Record) -> Facts:
    """What the citation of *basis* says, as considered."""
    return next(c.facts for c in found if record.citations[c.ordinal] is basis.citation)


@dataclass(frozen=True, slots=True)
class Said:
    """A căn cứ as it is written. issuer: as written. typed: its text was typed, not read from a picture."""

    citation: Citation
    considered: Considered
    issuer: str | None
    typed: bool


def _check(said: Said, view: LibraryView, graph: Graph, on: str | None) -> BasisCheck:
    citation, reference = said.citation, said.considered.reference
    if reference is None or (reference.votes == 0 and not reference.held and not reference.known):
        return _unknown(said, view)
    reference = _by_table(reference)
    facts = reference.facts
    by: Literal["van_ban", "bang", "dan_chieu"] = (
        "van_ban" if reference.held else "bang" if reference.known else "dan_chieu"
    )
    signed = _signed_by(view, reference)
    fields = [
        *_type(said, facts),
        _number(said, facts),
        _date(citation, reference, by),
        *_issuer(said, facts, signed),
        _title(citation, facts, reference.conflicts),
    ]
    differs = any(f.verdict == "lech" or f.note or (f.written is None and f.known) for f in fields)
    worth = None
    if reference.id is not None:
        worth = effect_status(view, graph, reference.id, on=on)
    elif reference.known is not None:
        worth = known_effect_status(reference.known, on=on)
    rivals = _namesakes(said, reference, view)
    full = wording(replace(facts, issuer=_issuer_of(facts, signed, said.issuer)))
    named = _named_in(worth, reference.id, view)
    return BasisCheck(
        citation,
        fields,
        said.considered.state,
        by,
        _voices(view, graph, reference),
        reference.id,
        worth,
        full if differs and not rivals else None,
        [full, *rivals] if rivals else [],
        near=[n for n in _near(said, view) if n.same == "ngay" and n.id != reference.id] if by == "dan_chieu" else [],
        by=named,
        replacement=_replacement(worth, named, view, graph, on),
    )


def _by_table(reference: Reference) -> Reference:
    """A document that is not held as a sure row of the tables has it: one paper that cites it amiss tells nothing."""
    row = known.get(reference.known) if reference.known and not reference.held else None
    if row is None or not row.sure:
        return reference
    facts = replace(
        reference.facts,
        date=row.facts.date or reference.facts.date,
        issuer=row.facts.issuer or reference.facts.issuer,
        doc_type=row.facts.doc_type or reference.facts.doc_type,
    )
    return replace(reference, facts=facts)


#: Citing documents beyond which nobody counts copies one by one.
_MANY = 400


def _voices(view: LibraryView, graph: Graph, reference: Reference) -> int:
    """How many documents of the library cite it, a paper scanned twice counted once."""
    if reference.id is None or not 1 < reference.votes <= _MANY:
        return reference.votes
    citing = view.summaries({link.source for link in graph.cited_by_links(reference.id) if not link.fact})
    return min(reference.votes, len({s.doc_key for s in citing.values() if s.held})) or reference.votes


def _named_in(worth: EffectStatus | None, own: int | None, view: LibraryView) -> dict[int, Summary]:
    """The documents whose words decide its effect."""
    if worth is None:
        return {}
    return view.summaries({p.by for p in (*worth.proofs, *worth.hints) if p.by is not None and p.by != own})


def _replacement(
    worth: EffectStatus | None, named: dict[int, Summary], view: LibraryView, graph: Graph, on: str | None
) -> str | None:
    """What stands in its place today: the end of the chain of replacements, None unless each link is sure and one."""
    found = None
    seen: set[int] = set()
    while worth is not None and worth.state is Effect.REPLACED:
        successors = {p.by for p in worth.proofs if p.state is Effect.REPLACED and p.by in named}
        if len(successors) != 1 or successors & seen:
            break
        (next_id,) = successors
        assert next_id is not None
        seen.add(next_id)
        found = named[next_id]
        worth = effect_status(view, graph, next_id, on=on)
        named = _named_in(worth, next_id, view)
    return wording(_facts(found)) if found is not None else None


def _facts(summary: Summary) -> Facts:
    return Facts(
        doc_type=summary.doc_type, so_ky_hieu=summary.so_ky_hieu, date=summary.date, issuer=summary.issuer,
        issuer_key=summary.issuer_key, title=summary.title,
    )  # fmt: skip


def _namesakes(said: Said, reference: Reference, view: LibraryView) -> list[str]:
    """Other documents of the library that the words of a căn cứ fit as well: its number, and its issuer and day if written."""
    citation, facts = said.citation, reference.facts
    placeless = said.issuer is not None and _placeless(said.issuer)
    if citation.so_ky_hieu is None or (said.issuer is not None and not placeless and citation.date is not None):
        return []
    rivals = []
    for other in _of_number(citation.so_ky_hieu, facts.sym_key, view):
        if other.id == reference.id or other.date is None or not identity.compatible(citation.date, other.date):
            continue
        if placeless and _kind(other.issuer_key) != _kind(said.considered.facts.issuer_key):
            continue
        if said.issuer is not None and not placeless and other.issuer_key != said.considered.facts.issuer_key:
            continue
        rivals.append(wording(_facts(other)))
    return rivals


def _of_number(so_ky_hieu: str, sym_key: str | None, view: LibraryView) -> list[Summary]:
    """The documents of that number and ký hiệu, whoever issued them."""
    return [s for s in view.find(so_ky_hieu) if s.doc_key.split("|")[2:3] == [sym_key or ""]]


def _kind(issuer_key: str | None) -> str:
    return (issuer_key or "").split(":")[0]


def _placeless(issuer: str) -> bool:
    """Whether an agency that every place has is written without any place or level: "UBND"."""
    agency, level, place = areas.split(agencies.without_head(agencies.short(issuer)))
    return level is None and place is None and fold(agency) in {"ubnd", "hdnd"}


def _type(said: Said, facts: Facts) -> list[FieldCheck]:
    """The loại, only where it is written and the ký hiệu names another: "Nghị định số 148/QĐ-TTg"."""
    citation = said.citation
    written = citation.doc_type
    if written is None or not fold(squeeze(citation.text)).startswith(fold(written)):
        return []  # carried from a list, or an everyday word for it
    meant = type_of_symbol(citation.symbol) if citation.symbol else None
    told = f"ký hiệu {citation.symbol} là của {meant}"
    if meant is None and citation.symbol and re.fullmatch(r"(?:UBTV)?QH\d+", citation.symbol):
        # A law and a resolution of the Quốc hội have one ký hiệu; what is known of it tells which.
        meant = facts.doc_type if written not in LAWS and facts.doc_type in LAWS else None
        told = ""
    if meant is None or fold(meant) == fold(written) or code_of_type(meant) == code_of_type(written):
        return []
    return [FieldCheck("doc_type", "lech", written, meant, told)]


def _number(said: Said, facts: Facts) -> FieldCheck:
    citation = said.citation
    number, here = citation.so_ky_hieu, facts.so_ky_hieu
    if number is None:
        by_name = citation.doc_type in LAWS
        note = "luật được dẫn bằng tên và ngày" if by_name else "không ghi số, ký hiệu đầy đủ"
        return FieldCheck("so_ky_hieu", "khop" if by_name and here else "khong_ro", None, here, note)
    typed = _misspelled(citation)
    if typed is not None:
        # What was typed is the draft's; what was seen in a picture may be the reader's slip.
        note = f"viết “{typed}”, hiểu là {number}" if said.typed else f"trên ảnh đọc là “{typed}”, hiểu là {number}"
        return FieldCheck("so_ky_hieu", "lech" if said.typed else "khong_ro", typed, here or number, note, look=True)
    if here is None:
        return FieldCheck("so_ky_hieu", "khong_ro", number, None)
    if _same_number(number, here):
        return FieldCheck("so_ky_hieu", "khop", number, here)
    return FieldCheck("so_ky_hieu", "lech", number, here, "ký hiệu viết khác")


_NUMERAL = re.compile(r"(?<![\w/])(?P<number>\w{1,8})\s?(?=[/-]\s{0,2}[^\W_])")


def _misspelled(citation: Citation) -> str | None:
    """The số hiệu as it is really written, where its numeral holds a sign that was read as a digit: ``1O15/QĐ-UBND``."""
    text = squeeze(clean(citation.text))
    number = re.match(r"\d+", citation.so_ky_hieu or "")
    if number is None:
        return None
    plain = rf"(?<![^\W\d_])0*{number.group().lstrip('0')}[.\d]*[^\W\d_]?\s?(?:/\s?\d{{2,4}}\s?)?(?:[/-]\s{{0,2}}|(?=[A-ZĐ]))[^\W\d_]"
    if re.search(plain, text):
        return None
    for seen in _NUMERAL.finditer(text):
        written = seen["number"]
        if re.search(r"\d", written) and not written.isdigit() and len(written) == len(number.group()):
            rest = (citation.so_ky_hieu or "")[number.end() :]
            return written + rest
    return None


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


def _issuer(said: Said, facts: Facts, signed: Signed) -> list[FieldCheck]:
    """The issuer; nothing for a law, which is never cited with one."""
    written, meant = said.issuer, said.considered.facts
    if written is None:
        if said.citation.doc_type in LAWS:
            return []
        return [FieldCheck("issuer", "khong_ro", None, facts.issuer, "không ghi cơ quan")]
    # The ký hiệu settles a central issuer, so what is written is judged by its own words.
    own = identity.issuer_key(written, None, "") or meant.issuer_key
    if own is None or facts.issuer_key is None or own.endswith("?") or facts.issuer_key.endswith("?"):
        same, sure = meant.issuer_key == facts.issuer_key, False
    else:
        same = own == facts.issuer_key or (meant.issuer_key == facts.issuer_key and ":" in own)
        sure = True
    if same:
        doubt = _head_or_body(written, facts, signed)
        here = _issuer_of(facts, signed, None) if signed else facts.issuer
        return [FieldCheck("issuer", "khong_ro" if doubt else "khop", written, here, doubt)]
    if said.citation.issuer is None and not said.typed:
        sure = False  # a line that the scan lost may stand between the number and that name
    return [
        FieldCheck("issuer", "lech" if sure else "khong_ro", written, facts.issuer, look=not sure and not said.typed)
    ]


#: Who signs a paper with the header of an UBND: the body ("TM. ỦY BAN NHÂN DÂN"), its chairman, or not known.
Signed = Literal["uy_ban", "chu_tich"] | None


def _signed_by(view: LibraryView, reference: Reference) -> Signed:
    """By the signing form of the held paper; UBND and its Chủ tịch have one header and one register."""
    if not reference.held or reference.id is None or _kind(reference.facts.issuer_key) != "ubnd":
        return None
    record = view.document(reference.id).record
    if record is None or any(record.fields[n].needs_review for n in ("signing_form",) if n in record.fields):
        return None
    form, title = record.signing_form or [], fold(record.signer_title or "")
    if any(letters(f) == "TM" for f in form):
        return "uy_ban"
    if any(letters(f) in {"TL", "TUQ"} for f in form) or not title.endswith("chu tich"):
        return None
    # That "TM." is not there is seen only where something else is, or where nothing was read from a picture.
    return "chu_tich" if form or record.source == "text" else None


def _is_head(issuer: str | None) -> bool:
    """Whether "Chủ tịch UBND …" is written, not "UBND …"."""
    short = squeeze(clean(agencies.short(issuer or "")))
    return agencies.without_head(short) != short


def _head_or_body(written: str, facts: Facts, signed: Signed) -> str:
    """A remark where the Chủ tịch is written for the UBND, or the other way; "" where there is none to make."""
    if _kind(facts.issuer_key) != "ubnd":
        return ""
    head = _is_head(written)
    if signed == "uy_ban" and head:
        return "ghi Chủ tịch UBND, bản gốc ký TM. ỦY BAN NHÂN DÂN"
    if signed == "chu_tich" and not head:
        return "ghi UBND, bản gốc ký CHỦ TỊCH, không thấy TM. ỦY BAN NHÂN DÂN"
    if signed is None and head != _is_head(facts.issuer):
        return "chưa rõ do UBND hay Chủ tịch UBND ban hành"
    return ""


def _issuer_of(facts: Facts, signed: Signed, written: str | None) -> str | None:
    """The issuer for a wording: of an UBND and its Chủ tịch the one who signed, else the one the draft has."""
    if facts.issuer is None or _kind(facts.issuer_key) != "ubnd":
        return facts.issuer
    body = agencies.without_head(squeeze(clean(facts.issuer)))
    head = signed == "chu_tich" or (signed is None and _is_head(written if written else facts.issuer))
    return f"Chủ tịch {body}" if head else body


def _words(text: str) -> list[str]:
    return fold(text).replace("-", " ").split()


def likeness(a: str, b: str) -> float:
    """How much of the shorter title stands in the longer one, 0 to 1 (words, folded)."""
    short, long = sorted((set(map(letters, _words(a))), set(map(letters, _words(b)))), key=len)
    short.discard("")
    return len(short & long) / len(short) if short else 0.0


#: Neighbouring syllables in common below which two titles are of other things; syllables in common above which they are
#: one, if enough of them stand side by side. Of 206 titles as cited in statutes and articles these call none another
#: and 9 unsure; of 1500 pairs of other documents 98 in 100 are called others, within one field 95.
_OTHER, _SAME, _IN_ORDER = 0.34, 0.85, 0.6


def _pairs(text: str) -> set[tuple[str, str]]:
    words = [w for w in map(letters, _words(text)) if w]
    return set(pairwise(words))


def _neighbours(a: str, b: str) -> float:
    """How many of the shorter title's neighbouring syllables are neighbours in the other: single ones are in any title."""
    short, long = sorted((_pairs(a), _pairs(b)), key=len)
    return len(short & long) / len(short) if short else 0.0


def _title(citation: Citation, facts: Facts, conflicts: dict[str, dict[str, int]]) -> FieldCheck:
    """Titles are often shortened, so what is missing is no difference; nothing in common is one."""
    said, here = citation.title, facts.title
    if not said or not here:
        return FieldCheck("title", "khong_ro", said, here)
    if facts.law and identity.law_slug(said) == facts.law:
        return FieldCheck("title", "khop", said, here)
    others = (here, *conflicts.get("title", {}))
    near = max(likeness(said, other) for other in others)
    close = max(_neighbours(said, other) for other in others)
    if near >= _SAME:
        if _changes(here) != _changes(said):
            which = "trích yếu đã biết" if _changes(here) else "dự thảo"
            return FieldCheck("title", "khong_ro", said, here, f"chỉ {which} mở đầu bằng sửa đổi, bãi bỏ, đính chính")
        return FieldCheck("title", "khop" if close >= _IN_ORDER else "khong_ro", said, here)
    if near < 0.4 or (close < _OTHER and len(_pairs(said)) >= 4):
        return FieldCheck("title", "lech", said, here, "khác hẳn")
    return FieldCheck("title", "khong_ro", said, here)


def _changes(title: str) -> bool:
    return (
        re.match(
            r"(?:(?:ve viec|v/v|ve|thong tu|nghi dinh) )?(?:sua doi|bo sung|dinh chinh|bai bo)", fold(squeeze(title))
        )
        is not None
    )


@cache
def _openings() -> dict[str, bool]:
    """First words of a trích yếu, folded → whether "về" goes before them."""
    return {fold(row["phrase"]): row["about"] == "1" for row in rows("title_openings")}


def in_sentence(title: str) -> str:
    """A trích yếu as it runs on behind the issuer: "Phê duyệt Đề án" → "phê duyệt Đề án", "công tác" → "về công tác"."""
    title = squeeze(title)
    folded = fold(title)
    if re.match(r"(?:về|v/v)(?!\w)", canonical(title)) or folded.startswith("ve viec "):
        return ("về việc" + title[3:]) if folded.startswith("v/v") else title[:1].lower() + title[1:]
    opening = max((o for o in _openings() if re.match(rf"{o}(?!\w)", folded)), key=len, default=None)
    if opening is None:
        return f"về {title}"  # its first word may be a name
    title = title[:1].lower() + title[1:]
    return f"về {title}" if _openings()[opening] else title


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
        parts.append(in_sentence(facts.title))
    return " ".join(parts)


def _unknown(said: Said, view: LibraryView) -> BasisCheck:
    """Nothing is known of that number: is there a document of that day and ký hiệu, or that title, of another number, or
    one of that number from another agency or day?
    """
    citation, considered = said.citation, said.considered
    facts = considered.facts
    near = [r for r in view.alike(facts) if _alike(facts, r)]
    candidates = [wording(r.facts) for r in considered.candidates]
    values = {"so_ky_hieu": citation.so_ky_hieu, "date": citation.date, "issuer": said.issuer, "title": citation.title}
    fields = [FieldCheck(name, "khong_ro", values[name], None) for name in FIELDS]
    if _misspelled(citation) is not None:
        fields[0] = _number(said, Facts())
    of_number = _near(said, view) if not candidates else []
    suggestion = None
    if len(near) == 1 and not candidates:
        other = near[0].facts
        suggestion = wording(other)
        note = (
            "có văn bản cùng ngày, cùng trích yếu mang số khác"
            if citation.title and other.title
            else ("có văn bản cùng ngày, cùng cơ quan mang số khác một chữ số")
        )
        fields = [
            FieldCheck("so_ky_hieu", "lech", citation.so_ky_hieu, other.so_ky_hieu, note),
            FieldCheck("date", "khop", citation.date, other.date),
            *_issuer(said, other, None),
            _title(citation, other, {}),
        ]
    elif near:
        candidates += [wording(r.facts) for r in near]
    elif len(of_number) == 1 and of_number[0].same == "ngay" and said.issuer is not None:
        other = _facts(view.summary(of_number[0].id))
        fields = [
            _number(said, other),
            FieldCheck("date", "khop", citation.date, other.date),
            FieldCheck("issuer", "lech" if said.typed else "khong_ro", said.issuer, other.issuer, look=True),
            _title(citation, other, {}),
        ]
    if citation.doc_type in LAWS:
        fields = [f for f in fields if f.field != "issuer" or f.written]
    fields = [*_type(said, Facts()), *fields]
    return BasisCheck(
        citation, fields, considered.state, None, 0, None, None, suggestion, candidates, of_number
    )  # fmt: skip


#: Documents of its number that are named for a căn cứ that is not there.
_MOST_NEAR = 4


def _near(said: Said, view: LibraryView) -> list[Near]:
    """What has its number in the library: those of its day first, then those of its issuer, then any."""
    citation = said.citation
    if citation.so_ky_hieu is None or not said.considered.facts.sym_key:
        return []
    found: list[Near] = []
    for other in _of_number(citation.so_ky_hieu, said.considered.facts.sym_key, view):
        same: Literal["ngay", "co_quan", "so"] = "so"
        if citation.date and other.date and citation.date == other.date:
            same = "ngay"
        elif other.issuer_key and other.issuer_key == said.considered.facts.issuer_key:
            same = "co_quan"
        if other.date or other.issuer:
            found.append(Near(other.id, wording(_facts(other)), same))
    return sorted(found, key=lambda n: ("ngay", "co_quan", "so").index(n.same))[:_MOST_NEAR]


def _alike(said: Facts, other: Reference) -> bool:
    """The same day, and the title agrees (or one of them has none and the numbers are one digit apart)."""
    facts = other.facts
    if not said.number or facts.number == said.number or said.date != facts.date:
        return False
    if said.title and facts.title:
        return likeness(said.title, facts.title) >= 0.6
    a, b = said.number, facts.number or ""
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
