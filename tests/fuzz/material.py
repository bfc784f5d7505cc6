"""What the fuzzer makes its inputs of: sample texts to begin with, and words of the field to put into them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pypdfium2

from corpus.fold import nfc
from corpus.tables import rows
from search.data import DATA as SEARCH_DATA
from tests.paths import ROOT, SAMPLES

INGEST_DATA = ROOT / "ingest" / "data"


@cache
def documents() -> tuple[str, ...]:
    """The text of every sample document that is text."""
    texts = [path.read_text("utf-8") for path in sorted((SAMPLES / "files").glob("*.txt"))]
    for path in sorted((SAMPLES / "files").glob("*.pdf")):
        with pypdfium2.PdfDocument(path) as opened:
            pages = []
            for page in opened:
                text = page.get_textpage()
                pages.append(text.get_text_range())
                text.close()
                page.close()
            texts.append("\f".join(pages))
    return tuple(text for text in (nfc(text) for text in texts) if len(text) > 200)


def _column(name: str, columns: tuple[str, ...], folder: Path | None = None) -> list[str]:
    table = rows(name, folder) if folder else rows(name)
    return [part for row in table for column in columns for part in row[column].split("|") if part]


#: Numbers of documents, in all their forms and some misprints.
NUMBERS = (
    "490/QĐ-TTg",
    "24/2024/NĐ-CP",
    "22/2023/QH15",
    "4464/QĐ-BNN-VPĐP",
    "05-NQ/TW",
    "34-CTr/TU",
    "235-HĐBT",
    "1357TC/QĐ-TCT",
    "66.7/2025/NQ-CP",
    "12a/2011/TT-BTP",
    "05/BNN&PTNT-VP",
    "596/VPĐP-OCOP",
    "16/2009-L-CTN",
    "41/CP",
    "12/QyĐ-BTV",
    "183/2010/TTLT/BTC-BNN",
    "157/TB_UBND",
    "1407/CĐ- -BYT",
    "08 a/2010/TT-BTP",
    "34/2005-QH11",
    "318, 319 và 320/QĐ-UBND",
)

#: Dates and periods as documents write them.
DATES = (
    "ngày 07/5/2018",
    "ngày 31/02/2024",
    "ngày 01 tháng 8 năm 2022",
    "ngày   tháng 3 năm 2020",
    "07-5-2018",
    "năm 2023",
    "tháng 13 năm 2022",
    "giai đoạn 2021-2025",
    "có hiệu lực kể từ ngày ký",
    "hết hiệu lực từ ngày 01/01/2030",
)

#: Phrases and signs that a parser looks for.
PHRASES = (
    "Căn cứ ",
    "Căn cứ vào ",
    "Theo đề nghị của ",
    "Thực hiện ",
    " số ",
    "Số: ",
    " của ",
    " về việc ",
    "V/v ",
    " và ",
    "; ",
    ", ",
    ": ",
    "(Kèm theo ",
    ")",
    "\n",
    "\n\n",
    "\f",
    "Nơi nhận:\n- Như trên;\n- Lưu: VT.",
    "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n",
    "TM. ỦY BAN NHÂN DÂN\n",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n",
    "ĐẢNG CỘNG SẢN VIỆT NAM",
    "QUYẾT ĐỊNH:\n",
    "Điều 1. ",
    "Kính gửi: ",
    "CÔNG BÁO/Số 1 + 2/Ngày 01-01-2026 3",
    "sửa đổi, bổ sung một số điều của ",
    "thay thế ",
    "bãi bỏ ",
    "nêu trên",
    "Luật số ",
    "TỐI MẬT",
    "HỎA TỐC",
    "LƯU HÀNH NỘI BỘ",
    "Người ký: ",
    "Mẫu số 01/MGTH",
    "QCVN 12:2008/BTNMT",
    "Bà Nguyễn Thị Mười",
    "Ký bởi: Ủy ban",
    " . . . ",
)

#: Pieces of the query language.
QUERY_PIECES = (
    "(",
    ")",
    '"',
    "~",
    "*",
    "-",
    ":",
    " OR ",
    " AND ",
    " NOT ",
    "..",
    ">=",
    "<",
    "|",
    "#",
    "loai:",
    "ngay:",
    "coquan:",
    "tinh:",
    "cancu:",
    "duoi:",
    "dan:",
    "so:",
    "hieuluc:",
    "trangthai:",
    "nguoiky:",
    "trichyeu:",
    "bang:",
    "noinhan:",
    "tinhnay:",
    '"đánh giá, phân hạng"~3',
    "tập*",
    "huần~2",
    "919 qd ttg",
    "qd-ttg 919",
    "919/2022/QĐ-TTg",
    "quyet dinh 490",
    "nam 2022",
    "2020..2024",
    "11/6/2024",
    "tập huấn OCOP",
    "siêu thị",
    "\\",
    "%",
    "_",
    "'",
    "&",
    "[",
    "]",
    "{",
    "^",
    "+",
    "/",
    "@",
    "!",
    "?",
    "//",
    "http://",
    "và/hoặc",
    "NN&PTNT",
)


@cache
def words() -> tuple[str, ...]:
    """Words and phrases of the field, from the data tables."""
    return tuple(
        dict.fromkeys(
            [
                *NUMBERS,
                *DATES,
                *PHRASES,
                *_column("document_types", ("name", "code")),
                *_column("agencies", ("codes",)),
                *_column("agency_heads", ("phrase",), INGEST_DATA),
                *_column("cited_types", ("phrase",), INGEST_DATA),
                *_column("issuer_stops", ("phrase",), INGEST_DATA),
                *_column("law_names", ("type", "name"), INGEST_DATA),
                *_column("ocr_segments", ("seen", "segment"), INGEST_DATA),
                *_column("urgency", ("value",), INGEST_DATA),
                *[f"tỉnh {name}" for name in _column("provinces", ("name",))],
            ]
        )
    )


@cache
def seeds(target: str) -> tuple[str, ...]:
    """What mutation of *target*'s inputs begins with."""
    if target == "so_ky_hieu":
        return (*NUMBERS, *(f"Quyết định số {number} {date}" for number, date in zip(NUMBERS, DATES * 3, strict=False)))
    if target in {"query", "lookup"}:
        helped = [row["help"] for row in rows("fields", SEARCH_DATA)]
        return (*QUERY_PIECES, *NUMBERS, *helped, 'loai:"Kế hoạch" coquan:"UBND tỉnh" (tập huấn OR "hội chợ")')
    if target == "dates":
        return (*DATES, "2024-06-11", "11/6/2024", ">=2023", "2020-11..", "6/2024")
    if target == "header":
        return tuple(text[:2500] for text in documents())
    return documents()
