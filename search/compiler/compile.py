"""From a query to tiers: each tier is one plan, and reads the query less strictly than the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from corpus.errors import QueryError
from corpus.spoken_number import SpokenNumber, recognise, type_names
from search.compiler.analysis import Analysis, Restorer, Segmenter, analyse
from search.compiler.degrees import DegreePlans, Degrees
from search.compiler.field_plans import FieldPlans
from search.compiler.needles import cell_needles, needles_of
from search.compiler.number_plans import NumberPlans
from search.compiler.strictness import Strictness
from search.compiler.text_plans import TextPlans
from search.engine import Engine, TierPlan
from search.highlights import Needle
from search.index.index_fields import DocumentState
from search.language.tokens import folded_keys
from search.plan import AnyOf, Everything, Nothing, Order, Plan, Term, narrowed, scores
from search.query import date_query
from search.query.asked_number import asked_number, in_words, number_with_words
from search.query.parser import parse
from search.query.query_tree import AndNode, FieldNode, Node, WordNode, positive_leaves
from search.request import QueryOptions
from search.tiers import Tier

#: Words up to which every way of reading a query less closely is tried. Longer ones are hardly ever met in full.
LONGEST_CLOSE = 16

_HELD = Term("trangthai", DocumentState.HELD.value)
_STUB = Term("trangthai", DocumentState.STUB.value)


@dataclass(slots=True)
class CompiledQuery:
    """A query ready for an engine."""

    #: Best first; as many as plans.
    tiers: list[Tier] = field(default_factory=list)
    plans: list[TierPlan] = field(default_factory=list)
    #: What to highlight.
    needles: list[Needle] = field(default_factory=list)
    #: What to look for in the cells of tables; the rows that have it are shown.
    cell_needles: list[Needle] = field(default_factory=list)
    #: The query with its diacritics, where some were restored.
    restored: str | None = None
    #: The số hiệu that was recognised.
    number: SpokenNumber | None = None
    #: How a number without ký hiệu was understood, in Vietnamese; None where nothing had to be concluded.
    understood: str | None = None
    #: What to highlight where a document is found by that number.
    number_needles: list[Needle] = field(default_factory=list)
    #: Vietnamese sentences for the reader of the results.
    notes: list[str] = field(default_factory=list)
    #: What is asked where no document has all the words; None where nothing may be left out.
    degrees: Callable[[], Degrees | None] | None = None
    #: Words that were typed plainly.
    words: int = 0
    #: The loại that the words begin with.
    doc_type: str | None = None
    #: The ranges of dates asked for, as numbers (20240611).
    date_ranges: list[tuple[int, int]] = field(default_factory=list)

    def add(self, tier: Tier, plan: Plan, *, cited_first: bool = False) -> None:
        """Adds a tier, unless no document can be in it: by score where the plan gives scores, else newest first.

        cited_first: the most cited first instead.
        """
        if isinstance(plan, Nothing):
            return
        unscored = Order.CITED if cited_first else Order.DATE
        self.tiers.append(tier)
        self.plans.append(TierPlan(plan, Order.RELEVANCE if scores(plan) else unscored))


def listing() -> CompiledQuery:
    """All documents, newest first: the empty query."""
    return CompiledQuery([Tier.EXACT], [TierPlan(Everything(), Order.DATE)])


def compile_query(
    text: str,
    engine: Engine,
    options: QueryOptions | None = None,
    *,
    restore: Restorer | None = None,
    segment: Segmenter | None = None,
) -> CompiledQuery:
    """The tiers of a query over one engine.

    restore: puts diacritics on syllables typed without. segment: finds words of several syllables. Raises QueryError
    where the query cannot be parsed and is no number either, or where a field's value cannot be read.
    """
    options = options or QueryOptions()
    numbers = NumberPlans(engine)
    compiled = CompiledQuery(number=recognise(text) if options.literal else _asked(text, numbers))
    if compiled.number is not None and recognise(text) is None:
        compiled.understood = in_words(compiled.number)
    try:
        tree = parse(text)
    except QueryError:
        if compiled.number is None:
            raise
        tree = None
    if compiled.number is not None:
        for tier, plan in numbers.tiers(compiled.number):
            compiled.add(tier, plan, cited_first=tier.of_number and compiled.number.symbol is None)
        compiled.number_needles = numbers.needles(compiled.number)
    if tree is not None:
        compiled.words = sum(isinstance(leaf, WordNode) for leaf in positive_leaves(tree))
        is_long = compiled.words > LONGEST_CLOSE
        analysis = analyse(tree, None if options.literal else restore, None if is_long else segment)
        compiled.doc_type = _leading_type(tree)
        compiled.date_ranges = _date_ranges(tree)
        fields = FieldPlans(engine, options, numbers)
        for tier, plan in _text_tiers(tree, analysis, fields, options, dated=bool(compiled.date_ranges)):
            if tier is Tier.EXACT and compiled.doc_type and not isinstance(plan, Nothing):
                compiled.add(tier, narrowed(plan, AnyOf("loai", (compiled.doc_type,))))
            compiled.add(tier, plan)
        compiled.degrees = partial(DegreePlans(engine, analysis, fields).degrees, tree)
        compiled.notes = fields.notes
        compiled.needles = needles_of(tree, analysis)
        compiled.cell_needles = cell_needles(tree)
        compiled.restored = analysis.restored(text)
    return compiled


def _asked(text: str, numbers: NumberPlans) -> SpokenNumber | None:
    """The number that *text* asks for, by its form, or because a document of that number has the words behind it."""
    number = asked_number(text)
    if number is None:
        worded = number_with_words(text)
        number = worded if worded and numbers.is_held(worded) else None
    return number


def _leading_type(tree: Node) -> str | None:
    """The loại that the words of a query begin with, where other words follow: its documents are listed first."""
    items = tree.items if isinstance(tree, AndNode) else (tree,)
    words = [key for item in items if isinstance(item, WordNode) for key in folded_keys(item.text)]
    if not isinstance(items[0], WordNode):
        return None
    lengths = sorted({len(name) for name in type_names()}, reverse=True)
    named = (type_names().get(tuple(words[:length])) for length in lengths if length < len(words))
    return next((name for name in named if name), None)


def _date_ranges(tree: Node) -> list[tuple[int, int]]:
    return [
        date_query.parse(leaf.text, leaf.position)
        for leaf in positive_leaves(tree)
        if isinstance(leaf, FieldNode) and leaf.field == "ngay"
    ]


def _text_tiers(
    tree: Node, analysis: Analysis, fields: FieldPlans, options: QueryOptions, *, dated: bool
) -> Iterator[tuple[Tier, Plan]]:
    """The tiers of a tree: documents of the library first, then those that are only cited."""

    def plan(strictness: Strictness) -> Plan:
        return TextPlans(analysis, fields, strictness).plan(tree)

    readings = [(Tier.EXACT, Strictness(exact=True, within=True))]
    if analysis.marked and not options.exact_only:
        readings.append((Tier.UNMARKED, Strictness(exact=False, within=True)))
    if analysis.has_words:
        readings.append((Tier.SEPARATED, Strictness(exact=True, within=True, joined=False)))
    if dated:
        readings.append((Tier.POSSIBLE_DATE, Strictness(exact=options.exact_only, within=False)))
    for tier, strictness in readings:
        yield tier, narrowed(plan(strictness), _HELD)
    loosest = narrowed(plan(Strictness(exact=options.exact_only, within=not dated, joined=False)), _STUB)
    if analysis.marked or analysis.has_words:
        yield Tier.STUB, narrowed(plan(Strictness(exact=True, within=not dated)), _STUB)
        yield Tier.STUB_LOOSE, loosest
    else:
        yield Tier.STUB, loosest
