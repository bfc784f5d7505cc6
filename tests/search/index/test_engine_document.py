"""What an engine stores of a document."""

from __future__ import annotations

import pytest

from corpus.library.indexed import Indexed
from search.index.engine_document import agency_tokens, engine_document, numbers_of, of_words
from search.language.tokens import BREAK
from tests.support.search_library import held, stub, with_keys


def test_heading_and_text_are_kept_apart_by_a_break() -> None:
    made = of_words(held(1, "Tập huấn cán bộ", title="Kế hoạch"), [])
    assert made.text["exact"] == ["kế", "hoạch", "kế", "hoạch", BREAK, "tập", "huấn", "cán", "bộ"]
    assert made.text["syl"] == ["ke", "hoach", "ke", "hoach", BREAK, "tap", "huan", "can", "bo"]


def test_words_of_several_syllables_are_joined() -> None:
    made = engine_document(held(1, "tập huấn", doc_type=None), lambda text: ["tập huấn"])
    assert made.text["word"] == ["tập_huấn"]


def test_an_agency_is_found_as_printed_abbreviated_and_in_full() -> None:
    made = of_words(held(1, "", issuer="Sở NN&PTNT tỉnh Lai Châu"), [])
    names = " ".join(made.text["issuer"]).split(BREAK)
    assert any("nong nghiep" in name for name in names)
    assert any("nn ptnt" in name for name in names)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (held(1, "a", so_ky_hieu="1/QĐ-UBND"), ["co_van_ban"]),
        (held(1, "a"), ["co_van_ban", "chua_co_so"]),
        (held(1, "a", kind="other", unsure=True), ["co_van_ban", "can_kiem_tra"]),
        (stub(1), ["chi_duoc_dan"]),
    ],
)
def test_states_follow_from_what_is_known(document: Indexed, expected: list[str]) -> None:
    assert of_words(document, []).keys["trangthai"] == expected


def test_keys_hold_the_number_its_mentions_and_the_citations() -> None:
    document = held(1, "theo Quyết định 148", so_ky_hieu="4464/QĐ-BNN-VPĐP", basis=[2, 2], cites=[3, 2])
    keys = of_words(document, []).keys
    assert keys["so"] == ["4464|QD-BNN-VPDP"]
    assert keys["mention"] == ["148|?QD"]
    assert (keys["basis"], keys["cites"]) == (["2"], ["3", "2"])


def test_a_number_without_symbol_is_kept() -> None:
    assert of_words(Indexed(1, True, number="0148"), []).keys["so"] == ["148|"]


def test_dates_give_their_first_and_last_day() -> None:
    numbers = numbers_of(held(1, "", date="2024-02", date_inferred="2023"))
    assert (numbers["date_low"], numbers["date_high"]) == (20240201, 20240229)
    assert (numbers["inferred_low"], numbers["inferred_high"]) == (20230101, 20231231)


def test_sort_keys_put_the_newest_and_among_equals_the_smaller_id_first() -> None:
    older, newer, equal = (
        numbers_of(held(id_, "", date=date))["by_date"] for id_, date in ((1, "2023"), (2, "2024"), (3, "2024"))
    )
    assert newer > equal > older


def test_the_year_in_the_number_goes_before_the_date() -> None:
    document = with_keys(Indexed(1, True, so_ky_hieu="22/2023/QH15", date="2024-01-01"))
    assert of_words(document, []).keys["nam"] == ["2023"]


def test_abbreviations_in_agency_names_are_written_in_full() -> None:
    assert "nghiep" in agency_tokens("Sở NN&PTNT")
