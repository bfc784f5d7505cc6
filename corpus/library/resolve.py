"""Which document each citation means: within its own document first, then among everything that could be it.

Resolution is a function of the *set* of documents and mentions of a bucket, never of the order they came in.
Nothing is merged on its number alone: number, ký hiệu, issuer and year must agree; what cannot be told apart stays
ambiguous with its candidates, and a local agency whose place is unknown is never taken for another's.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from corpus import agencies, areas, identity
from corpus.fold import fold, letters, squeeze
from corpus.identity import Facts
from corpus.law import known_documents as known
from corpus.model import Citation, Record
from corpus.so_ky_hieu import code_of_type, type_of_symbol

State = Literal["self", "settled", "inferred", "ambiguous", "unresolved"]

_STOP = frozenset(
    [
        "ve",
        "viec",
        "va",
        "cua",
        "cac",
        "mot",
        "so",
        "cho",
        "theo",
        "tai",
        "den",
        "trong",
        "ngay",
        "nam",
        "thang",
        "quy",
        "dinh",
        "phe",
        "duyet",
        "ban",
        "hanh",
        "sua",
        "doi",
        "bo",
        "sung",
        "thuc",
        "hien",
        "chuong",
        "trinh",
        "tinh",
        "giai",
        "doan",
        "quyet",
    ]
)


@dataclass(slots=True)
class Read:
    """One mention, read within its document. antecedent: ordinal of the fuller mention it repeats."""

    facts: Facts
    is_self: bool = False
    antecedent: int | None = None
    by_name: bool = False  # the number comes from the table of laws
    context: str = ""


# ---------------------------------------------------------------- within one document


def within(record: Record, *, facts: bool = True) -> list[Read]:
    """Read every citation of *record* in its context; fills ``issuer_resolved`` and ``target="self"`` in place.

    facts: whether the known-documents table may give the number of a law cited by name.
    """
    area = identity.area_of(record)
    own = identity.of_record(record, area)
    reads = [Read(identity.of_citation(c, area, own)) for c in record.citations]
    for citation, read in zip(record.citations, reads, strict=True):
        read.is_self = citation.target == "self" or _is_self(read.facts, own)
        if read.is_self:
            citation.target = "self"
    whole = [replace(r.facts) for r in reads]
    antecedents = _Antecedents(reads, whole)
    for at, read in enumerate(reads):
        if not read.is_self:
            found = antecedents.of(at)
            if found is not None:
                _inherit(read.facts, whole[found])
                read.antecedent = found
    for citation, read in zip(record.citations, reads, strict=True):
        if read.is_self:
            continue
        if facts and read.facts.law and not read.facts.number:
            law = known.law(read.facts.law, citation.date, record.date or record.date_inferred)
            if law:
                _inherit(read.facts, law)
                read.facts.law, read.by_name = law.law, True
        if read.facts.number and not read.facts.sym_key:
            read.context = _context(record, citation)
        if citation.issuer_resolved is None:
            citation.issuer_resolved = issuer_text(citation.issuer, read.facts.issuer_key, record)
        # A stub is shown by the agency in full: "UBND tỉnh" says nothing outside the paper that wrote it.
        read.facts.issuer = citation.issuer_resolved or read.facts.issuer
    return reads


def _is_self(said: Facts, own: Facts) -> bool:
    return (
        own.number is not None
        and said.number == own.number
        and said.sym_key is not None
        and said.sym_key == own.sym_key
        and (not said.issuer_known or said.inferred or not own.issuer_known or said.issuer_key == own.issuer_key)
        and identity.compatible(said.date, own.date)
        and (said.year is None or own.year is None or said.year == own.year)
    )


def _written_type(facts: Facts) -> str | None:
    return facts.doc_type or (type_of_symbol(facts.symbol) if facts.symbol else None)


def _fits(short: Facts, full: Facts) -> bool:
    """Whether *short* can be a shorter way to say *full*, and *full* says more."""
    if short.law and not short.number:
        return full.law == short.law and full.number is not None and identity.compatible(short.date, full.date)
    if short.number != full.number or short.number is None or full.sym_key is None:
        return False
    if short.sym_key is None:
        if not short.doc_type or fold(short.doc_type) != fold(_written_type(full) or ""):
            return False
    elif short.sym_key != full.sym_key and not identity.within_symbol(short.symbol or "", full.symbol or ""):
        return False
    explicit = short.issuer_known and not short.inferred
    if explicit and full.issuer_key != short.issuer_key:
        return False
    if not identity.compatible(short.date, full.date):
        return False
    says_more = (
        (short.sym_key is None)
        + (short.date is None and full.date is not None)
        + (not explicit and full.issuer_known and not full.inferred)
    )
    return says_more > 0


def _identity(facts: Facts) -> tuple[str | None, ...]:
    return (facts.sym_key, facts.issuer_key, facts.year)


class _Antecedents:
    """The mentions of one document by what they say. Those that say the same count as one, the first, and mentions
    that are short in the same way share an answer: a number cited ten thousand times is looked at once.
    """

    def __init__(self, reads: Sequence[Read], whole: Sequence[Facts]) -> None:
        self._whole = whole
        self._numbers: dict[str, dict[str | None, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._laws: dict[str, list[int]] = defaultdict(list)
        self._found: dict[tuple[object, ...], int | None] = {}
        known: set[tuple[object, ...]] = set()
        for at, (read, facts) in enumerate(zip(reads, whole, strict=True)):
            if read.is_self or not facts.number or _said(facts) in known:
                continue
            known.add(_said(facts))
            self._numbers[facts.number][facts.date].append(at)
            if facts.law:
                self._laws[facts.law].append(at)

    def of(self, at: int) -> int | None:
        """The mention that says in full what mention *at* says in short; None when there is none or more than one."""
        said = _said(self._whole[at])
        if said not in self._found:
            self._found[said] = self._fuller(self._whole[at])
        return self._found[said]

    def _fuller(self, short: Facts) -> int | None:
        fuller = [j for j in self._near(short) if _fits(short, self._whole[j])]
        if not fuller:
            return None
        best = max(_weight(self._whole[j]) for j in fuller)
        fuller = [j for j in fuller if _weight(self._whole[j]) == best]
        if len({_identity(self._whole[j]) for j in fuller}) > 1:
            return None
        return min(fuller)

    def _near(self, short: Facts) -> Iterable[int]:
        """Those of the same law, or of the same number and no other day."""
        if short.law and not short.number:
            return self._laws.get(short.law, ())
        dated = self._numbers.get(short.number or "", {})
        if short.date is None or len(short.date) < 10:
            return (j for group in dated.values() for j in group)
        days = (None, short.date, short.date[:7], short.date[:4])
        return (j for day in days for j in dated.get(day, ()))


def _said(facts: Facts) -> tuple[object, ...]:
    """All of *facts* that tells whether one mention is a shorter way to say another."""
    return (
        facts.number, facts.law, facts.sym_key, facts.symbol, facts.party, facts.doc_type, facts.date, facts.year,
        facts.issuer_key, facts.inferred,
    )  # fmt: skip


def _weight(facts: Facts) -> int:
    return (facts.date is not None) + (facts.issuer_known and not facts.inferred) + (facts.sym_key is not None)


def _inherit(short: Facts, full: Facts) -> None:
    short.number = short.number or full.number
    if not short.sym_key:
        short.symbol, short.sym_key, short.party = full.symbol, full.sym_key, full.party
    if short.date is None and full.date and full.date[:4] == (full.year or full.date[:4]):
        short.date = full.date  # a date that the number's year denies is not handed on
    short.year = short.year or full.year
    if not short.issuer_known or short.inferred:
        short.issuer_key, short.inferred = full.issuer_key, full.inferred
    short.doc_type = short.doc_type or full.doc_type
    short.law = short.law or full.law


def _context(record: Record, citation: Citation) -> str:
    around = record.text[max(0, citation.start - 300) : citation.end + 300]
    return squeeze(f"{record.title or ''} {around}")


def issuer_text(printed: str | None, key: str | None, record: Record) -> str | None:
    """The agency in full: "UBND tỉnh" in a paper of Thanh Hóa is "UBND tỉnh Thanh Hóa"; None when not known."""
    if key is None or key.endswith("?"):
        return None
    if ":" not in key:
        return printed or agencies.name_of(key)
    place = key.split(":", 1)[1]
    if printed:
        if areas.split(agencies.without_head(agencies.short(printed)))[2]:
            return printed
        base = re.sub(
            r"(?i)\s+(tỉnh|huyện|quận|thị xã|thành phố|xã|phường|thị trấn|tp\.?|tx\.?)$", "", squeeze(printed)
        )
    elif record.issuer and key == identity.issuer_key(record.issuer, record.symbol, identity.area_of(record)):
        return record.issuer
    else:
        base = {"ubnd": "UBND", "hdnd": "HĐND"}.get(key.split(":")[0], "")
        if not base:
            return None
    name = _place_name(place, record)
    if name and re.search(r"(?i)\bủy$|\buỷ$", base):  # Tỉnh ủy Vân Lĩnh, not Tỉnh ủy tỉnh Vân Lĩnh
        name = re.sub(r"(?i)^(tỉnh|huyện|quận|thị xã|thành phố)\s+", "", name)
    return f"{base} {name}" if name else None


def _place_name(place: str, record: Record) -> str | None:
    if place.startswith("tinh:") and place.removeprefix("tinh:") in areas.provinces():
        return areas.full_name(place.removeprefix("tinh:"))
    for said in (record.issuer, record.parent_agency, record.parent_agency_inferred):
        if said:
            bare = agencies.without_head(agencies.short(said))
            agency, _, found = areas.split(bare)
            if found == place and bare.startswith(agency):
                return bare[len(agency) :].strip()
    return None


# ---------------------------------------------------------------- within one bucket


@dataclass(slots=True)
class Item:
    """Something that stands for a document: a held one, a claim that mentions make, a row of the known table.

    ref: the node's or claim's id. source: a stable order: content hash of the file, or hash of the claim.
    votes, hidden_votes: documents, restricted documents, that say it. restricted: a held one of restricted circulation.
    citing: date of the document that says it, where it matters. antecedent: repeats a fuller mention of its document,
    and has no vote.
    """

    kind: Literal["held", "mention", "known"]
    ref: int
    facts: Facts
    source: str = ""
    votes: int = 1
    hidden_votes: int = 0
    citing: str | None = None
    unsure: bool = False
    antecedent: bool = False
    by_name: bool = False
    context: str = ""
    restricted: bool = False


@dataclass(slots=True, eq=False)
class Cluster:
    """All that is one document. withheld: restricted papers say more of it than is told."""

    key: str = ""
    items: list[Item] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)
    conflicts: dict[str, dict[str, int]] = field(default_factory=dict)
    restricted: bool = False
    withheld: bool = False

    @property
    def held(self) -> list[Item]:
        return [i for i in self.items if i.kind == "held"]

    @property
    def mentions(self) -> list[Item]:
        return [i for i in self.items if i.kind == "mention"]

    def dates(self) -> set[str]:
        return {i.facts.date for i in self.items if i.facts.date and len(i.facts.date) == 10}

    @property
    def known(self) -> str | None:
        """The key of the known document that this is."""
        return min((i.source for i in self.items if i.kind == "known"), default=None)

    @property
    def anchored(self) -> bool:
        return any(i.kind != "mention" for i in self.items)

    def earliest(self) -> str | None:
        """The date to hold against a citing document's: an anchor's, else the commonest."""
        anchors = [i.facts.date for i in self.items if i.kind != "mention" and i.facts.date]
        dates = anchors or [i.facts.date for i in self.items if i.facts.date]
        if dates:
            return min(dates)
        return min((i.facts.year for i in self.items if i.facts.year), default=None)


@dataclass(slots=True)
class Verdict:
    """What became of a mention. cluster: the document meant, None when none or not one."""

    cluster: Cluster | None
    state: State
    method: str
    confidence: float
    conflicts: list[str] = field(default_factory=list)
    candidates: list[Cluster] = field(default_factory=list)


@cache
def _is_local(symbol: str | None) -> bool:
    """Whether many agencies use this ký hiệu."""
    return (agencies.issuer_key(None, symbol=symbol) or "").endswith(":?")


def _group_key(facts: Facts) -> tuple[str, str, str]:
    # Only the party numbers by written type; elsewhere the ký hiệu holds the type.
    return (identity.type_code(facts) if facts.party else "", facts.sym_key or "", facts.issuer_key or "")


def _order(item: Item) -> tuple[str, str]:
    return (item.kind, item.source)


def settle(items: Iterable[Item]) -> tuple[list[Cluster], dict[int, Verdict]]:
    """Cluster one bucket; returns the clusters and, by mention ref, what each mention means."""
    ordered = sorted(items, key=_order)
    full, placeless, bare = [], [], []
    for item in ordered:
        if not item.facts.sym_key:
            bare.append(item)
        elif item.facts.issuer_known:
            full.append(item)
        else:
            placeless.append(item)
    verdicts: dict[int, Verdict] = {}
    groups: dict[tuple[str, str, str], dict[str, Cluster]] = defaultdict(dict)
    undated: list[Item] = []
    for item in full:
        if item.facts.year:
            _put(groups, item, item.facts.year)
        else:
            undated.append(item)
    unplaced = []
    for item in placeless:
        if item.facts.year and item.facts.date and not _is_local(item.facts.symbol):
            _put(groups, item, item.facts.year)
        else:
            unplaced.append(item)
    _move_slips(groups)
    _move_cut(groups)
    clusters = _join_aliases([c for years in groups.values() for c in years.values() if c.items])
    clusters += _place_undated(undated, clusters, verdicts)
    clusters += _place_placeless(unplaced, clusters, verdicts)
    for cluster in clusters:
        describe(cluster)
    _tell_apart(clusters)
    for item in bare:
        if item.kind == "mention":
            verdicts[item.ref] = _by_number(item, clusters)
        elif item.kind == "held":
            lone = Cluster(items=[item])
            describe(lone)
            lone.key += f"#{item.source[:12]}"
            clusters.append(lone)
    for cluster in clusters:
        for item in cluster.mentions:
            if item.ref not in verdicts:
                verdicts[item.ref] = _verdict(item, cluster)
    for verdict in verdicts.values():
        verdict.candidates.sort(key=lambda c: c.key)
    return clusters, verdicts


def _put(groups: dict[tuple[str, str, str], dict[str, Cluster]], item: Item, year: str) -> None:
    groups[_group_key(item.facts)].setdefault(year, Cluster()).items.append(item)


def _move_slips(groups: dict[tuple[str, str, str], dict[str, Cluster]]) -> None:
    """A mention whose date is one slip off a held or known document's of another year is that document's."""
    for years in groups.values():
        anchors = {
            d: c
            for c in years.values()
            for i in c.items
            if i.kind != "mention" and (d := i.facts.date) and len(d) == 10
        }
        for cluster in [c for c in years.values() if not c.anchored]:
            for item in list(cluster.items):
                near = {id(c): c for d, c in anchors.items() if identity.one_slip(item.facts.date or "", d)}
                if len(near) == 1 and "/" not in _year_in_number(item):
                    cluster.items.remove(item)
                    next(iter(near.values())).items.append(item)


def is_cut(key: str | None, whole: str | None) -> bool:
    """Whether one local agency's key is the beginning of another's, cut between syllables: the end of a line was lost."""
    return bool(key and whole and ":" in key and whole.startswith(key + "-"))


def _move_cut(groups: dict[tuple[str, str, str], dict[str, Cluster]]) -> None:
    """A mention of "UBND huyện Thạch" is that of "UBND huyện Thạch Đàm" of the same number, ký hiệu and full date."""
    whole: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for (code, symbol, issuer), years in groups.items():
        for year, cluster in years.items():
            for day in cluster.dates():
                whole[code, symbol, year, day].add(issuer)
    for (code, symbol, issuer), years in groups.items():
        for year, cluster in years.items():
            if cluster.anchored:
                continue
            for item in list(cluster.items):
                near = whole.get((code, symbol, year, item.facts.date or ""), ())
                longer = [other for other in near if is_cut(issuer, other)]
                if len(longer) == 1:
                    cluster.items.remove(item)
                    groups[code, symbol, longer[0]][year].items.append(item)


def _year_in_number(item: Item) -> str:
    """ "/" when the year is part of the number: then it is not read from a date and no slip moves it."""
    return "/" if item.facts.so_ky_hieu and re.search(r"/\s?(19|20)\d\d\s?/", item.facts.so_ky_hieu) else ""


def _symbol(cluster: Cluster) -> str:
    return _fullest(cluster.items)


def _fullest(items: Iterable[Item]) -> str:
    """The fullest spelling of the ký hiệu: with most hyphens, then the longest."""
    return max((i.facts.symbol or "" for i in items), key=lambda s: (len(re.split(r"[-/]", s)), len(s), s))


def _join_aliases(clusters: list[Cluster]) -> list[Cluster]:
    """One document under two ký hiệu (QĐ-VPĐP, QĐ-BNN-VPĐP) or two names of one issuer, on the same full date."""
    clusters = sorted(clusters, key=lambda c: (len(_symbol(c)), min(_order(i) for i in c.items)))
    on_date: dict[str, list[int]] = defaultdict(list)
    for at, cluster in enumerate(clusters):
        for date in cluster.dates():
            on_date[date].append(at)
    into: dict[int, Cluster] = {}
    for at, short in enumerate(clusters):
        a = short.items[0].facts
        hosts = []
        for other in sorted({o for date in short.dates() for o in on_date[date]} - {at}):
            whole = clusters[other]
            b = whole.items[0].facts
            if a.party != b.party:
                continue
            same_issuer = a.issuer_key == b.issuer_key
            if (same_issuer and identity.within_symbol(_symbol(short), _symbol(whole))) or (
                not same_issuer
                and a.sym_key == b.sym_key
                and not _is_local(a.symbol)
                and identity.type_code(a) == identity.type_code(b)
                and str(a.issuer_key) < str(b.issuer_key)
            ):
                hosts.append(whole)
        longest = [
            h for h in hosts if not any(identity.within_symbol(_symbol(h), _symbol(o)) for o in hosts if o is not h)
        ]
        if len(longest) == 1:
            into[id(short)] = longest[0]
    kept = []
    for cluster in clusters:
        target = cluster
        while id(target) in into:
            target = into[id(target)]
        if target is cluster:
            kept.append(cluster)
        else:
            target.items.extend(cluster.items)
    return kept


def _similar(facts: Facts, cluster: Cluster) -> bool:
    other = cluster.items[0].facts
    if facts.party != other.party:
        return False
    if facts.party and facts.doc_type and identity.type_code(facts) != identity.type_code(other):
        return False
    return any(facts.sym_key == i.facts.sym_key for i in cluster.items) or identity.within_symbol(
        facts.symbol or "", _symbol(cluster)
    )


def _place_undated(undated: list[Item], clusters: list[Cluster], verdicts: dict[int, Verdict]) -> list[Cluster]:
    """Short citations without a date, and documents whose date is not readable."""
    new: dict[tuple[str, str, str], Cluster] = {}
    for kind in ("held", "known", "mention"):
        for item in [i for i in undated if i.kind == kind]:
            exact = [
                c
                for c in clusters
                if _similar(item.facts, c) and any(i.facts.issuer_key == item.facts.issuer_key for i in c.items)
            ]
            same = [c for c in exact if any(i.facts.sym_key == item.facts.sym_key for i in c.items)]
            fits = same or exact
            if kind == "mention":
                own = new.get(_group_key(item.facts))
                if own is not None and own.held:
                    fits = [*fits, own]
                fits = [c for c in fits if identity.not_after(c.earliest(), item.citing)]
            elif kind == "held":
                fits = [c for c in fits if not c.held]
            if len(fits) == 1:
                fits[0].items.append(item)
            elif fits and kind == "mention":
                verdicts[item.ref] = Verdict(None, "ambiguous", "không có ngày", 0.4, [], fits)
            elif kind != "known":
                new.setdefault(_group_key(item.facts), Cluster()).items.append(item)
    return list(new.values())


def _place_placeless(placeless: list[Item], clusters: list[Cluster], verdicts: dict[int, Verdict]) -> list[Cluster]:
    """The agency is not known, or its place is not: candidates, but never a merge on the number."""
    new: list[Cluster] = []
    shared: dict[tuple[str, str, str, str], Cluster] = {}
    for item in placeless:
        facts = item.facts
        local = _is_local(facts.symbol) or bool(facts.issuer_key)
        if item.kind == "held" and local:
            new.append(Cluster(key=f"#{item.source[:12]}", items=[item]))
            continue
        stem = (facts.issuer_key or "").split(":")[0]
        fits = [
            c
            for c in clusters
            if _similar(facts, c)
            and (not stem or any((i.facts.issuer_key or "").split(":")[0] == stem for i in c.items))
            and (facts.year is None or any(i.facts.year == facts.year for i in c.items))
            and (facts.date is None or not c.dates() or _near(facts.date, c.dates()))
            and (item.kind != "mention" or identity.not_after(c.earliest(), item.citing))
        ]
        if not local and len(fits) == 1 and not (item.kind == "held" and fits[0].held):
            fits[0].items.append(item)
        elif fits and item.kind == "mention":
            verdicts[item.ref] = Verdict(None, "ambiguous", "chưa rõ cơ quan", 0.3, [], fits)
        elif local and item.kind == "mention":
            one = next(
                (
                    c
                    for c in new
                    if c.key == f"#{item.source[:12]}"
                    and _group_key(c.items[0].facts) == _group_key(facts)
                    and c.items[0].facts.year == facts.year
                ),
                None,
            )
            if one is None:
                one = Cluster(key=f"#{item.source[:12]}")
                new.append(one)
            one.items.append(item)
        else:
            shared.setdefault((*_group_key(facts), facts.year or ""), Cluster()).items.append(item)
    return new + list(shared.values())


def _near(date: str, dates: set[str]) -> bool:
    return any(identity.compatible(date, d) or identity.one_slip(date, d) for d in dates)


def _votes(items: Iterable[Item], name: str, public: bool) -> Counter[str]:
    """Value → citing documents that say it; a short repetition in the same document has no vote."""
    votes: Counter[str] = Counter()
    for item in items:
        value = getattr(item.facts, name)
        if value and not item.antecedent:
            votes[value] += item.votes if public else item.hidden_votes
    return votes


def _first(votes: Counter[str]) -> str | None:
    return min(votes, key=lambda v: (-votes[v], -len(v), v)) if votes else None


def describe(cluster: Cluster) -> None:
    """What is known of the cluster's document: its own pages, else the majority of mentions, else the table.

    What restricted papers alone say of a document that others are told of too is left out, of the key as well.
    """
    held = [i for i in cluster.held if not i.restricted] or cluster.held
    held.sort(key=representative)
    mentions = [m for m in cluster.mentions if m.votes]
    public = bool(mentions)
    cluster.restricted = not mentions and not held and bool(cluster.mentions)
    items = cluster.items
    if mentions or held:
        items = [i for i in items if (i in held if i.kind == "held" else i.votes or not i.hidden_votes)]
    cluster.withheld = len(items) < len(cluster.items)
    mentions = mentions or [i for i in items if i.kind == "mention"]
    table = [i for i in items if i.kind == "known"]
    said = {name: _votes(mentions, name, public) for name in ("doc_type", "so_ky_hieu", "date", "issuer", "title")}
    cluster.conflicts = {
        name: dict(sorted(votes.items()))
        for name, votes in said.items()
        if name in {"date", "issuer", "title"} and len({letters(v) for v in votes}) > 1
    }
    chosen = {name: _first(votes) for name, votes in said.items()}
    date_votes = Counter({d: n for d, n in said["date"].items() if len(d) == 10})
    chosen["date"] = _first(date_votes) or chosen["date"]
    top = date_votes.most_common(2)
    sure = bool(table) and not table[0].unsure  # a doubtful row settles no conflict
    if sure and table[0].facts.date and (not chosen["date"] or (len(top) > 1 and top[0][1] == top[1][1])):
        chosen["date"] = table[0].facts.date
    anchors = (held or []) + table
    source = anchors[0].facts if anchors else min(items, key=_order).facts
    facts = replace(source)
    if not held:
        facts.doc_type = chosen["doc_type"] or facts.doc_type
        facts.date = chosen["date"] or facts.date
        facts.title = (table[0].facts.title if table else None) or chosen["title"]
        facts.issuer = chosen["issuer"] or (table[0].facts.issuer if table else None)
    facts.symbol = _fullest(items) or facts.symbol
    facts.sym_key = letters(facts.symbol) if facts.symbol else None
    years = [i.facts.year for i in anchors if i.facts.year] or [i.facts.year for i in items if i.facts.year]
    facts.year = min(years, default=None)
    keys = [i.facts.issuer_key for i in anchors + items if i.facts.issuer_known]
    facts.issuer_key = keys[0] if anchors and keys else min((str(k) for k in keys), default=facts.issuer_key)
    if not held:
        spelled = Counter({v: n for v, n in said["so_ky_hieu"].items() if letters(v).endswith(facts.sym_key or "")})
        facts.so_ky_hieu = (table[0].facts.so_ky_hieu if table else None) or _first(spelled) or chosen["so_ky_hieu"]
    facts.law = next((i.facts.law for i in [*anchors, *sorted(items, key=_order)] if i.facts.law), None)
    facts.inferred = not anchors and all(i.facts.inferred for i in items)
    cluster.facts = facts
    suffix = cluster.key if cluster.key.startswith("#") else ""
    cluster.key = identity.key_of(facts) + suffix


def representative(item: Item) -> tuple[bool, bool, bool, str]:
    """Of several copies of one document: one that all may see, surely read, with a full date, then the least hash."""
    return (item.restricted, item.unsure, len(item.facts.date or "") < 10, item.source)


def _tell_apart(clusters: Iterable[Cluster]) -> None:
    """Documents that only what is withheld tells apart have one key: they are numbered."""
    by_key: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        by_key[cluster.key].append(cluster)
    for same in by_key.values():
        same.sort(key=lambda c: (c.withheld, min(_order(i) for i in c.items)))
        for number, cluster in enumerate(same[1:], 2):
            if cluster.withheld:
                cluster.key += f"#{number}"


def _verdict(item: Item, cluster: Cluster) -> Verdict:
    facts, chosen = item.facts, cluster.facts
    method, confidence, conflicts = "khóa", 1.0, []
    if facts.sym_key != chosen.sym_key and identity.within_symbol(facts.symbol or "", chosen.symbol or ""):
        method, confidence = "ký hiệu rút gọn", 0.9
    if facts.year is None and chosen.year:
        method, confidence = "không có ngày", 0.8
    if not facts.issuer_known and chosen.issuer_key:
        method, confidence = "không có cơ quan", 0.8
    if facts.date and chosen.date and not identity.compatible(facts.date, chosen.date):
        conflicts.append(f"date: {facts.date} / {chosen.date}")
        confidence = min(confidence, 0.85 if identity.one_slip(facts.date, chosen.date) else 0.7)
    cut = is_cut(facts.issuer_key, chosen.issuer_key)
    if cut:
        conflicts.append(f"issuer: {facts.issuer} / {chosen.issuer}")
        method, confidence = "tên cơ quan bị cắt", min(confidence, 0.6)
    if item.antecedent:
        method, confidence = "cùng văn bản", min(confidence, 0.95)
    if item.by_name:
        method, confidence = "tên luật", min(confidence, 0.95 if facts.date else 0.9)
    if facts.inferred:
        method, confidence = "suy từ cơ quan dẫn chiếu", min(confidence, 0.6)
    if any(h.unsure for h in cluster.held):
        confidence = min(confidence, 0.7)
    return Verdict(cluster, "inferred" if facts.inferred or cut else "settled", method, confidence, conflicts)


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", fold(text)) if w not in _STOP and not w.isdigit() and len(w) > 1}


def _by_number(item: Item, clusters: list[Cluster]) -> Verdict:
    """ "Quyết định 148": documents of that type and number, not later than the citing one, ranked by their subject."""
    wanted = code_of_type(item.facts.doc_type or "") or item.facts.doc_type
    context = _words(item.context)
    scored = []
    for cluster in clusters:
        if (code_of_type(_written_type(cluster.facts) or "") or _written_type(cluster.facts)) != wanted:
            continue
        date = cluster.facts.date or cluster.facts.year
        if not identity.not_after(date, item.citing) or not identity.compatible(item.facts.date, date):
            continue
        subject = _words(cluster.facts.title or "")
        overlap = len(subject & context) / len(subject) if subject else 0.0
        scored.append((round(0.4 + 0.5 * overlap, 3), cluster))
    scored.sort(key=lambda s: (-s[0], s[1].key))
    if not scored:
        return Verdict(None, "unresolved", "chỉ có số", 0.0)
    best = scored[0]
    candidates = [c for _, c in scored[:10]]
    if best[0] >= 0.6 and (len(scored) == 1 or scored[1][0] <= best[0] - 0.1):
        return Verdict(best[1], "inferred", "số và nội dung", best[0], [], candidates)
    return Verdict(None, "ambiguous", "chỉ có số", best[0], [], candidates)


# ---------------------------------------------------------------- laws by name


@dataclass(slots=True)
class Named:
    """A law that a name may mean: a node with a number, or a stub of its name. date: EDTF or None."""

    key: str
    date: str | None


def settle_names(
    slug: str, items: Iterable[Item], numbered: Sequence[Named]
) -> dict[int, tuple[str | None, State, float, list[str]]]:
    """Laws cited by name alone, that the table does not hold: mention ref → (key, state, confidence, candidates).

    A key that is none of *numbered* is a stub's, ``luat|<slug>|<date>``.
    """
    ordered = sorted(items, key=_order)
    answers: dict[int, tuple[str | None, State, float, list[str]]] = {}
    stubs: dict[str, Named] = {}
    public: set[str] = set()  # stubs that more than restricted papers make
    for item in ordered:
        if item.facts.date:
            fits = [n for n in numbered if n.date and identity.compatible(n.date, item.facts.date)]
            if len(fits) == 1:
                answers[item.ref] = (fits[0].key, "settled", 0.95, [])
            elif fits:
                answers[item.ref] = (None, "ambiguous", 0.4, sorted(n.key for n in fits))
            else:
                stub = Named(f"luat|{slug}|{item.facts.date}", item.facts.date)
                stubs[stub.key] = stub
                public |= {stub.key} if item.votes else set()
                answers[item.ref] = (stub.key, "settled", 0.9, [])
    for item in ordered:
        if item.facts.date:
            continue
        # A name alone in a paper that all may see must not be told the day that restricted ones give it.
        near = [*numbered, *(stub for key, stub in stubs.items() if key in public or not item.votes)]
        fits = [n for n in near if identity.not_after(n.date, item.citing)]
        if len(fits) == 1:
            answers[item.ref] = (fits[0].key, "inferred", 0.6, [fits[0].key])
        elif fits:
            answers[item.ref] = (None, "ambiguous", 0.4, sorted(n.key for n in fits))
        else:
            answers[item.ref] = (f"luat|{slug}|", "settled", 0.6, [])
    return answers
