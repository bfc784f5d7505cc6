"""The parser of the query language: trees, refusals with their position, work that grows no faster than the query."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import QueryError
from search.query.parser import MAX_DEPTH, MAX_LENGTH, field_help, field_names, parse
from search.query.query_tree import (
    AndNode,
    FieldNode,
    FuzzyNode,
    Node,
    NotNode,
    OrNode,
    PhraseNode,
    PrefixNode,
    WordNode,
    leaves,
)
from tests.support.counted_work import growth


def word(text: str, position: int) -> WordNode:
    return WordNode(text, position)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("ocop", word("ocop", 0)),
        ("tập huấn", AndNode((word("tập", 0), word("huấn", 4)))),
        ("a AND b", AndNode((word("a", 0), word("b", 6)))),
        ("a OR b c", OrNode((word("a", 0), AndNode((word("b", 5), word("c", 7)))))),
        ("(a OR b) c", AndNode((OrNode((word("a", 1), word("b", 6))), word("c", 9)))),
        ("a -b", AndNode((word("a", 0), NotNode(word("b", 3))))),
        ("a NOT b", AndNode((word("a", 0), NotNode(word("b", 6))))),
        ("NOT (NOT a)", word("a", 9)),
        ('"đánh giá hạng"~3', PhraseNode("đánh giá hạng", 3, 0)),
        ("tập*", PrefixNode("tập", 0)),
        ("huấn~", FuzzyNode("huấn", 1, 0)),
        ("huấn~2", FuzzyNode("huấn", 2, 0)),
        ('loai:"Kế hoạch"', FieldNode("loai", "Kế hoạch", True, 5)),
        ("type:KH", FieldNode("loai", "KH", False, 5)),
        ("loại: KH", FieldNode("loai", "KH", False, 6)),
        ("loai:(KH OR QĐ)", OrNode((FieldNode("loai", "KH", False, 6), FieldNode("loai", "QĐ", False, 12)))),
        ("81/KH-UBND", word("81/KH-UBND", 0)),
        ("a - b", AndNode((word("a", 0), word("b", 4)))),
        ("Kính gửi: UBND", AndNode((word("Kính", 0), word("gửi:", 5), word("UBND", 10)))),
        ("8:30", word("8:30", 0)),
        ("ANDES ORANGE NOTHING", AndNode((word("ANDES", 0), word("ORANGE", 6), word("NOTHING", 13)))),
        ("ngay:2020..2022", FieldNode("ngay", "2020..2022", False, 5)),
        ("ngay:>=2023", FieldNode("ngay", ">=2023", False, 5)),
    ],
)
def test_queries_give_the_expected_trees(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "trống"),
        ("   ", 0, "trống"),
        ("-", 0, "chữ"),
        ('""', 0, "chữ"),
        ('a "b', 2, "ngoặc kép"),
        ("a (b", 2, "Thiếu ngoặc đóng"),
        ("a b)", 3, "Ngoặc đóng thừa"),
        ("a ()", 3, "không có gì"),
        ("a OR", 4, "Thiếu vế sau OR"),
        ("OR a", 0, "Thiếu vế trước OR"),
        ("a OR OR b", 5, "OR"),
        ("loai:", 5, "Thiếu giá trị"),
        ('loai:""', 5, "Thiếu giá trị"),
        ("mau:xanh", 0, "Không có trường"),
        ("t*p", 1, "cuối một từ"),
        ("a t*", 2, "ít nhất 2"),
        ("từ~5", 3, "1 hoặc 2"),
        ('"a b"~99', 5, "lớn nhất"),
        ("loai:(tinh:x)", 6, "trường"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), MAX_DEPTH, "tầng"),
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH, "dài"),
        ("a " * 60, 120, "quá"),
    ],
)
def test_a_malformed_query_is_refused_in_vietnamese_with_its_position(text: str, position: int, words: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text)
    assert refused.value.position == position
    assert words in refused.value.message
    assert refused.value.next_step


def test_every_field_has_a_name_and_an_example_that_parses() -> None:
    for name, example in field_help():
        assert field_names()[name] == name
        assert f"{name}:" in example
        parse(example[example.index(f"{name}:") :].split(", ")[0])


#: Signs of the language, and some words and fields.
PIECES = st.sampled_from(
    [*'()"~*-: \n\u200b', *["OR", "AND", "NOT", "loai:", "ngay:", "..", ">=", "kế", "hoạch", "919/QĐ-TTg"]]
)


@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=60).map("".join)))
def test_any_string_is_parsed_or_refused_with_a_message(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError as error:
        refused = error
    else:
        assert leaves(tree)
        return
    assert len(refused.message) > 10


@pytest.mark.parametrize(
    "unit", ["a ", "(", ")", '"', '"a" ', "a OR ", "-", "NOT ", "*", "~", "a~ ", "loai:", "gửi: ", "..", "(a) ", "a/b-"]
)
def test_work_grows_no_faster_than_the_query(unit: str) -> None:
    def work(text: str) -> None:
        with suppress(QueryError):
            parse(text)

    assert growth(work, unit, 40, MAX_LENGTH) < 2


@pytest.mark.parametrize("text", ["tập huấn", "2021 - 2025", "a-b  c", "NOTE and or", "một", "x\ty\fz", "5 sao!", "—"])
def test_words_without_signs_are_read_as_the_grammar_reads_them(text: str) -> None:
    in_grammar = parse(f"({text})") if any(char.isalnum() for char in text) else None
    if in_grammar is None:
        with pytest.raises(QueryError):
            parse(text)
    else:
        assert [leaf.text for leaf in leaves(parse(text))] == [leaf.text for leaf in leaves(in_grammar)]
