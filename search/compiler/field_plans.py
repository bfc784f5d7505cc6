"""Plans for ``field:value``. The fields are those of ``search/data/fields.tsv``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from corpus import areas, gazetteer, localities
from corpus.errors import QueryError
from corpus.fold import fold, letters, squeeze
from corpus.gazetteer import Level
from corpus.spoken_number import recognise
from corpus.tables import rows
from corpus.vocabulary import Effect
from search.compiler.graph_plans import GraphPlans
from search.compiler.issuer_plans import issuer_plan
from search.compiler.number_plans import NumberPlans
from search.engine import Engine
from search.facets import EFFECTS
from search.filters import dates_overlapping, dates_within
from search.index.engine_document import agency_tokens
from search.index.index_fields import CELL, FOLDED_CELL, STATES, DocumentState
from search.language.tokens import folded_keys, tokens
from search.plan import AnyOf, Nothing, Plan, Term, all_of, any_of, phrase_or_term
from search.query import date_query
from search.query.query_tree import CELL_FIELD, FieldNode
from search.request import QueryOptions

#: Effects of a basis that make the documents resting on it doubtful.
_NOT_IN_FORCE = tuple(effect.value for effect in (Effect.EXPIRED, Effect.PERIOD_OVER, Effect.REPLACED, Effect.REPEALED))
#: Field of a query → key field of the index, and the level of its units.
_UNIT_FIELDS = {
    "huyen": ("huyen", Level.DISTRICT),
    "xa": ("xa", Level.COMMUNE),
    "xanay": ("xa_nay", Level.COMMUNE),
}
_EXAMPLES = {Level.DISTRICT: ("huyện", "Đức Phổ"), Level.COMMUNE: ("xã", "Trà Câu")}
#: Level words before the name of a province, folded.
_PROVINCE_LEVELS = ("tinh ", "thanh pho ", "tp. ", "tp ")


class FieldPlans:
    """Makes the plans of one query's fields.

    notes: Vietnamese sentences for the reader, where a value was understood otherwise than typed or names nothing.
    """

    def __init__(self, engine: Engine, options: QueryOptions, numbers: NumberPlans) -> None:
        self.notes: list[str] = []
        self._engine = engine
        self._options = options
        self._numbers = numbers
        self._graph = GraphPlans(engine, numbers)
        self._makers: Mapping[str, Callable[[FieldNode, str], Plan]] = {
            "loai": self._doc_type,
            "so": self._number,
            "coquan": lambda _, value: issuer_plan(value),
            "tinh": self._province,
            "tinhnay": self._province,
            "huyen": self._unit,
            "xa": self._unit,
            "xanay": self._unit,
            "nguoiky": lambda _, value: all_of([Term("signer", key) for key in folded_keys(value)]),
            "noinhan": self._recipients,
            "trichyeu": lambda _, value: phrase_or_term("title", tuple(folded_keys(value))),
            "hieuluc": self._effect,
            "trangthai": self._state,
            "dan": self._citing,
            "cancu": self._citing,
            "duoi": self._citing,
        }

    def plan(self, node: FieldNode, *, within: bool, exact: bool) -> Plan:
        """The plan of a field. within: a partial date must be wholly within the dates asked for. exact: the words of
        a cell have the diacritics typed.

        Raises QueryError where the value cannot be read.
        """
        if node.field == "ngay":
            days = date_query.parse(node.text, node.position)
            return (dates_within if within else dates_overlapping)([days], self._options)
        if node.field == CELL_FIELD:
            return _in_cell(node, exact)
        return self._makers[node.field](node, squeeze(node.text))

    def _note(self, note: str) -> None:
        """Adds a note once, however many tiers ask."""
        if note not in self.notes:
            self.notes.append(note)

    def _doc_type(self, node: FieldNode, value: str) -> Plan:
        folded, code = fold(value), letters(value)
        known = {row["name"]: row["code"] for row in rows("document_types")}
        for name, _ in self._engine.terms("loai", ""):
            known.setdefault(name, "")
        names = [name for name in known if fold(name) == folded]
        names = names or [name for name, own in known.items() if own and letters(own) == code]
        names = names or [name for name in known if fold(name).startswith(folded)]
        if not names:
            raise QueryError(f"Không có loại văn bản “{value}”.", node.position, 'Ví dụ: loai:"Kế hoạch" hoặc loai:KH.')
        return AnyOf("loai", tuple(names))

    def _number(self, node: FieldNode, value: str) -> Plan:
        if value.isdigit():
            return Term("number", value.lstrip("0") or "0")
        query = recognise(value)
        if query is None:
            raise QueryError(f"“{value}” không phải số hiệu.", node.position, "Ví dụ: so:919/QĐ-TTg hoặc so:919.")
        return self._numbers.plan(query)

    def _province(self, node: FieldNode, value: str) -> Plan:
        found = _province_id(value)
        if found is None and node.field == "tinh":
            # A province that the table does not have, but the name of some issuer does.
            bare = _province_name(value)
            named = tuple(name for name, _ in self._engine.terms("tinh", "") if _province_name(name) == bare)
            if named:
                self._note(f"“{named[0]}” không có trong bảng tỉnh, thành phố: tìm theo tên ghi ở cơ quan ban hành.")
                return AnyOf("tinh", named)
        if found is None:
            example = f'Ví dụ: {node.field}:"Quảng Ngãi".'
            raise QueryError(f"Không có tỉnh, thành phố “{value}”.", node.position, example)
        now = node.field == "tinhnay" or self._options.province_now
        return Term("tinh_nay" if now else "tinh", found)

    def _unit(self, node: FieldNode, value: str) -> Plan:
        """Documents of a district or commune: its units of the gazetteer, and those that stand there as printed."""
        field, level = _UNIT_FIELDS[node.field]
        ids = set(localities.values_named(value, level))
        stored = (name for name, _ in self._engine.terms(field, ""))
        ids.update(name for name in stored if name not in gazetteer.units() and _is_called(name, value))
        if not ids:
            words, example = _EXAMPLES[level]
            raise QueryError(f"Không có {words} “{value}”.", node.position, f'Ví dụ: {node.field}:"{example}".')
        return AnyOf(field, tuple(sorted(ids)))

    def _recipients(self, _: FieldNode, value: str) -> Plan:
        ways = dict.fromkeys((tuple(folded_keys(value)), tuple(agency_tokens(value))))
        return any_of([phrase_or_term("recipients", way) for way in ways if way])

    def _effect(self, node: FieldNode, value: str) -> Plan:
        return AnyOf("hieuluc", (_choice(EFFECTS, value, node, "hiệu lực"),))

    def _state(self, node: FieldNode, value: str) -> Plan:
        state = _choice(STATES, value, node, "trạng thái")
        if state != DocumentState.BASIS_EXPIRED:
            return Term("trangthai", state)
        expired = self._engine.ids(AnyOf("hieuluc", _NOT_IN_FORCE))
        return AnyOf("basis", tuple(map(str, expired))) if expired else Nothing()

    def _citing(self, node: FieldNode, value: str) -> Plan:
        plan = self._graph.plan(node.field, value)
        if plan is None:
            self._note(f"Không có văn bản nào là “{value}” trong kho.")
            return Nothing()
        return plan


def _in_cell(node: FieldNode, exact: bool) -> Plan:
    """Documents of which one cell has the words of *node* side by side."""
    found = tokens(node.text)
    if not found:
        raise QueryError(f"“{node.text}” không có chữ nào để tìm.", node.position, f'Ví dụ: {CELL_FIELD}:"chè shan".')
    if exact and any(token.marked for token in found):
        return phrase_or_term(CELL, tuple(token.exact for token in found))
    return phrase_or_term(FOLDED_CELL, tuple(token.folded for token in found))


def _choice(table: Mapping[str, str], value: str, node: FieldNode, what: str) -> str:
    """The key of *table* that *value* names by itself or by its words."""
    folded = fold(value).replace("_", " ")
    for key, words in table.items():
        if folded in (key.replace("_", " "), fold(words)):
            return key
    raise QueryError(f"Không có {what} “{value}”.", node.position, "Có: " + ", ".join(table.values()) + ".")


def _is_called(printed: str, value: str) -> bool:
    """Whether a printed "xã Đồng Mây" is what "Đồng Mây" or "xã Đồng Mây" asks for."""
    kind, name = localities.with_kind(value)
    own_kind, own_name = localities.with_kind(printed)
    return fold(own_name) == fold(name) and kind in ("", own_kind)


def _province_name(name: str) -> str:
    """The name of a province folded, without its level word."""
    bare = fold(squeeze(name))
    for level in _PROVINCE_LEVELS:
        bare = bare.removeprefix(level)
    return bare


def _province_id(name: str) -> str | None:
    """The province meant by a name or an id, with or without its level word."""
    bare = _province_name(name)
    if bare.replace(" ", "-") in areas.provinces():
        return bare.replace(" ", "-")
    return areas.province_named(bare)
