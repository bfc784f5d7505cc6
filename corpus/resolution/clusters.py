"""What stands for documents in a bucket, and the clusters made of it: each cluster is one document.

Nothing is merged on its number alone: number, ký hiệu, issuer and year must agree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from corpus import identity
from corpus.fold import letters
from corpus.identity import Facts

State = Literal["self", "settled", "inferred", "ambiguous", "unresolved"]


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
class Resolution:
    """What became of a mention. cluster: the document meant, None when none or not one."""

    cluster: Cluster | None
    state: State
    method: str
    confidence: float
    conflicts: list[str] = field(default_factory=list)
    candidates: list[Cluster] = field(default_factory=list)


def order(item: Item) -> tuple[str, str]:
    return (item.kind, item.source)


def fullest_symbol(items: Iterable[Item]) -> str:
    """The fullest spelling of the ký hiệu: with most hyphens, then the longest."""
    return max((i.facts.symbol or "" for i in items), key=lambda s: (len(re.split(r"[-/]", s)), len(s), s))


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
    source = anchors[0].facts if anchors else min(items, key=order).facts
    facts = replace(source)
    if not held:
        facts.doc_type = chosen["doc_type"] or facts.doc_type
        facts.date = chosen["date"] or facts.date
        facts.title = (table[0].facts.title if table else None) or chosen["title"]
        facts.issuer = chosen["issuer"] or (table[0].facts.issuer if table else None)
    facts.symbol = fullest_symbol(items) or facts.symbol
    facts.sym_key = letters(facts.symbol) if facts.symbol else None
    years = [i.facts.year for i in anchors if i.facts.year] or [i.facts.year for i in items if i.facts.year]
    facts.year = min(years, default=None)
    keys = [i.facts.issuer_key for i in anchors + items if i.facts.issuer_known]
    facts.issuer_key = keys[0] if anchors and keys else min((str(k) for k in keys), default=facts.issuer_key)
    if not held:
        spelled = Counter({v: n for v, n in said["so_ky_hieu"].items() if letters(v).endswith(facts.sym_key or "")})
        facts.so_ky_hieu = (table[0].facts.so_ky_hieu if table else None) or _first(spelled) or chosen["so_ky_hieu"]
    facts.law = next((i.facts.law for i in [*anchors, *sorted(items, key=order)] if i.facts.law), None)
    facts.inferred = not anchors and all(i.facts.inferred for i in items)
    cluster.facts = facts
    suffix = cluster.key if cluster.key.startswith("#") else ""
    cluster.key = identity.key_of(facts) + suffix


def representative(item: Item) -> tuple[bool, bool, bool, str]:
    """Of several copies of one document: one that all may see, surely read, with a full date, then the least hash."""
    return (item.restricted, item.unsure, len(item.facts.date or "") < 10, item.source)
