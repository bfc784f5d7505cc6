"""Values of a scan that a person should check."""

from __future__ import annotations

import pytest

from corpus.model import Evidence
from ingest.doubts import mark_missing_names
from tests.support.libraries import record


@pytest.mark.parametrize(("issuer", "doubted"), [("(Dân", True), ("Chính phủ", False), ("UBND xã Đắk Ru", False)])
def test_an_issuer_of_one_word_is_the_rest_of_a_line(issuer: str, doubted: bool) -> None:
    made = record("12/QĐ-UBND", "2024-01-05", issuer)
    made.fields["issuer"] = Evidence(0.9)
    mark_missing_names(made)
    assert made.fields["issuer"].needs_review is doubted
