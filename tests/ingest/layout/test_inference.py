"""What a document does not print and lets one conclude; always marked as inferred."""

from __future__ import annotations

import pytest

from ingest.layout import inference


@pytest.mark.parametrize(
    ("issuer", "forms", "title"),
    [
        ("Ủy ban nhân dân xã Vân Lĩnh", ["TM."], "Chủ tịch"),
        ("Sở Y tế", ["KT."], "Phó Giám đốc"),
        ("Bộ Công an", ["KT."], "Thứ trưởng"),
        ("Văn phòng HĐND và UBND", [], "Chánh Văn phòng"),
        ("Khoa Kinh tế", [], "Trưởng khoa"),
    ],
)
def test_a_covered_title_is_inferred_from_agency_and_form(issuer: str, forms: list[str], title: str) -> None:
    found = inference.signer_title(issuer, forms)
    assert found is not None
    assert found.value == title
    assert found.evidence.inferred
    assert found.evidence.needs_review


def test_no_title_is_inferred_for_another_office_or_an_unknown_agency() -> None:
    assert inference.signer_title("Ủy ban nhân dân tỉnh Vân Lĩnh", ["TL."]) is None
    assert inference.signer_title("Xí nghiệp Vân Lĩnh", []) is None
    assert inference.signer_title(None, []) is None
