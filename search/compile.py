"""From a query's tree to plans: analysis, synonyms, fields, and the tiers in which results are ordered.

A tier is a stricter reading of the same query; documents stand in the first tier that has them:

================  ====================================================================================
``so_hieu``       documents with the number typed
``khac_co_quan``  the number, but not of the agency (or year) typed with it
``gan``           a number that may be meant (``1084/QĐ-UBND-HC`` for ``1084/QĐ-UBND``)
``dan``           documents that cite one of those
``co_the_dan``    documents that mention such a number without our knowing which document is meant
``chinh_xac``     the text, with the marks typed (or restored)
``bo_dau``        the text, marks ignored
``co_the``        the date condition is met only if a partial date means so
``chi_duoc_dan``  only-cited documents that the text finds
``chi_bo_dau``    the same, marks ignored or the syllables of a word apart
================  ====================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import comb

from corpus import agencies
from corpus.errors import QueryError
from corpus.fold import fold, letters, nfc, squeeze
from corpus.tables import rows
from search import date_query, numbers, synonyms
from search.document import (
    EFFECTS,
    SPENT,
    STATES,
    agency_tokens,
    day_number,
    province_id,
    province_name,
)
from search.engine import Engine, Tier
from search.numbers import NumberQuery
from search.plan import (
    And,
    AnyOf,
    Everything,
    Fuzzy,
    Nothing,
    Phrase,
    Plan,
    Prefix,
    Range,
    Term,
    all_of,
    any_of,
    scores,
)
from search.query import Both, Either, InField, Like, Node, Quoted, Starts, Without, Words
from search.tokens import Token, folded_keys, tokens

#: Orders in which a loose phrase's words may be spread; more would make one query hundreds.
MAX_SPREADS = 300
#: Documents that a graph term may name.
MAX_NAMED = 2_000
#: Syllables of a run of words that is also tried as a phrase, for the order.
MAX_PROXIMITY = 8
TITLE_BOOST = 3.0
WORD_BOOST = 0.2
SYNONYM_BOOST = 0.7

#: A run of syllables that a highlight looks for: exact keys where marks matter, folded ones always.
Restorer = Callable[[list[Token]], list[str] | None]
Segmenter = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Needle:
    """What to highlight: syllables in a row (folded; exact where marks were typed), or the start of one.

    apart: where they are nowhere in a row, each by itself.
    """

    folded: tuple[str, ...]
    exact: tuple[str | None, ...] = ()
    prefix: bool = False
    slop: int = 0
    distance: int = 0
    apart: bool = False


@dataclass(slots=True)
class Options:
    """How a query is read. literal: no restoring of marks. exact_only: marks typed must be there.

    inferred_dates: dates concluded, not printed, count too. province_now: ``tinh:`` means today's provinces.
    """

    literal: bool = False
    exact_only: bool = False
    inferred_dates: bool = False
    province_now: bool = False


@dataclass(slots=True)
class Compiled:
    """Tiers with their names, best first; restored: the query with its marks, where some were put in."""

    names: list[str]
    tiers: list[Tier]
    needles: list[Needle] = field(default_factory=list)
    restored: str | None = None
    number: NumberQuery | None = None
    number_needles: list[Needle] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    date_ranges: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mode:
    """exact: marks as typed or restored must be there. within: partial dates must lie wholly inside. joined: the
    syllables of one word must be neighbours."""

    exact: bool
    within: bool
    joined: bool = True


class Compiler:
    """Compiles the queries of one engine. *restore* puts marks on syllables, *segment* finds words."""

    def __init__(
        self,
        engine: Engine,
        options: Options | None = None,
        *,
        restore: Restorer | None = None,
        segment: Segmenter | None = None,
    ) -> None:
        self._engine = engine
        self._options = options or Options()
        self._restore = None if self._options.literal else restore
        self._segment = segment
        self._changes: list[tuple[int, int, str]] = []
        self._joins = False
        self._spans: dict[int, list[tuple[int, int]]] = {}
        self._restored: dict[int, list[Token]] = {}
        self._result = Compiled([], [])

    def only_number(self, text: str) -> Compiled | None:
        """The tiers of a số hiệu alone; None where *text* is none."""
        self._result.number = numbers.recognise(text)
        if self._result.number is None:
            return None
        self._number_tiers(self._result.number)
        return self._result

    def compile(self, text: str, tree: Node | None) -> Compiled:
        """Tiers for *tree*, which is ``parse(text)``; None where only its number can be read.

        Raises QueryError where a field's value cannot be read.
        """
        result = self._result
        if result.number is None:
            self.only_number(text)
        if tree is None:
            return result
        marked = self._prepare(tree)
        dated = bool(result.date_ranges)
        readings = [("chinh_xac", _Mode(True, True))]
        if marked and not self._options.exact_only:
            readings.append(("bo_dau", _Mode(False, True)))
        if self._joins:
            readings.append(("tu_roi", _Mode(True, True, False)))
        if dated:
            readings.append(("co_the", _Mode(self._options.exact_only, False)))
        held = Term("trangthai", "co_van_ban")
        for name, mode in readings:
            self._add(name, _with(self._lower(tree, mode), held))
        cited = Term("trangthai", "chi_duoc_dan")
        loosest = self._lower(tree, _Mode(self._options.exact_only, not dated, False))
        if marked or self._joins:
            self._add("chi_duoc_dan", _with(self._lower(tree, _Mode(True, not dated)), cited))
            self._add("chi_bo_dau", _with(loosest, cited))
        else:
            self._add("chi_duoc_dan", _with(loosest, cited))
        self._collect_needles(tree)
        result.restored = self._restored_text(text)
        return result

    # Numbers

    def number_plans(self, query: NumberQuery) -> tuple[list[str], list[str]]:
        """Stored terms that are the number typed, and those that may be meant."""
        found = [term for term, _ in self._engine.terms("so", query.number_key + "|", MAX_NAMED)]
        exact = [term for term in found if numbers.exact(query, term) or numbers.of_type(query, term)]
        close = [term for term in found if term not in exact and numbers.near(query, term)]
        return exact, close

    def _number_tiers(self, query: NumberQuery) -> None:
        exact, close = self.number_plans(query)
        plans = [AnyOf("so", tuple(exact))] if exact else []
        if query.symbol is None and query.doc_type:
            by_type = And((Term("number", query.number_key), Term("loai", query.doc_type)))
            having: Plan = any_of([*plans, by_type])
        else:
            having = any_of(list(plans))
        narrow = self._narrowing(query)
        right = _with(having, *narrow) if narrow else having
        self._add("so_hieu", right)
        if narrow:
            self._add("khac_co_quan", having)
        nearby = AnyOf("so", tuple(close)) if close else Nothing()
        self._add("gan", nearby)
        ids = self._engine.ids(right, MAX_NAMED) or self._engine.ids(any_of([having, nearby]), MAX_NAMED)
        if narrow and not self._engine.ids(right, 1):
            ids = []
        else:
            ids = sorted({*ids, *self._engine.ids(nearby, MAX_NAMED)})
        self._add("dan", AnyOf("cites", tuple(map(str, ids))) if ids else Nothing())
        mentioned = [*exact, *close]
        if query.symbol and query.segments:
            mentioned.append(numbers.term(query.number_key, query.segments))
        short = numbers.short_term(query)
        terms = tuple(dict.fromkeys([*mentioned, *([short] if short else [])]))
        if query.symbol is None and query.doc_type:
            first = numbers.type_letters(query.doc_type)
            stored = [t for t, _ in self._engine.terms("mention", f"{query.number_key}|{first}-", MAX_NAMED)]
            terms = tuple(dict.fromkeys([*terms, *stored]))
        self._add("co_the_dan", AnyOf("mention", terms) if terms and not query.rest else Nothing())
        self._result.number_needles = [Needle(tuple(_term_syllables(term))) for term in terms]
        if query.doc_type:
            self._result.number_needles += [
                Needle((*folded_keys(query.doc_type), *between, query.number_key)) for between in ((), ("so",))
            ]

    def _narrowing(self, query: NumberQuery) -> list[Plan]:
        """Conditions that the year and the words after a number put on it."""
        plans: list[Plan] = []
        if query.year:
            other = tuple(year for year, _ in self._engine.terms("nam", "") if year != str(query.year))
            if other:
                plans.append(And((Everything(),), must_not=(AnyOf("nam", other),)))
        if query.rest:
            plans.append(self._of_agency(query.rest, title=True))
        return plans

    def _of_agency(self, name: str, *, title: bool = False) -> Plan:
        key = agencies.issuer_key(name)
        plans: list[Plan] = []
        if key and not key.endswith("?"):
            plans.append(Term("issuer_key", key))
        for syllables in (folded_keys(name), agency_tokens(name)):
            if title:
                words = [any_of([Term("issuer", s), Term("title", s)]) for s in syllables]
            else:
                words = [Term("issuer", s) for s in syllables]
            if words:
                plans.append(all_of(words))
        return any_of(plans)

    def _add(self, name: str, plan: Plan) -> None:
        """One more tier: by score where its plan gives one, else the newest first."""
        if not isinstance(plan, Nothing):
            self._result.names.append(name)
            self._result.tiers.append(Tier(plan, "relevance" if scores(plan) else "date"))

    # Text: marks

    def _prepare(self, tree: Node) -> bool:
        """Reads the leaves once: restores marks, checks values. Whether an exact and a folded reading differ."""
        marked = False
        for run in _runs(tree):
            found: list[tuple[Words | Quoted, Token]] = [(leaf, token) for leaf in run for token in tokens(leaf.text)]
            syllables = [token for _, token in found]
            marked = marked or any(token.marked for token in syllables)
            restored = self._restore(syllables) if self._restore and syllables else None
            if restored:
                for (leaf, token), exact in zip(found, restored, strict=True):
                    start = leaf.position + token.start + (1 if isinstance(leaf, Quoted) else 0)
                    if exact != token.exact:
                        self._changes.append((start, start + token.end - token.start, exact))
                        marked = True
            for leaf in run:
                own = [i for i, (holder, _) in enumerate(found) if holder is leaf]
                self._restored[id(leaf)] = [
                    Token(restored[i] if restored else found[i][1].exact, found[i][1].folded, 0, 0) for i in own
                ]
            if isinstance(run[0], Words):
                flat = [token for leaf in run for token in self._syllables(leaf)]
                spans = self._words(" ".join(leaf.text for leaf in run), flat, changed=restored is not None)
                self._spans[id(run[0])] = spans
                self._joins = self._joins or bool(spans)
        for other in _positive(tree):
            if isinstance(other, Starts | Like):
                marked = marked or any(token.marked for token in tokens(other.text))
            elif isinstance(other, InField) and other.field == "ngay":
                self._result.date_ranges.append(date_query.parse(other.text, other.position))
        return marked

    def _restored_text(self, text: str) -> str | None:
        if not self._changes:
            return None
        parts, at = [], 0
        for start, end, exact in sorted(self._changes):
            typed = text[start:end]
            parts += [text[at:start], exact.upper() if typed.isupper() and len(typed) > 1 else exact]
            at = end
        return nfc("".join([*parts, text[at:]]))  # a lone mark may stand behind what was put in

    def _syllables(self, leaf: Words | Quoted) -> list[Token]:
        return self._restored.get(id(leaf)) or tokens(leaf.text)

    # Text: plans

    def _lower(self, node: Node, mode: _Mode) -> Plan:
        if isinstance(node, Both):
            return self._lower_both(node.items, mode)
        if isinstance(node, Either):
            return any_of([self._lower(item, mode) for item in node.items])
        if isinstance(node, Without):
            return And((Everything(),), must_not=(self._lower(node.item, _Mode(True, False)),))
        if isinstance(node, Words):
            return self._lower_both((node,), mode)
        if isinstance(node, Quoted):
            return self._phrase(self._syllables(node), mode, node.slop, node.position)
        if isinstance(node, Starts):
            (token,) = tokens(node.text)
            return Prefix("exact", token.exact) if mode.exact and token.marked else Prefix("syl", token.folded)
        if isinstance(node, Like):
            (token,) = tokens(node.text)
            return Fuzzy("syl", token.folded, node.distance)
        return self._field(node, mode)

    def _lower_both(self, items: Sequence[Node], mode: _Mode) -> Plan:
        must: list[Plan] = []
        should: list[Plan] = []
        must_not: list[Plan] = []
        run: list[Words] = []
        for item in (*items, None):
            if isinstance(item, Words):
                run.append(item)
                continue
            if run:
                self._lower_run(run, mode, must, should)
                run = []
            if isinstance(item, Without):
                must_not.append(self._lower(item.item, _Mode(True, False)))
            elif item is not None:
                must.append(self._lower(item, mode))
        if len(must) == 1 and not should and not must_not:
            return must[0]
        return And(tuple(must) or (Everything(),), tuple(should), tuple(must_not))

    def _lower_run(self, run: list[Words], mode: _Mode, must: list[Plan], should: list[Plan]) -> None:
        """Words typed one after the other: each must be there; those that are one word, side by side where needed."""
        units = [self._syllables(leaf) for leaf in run]
        flat = [token for unit in units for token in unit]
        words = self._spans.get(id(run[0]), [])  # none for what is excluded
        should.extend(Term("title", token.folded, TITLE_BOOST) for token in flat)
        if mode.exact:
            should.extend(Term("word", "_".join(token.exact for token in flat[a:b]), WORD_BOOST) for a, b in words)
        if 1 < len(flat) <= MAX_PROXIMITY:
            should.append(self._phrase(flat, mode, 0, 0))
        at = 0
        while at < len(units):
            length, plan = self._synonym(units, at, mode)
            if plan is None:
                length, plan = self._bound(units, at, flat, words, mode)
            must.append(plan)
            at += length

    def _words(self, text: str, flat: list[Token], *, changed: bool) -> list[tuple[int, int]]:
        """Spans of *flat* that are one word of several syllables; only where marks tell."""
        if self._segment is None or not any(token.marked for token in flat):
            return []
        restored = " ".join(token.exact for token in flat)
        spans, at = [], 0
        for word in self._segment(restored if changed else text):
            syllables = folded_keys(word)
            for start in range(at, len(flat) - len(syllables) + 1):
                if [token.folded for token in flat[start : start + len(syllables)]] == syllables:
                    at = start + len(syllables)
                    if any(token.marked for token in flat[start:at]):
                        spans.append((start, at))
                    break
        return spans

    def _synonym(self, units: list[list[Token]], at: int, mode: _Mode) -> tuple[int, Plan | None]:
        """The longest run from *at* that has synonyms: (units taken, what stands for them), or (0, None)."""
        for length in range(min(synonyms.longest(), len(units) - at), 0, -1):
            run = [token for unit in units[at : at + length] for token in unit]
            ways = synonyms.others(tuple(token.folded for token in run))
            if ways:
                typed = self._phrase(run, mode, 0, 0)
                other: list[Plan] = [
                    Phrase("syl", way, 0, SYNONYM_BOOST) if len(way) > 1 else Term("syl", way[0], SYNONYM_BOOST)
                    for way in ways
                ]
                return length, any_of([typed, *other])
        return 0, None

    def _bound(
        self, units: list[list[Token]], at: int, flat: list[Token], words: list[tuple[int, int]], mode: _Mode
    ) -> tuple[int, Plan]:
        """One unit, or several that stand side by side: (units taken, plan).

        A word of several syllables is its syllables side by side ("biểu trưng" is not in "đại biểu … trưng bày"), and a
        small number belongs to a neighbour ("5 sao", "Điều 5").
        """
        unit = units[at]
        single = all(len(u) == 1 for u in units)
        if mode.joined and single:
            span = next(((a, b) for a, b in words if a == at), None)
            if span:
                return span[1] - span[0], self._phrase(flat[span[0] : span[1]], mode, 0, 0)
        if len(unit) == 1 and unit[0].folded.isdigit() and len(unit[0].folded) <= 2 and len(units) > 1:
            near: list[Plan] = []
            if at > 0:
                near.append(self._phrase([units[at - 1][-1], *unit], mode, 0, 0))
            if at + 1 < len(units):
                near.append(self._phrase([*unit, units[at + 1][0]], mode, 0, 0))
            return 1, any_of(near)
        return 1, self._phrase(unit, mode, 0, 0)

    def _phrase(self, syllables: list[Token], mode: _Mode, slop: int, position: int) -> Plan:
        exact = mode.exact and any(token.marked for token in syllables)
        name = "exact" if exact else "syl"
        values = tuple(token.exact if exact else token.folded for token in syllables)
        if not values:
            return Everything()
        if len(values) == 1:
            return Term(name, values[0])
        if comb(slop + len(values) - 1, len(values) - 1) > MAX_SPREADS:
            raise QueryError("Cụm từ quá dài so với khoảng cách sau dấu ~.", position, "Hãy giảm số sau dấu ~.")
        return Phrase(name, values, slop)

    # Fields

    def _field(self, node: InField, mode: _Mode) -> Plan:
        value = squeeze(node.text)
        if node.field == "ngay":
            return self._date(date_query.parse(node.text, node.position), mode)
        if node.field == "loai":
            return self._doc_type(value, node.position)
        if node.field == "so":
            return self._number(value, node.position)
        if node.field == "coquan":
            return self._of_agency(value)
        if node.field in ("tinh", "tinhnay"):
            return self._province(node, value)
        if node.field == "nguoiky":
            return all_of([Term("signer", key) for key in folded_keys(value)])
        if node.field == "noinhan":
            ways = dict.fromkeys((tuple(folded_keys(value)), tuple(agency_tokens(value))))
            return any_of([_adjacent("recipients", way) for way in ways if way])
        if node.field == "trichyeu":
            return _adjacent("title", tuple(folded_keys(value)))
        if node.field == "hieuluc":
            return AnyOf("hieuluc", (_choice(EFFECTS, value, node, "hiệu lực"),))
        if node.field == "trangthai":
            return self._state(_choice(STATES, value, node, "trạng thái"))
        return self._graph(node, value)

    def _date(self, span: tuple[int, int], mode: _Mode) -> Plan:
        low, high = span
        far = day_number("9999-12-31")

        def condition(first: str, last: str) -> Plan:
            if mode.within:
                return And((Range(first, low, far), Range(last, 1, high)))
            return And((Range(first, 1, high), Range(last, low, far)))

        plans = [condition("date_low", "date_high")]
        if self._options.inferred_dates:
            plans.append(condition("inferred_low", "inferred_high"))
        return any_of(plans)

    def _doc_type(self, value: str, position: int) -> Plan:
        folded, code = fold(value), letters(value)
        known = {row["name"]: row["code"] for row in rows("document_types")}
        for name, _ in self._engine.terms("loai", ""):
            known.setdefault(name, "")
        names = [name for name in known if fold(name) == folded]
        names = names or [name for name, own in known.items() if own and letters(own) == code]
        names = names or [name for name in known if fold(name).startswith(folded)]
        if not names:
            raise QueryError(f"Không có loại văn bản “{value}”.", position, 'Ví dụ: loai:"Kế hoạch" hoặc loai:KH.')
        return AnyOf("loai", tuple(names))

    def _number(self, value: str, position: int) -> Plan:
        if value.isdigit():
            return Term("number", value.lstrip("0") or "0")
        query = numbers.recognise(value)
        if query is None:
            raise QueryError(f"“{value}” không phải số hiệu.", position, "Ví dụ: so:919/QĐ-TTg hoặc so:919.")
        return self._numbered(query)

    def _numbered(self, query: NumberQuery) -> Plan:
        exact, close = self.number_plans(query)
        plans: list[Plan] = [AnyOf("so", (*exact, *close))] if exact or close else []
        if query.symbol is None and query.doc_type:
            plans.append(And((Term("number", query.number_key), Term("loai", query.doc_type))))
        narrow = self._narrowing(query)
        return _with(any_of(plans), *narrow) if narrow else any_of(plans)

    def _note(self, said: str) -> None:
        """Told once, however many tiers ask."""
        if said not in self._result.notes:
            self._result.notes.append(said)

    def _province(self, node: InField, value: str) -> Plan:
        found = province_id(value)
        if found is None and node.field == "tinh":
            # A province that the table does not hold, but some issuer's name does.
            bare = province_name(value)
            named = tuple(name for name, _ in self._engine.terms("tinh", "") if province_name(name) == bare)
            if named:
                self._note(f"“{named[0]}” không có trong bảng tỉnh, thành phố: tìm theo tên ghi ở cơ quan ban hành.")
                return AnyOf("tinh", named)
        if found is None:
            example = f'Ví dụ: {node.field}:"Quảng Ngãi".'
            raise QueryError(f"Không có tỉnh, thành phố “{value}”.", node.position, example)
        now = node.field == "tinhnay" or self._options.province_now
        return Term("tinh_nay" if now else "tinh", found)

    def _state(self, state: str) -> Plan:
        if state != "can_cu_het_hieu_luc":
            return Term("trangthai", state)
        spent = self._engine.ids(AnyOf("hieuluc", SPENT))
        return AnyOf("basis", tuple(map(str, spent))) if spent else Nothing()

    def _graph(self, node: InField, value: str) -> Plan:
        ids = self.named(value)
        if not ids:
            self._note(f"Không có văn bản nào là “{value}” trong kho.")
            return Nothing()
        if node.field == "dan":
            return AnyOf("cites", tuple(map(str, ids)))
        if node.field == "cancu":
            return AnyOf("basis", tuple(map(str, ids)))
        return AnyOf("basis", tuple(map(str, self._resting_on(ids))))

    def named(self, value: str) -> list[int]:
        """Ids of the documents a number or a title names: the very number where it is known, else near ones."""
        query = numbers.recognise(value)
        if query is None:
            syllables = folded_keys(value)
            types = [len(words) for words in numbers.type_words() if tuple(syllables[: len(words)]) == words]
            title = syllables[max(types, default=0) :] or syllables
            return self._engine.ids(_adjacent("title", tuple(title)), MAX_NAMED)
        exact, close = self.number_plans(query)
        narrow = self._narrowing(query)
        for terms in (exact, close):
            plans: list[Plan] = [AnyOf("so", tuple(terms))] if terms else []
            if terms is exact and query.symbol is None and query.doc_type:
                plans.append(And((Term("number", query.number_key), Term("loai", query.doc_type))))
            ids = self._engine.ids(_with(any_of(plans), *narrow), MAX_NAMED)
            if ids:
                return ids
        return []

    def _resting_on(self, ids: list[int]) -> list[int]:
        """*ids* and all documents that rest on them, step by step (cycles end by themselves)."""
        seen, new = set(ids), list(ids)
        while new:
            above = self._engine.ids(AnyOf("basis", tuple(map(str, new))))
            new = [id_ for id_ in above if id_ not in seen]
            seen.update(new)
        return sorted(seen)

    # Highlights

    def _collect_needles(self, tree: Node) -> None:
        needles = self._result.needles
        for run in _runs(tree):
            units = [self._syllables(leaf) for leaf in run]
            if isinstance(run[0], Quoted):
                needles.append(_needle(units[0], run[0].slop))
            else:
                needles.extend(self._word_needles(run[0], units))
                for at in range(len(units)):
                    for length in range(min(synonyms.longest(), len(units) - at), 0, -1):
                        run_tokens = tuple(t.folded for unit in units[at : at + length] for t in unit)
                        needles.extend(Needle(way) for way in synonyms.others(run_tokens))
        for leaf in _positive(tree):
            if isinstance(leaf, Starts):
                (token,) = tokens(leaf.text)
                needles.append(Needle((token.folded,), prefix=True))
            elif isinstance(leaf, Like):
                (token,) = tokens(leaf.text)
                needles.append(Needle((token.folded,), distance=leaf.distance))
            elif isinstance(leaf, InField) and leaf.field in ("trichyeu", "nguoiky", "noinhan"):
                needles.append(Needle(tuple(folded_keys(leaf.text))))

    def _word_needles(self, first: Words, units: list[list[Token]]) -> list[Needle]:
        """One needle for each word, its syllables together."""
        spans = self._spans.get(id(first), []) if all(len(unit) == 1 for unit in units) else []
        joined = [_needle([units[i][0] for i in range(a, b)], 0, apart=True) for a, b in spans]
        inside = {i for a, b in spans for i in range(a, b)}
        return joined + [_needle(unit, 0) for i, unit in enumerate(units) if i not in inside]


def _term_syllables(term: str) -> list[str]:
    number, _, symbol = term.partition("|")
    return [number, *(part.lower() for part in symbol.split("-") if part and not part.startswith("?"))]


def _needle(unit: list[Token], slop: int, *, apart: bool = False) -> Needle:
    return Needle(
        tuple(token.folded for token in unit),
        tuple(token.exact if token.marked else None for token in unit),
        slop=slop,
        apart=apart,
    )


def _adjacent(name: str, values: tuple[str, ...]) -> Plan:
    return Term(name, values[0]) if len(values) == 1 else Phrase(name, values)


def _with(plan: Plan, *conditions: Plan) -> Plan:
    """*plan* under conditions that do not score."""
    if isinstance(plan, Nothing):
        return plan
    if isinstance(plan, And):
        return And((*plan.must, *conditions), plan.should, plan.must_not)
    return And((plan, *conditions))


def _choice(table: dict[str, str], value: str, node: InField, what: str) -> str:
    folded = fold(value).replace("_", " ")
    for key, words in table.items():
        if folded in (key.replace("_", " "), fold(words)):
            return key
    raise QueryError(f"Không có {what} “{value}”.", node.position, "Có: " + ", ".join(table.values()) + ".")


def _positive(node: Node) -> list[Node]:
    """Leaves outside any negation."""
    if isinstance(node, Both | Either):
        return [leaf for item in node.items for leaf in _positive(item)]
    return [] if isinstance(node, Without) else [node]


def _runs(node: Node) -> list[list[Words] | list[Quoted]]:
    """Runs of words typed one after the other, and each phrase by itself; none from under a negation."""
    if isinstance(node, Words):
        return [[node]]
    if isinstance(node, Quoted):
        return [[node]]
    if isinstance(node, Either):
        return [run for item in node.items for run in _runs(item)]
    if not isinstance(node, Both):
        return []
    found: list[list[Words] | list[Quoted]] = []
    words: list[Words] = []
    for item in node.items:
        if isinstance(item, Words):
            words.append(item)
            continue
        if words:
            found.append(words)
            words = []
        found.extend(_runs(item))
    if words:
        found.append(words)
    return found
