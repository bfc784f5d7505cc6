"""Agency keys and areas: one key for every spelling, and none where the place is not known."""

import pytest

from corpus import agencies, areas


@pytest.mark.parametrize(
    ("name", "area", "key"),
    [
        ("Thủ tướng Chính phủ", None, "ttg"),
        ("Bộ trưởng Bộ Y tế", None, "byt"),
        ("Bộ NN&PTNT", None, "bnnptnt"),
        ("Bộ Lao động thương binh và xã hội", None, "bldtbxh"),
        ("Chủ tịch UBND thị xã Đức Phổ", None, "ubnd:huyen:duc-pho"),
        ("UỶ BAN NHÂN DÂN TỈNH THANH HÓA", None, "ubnd:tinh:thanh-hoa"),
        ("Ủy ban nhân dân tỉnh Thanh Hoá", None, "ubnd:tinh:thanh-hoa"),
        ("UBND tỉnh", "huyen:duc-pho,tinh:quang-ngai", "ubnd:tinh:quang-ngai"),
        ("UBND tỉnh", None, "ubnd:?"),
        ("UBND thành phố Hà Nội", None, "ubnd:tinh:ha-noi"),
        ("UBND thành phố Nha Trang", None, "ubnd:huyen:nha-trang"),
        ("Sở Y tế", "tinh:kien-giang", "so-y-te:tinh:kien-giang"),
        ("Sở Y tế Kiên Giang", None, "so-y-te:tinh:kien-giang"),
        ("Sở Y tế", None, "so-y-te:?"),
        ("Sở NN & PTNT tỉnh Hà Tĩnh", None, "so-nong-nghiep-va-phat-trien-nong-thon:tinh:ha-tinh"),
        ("Sở Nông nghiệp và PTNT tỉnh Hà Tĩnh", None, "so-nong-nghiep-va-phat-trien-nong-thon:tinh:ha-tinh"),
        ("Văn phòng Điều phối xây dựng NTM tỉnh", "tinh:thanh-hoa", "vpdp:tinh:thanh-hoa"),
        ("VPĐP XDNTM tỉnh", "tinh:thanh-hoa", "vpdp:tinh:thanh-hoa"),
        ("Cục Quản lý Dược", None, "cuc-quan-ly-duoc"),
    ],
)  # fmt: skip
def test_issuer_key(name: str, area: str | None, key: str) -> None:
    assert agencies.issuer_key(name, area=area) == key


@pytest.mark.parametrize(
    ("symbol", "key"),
    [("QĐ-BNN-VPĐP", "bnnptnt"), ("QĐ-TTg", "ttg"), ("QH15", "qh"), ("NQ/TW", "bchtw"), ("KH-UBND", "ubnd:?")],
)
def test_issuer_key_of_symbol(symbol: str, key: str) -> None:
    assert agencies.issuer_key(None, symbol=symbol) == key


def test_level_and_province() -> None:
    assert agencies.level("ubnd:huyen:duc-pho") == "huyen"
    assert agencies.level("ttg") == "trung_uong"
    assert agencies.level("ubnd:?") is None
    assert agencies.province("so-y-te:tinh:kien-giang") == "kien-giang"


def test_63_provinces_became_34() -> None:
    table = areas.provinces()
    before = [p for p in table.values() if p.id != "hue"]  # as counted before Huế changed its name
    assert len(before) == 63
    assert len([p for p in table.values() if not p.valid_to]) == 34
    assert areas.now("kon-tum") == "quang-ngai"
    assert areas.now("thua-thien-hue") == "hue"


def test_provinces_mentioned() -> None:
    assert areas.mentioned("UBND tỉnh Kiên \nGiang và tỉnh Kiên Giang; tỉnh An Giang") == [
        ("kien-giang", 2),
        ("an-giang", 1),
    ]
