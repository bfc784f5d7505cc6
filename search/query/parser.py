"""The query language: from text to a tree (:mod:`search.query.query_tree`).

::

    query := or          or := and (OR and)*        and := not ((AND)? not)*        not := (NOT | -)? item
    item  := word | "phrase" | "phrase"~3 | tập* | từ~ | field:value | ( query )

AND binds tighter than OR. A query that cannot be parsed raises :class:`corpus.errors.QueryError` with a Vietnamese
message and the offset of the fault. The names of fields are in ``search/data/fields.tsv``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any, NoReturn

from lark import Lark, Token, Tree, UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

from corpus.errors import QueryError
from corpus.fold import clean, fold, nfc
from corpus.tables import rows
from search.data import DATA
from search.language.tokens import folded_keys
from search.query.query_tree import (
    AndNode,
    FieldNode,
    FuzzyNode,
    Leaf,
    Node,
    NotNode,
    OrNode,
    PhraseNode,
    PrefixNode,
    WordNode,
    leaves,
)

# Limits. A query is typed by a person: a larger one is a mistake or an attack.

#: Characters.
MAX_LENGTH = 1_500
#: Syllables and field values.
MAX_TERMS = 200
#: Times that one word may be repeated.
MAX_REPEATS = 24
#: Nested parentheses.
MAX_DEPTH = 8
#: Other syllables allowed between those of a phrase.
MAX_SLOP = 10
#: Letters before the ``*`` of a prefix.
MIN_PREFIX = 2

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
#: Signs of the language, a minus before a word, and white space that the grammar does not know.
_SIGNS = re.compile(r'["():*~]|(?:^|\s)-\S|[^\S \t\f\r\n]')
_WORD = re.compile(r"\S+")
_WORDS_OF_GRAMMAR = frozenset({"AND", "OR", "NOT"})
_FUZZY = re.compile(r"(.+?)~(\d?)")
_EXAMPLE_OF_FIELD = 'Ví dụ: loai:"Kế hoạch".'
_TYPE_SOMETHING = "Hãy gõ từ cần tìm hoặc số hiệu, ví dụ: 919/QĐ-TTg."
#: The operators, in words.
_OPERATORS = (("OR", "hoặc"), ("AND", "và"), ("NOT", "không"))


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
    """A Vietnamese sentence that lists the fields."""
    return "Các trường: " + ", ".join(name for name, _ in field_help()) + "."


def parse(text: str) -> Node:
    """The tree of a query.

    Raises QueryError when it is empty, too long or deep, or malformed; its ``position`` is an offset into
    ``nfc(text)``.
    """
    text = clean(nfc(text))
    _check_limits(text)
    words = _plain_words(text)
    if words:
        return _simplified(AndNode(words), text)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        _explain(text, error)
    return _simplified(_node(tree, None), text)


def _plain_words(text: str) -> tuple[WordNode, ...]:
    """The words of a query that has no sign of the language, as most are; empty for all others.

    The grammar gives the same tree, in ten times the time.
    """
    if _SIGNS.search(text):
        return ()
    words = tuple(WordNode(found.group(), found.start()) for found in _WORD.finditer(text))
    return () if any(word.text in _WORDS_OF_GRAMMAR for word in words) else words


def _check_limits(text: str) -> None:
    if not text.strip():
        raise QueryError("Câu tìm trống.", 0, _TYPE_SOMETHING)
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
    """Raises QueryError for what the parser could not read."""
    position = len(text)
    if isinstance(error, UnexpectedCharacters):
        position = int(error.pos_in_stream or 0)
    elif isinstance(error, UnexpectedToken) and not isinstance(error, UnexpectedEOF):
        position = len(text) if error.token.type == "$END" else int(error.token.start_pos or 0)
    before = text[:position].rstrip()
    after = text[position:].strip()
    if before.endswith(":"):
        raise QueryError(f"Thiếu giá trị sau “{before.split()[-1]}”.", position, _EXAMPLE_OF_FIELD)
    if before.endswith("("):
        raise QueryError("Trong ngoặc không có gì.", position, "Hãy bỏ cặp ngoặc hoặc điền từ cần tìm.")
    for word, meaning in _OPERATORS:
        if re.search(rf"(?:^|[\s(]){word}$", before):
            raise QueryError(f"Thiếu vế sau {word} ({meaning}).", position, f"Hãy thêm từ cần tìm sau {word}.")
        if after.startswith(word):
            raise QueryError(f"Thiếu vế trước {word} ({meaning}).", position, f"Hãy thêm từ cần tìm trước {word}.")
    raise QueryError(
        "Không hiểu câu tìm từ chỗ này.", position, "Để tìm đúng nguyên văn, hãy đặt cụm từ trong ngoặc kép."
    )


# From the parse tree to our own


def _node(tree: Tree[Any], field: str | None) -> Node:
    """The node of a parse tree; *field* is the field whose value it is, if any."""
    if tree.data == "start":
        return _node(_child(tree), field)
    if tree.data in ("either", "both"):
        items = tuple(_node(child, field) for child in tree.children if isinstance(child, Tree))
        if len(items) == 1:
            return items[0]
        return OrNode(items) if tree.data == "either" else AndNode(items)
    if tree.data == "not_":
        return NotNode(_node(next(c for c in tree.children if isinstance(c, Tree)), field))
    first = tree.children[0]
    if isinstance(first, Tree):
        return _node(first, field)
    assert isinstance(first, Token)
    if first.type == "FIELD":
        return _field_node(tree, first, field)
    return _leaf(first, field, int(first.start_pos or 0))


def _field_node(tree: Tree[Any], typed: Token, outer: str | None) -> Node:
    position = int(typed.start_pos or 0)
    if outer:
        raise QueryError("Không đặt trường trong giá trị của trường khác.", position, "Hãy tách thành hai điều kiện.")
    name = _field_name(str(typed), position)
    if name is None:  # "Kính gửi: UBND tỉnh" is text
        return AndNode((WordNode(str(typed).strip(), position), _node(_child(tree, 1), None)))
    return _node(_child(tree, 1), name)


def _child(tree: Tree[Any], index: int = 0) -> Tree[Any]:
    child = tree.children[index]
    assert isinstance(child, Tree)
    return child


def _field_name(typed: str, position: int) -> str | None:
    """The field that ``name:`` means; None where an unknown name is followed by a space."""
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
        return _phrase(text, field, position)
    if field:
        return FieldNode(field, text, False, position)
    if "*" in text and any(char.isalnum() for char in text):
        return _prefix(text, position)
    fuzzy = _FUZZY.fullmatch(text)
    if fuzzy and len(folded_keys(fuzzy[1])) == 1:
        distance = int(fuzzy[2] or 1)
        if distance not in (1, 2):
            raise QueryError("Sau dấu ~ chỉ là 1 hoặc 2.", position + len(fuzzy[1]) + 1, "Ví dụ: huấn~1.")
        return FuzzyNode(fuzzy[1], distance, position)
    return WordNode(text, position)


def _phrase(text: str, field: str | None, position: int) -> Node:
    body, _, slop = text[1:].rpartition('"')
    if field:
        return FieldNode(field, body, True, position)
    distance = int(slop[1:] or 0) if slop else 0
    if distance > MAX_SLOP:
        raise QueryError(
            f"Khoảng cách sau dấu ~ lớn nhất là {MAX_SLOP}.", position + len(body) + 2, 'Ví dụ: "đánh giá hạng"~3.'
        )
    return PhraseNode(body, distance, position)


def _prefix(text: str, position: int) -> Node:
    stem = text.rstrip("*")
    if "*" in stem or len(folded_keys(stem)) > 1:
        raise QueryError("Dấu * chỉ đặt ở cuối một từ.", position + text.index("*"), "Ví dụ: tập*.")
    if sum(char.isalnum() for char in stem) < MIN_PREFIX:
        raise QueryError(f"Cần ít nhất {MIN_PREFIX} chữ trước dấu *.", position, "Ví dụ: tập*.")
    return PrefixNode(stem, position)


# Simplifying


def _simplified(node: Node, text: str) -> Node:
    """*node* without leaves that are punctuation only, nested ANDs and ORs joined; checks the number of terms."""
    simplified = _pruned(node)
    if simplified is None:
        raise QueryError("Câu tìm không có chữ hay số nào.", 0, _TYPE_SOMETHING)
    count = sum(_terms(leaf) for leaf in leaves(simplified))
    words = Counter(leaf.text for leaf in leaves(simplified))
    if max(words.values()) > MAX_REPEATS:
        raise QueryError(f"Câu tìm lặp một từ quá {MAX_REPEATS} lần.", len(text), "Hãy bỏ những từ lặp lại.")
    if count > MAX_TERMS:
        raise QueryError(f"Câu tìm có quá {MAX_TERMS} từ.", len(text), "Hãy bớt từ, hoặc chỉ tìm một cụm ngắn hơn.")
    return simplified


def _pruned(node: Node) -> Node | None:
    if isinstance(node, NotNode):
        item = _pruned(node.item)
        if item is None:
            return None
        return item.item if isinstance(item, NotNode) else NotNode(item)
    if isinstance(node, AndNode | OrNode):
        items: list[Node] = []
        for child in node.items:
            kept = _pruned(child)
            if kept is None:
                continue
            items.extend(kept.items if isinstance(kept, type(node)) else (kept,))
        if not items:
            return None
        return items[0] if len(items) == 1 else replace(node, items=tuple(items))
    if isinstance(node, FieldNode):
        if not any(char.isalnum() for char in node.text):
            raise QueryError(f"Thiếu giá trị của trường “{node.field}”.", node.position, _EXAMPLE_OF_FIELD)
        return node
    return node if folded_keys(node.text) else None


def _terms(leaf: Leaf) -> int:
    return len(folded_keys(leaf.text)) if isinstance(leaf, WordNode | PhraseNode | FieldNode) else 1
