"""Plans for the words and phrases of a query, under one strictness."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from corpus.errors import QueryError
from search.compiler.analysis import Analysis
from search.compiler.field_plans import FieldPlans
from search.compiler.strictness import NEGATED, Strictness
from search.index.index_fields import FOLDED_PAIR
from search.language import synonyms
from search.language.common_pairs import common_pairs
from search.language.tokens import Token, folded_key, pair_keys, tokens
from search.plan import And, Everything, Fuzzy, Phrase, Plan, Prefix, Term, any_of
from search.query.query_tree import AndNode, FuzzyNode, Node, NotNode, OrNode, PhraseNode, PrefixNode, WordNode

#: Ways in which the words of a loose phrase may be spread; an engine may have to try each.
MAX_SPREADS = 300
#: Syllables of a run of words that is also tried as a phrase, so that their order counts.
MAX_PROXIMITY = 8
#: Digits of a number that belongs to a neighbour ("5 sao", "Điều 5").
_SHORT_NUMBER = 2

TITLE_BOOST = 3.0
PAIR_BOOST = 1.0
WORD_BOOST = 0.2
SYNONYM_BOOST = 0.7


class TextPlans:
    """Makes the plans of one query's nodes under one strictness. fields: makes those of ``field:value``."""

    def __init__(self, analysis: Analysis, fields: FieldPlans, strictness: Strictness) -> None:
        self._analysis = analysis
        self._fields = fields
        self._strictness = strictness

    def plan(self, node: Node) -> Plan:
        """The plan of a node. Raises QueryError where a field's value cannot be read or a phrase is too loose."""
        if isinstance(node, AndNode):
            return self._and(node.items)
        if isinstance(node, OrNode):
            return any_of([self.plan(item) for item in node.items])
        if isinstance(node, NotNode):
            return And((Everything(),), must_not=(self._negated(node),))
        if isinstance(node, WordNode):
            return self._and((node,))
        if isinstance(node, PhraseNode):
            return self._phrase(self._analysis.syllables(node), node.slop, node.position)
        if isinstance(node, PrefixNode):
            (token,) = tokens(node.text)
            exact = self._strictness.exact and token.marked
            return Prefix("exact", token.exact) if exact else Prefix("syl", token.folded)
        if isinstance(node, FuzzyNode):
            (token,) = tokens(node.text)
            return Fuzzy("syl", token.folded, node.distance)
        return self._fields.plan(node, within=self._strictness.within, exact=self._strictness.exact)

    def _negated(self, node: NotNode) -> Plan:
        return TextPlans(self._analysis, self._fields, NEGATED).plan(node.item)

    def _and(self, items: Sequence[Node]) -> Plan:
        must: list[Plan] = []
        should: list[Plan] = []
        must_not: list[Plan] = []
        run: list[WordNode] = []
        for item in (*items, None):
            if isinstance(item, WordNode):
                run.append(item)
                continue
            if run:
                must.extend(part for plan in self._required(run) for part in _parts(plan))
                should.extend(self._preferred(run))
                run = []
            if isinstance(item, NotNode):
                must_not.append(self._negated(item))
            elif item is not None:
                must.extend(_parts(self.plan(item)))
        needed = set(must)
        should = [plan for plan in should if not needed.issuperset(_parts(plan))]
        if len(must) == 1 and not should and not must_not:
            return must[0]
        return And(tuple(must) or (Everything(),), tuple(should), tuple(must_not))

    # Runs of words

    def _preferred(self, run: list[WordNode]) -> list[Plan]:
        """What only raises the score of a run: the title, whole words, the order."""
        syllables = [token for leaf in run for token in self._analysis.syllables(leaf)]
        found: list[Plan] = [Term("title", token.folded, TITLE_BOOST) for token in syllables]
        if self._strictness.exact:
            found.extend(
                Term("word", "_".join(token.exact for token in syllables[a:b]), WORD_BOOST)
                for a, b in self._analysis.words(run[0])
            )
            if self._analysis.marked:
                pairs = dict.fromkeys(pair_keys([token.exact for token in syllables]))
                found.extend(Term("pair", pair, PAIR_BOOST) for pair in pairs)
                return found
        if 1 < len(syllables) <= MAX_PROXIMITY:
            found.append(self._phrase(syllables))
        return found

    def _required(self, run: list[WordNode]) -> list[Plan]:
        """What must be there of a run: each word, or a synonym of some."""
        units = [self._analysis.syllables(leaf) for leaf in run]
        words = self._analysis.words(run[0]) if self._strictness.joined and all(len(u) == 1 for u in units) else []
        ends = dict(words)
        found = []
        at = 0
        while at < len(units):
            length, plan = self._with_synonyms(units, at) or self._unit(units, at, ends)
            found.append(plan)
            at += length
        return found

    def _with_synonyms(self, units: list[list[Token]], at: int) -> tuple[int, Plan] | None:
        """The longest run of units from *at* that has synonyms: (units taken, plan); None where none has."""
        if not synonyms.may_begin(units[at][0].folded):
            return None
        for length in range(min(synonyms.max_length(), len(units) - at), 0, -1):
            run = [token for unit in units[at : at + length] for token in unit]
            ways = synonyms.synonyms_of(tuple(token.folded for token in run))
            if ways:
                others = [synonym_plan(way) for way in ways]
                return length, any_of([self._phrase(run), *others])
        return None

    def _unit(self, units: list[list[Token]], at: int, ends: dict[int, int]) -> tuple[int, Plan]:
        """One unit, or those of one word: (units taken, plan). ends: where a word of several syllables begins → ends.

        A word of several syllables is its syllables side by side ("biểu trưng" is not in "đại biểu … trưng bày"), and a
        short number belongs to a neighbour ("5 sao", "Điều 5").
        """
        unit = units[at]
        end = ends.get(at)
        if end is not None:
            return end - at, self._phrase([u[0] for u in units[at:end]])
        if len(units) > 1 and len(unit) == 1:
            other = _other_numeral(unit[0])
            beside = self._beside_neighbours(units, at, other) if other else []
            if unit[0].folded.isdigit() and len(unit[0].folded) <= _SHORT_NUMBER:
                return 1, any_of([*self._beside_neighbours(units, at, unit[0]), *beside])
            return 1, any_of([self._phrase(unit), *beside])
        return 1, self._phrase(unit)

    def _beside_neighbours(self, units: list[list[Token]], at: int, numeral: Token) -> list[Plan]:
        """A numeral in the place of unit *at*, beside the syllable before it or the one behind it."""
        pairs = []
        if at > 0:
            pairs.append([units[at - 1][-1], numeral])
        if at + 1 < len(units):
            pairs.append([numeral, units[at + 1][0]])
        return [self._phrase(pair) for pair in pairs]

    def _phrase(self, syllables: list[Token], slop: int = 0, position: int = 0) -> Plan:
        exact = self._strictness.exact and any(token.marked for token in syllables)
        name = "exact" if exact else "syl"
        values = tuple(token.exact if exact else token.folded for token in syllables)
        if not values:
            return Everything()
        if len(values) == 1:
            return Term(name, values[0])
        if slop and comb(slop + len(values) - 1, len(values) - 1) > MAX_SPREADS:
            raise QueryError("Cụm từ quá dài so với khoảng cách sau dấu ~.", position, "Hãy giảm số sau dấu ~.")
        phrase = Phrase(name, values, slop)
        if slop:
            return phrase
        if not exact:
            common = dict.fromkeys(Term(FOLDED_PAIR, pair) for pair in common_pairs(values))
            return And((*common, phrase)) if common else phrase
        pairs = [Term("pair", pair) for pair in pair_keys(values)]
        return pairs[0] if len(pairs) == 1 else And((*dict.fromkeys(pairs), phrase))


def _parts(plan: Plan) -> tuple[Plan, ...]:
    """What must hold for *plan*: the parts of an AND that is nothing else."""
    return plan.must if isinstance(plan, And) and not plan.should and not plan.must_not else (plan,)


def _other_numeral(token: Token) -> Token | None:
    """The same number in digits or in a word: "1" and "một"; None for other syllables."""
    other = synonyms.numeral_of(token.exact)
    return Token(other, folded_key(other), token.start, token.end) if other else None


def synonym_plan(way: tuple[str, ...]) -> Plan:
    """The plan of another way to write something, given by its folded keys."""
    return Phrase("syl", way, 0, SYNONYM_BOOST) if len(way) > 1 else Term("syl", way[0], SYNONYM_BOOST)
