"""The query language: what it reads, what it refuses and where it points."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import QueryError
from search.query import (
    MAX_DEPTH,
    MAX_LENGTH,
    Both,
    Either,
    InField,
    Like,
    Node,
    Quoted,
    Starts,
    Without,
    Words,
    field_help,
    field_names,
    parse,
)


def w(text: str, at: int) -> Words:
    return Words(text, at)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("ocop", w("ocop", 0)),
        ("tập huấn", Both((w("tập", 0), w("huấn", 4)))),
        ("a AND b", Both((w("a", 0), w("b", 6)))),
        ("a OR b c", Either((w("a", 0), Both((w("b", 5), w("c", 7)))))),
        ("(a OR b) c", Both((Either((w("a", 1), w("b", 6))), w("c", 9)))),
        ("a -b", Both((w("a", 0), Without(w("b", 3))))),
        ("a NOT b", Both((w("a", 0), Without(w("b", 6))))),
        ("NOT (NOT a)", w("a", 9)),
        ('"đánh giá hạng"~3', Quoted("đánh giá hạng", 3, 0)),
        ("tập*", Starts("tập", 0)),
        ("huấn~", Like("huấn", 1, 0)),
        ("huấn~2", Like("huấn", 2, 0)),
        ('loai:"Kế hoạch"', InField("loai", "Kế hoạch", True, 5)),
        ("type:KH", InField("loai", "KH", False, 5)),
        ("loại: KH", InField("loai", "KH", False, 6)),
        ("loai:(KH OR QĐ)", Either((InField("loai", "KH", False, 6), InField("loai", "QĐ", False, 12)))),
        ("81/KH-UBND", w("81/KH-UBND", 0)),
        ("a - b", Both((w("a", 0), w("b", 4)))),
        ("Kính gửi: UBND", Both((w("Kính", 0), w("gửi:", 5), w("UBND", 10)))),
        ("8:30", w("8:30", 0)),
        ("ANDES ORANGE NOTHING", Both((w("ANDES", 0), w("ORANGE", 6), w("NOTHING", 13)))),
        ("ngay:2020..2022", InField("ngay", "2020..2022", False, 5)),
        ("ngay:>=2023", InField("ngay", ">=2023", False, 5)),
    ],
)
def test_trees(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "position", "word"),
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
    ],
)
def test_faults_are_told_in_vietnamese_with_their_place(text: str, position: int, word: str) -> None:
    with pytest.raises(QueryError) as told:
        parse(text)
    assert told.value.position == position
    assert word in told.value.message
    assert told.value.next_step


def test_too_many_words() -> None:
    with pytest.raises(QueryError, match="quá"):
        parse("a " * 60)


def test_every_field_has_a_name_and_an_example() -> None:
    for name, example in field_help():
        assert field_names()[name] == name
        assert f"{name}:" in example
        parse(example[example.index(f"{name}:") :].split(", ")[0])


_SPICE = st.sampled_from(
    [
        "(",
        ")",
        '"',
        "~",
        "*",
        "-",
        ":",
        "OR",
        "AND",
        "NOT",
        " ",
        "loai:",
        "ngay:",
        "..",
        ">=",
        "kế",
        "hoạch",
        "919/QĐ-TTg",
        "\u200b",
        "\n",
    ]
)


@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=120), st.lists(_SPICE, max_size=60).map("".join)))
def test_any_string_is_read_or_refused_quickly(text: str) -> None:
    message = refusal(text)
    assert message is None or len(message) > 10
    assert min(seconds(text) for _ in range(2)) < 0.05


def seconds(text: str) -> float:
    began = time.thread_time()
    refusal(text)
    return time.thread_time() - began


def refusal(text: str) -> str | None:
    try:
        parse(text)
    except QueryError as error:
        return error.message
    return None
