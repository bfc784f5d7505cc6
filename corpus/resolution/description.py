"""What is known of a cluster's document: its own pages, else what most mentions say, else the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from corpus import identity
from corpus.fold import letters
from corpus.identity import Facts
from corpus.resolution.clusters import Cluster, Item, fullest_symbol, order

#: Fields on which mentions vote.
_VOTED = ("doc_type", "so_ky_hieu", "date", "issuer", "title")
_voted = attrgetter(*_VOTED)
#: Fields of which differences are shown.
_CONTESTED = ("date", "issuer", "title")
#: Key of a row of the tables → what the row says, what is known of its document by it alone, and the document's key.
_rows: dict[str, tuple[Facts, Facts, str]] = {}


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The items that describe a cluster, restricted ones left out where there are others. table: rows of the tables."""

    held: list[Item]
    mentions: list[Item]
    table: list[Item]
    items: list[Item]
    #: Field → value → how many citing documents give it.
    votes: dict[str, dict[str, int]]

    @property
    def anchors(self) -> list[Item]:
        """Items that say for themselves what the document is."""
        return self.held + self.table


def describe(cluster: Cluster) -> None:
    """Set facts, conflicts, key and marks of *cluster* by its items.

    What restricted documents alone say of a document that others cite as well is left out, of the key too.
    """
    if len(cluster.items) == 1 and cluster.items[0].kind != "held":
        (_describe_row if cluster.items[0].kind == "known" else _describe_claim)(cluster)
        return
    evidence = _evidence(cluster)
    cluster.restricted = not cluster.held and bool(cluster.mentions) and not any(m.votes for m in cluster.mentions)
    cluster.withheld = len(evidence.items) < len(cluster.items)
    cluster.conflicts = {
        name: dict(sorted(votes.items()))
        for name, votes in evidence.votes.items()
        if len(votes) > 1 and name in _CONTESTED and len({letters(v) for v in votes}) > 1
    }
    cluster.facts = _facts(evidence)
    suffix = cluster.key if cluster.key.startswith("#") else ""
    cluster.key = identity.key_of(cluster.facts) + suffix


def _describe_row(cluster: Cluster) -> None:
    """The same for a row of the tables that nothing here means, as most are: it says of itself what it is."""
    row = cluster.items[0]
    known = _rows.get(row.source)
    if known is None or known[0] is not row.facts:  # the tables can be renewed
        facts = row.facts.copy()
        facts.inferred = False
        facts.sym_key = letters(facts.symbol) if facts.symbol else None
        known = _rows[row.source] = (row.facts, facts, identity.key_of(facts))
    _, cluster.facts, key = known
    cluster.conflicts, cluster.restricted, cluster.withheld = {}, False, False
    cluster.key = key + (cluster.key if cluster.key.startswith("#") else "")


def _describe_claim(cluster: Cluster) -> None:
    """The same for a single claim: a document of which no other says anything."""
    claim = cluster.items[0]
    facts = claim.facts.copy()
    # A short repetition in the same document says nothing of these.
    facts.title = None if claim.antecedent else facts.title or None
    facts.issuer = None if claim.antecedent else facts.issuer or None
    facts.so_ky_hieu = None if claim.antecedent else facts.so_ky_hieu or None
    facts.sym_key = letters(facts.symbol) if facts.symbol else None
    cluster.facts, cluster.conflicts, cluster.restricted, cluster.withheld = facts, {}, not claim.votes, False
    cluster.key = identity.key_of(facts) + (cluster.key if cluster.key.startswith("#") else "")


def _evidence(cluster: Cluster) -> _Evidence:
    copies = cluster.copies()
    held = [i for i in copies if not i.restricted] or copies
    mentions = [m for m in cluster.mentions if m.votes]
    public = bool(mentions)
    items = cluster.items
    if mentions or held:
        speaking = {id(i) for i in held}
        items = [i for i in items if (id(i) in speaking if i.kind == "held" else i.votes or not i.hidden_votes)]
    mentions = mentions or [i for i in items if i.kind == "mention"]
    table = [i for i in items if i.kind == "known"]
    return _Evidence(held, mentions, table, items, _votes(mentions, public))


def _votes(items: Iterable[Item], public: bool) -> dict[str, dict[str, int]]:
    """Field → value → how many citing documents give it; a short repetition in the same document has no vote."""
    votes: dict[str, dict[str, int]] = {name: {} for name in _VOTED}
    for item in items:
        if not item.antecedent:
            more = item.votes if public else item.hidden_votes
            for counted, value in zip(votes.values(), _voted(item.facts), strict=True):
                if value:
                    counted[value] = counted.get(value, 0) + more
    return votes


def _winner(votes: Mapping[str, int]) -> str | None:
    """The value with most votes; of equals the longest."""
    return min(votes, key=lambda v: (-votes[v], -len(v), v)) if votes else None


def _facts(evidence: _Evidence) -> Facts:
    anchors, items = evidence.anchors, evidence.items
    facts = (anchors[0] if anchors else min(items, key=order)).facts.copy()
    if not evidence.held:
        _take_votes(facts, evidence)
    facts.symbol = fullest_symbol(items) or facts.symbol
    facts.sym_key = letters(facts.symbol) if facts.symbol else None
    years = [i.facts.year for i in anchors if i.facts.year] or [i.facts.year for i in items if i.facts.year]
    facts.year = min(years, default=None)
    facts.issuer_key = _issuer_key(anchors, items, facts.issuer_key)
    if not evidence.held:
        facts.so_ky_hieu = _so_ky_hieu(evidence, facts.sym_key or "")
    facts.law = next((i.facts.law for i in [*anchors, *sorted(items, key=order)] if i.facts.law), None)
    facts.inferred = not anchors and all(i.facts.inferred for i in items)
    return facts


def _take_votes(facts: Facts, evidence: _Evidence) -> None:
    """Of a document that is not held: type, date, title and issuer as most mentions give them, or the table."""
    row = evidence.table[0].facts if evidence.table else Facts()
    facts.doc_type = _winner(evidence.votes["doc_type"]) or facts.doc_type
    facts.date = _date(evidence) or facts.date
    facts.title = row.title or _winner(evidence.votes["title"])
    facts.issuer = _winner(evidence.votes["issuer"]) or row.issuer


def _date(evidence: _Evidence) -> str | None:
    """The full date with most votes, else a partial one; a row of the table decides where none is given or two tie."""
    full = {date: n for date, n in evidence.votes["date"].items() if len(date) == 10}
    date = _winner(full) or _winner(evidence.votes["date"])
    row = evidence.table[0] if evidence.table else None
    top = sorted(full.values(), reverse=True)[:2]
    tied = len(top) > 1 and top[0] == top[1]
    decides = row is not None and not row.unsure and (not date or tied)
    return (row.facts.date if row is not None and decides else None) or date


def _issuer_key(anchors: Sequence[Item], items: Sequence[Item], otherwise: str | None) -> str | None:
    keys = [str(i.facts.issuer_key) for i in [*anchors, *items] if i.facts.issuer_known]
    return keys[0] if anchors and keys else min(keys, default=otherwise)


def _so_ky_hieu(evidence: _Evidence, sym_key: str) -> str | None:
    """As the table has it, else the commonest spelling that ends with the fullest ký hiệu, else the commonest."""
    votes = evidence.votes["so_ky_hieu"]
    spelled = {value: n for value, n in votes.items() if letters(value).endswith(sym_key)}
    row = evidence.table[0].facts.so_ky_hieu if evidence.table else None
    return row or _winner(spelled) or _winner(votes)
