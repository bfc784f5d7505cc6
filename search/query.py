"""The query language: text → a small tree of our own.

::

    query := or          or := and (OR and)*        and := not ((AND)? not)*        not := (NOT | -)? item
    item  := word | "phrase" | "phrase"~3 | tập* | từ~ | field:value | ( query )

AND binds tighter than OR. The tree knows nothing of engines or analysis (:mod:`search.compile` does that). Whatever
cannot be read raises :class:`corpus.errors.QueryError` with a Vietnamese message and the offset of the fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NoReturn

from lark import Lark, Token, Tree, UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

from corpus.errors import QueryError
from corpus.fold import clean, fold, nfc
from corpus.tables import rows
from search.data import DATA
from search.tokens import folded_keys

#: Caps: a query is typed by a person; what is longer is a mistake or an attack.
MAX_LENGTH = 500
MAX_TERMS = 48
MAX_DEPTH = 8
MAX_SLOP = 10
MIN_PREFIX = 2


@dataclass(frozen=True, slots=True)
class Words:
    """A word as typed; of several syllables (``và/hoặc``, ``NN&PTNT``) where punctuation joins them."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A phrase; *slop* other syllables may stand among its own."""

    text: str
    slop: int
    position: int


@dataclass(frozen=True, slots=True)
class Starts:
    """``tập*``: the beginning of a syllable."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Like:
    """``từ~``: a syllable spelt nearly so."""

    text: str
    distance: int
    position: int


@dataclass(frozen=True, slots=True)
class InField:
    """``field:value``; *quoted* when the value stood in quotes."""

    field: str
    text: str
    quoted: bool
    position: int


@dataclass(frozen=True, slots=True)
class Both:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Without:
    item: Node


Node = Words | Quoted | Starts | Like | InField | Both | Either | Without

_GRAMMAR = r"""
start: either
either: both ("OR" both)*
both: single ("AND"? single)*
single: not_ | item
not_: (NOT | MINUS) single
item: PHRASE | WORD | "(" either ")" | FIELD value
value: PHRASE | WORD | "(" either ")"
NOT.3: /NOT(?=[\s("])/
MINUS.3: /-(?=[^\s\-)])/
FIELD.2: /[^\W\d_]+:(?!\/\/)\s*/
PHRASE.2: /"[^"]*"(?:~\d{0,9})?/
WORD: /(?!(?:OR|AND|NOT)(?:[\s()"]|$))[^\s()"]+/
%import common.WS
%ignore WS
"""


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", propagate_positions=False)


@cache
def field_names() -> dict[str, str]:
    """Every accepted spelling of a field, folded → its name."""
    names = {}
    for row in rows("fields", DATA):
        for alias in (row["name"], *row["aliases"].split("|")):
            if alias:
                names[alias] = row["name"]
    return names


@cache
def field_help() -> tuple[tuple[str, str], ...]:
    """(name, Vietnamese explanation with an example) of each field, for the manual and the messages."""
    return tuple((row["name"], row["help"]) for row in rows("fields", DATA))


def fields_hint() -> str:
    return "Các trường: " + ", ".join(name for name, _ in field_help()) + "."


def parse(text: str) -> Node:
    """The tree of a query.

    Raises QueryError when it is empty, too long or deep, or malformed; ``position`` is an offset into ``nfc(text)``.
    """
    text = clean(nfc(text))
    _check(text)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        _explain(text, error)
    return _settle(_build(tree, None), text)


def _check(text: str) -> None:
    if not text.strip():
        raise QueryError("Câu tìm trống.", 0, "Hãy gõ từ cần tìm hoặc số hiệu, ví dụ: 919/QĐ-TTg.")
    if len(text) > MAX_LENGTH:
        raise QueryError(f"Câu tìm dài quá {MAX_LENGTH} ký tự.", MAX_LENGTH, "Hãy rút ngắn câu tìm.")
    opened: list[int] = []
    quoted, quote_at = False, 0
    for i, char in enumerate(text):
        if char == '"':
            quoted, quote_at = not quoted, i
        elif quoted:
            continue
        elif char == "(":
            opened.append(i)
            if len(opened) > MAX_DEPTH:
                raise QueryError(f"Ngoặc lồng nhau quá {MAX_DEPTH} tầng.", i, "Hãy viết câu tìm đơn giản hơn.")
        elif char == ")":
            if not opened:
                raise QueryError("Ngoặc đóng thừa.", i, "Hãy bỏ dấu “)” này hoặc thêm dấu “(” phía trước.")
            opened.pop()
    if quoted:
        raise QueryError("Thiếu dấu ngoặc kép đóng.", quote_at, 'Hãy thêm dấu " ở cuối cụm từ.')
    if opened:
        raise QueryError("Thiếu ngoặc đóng.", opened[-1], "Hãy thêm dấu “)”.")


def _explain(text: str, error: UnexpectedInput) -> NoReturn:
    position = len(text)
    if isinstance(error, UnexpectedCharacters):
        position = int(error.pos_in_stream or 0)
    elif isinstance(error, UnexpectedToken) and not isinstance(error, UnexpectedEOF):
        position = len(text) if error.token.type == "$END" else int(error.token.start_pos or 0)
    before = text[:position].rstrip()
    after = text[position:].strip()
    if before.endswith(":"):
        raise QueryError(f"Thiếu giá trị sau “{before.split()[-1]}”.", position, 'Ví dụ: loai:"Kế hoạch".')
    if before.endswith("("):
        raise QueryError("Trong ngoặc không có gì.", position, "Hãy bỏ cặp ngoặc hoặc điền từ cần tìm.")
    for word, meaning in (("OR", "hoặc"), ("AND", "và"), ("NOT", "không")):
        if re.search(rf"(?:^|[\s(]){word}$", before):
            raise QueryError(f"Thiếu vế sau {word} ({meaning}).", position, f"Hãy thêm từ cần tìm sau {word}.")
        if after.startswith(word):
            raise QueryError(f"Thiếu vế trước {word} ({meaning}).", position, f"Hãy thêm từ cần tìm trước {word}.")
    raise QueryError(
        "Không hiểu câu tìm từ chỗ này.", position, "Để tìm đúng nguyên văn, hãy đặt cụm từ trong ngoặc kép."
    )


def _build(tree: Tree[Any], field: str | None) -> Node:
    """The node of a parse tree; *field* is the field whose value it is."""
    if tree.data == "start":
        return _build(_child(tree), field)
    if tree.data in ("either", "both"):
        items = tuple(_build(child, field) for child in tree.children if isinstance(child, Tree))
        if len(items) == 1:
            return items[0]
        return Either(items) if tree.data == "either" else Both(items)
    if tree.data == "not_":
        return Without(_build(next(c for c in tree.children if isinstance(c, Tree)), field))
    first = tree.children[0]
    if isinstance(first, Tree):
        return _build(first, field)
    assert isinstance(first, Token)
    position = int(first.start_pos or 0)
    if first.type == "FIELD":
        if field:
            raise QueryError(
                "Không đặt trường trong giá trị của trường khác.", position, "Hãy tách thành hai điều kiện."
            )
        name = _field(str(first), position)
        if name is None:  # "Kính gửi: UBND tỉnh" is text
            return Both((Words(str(first).strip(), position), _build(_child(tree, 1), None)))
        return _build(_child(tree, 1), name)
    return _leaf(first, field, position)


def _child(tree: Tree[Any], index: int = 0) -> Tree[Any]:
    child = tree.children[index]
    assert isinstance(child, Tree)
    return child


def _field(typed: str, position: int) -> str | None:
    """The field meant by ``name:``; None where an unknown name is followed by a space."""
    name = typed.rstrip()
    known = field_names().get(fold(name[:-1]))
    if known is None and name == typed:
        raise QueryError(
            f"Không có trường “{name}”.", position, fields_hint() + " Để tìm đúng chữ này, hãy đặt trong ngoặc kép."
        )
    return known


def _leaf(token: Token, field: str | None, position: int) -> Node:
    text = str(token)
    if token.type == "PHRASE":
        body, _, slop = text[1:].rpartition('"')
        if field:
            return InField(field, body, True, position)
        spread = int(slop[1:] or 0) if slop else 0
        if spread > MAX_SLOP:
            raise QueryError(
                f"Khoảng cách sau dấu ~ lớn nhất là {MAX_SLOP}.", position + len(body) + 2, 'Ví dụ: "đánh giá hạng"~3.'
            )
        return Quoted(body, spread, position)
    if field:
        return InField(field, text, False, position)
    if "*" in text and any(char.isalnum() for char in text):
        stem = text.rstrip("*")
        if "*" in stem or len(folded_keys(stem)) > 1:
            raise QueryError("Dấu * chỉ đặt ở cuối một từ.", position + text.index("*"), "Ví dụ: tập*.")
        if sum(char.isalnum() for char in stem) < MIN_PREFIX:
            raise QueryError(f"Cần ít nhất {MIN_PREFIX} chữ trước dấu *.", position, "Ví dụ: tập*.")
        return Starts(stem, position)
    fuzzy = re.fullmatch(r"(.+?)~(\d?)", text)
    if fuzzy and len(folded_keys(fuzzy[1])) == 1:
        distance = int(fuzzy[2] or 1)
        if distance not in (1, 2):
            raise QueryError("Sau dấu ~ chỉ là 1 hoặc 2.", position + len(fuzzy[1]) + 1, "Ví dụ: huấn~1.")
        return Like(fuzzy[1], distance, position)
    return Words(text, position)


def _has_letters(node: Node) -> bool:
    return not isinstance(node, (Words, Quoted, Starts, Like)) or bool(folded_keys(node.text))


def _settle(node: Node, text: str) -> Node:
    """Drops leaves that are punctuation alone, joins nested ands and ors, holds the caps."""
    settled = _prune(node)
    if settled is None:
        raise QueryError("Câu tìm không có chữ hay số nào.", 0, "Hãy gõ từ cần tìm hoặc số hiệu, ví dụ: 919/QĐ-TTg.")
    count = sum(_terms(leaf) for leaf in leaves(settled))
    if count > MAX_TERMS:
        raise QueryError(f"Câu tìm có quá {MAX_TERMS} từ.", len(text), "Hãy bớt từ, hoặc chỉ tìm một cụm ngắn hơn.")
    return settled


def _prune(node: Node) -> Node | None:
    if isinstance(node, Without):
        item = _prune(node.item)
        if item is None:
            return None
        return item.item if isinstance(item, Without) else Without(item)
    if isinstance(node, Both | Either):
        items: list[Node] = []
        for child in node.items:
            kept = _prune(child)
            if kept is None:
                continue
            items.extend(kept.items if isinstance(kept, type(node)) else (kept,))
        if not items:
            return None
        return items[0] if len(items) == 1 else replace(node, items=tuple(items))
    if isinstance(node, InField) and not any(char.isalnum() for char in node.text):
        raise QueryError(f"Thiếu giá trị của trường “{node.field}”.", node.position, 'Ví dụ: loai:"Kế hoạch".')
    return node if _has_letters(node) else None


def _terms(leaf: Node) -> int:
    return len(folded_keys(leaf.text)) if isinstance(leaf, (Words, Quoted, InField)) else 1


def leaves(node: Node) -> list[Node]:
    """The leaves of a tree in reading order, those under a negation included."""
    if isinstance(node, Both | Either):
        return [leaf for item in node.items for leaf in leaves(item)]
    if isinstance(node, Without):
        return leaves(node.item)
    return [node]
