"""A made-up library of any size for measuring: papers of realistic length, citations with a heavy tail.

Sixty-three provinces write plans, decisions, reports and notices of two to twenty pages. They rest on decisions and laws
of the centre, a few of which half the library cites, on earlier papers of their own province, the oldest most often, and
some replace or amend one of those. Paper *n* is the same in every run.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from functools import cache
from pathlib import Path

from corpus import areas
from corpus.law import known_documents
from corpus.library import Library
from corpus.model import Citation, Evidence, Record
from corpus.segment import pieces
from corpus.segment import words as segment_words
from corpus.vocabulary import Relation, Zone
from search.index.engine_document import text_with_heading
from search.index.index_folder import IndexFolder
from search.index.word_cache import WordCache
from search.searcher import Search

#: Loại, its code, how many in a hundred.
KINDS = (("Kế hoạch", "KH", 35), ("Quyết định", "QĐ", 35), ("Báo cáo", "BC", 20), ("Thông báo", "TB", 10))
#: Papers of the centre that are held, and the share of the papers written since that rest on them.
CENTRAL = (
    ("490/QĐ-TTg", "2018-05-07", 0.8),
    ("1048/QĐ-TTg", "2019-08-21", 0.5),
    ("781/QĐ-TTg", "2020-06-08", 0.3),
    ("263/QĐ-TTg", "2022-02-22", 0.3),
    ("919/QĐ-TTg", "2022-08-01", 0.97),
    ("148/QĐ-TTg", "2023-02-24", 0.8),
    ("1489/QĐ-TTg", "2025-07-06", 0.3),
)
FIRST, DAYS = Day(2019, 11, 1), 2_200
#: Words of a page.
PAGE = 380
TERMS = """
sản phẩm; chương trình; mỗi xã một sản phẩm; đánh giá; phân hạng; tập huấn; hợp tác xã; kinh phí; triển khai; thực hiện;
nông thôn mới; tiêu chuẩn; chất lượng; hồ sơ; hội đồng; thẩm định; công nhận; quảng bá; xúc tiến thương mại; siêu thị;
chủ thể; nguyên liệu; vùng trồng; chè; gạo; cà phê; mật ong; thủ công mỹ nghệ; làng nghề; truyền thống; du lịch cộng đồng;
bao bì; nhãn hiệu; truy xuất nguồn gốc; mã số vùng trồng; an toàn thực phẩm; ngân sách nhà nước; vốn đối ứng; doanh nghiệp;
hộ kinh doanh; trang trại; tổ hợp tác; liên kết; chuỗi giá trị; chuyển đổi số; sàn thương mại điện tử; hội chợ; điểm bán hàng;
điểm giới thiệu; xếp hạng; ba sao; bốn sao; năm sao; tiềm năng; lợi thế; địa phương; đặc sản; bản địa; văn hóa; cán bộ;
quản lý; kiểm tra; giám sát; báo cáo; tổng hợp; ủy ban nhân dân; sở nông nghiệp; sở tài chính; sở công thương; cấp huyện;
cấp xã; thành viên; tư vấn; phiếu chấm; tiêu chí; quy trình; thủ tục; thời gian; hoàn thành; chậm nhất; trước ngày; hằng năm;
giai đoạn; mục tiêu; nhiệm vụ; giải pháp; tổ chức; phối hợp; hướng dẫn; hỗ trợ; đầu tư; phát triển; nâng cao; bảo đảm;
đẩy mạnh; tăng cường; duy trì; mở rộng; xây dựng; hình thành; khai thác; bảo tồn; phát huy; môi trường; khí hậu; rừng; biển;
thủy sản; chăn nuôi; trồng trọt; dược liệu; thảo dược; rượu; nước mắm; tinh dầu; miến dong; bún khô; cam; bưởi; xoài; thanh long;
hạt điều; hồ tiêu; sâm; nấm; măng; cá; tôm; thịt; trứng; sữa; dệt thổ cẩm; gốm sứ; mây tre đan; nữ; thanh niên; nông dân;
đồng bào dân tộc; vùng sâu; vùng xa; đào tạo; nghề; lao động; việc làm; thu nhập; giảm nghèo; bền vững; tín dụng; ngân hàng;
lãi suất; thuế; giá bán; doanh thu; xuất khẩu; thị trường; người tiêu dùng; logo; chứng nhận; giấy phép; kiểm nghiệm;
công bố; hạn sử dụng; dây chuyền; máy móc; công nghệ; sáng kiến; nghiên cứu; ứng dụng; khoa học; thống kê; số liệu; phụ lục
"""
JOINTS = (
    "và; của; cho; để; trong; các; những; theo; về; tại; với; từ; đến; do; được; cần; phải; sẽ; trên địa bàn; đối với"
)
SIGNERS = "Nguyễn Văn An; Trần Thị Bình; Lê Hoàng Cường; Phạm Đức Dũng; Hoàng Thị Giang; Vũ Quốc Hải; Đặng Minh Khoa"
SENTENCES = 6_000


def _parts(text: str) -> list[str]:
    return [part for part in " ".join(text.split()).split("; ") if part]


@cache
def terms() -> list[str]:
    """What the papers are about."""
    return _parts(TERMS)


@cache
def sentences() -> list[str]:
    """What papers say; the first ones are said far oftener than the last."""
    chance = random.Random(919)
    joints = _parts(JOINTS)
    often = [1 / (1 + at) ** 0.6 for at in range(len(terms()))]
    made = []
    for _ in range(SENTENCES):
        told = []
        for term in chance.choices(terms(), often, k=chance.randint(4, 14)):
            told += [term, chance.choice(joints)]
        made.append(" ".join(told[:-1]).capitalize() + ".")
    return made


@dataclass(frozen=True, slots=True)
class Paper:
    """What others say of a paper when they cite it."""

    doc_type: str
    so_ky_hieu: str
    date: str
    issuer: str
    title: str = ""

    def said(self) -> str:
        day = Day.fromisoformat(self.date)
        return f"{self.doc_type} số {self.so_ky_hieu} ngày {day.day:02d}/{day.month}/{day.year} của {self.issuer}"


@cache
def _provinces() -> list[str]:
    return sorted(province.name for province in areas.provinces().values())[:63]


@cache
def _central() -> list[Paper]:
    return [_known(number, date) for number, date, _ in CENTRAL]


def _known(number: str, date: str) -> Paper:
    found = next(k.facts for k in known_documents.dated(date) if k.facts.so_ky_hieu == number)
    return Paper(found.doc_type or "", number, date, found.issuer or "Thủ tướng Chính phủ", found.title or "")


@cache
def _tail() -> tuple[list[Paper], list[float]]:
    """Other known papers of the centre, each cited less than the one before."""
    found = [
        Paper(f.doc_type or "", f.so_ky_hieu or "", f.date or "", f.issuer or "", f.title or "")
        for f in (row.facts for row in known_documents.all_rows().values())
        if f.doc_type
        and f.so_ky_hieu
        and f.issuer
        and len(f.date or "") == 10
        and "2008" < (f.date or "") < "2019"
        and "UBND" not in f.so_ky_hieu
    ]
    return found, [1 / (1 + at) for at in range(len(found))]


def paper(number: int, documents: int) -> Paper:
    """Paper *number* of a library of so many: the first are the centre's, the rest the provinces', the oldest first."""
    if number <= len(CENTRAL):
        return _central()[number - 1]
    chance = random.Random(number)
    turn, province = divmod(number, 63)
    doc_type, code, _ = chance.choices(KINDS, [kind[2] for kind in KINDS])[0]
    day = FIRST + timedelta(days=min(turn * DAYS // max(documents // 63, 1), DAYS))
    title = f"về {sentences()[chance.randrange(SENTENCES)][:-1].lower()}"
    return Paper(
        doc_type,
        f"{turn * 11 + number % 11}/{code}-UBND",
        day.isoformat(),
        f"UBND tỉnh {_provinces()[province]}",
        title,
    )


def _cited(number: int, documents: int, own: Paper, chance: random.Random) -> Iterator[tuple[Paper, Relation]]:
    for central, (_, date, share) in zip(_central(), CENTRAL, strict=True):
        if date < own.date and chance.random() < share:
            yield central, Relation.LEGAL_BASIS
    tail, weights = _tail()
    for other in dict.fromkeys(chance.choices(tail, weights, k=chance.randint(1, 4))):
        yield other, Relation.LEGAL_BASIS
    turn = number // 63
    for _ in range(chance.randint(0, 4)):
        before = number - 63 * (turn - int(turn * chance.random() ** 3))
        if len(CENTRAL) < before < number:
            draw = chance.random()
            yield (
                paper(before, documents),
                Relation.REPLACES
                if draw < 0.02
                else Relation.AMENDS
                if draw < 0.05
                else Relation.LEGAL_BASIS
                if draw < 0.6
                else Relation.REFERS_TO,
            )


def record(number: int, documents: int) -> Record:
    """Paper *number* as it was read."""
    own, chance = paper(number, documents), random.Random(-number)
    place = own.issuer.removeprefix("UBND tỉnh ")
    issuer = own.issuer.replace("UBND", "Ủy ban nhân dân").upper()
    text = (
        f"{issuer}\nSố: {own.so_ky_hieu}\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        f"{place}, ngày {own.date[8:]} tháng {own.date[5:7]} năm {own.date[:4]}\n{own.doc_type.upper()}\n{own.title}\n"
    )
    citations: list[Citation] = []
    body: list[tuple[Paper, Relation]] = []

    def cite(other: Paper, relation: Relation, page: int) -> None:
        nonlocal text
        start, said = len(text), other.said()
        text += said
        head_, _, symbol = other.so_ky_hieu.partition("/")
        legal = relation == Relation.LEGAL_BASIS
        citations.append(
            Citation(
                said, start, len(text), other.doc_type, head_, symbol, other.so_ky_hieu, other.date, other.issuer,
                relation=relation, is_legal_basis=legal, zone=Zone.PREAMBLE if legal else Zone.BODY, page=page,
            )
        )  # fmt: skip

    met = {own.so_ky_hieu}
    for other, relation in _cited(number, documents, own, chance) if number > len(CENTRAL) else ():
        if other.so_ky_hieu in met:
            continue
        met.add(other.so_ky_hieu)
        if relation == Relation.LEGAL_BASIS:
            text += "Căn cứ "
            cite(other, relation, 1)
            text += ";\n"
        else:
            body.append((other, relation))
    pages, written, wanted = 1, 0, min(PAGE * 20, int(PAGE * chance.lognormvariate(1.1, 0.7)))
    while written < wanted or body:
        said = sentences()[int(SENTENCES * chance.random() ** 2)]
        text += said + ("\n" if chance.random() < 0.3 else " ")
        written += said.count(" ") + 1
        if body and chance.random() < 0.2:
            other, relation = body.pop()
            verb = {Relation.REPLACES: "thay thế ", Relation.AMENDS: "sửa đổi, bổ sung "}.get(
                relation, "thực hiện theo "
            )
            text += f"{own.doc_type} này {verb}"
            cite(other, relation, pages)
            text += ".\n"
        if written > pages * PAGE:
            text, pages = text + "\n\f", pages + 1
    signer = chance.choice(_parts(SIGNERS))
    text += f"\nNơi nhận:\n- Như trên;\n- Lưu: VT.\nCHỦ TỊCH\n{signer}\n"
    unsure = chance.random() < 0.1
    fields = {
        name: Evidence(0.5 if unsure and name == "date" else 0.95, needs_review=unsure and name == "date", page=1)
        for name in ("so_ky_hieu", "date", "issuer", "title", "signer")
    }
    number_, _, symbol = own.so_ky_hieu.partition("/")
    return Record(
        f"bench/{number}.txt", f"{number:064x}", pages, "text", text, "administrative", own.doc_type, number_, symbol,
        own.so_ky_hieu, own.date, issuer=own.issuer, place=place, title=own.title, signer=signer,
        recipients=["Như trên", "Lưu: VT"], fields=fields, citations=citations,
    )  # fmt: skip


def make(folder: Path, documents: int) -> float:
    """Make the library unless it is there (or go on with it), indexed with Tantivy; seconds it took."""
    began = time.perf_counter()
    with Library.open(folder, create=True) as library:
        begun = (folder / "index").exists()  # papers are all there, and perhaps others that were read in since
        for number in () if begun else range(library.view().status().held + 1, documents + 1):
            library.intake.add(record(number, documents))
            if number % 1_000 == 0:
                print(f"{number} papers, {time.perf_counter() - began:.0f} s", flush=True)
        with closing(Search(folder, library.view(), "tantivy")) as search:
            if not (folder / "index").exists():
                _segment(folder, library)
            search.catch_up()
    return time.perf_counter() - began


def _segment(folder: Path, library: Library) -> None:
    """Words are cut sentence by sentence, and sentences come again and again: each is cut once, for the index to find."""
    met: dict[str, list[str]] = {}

    def words(text: str) -> list[str]:
        found: list[str] = []
        for piece in pieces(text):
            if piece not in met:
                met[piece] = segment_words(piece)
            found += met[piece]
        return found

    with IndexFolder(folder / "index").writing():
        pass  # makes it, and seals it as of this place
    with closing(WordCache(folder / "index" / "words.sqlite", words)) as cache:
        cache.begin()
        for change in library.view().changes(0):
            found = library.view().indexed(change.id)
            cache(text_with_heading(found))
