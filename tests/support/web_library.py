"""A small library of made-up documents, read by the real reader and stored in a real library, for tests of webui."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corpus.library import Library
from corpus.model import Evidence
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from search.searcher import Search

HEAD = """ỦY BAN NHÂN DÂN
TỈNH THANH HÓA
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Số: {number}
Thanh Hóa, ngày {day} tháng {month} năm {year}

{kind}
{title}

{body}

Nơi nhận:
- Như trên;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Nguyễn Văn An
"""

HOSTILE = "</script><img src=x onerror=alert(1)>\u202etxt"


def document_text(kind: str, number: str, date: tuple[str, str, str], title: str, body: str) -> str:
    """The text of a document of UBND tỉnh Thanh Hóa. date: day, month, year."""
    day, month, year = date
    return HEAD.format(kind=kind, number=number, day=day, month=month, year=year, title=title, body=body)


PLAN = document_text(
    "KẾ HOẠCH", "45/KH-UBND", ("12", "3", "2024"), "Triển khai Chương trình mỗi xã một sản phẩm năm 2024",
    "Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ phê duyệt Chương trình mỗi xã một sản"
    " phẩm;\n"
    "Căn cứ Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ.\n"
    "I. MỤC ĐÍCH\n1. Tổ chức tập huấn theo Quyết định số 4464/QĐ-BNN-VPĐP ngày 06/11/2020 của Bộ Nông nghiệp và Phát"
    " triển nông thôn.",
)  # fmt: skip
ORDER = document_text(
    "QUYẾT ĐỊNH", "88/QĐ-UBND", ("20", "5", "2024"), "Về việc phê duyệt kinh phí tập huấn OCOP năm 2024",
    "Căn cứ Kế hoạch số 45/KH-UBND ngày 12/3/2024 của UBND tỉnh Thanh Hóa triển khai Chương trình mỗi xã một sản"
    " phẩm;\n"
    "Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ.\n"
    "QUYẾT ĐỊNH:\nĐiều 1. Phê duyệt kinh phí. Điều 2. Quyết định này có hiệu lực kể từ ngày ký.",
)  # fmt: skip
INTERNAL = document_text(
    "THÔNG BÁO", "12/TB-UBND", ("02", "6", "2024"), "Về chuyện nội bộ tuyệt đối bí ẩn",
    "Căn cứ Quyết định số 777/QĐ-UBND ngày 01/01/2024 của UBND tỉnh Thanh Hóa.\nNội dung không phổ biến.",
)  # fmt: skip


def build(folder: Path, files: Path) -> dict[str, int]:
    """Make the library in *folder* from files written under *files*; returns the ids of its documents by name."""
    files.mkdir(parents=True, exist_ok=True)
    ids: dict[str, int] = {}
    with Library.open(folder, create=True) as library:
        for name, text in (("ke-hoach", PLAN), ("quyet-dinh", ORDER), ("noi-bo", INTERNAL)):
            path = files / f"{name}.txt"
            path.write_text(text, encoding="utf-8")
            record = parse_record(read_record(str(path)))
            if name == "noi-bo":
                record.circulation = "LƯU HÀNH NỘI BỘ"
            if name == "quyet-dinh":
                record.fields["date"] = replace(record.fields["date"], needs_review=True, reasons=["con dấu che"])
            ids[name] = library.intake.add(record, path, reader_version=READER_VERSION).id
        bad = files / f"{HOSTILE.replace('/', '')}.txt"
        bad.write_text(f"Bài viết {HOSTILE} về sản phẩm OCOP <b>đậm</b>", encoding="utf-8")
        record = parse_record(read_record(str(bad)))
        record.title, record.doc_type, record.kind = f"Tựa {HOSTILE}", "Báo cáo", "administrative"
        record.so_ky_hieu, record.number, record.symbol = "99/BC-UBND", "99", "BC-UBND"
        record.issuer = f"UBND {HOSTILE}"
        record.fields["title"] = Evidence(0.4, needs_review=True, page=1, reasons=[HOSTILE])
        ids["xau"] = library.intake.add(record, bad, reader_version=READER_VERSION).id
        Search(folder, library.view()).catch_up()
        for name, words in (("919", "919/QĐ-TTg"), ("148", "148/QĐ-TTg")):
            ids[name] = library.view().one(words).id
    return ids
