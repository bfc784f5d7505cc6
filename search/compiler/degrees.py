"""The lesser degrees of a query, where no document has all its words: all but the rare ones, then most of their weight.

Only words that were typed plainly are let go. Phrases in quotation marks, fields and negations must hold in every
degree; where nothing has the phrases either, their words count as plain ones.

The weight is a sum of BM25 scores: of the syllables with their diacritics, of the pairs of adjacent syllables, and of
the syllables in the title. That the three count alike was chosen on a hundred questions about articles of law (2,249
articles): in five-fold cross-validation over random mixtures none was clearly better on the folds left out, and equal
weights let an engine skip documents that cannot come first (``python -m bench.retrieval``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.compiler.analysis import Analysis
from search.compiler.field_plans import FieldPlans
from search.compiler.strictness import Strictness
from search.compiler.text_plans import TextPlans, synonym_plan
from search.engine import Engine
from search.language import synonyms
from search.language.tokens import Token, pair_keys
from search.plan import And, Plan, Term, all_of, any_of
from search.query.query_tree import AndNode, Node, NotNode, OrNode, PhraseNode, WordNode

#: A word is rare where at most this share of the documents has it.
_RARE = 1 / 2_000
#: Syllables that are weighed, and as many pairs: the rarest ones.
_MOST_WEIGHED = 48
#: A syllable that more than this share of the documents has is not weighed where enough others are left.
_COMMON = 0.4
#: How many others are enough.
_ENOUGH = 8


@dataclass(frozen=True, slots=True)
class Degrees:
    """What is asked where no document has all the words."""

    #: Words that no document has, or nearly none.
    rare: tuple[str, ...]
    #: All words but the rare ones; None where none is rare, or all are.
    without_rare: Plan | None
    #: Any of the words, by weight.
    weighed: Plan
    #: The same, the words of phrases in quotation marks among them; None without such phrases.
    unquoted: Plan | None


class DegreePlans:
    """Makes the degrees of one query over one engine."""

    def __init__(self, engine: Engine, analysis: Analysis, fields: FieldPlans) -> None:
        self._engine = engine
        self._analysis = analysis
        self._fields = fields
        self._strictness = Strictness(exact=False, within=False, joined=False)

    def degrees(self, tree: Node) -> Degrees | None:
        """The degrees of a query; None where it has fewer than two plain words, or alternatives."""
        items = tree.items if isinstance(tree, AndNode) else (tree,)
        words = [item for item in items if isinstance(item, WordNode)]
        others = [item for item in items if not isinstance(item, WordNode)]
        phrases = [item for item in others if isinstance(item, PhraseNode)]
        plain: list[WordNode | PhraseNode] = [*words, *phrases]
        if isinstance(tree, OrNode) or sum(len(self._analysis.syllables(leaf)) for leaf in plain) < 2:
            return None
        conditions = [self._plan(item) for item in others]
        rare = [leaf for leaf in words if self._is_rare(leaf)]
        kept = [item for item in items if item not in rare]
        without_rare = None
        if rare and any(isinstance(item, WordNode) for item in kept):
            without_rare = self._plan(replace(tree, items=tuple(kept)) if isinstance(tree, AndNode) else tree)
        strict = [self._plan(item) for item in others if not isinstance(item, PhraseNode)]
        return Degrees(
            tuple(leaf.text for leaf in rare),
            without_rare,
            _under(conditions, self._weighed([words])),
            _under(strict, self._weighed([words, *([phrase] for phrase in phrases)])) if phrases else None,
        )

    def _plan(self, node: Node) -> Plan:
        if isinstance(node, NotNode):
            return TextPlans(self._analysis, self._fields, self._strictness).plan(AndNode((node,)))
        return TextPlans(self._analysis, self._fields, self._strictness).plan(node)

    def _is_rare(self, leaf: WordNode) -> bool:
        """Whether nearly no document has one of its syllables."""
        most = int(self._engine.count() * _RARE)
        return any(self._engine.frequency("syl", token.folded) <= most for token in self._analysis.syllables(leaf))

    def _weighed(self, runs: Sequence[Sequence[WordNode | PhraseNode]]) -> Plan:
        """Any syllable or pair of the runs, by weight."""
        syllables: list[Token] = []
        pairs: list[str] = []
        others: list[Plan] = []
        for run in runs:
            own = [token for leaf in run for token in self._analysis.syllables(leaf)]
            syllables.extend(own)
            pairs.extend(pair_keys([token.exact for token in own]))
            others.extend(_synonyms(own))
        chosen = self._telling(syllables)
        plans: list[Plan] = [self._term(token) for token in chosen]
        plans.extend(Term("pair", pair) for pair in self._rarest("pair", pairs))
        plans.extend(Term("title", key) for key in dict.fromkeys(token.folded for token in chosen))
        return any_of([*plans, *others])

    def _term(self, token: Token) -> Term:
        return Term("exact", token.exact) if self._analysis.marked else Term("syl", token.folded)

    def _telling(self, syllables: Sequence[Token]) -> list[Token]:
        """The different syllables that tell documents apart, rarest first."""
        documents = max(self._engine.count(), 1)
        found: dict[str, tuple[int, Token]] = {}
        for token in syllables:
            term = self._term(token)
            if term.value not in found:
                found[term.value] = self._engine.frequency(term.field, term.value), token
        ordered = sorted(found.values(), key=lambda entry: entry[0])
        telling = [token for times, token in ordered if 0 < times <= _COMMON * documents]
        if len(telling) < _ENOUGH:
            telling = [token for times, token in ordered if times]
        return telling[:_MOST_WEIGHED]

    def _rarest(self, field: str, values: Sequence[str]) -> list[str]:
        """The different values that documents have, rarest first."""
        counted = [(self._engine.frequency(field, value), value) for value in dict.fromkeys(values)]
        return [value for times, value in sorted(counted) if times][:_MOST_WEIGHED]


def _under(conditions: list[Plan], weighed: Plan) -> Plan:
    return And((all_of(conditions), weighed)) if conditions else weighed


def _synonyms(run: Sequence[Token]) -> list[Plan]:
    """The other ways to write parts of a run."""
    keys = [token.folded for token in run]
    ways = dict.fromkeys(way for at in range(len(run)) for way in synonyms.longest_at(keys, at)[1])
    return [synonym_plan(way) for way in ways]
