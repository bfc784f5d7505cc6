"""Vietnamese names of fields, relations and states, for pages, commands and exports alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from corpus import dates
from corpus.model import Pinpoint
from corpus.provisions import list_words
from corpus.vocabulary import Effect

FIELDS = {
    "doc_type": "Loại văn bản",
    "so_ky_hieu": "Số, ký hiệu",
    "number": "Số",
    "symbol": "Ký hiệu",
    "date": "Ngày ban hành",
    "date_inferred": "Thời gian (suy đoán)",
    "issuer": "Cơ quan ban hành",
    "parent_agency": "Cơ quan chủ quản",
    "parent_agency_inferred": "Cơ quan chủ quản (suy đoán)",
    "place": "Địa danh",
    "title": "Trích yếu",
    "signer": "Người ký",
    "signer_title": "Chức vụ người ký",
    "signing_form": "Hình thức ký",
    "addressees": "Kính gửi",
    "recipients": "Nơi nhận",
    "urgency": "Độ khẩn",
    "secrecy": "Độ mật",
    "circulation": "Phạm vi lưu hành",
    "effective_date": "Có hiệu lực từ",
    "expiry": "Hiệu lực đến",
    "period": "Giai đoạn",
}

#: Fields whose value is an EDTF date.
DATES = frozenset({"date", "date_inferred", "effective_date", "expiry"})

RELATIONS = {
    "can_cu": "căn cứ",
    "can_cu_thuc_hien": "căn cứ thực hiện",
    "theo_de_nghi": "theo đề nghị",
    "thuc_hien": "thực hiện",
    "trien_khai": "triển khai",
    "dan_chieu": "dẫn chiếu",
    "sua_doi_bo_sung": "sửa đổi, bổ sung",
    "thay_the": "thay thế",
    "bai_bo": "bãi bỏ",
    "huong_dan": "hướng dẫn",
    "ban_hanh_kem_theo": "ban hành kèm theo",
    "phe_duyet": "phê duyệt",
    "dinh_chinh": "đính chính",
    "hop_nhat": "hợp nhất",
}

STATES = {
    "self": "chính văn bản này",
    "settled": "đã xác định",
    "inferred": "suy đoán",
    "ambiguous": "chưa rõ là văn bản nào",
    "unresolved": "chưa xác định",
}

EFFECTS: dict[str, str] = {str(effect): effect.words for effect in Effect}

OUTCOMES = {
    "new": "mới",
    "updated": "đọc lại",
    "duplicate": "trùng nội dung",
    "unchanged": "không đổi",
    "opened": "chứa văn bản, đã mở",
    "failed": "không đọc được",
    "refused": "bị từ chối vì mật",
    "removed": "đã gỡ trước đây",
}

SOURCES = {"text": "chữ có sẵn", "ocr": "nhận dạng từ ảnh quét", "mixed": "một phần nhận dạng từ ảnh quét"}


def date_text(edtf: str | None) -> str:
    """``2024-06-11`` → ``11/6/2024``; text that is no date is left as it is."""
    if not edtf:
        return ""
    return dates.vietnamese(edtf) if dates.is_edtf(edtf) else edtf


def pinpoint_words(citation: Mapping[str, Any]) -> str:
    """The provisions of a citation behind its text: ``, khoản 1 Điều 5; Điều 7``; "" where the whole is cited.

    Provisions that the document only reports others to have cited are told apart.
    """
    listed = list_words(Pinpoint(**one) for one in citation["pinpoints"])
    reported = list_words(Pinpoint(**one) for one in citation["reported_pinpoints"])
    return (f", {listed}" if listed else "") + (f", {reported} (thuật lại lời người khác)" if reported else "")


_ISO = re.compile(r"(?<![\d/-])\d{4}-\d{2}(?:-\d{2})?(?![\d-])")


def dates_in(text: str) -> str:
    """*text* with its ISO dates as officials write them: ``(OCR: 2023-03)`` → ``(OCR: tháng 3/2023)``."""
    return _ISO.sub(lambda match: date_text(match[0]), text)


def period_text(edtf: str) -> str:
    """``2023/2025`` → ``2023 - 2025``."""
    first, slash, last = edtf.partition("/")
    return f"{date_text(first)} - {date_text(last)}" if slash else date_text(edtf)


#: Tiers of search results (:class:`search.tiers.Tier`).
TIERS = {
    "so_hieu": "Đúng số hiệu",
    "khac_co_quan": "Cùng số hiệu, khác cơ quan hoặc năm",
    "gan": "Số hiệu gần giống",
    "dan": "Dẫn đến văn bản có số hiệu này",
    "co_the_dan": "Có thể dẫn đến số hiệu này",
    "chinh_xac": "Khớp nội dung",
    "bo_dau": "Khớp khi bỏ dấu",
    "tu_roi": "Đủ các tiếng nhưng không liền nhau",
    "co_the": "Có thể đúng ngày",
    "chi_duoc_dan": "Chỉ được dẫn, chưa có toàn văn",
    "thieu_tu_hiem": "Đủ các từ còn lại",
    "gan_nhat": "Gần nhất với câu tìm",
    "chi_bo_dau": "Chỉ được dẫn, chưa có toàn văn; khớp khi bỏ dấu hoặc không liền tiếng",
}

FACETS = {
    "loai": "Loại văn bản",
    "coquan": "Cơ quan ban hành",
    "cap": "Cấp",
    "nam": "Năm ban hành",
    "tinh": "Tỉnh (khi ban hành)",
    "tinh_nay": "Tỉnh (hiện nay)",
    "huyen": "Huyện (khi ban hành)",
    "xa": "Xã (khi ban hành)",
    "hieuluc": "Hiệu lực",
    "trangthai": "Tình trạng",
    "kind": "Nhóm",
}

SORTS = {"relevance": "phù hợp nhất", "date": "mới nhất", "cited": "được dẫn nhiều nhất"}

_CONFLICTS = {"date": "ngày", "issuer": "cơ quan", "title": "trích yếu", "symbol": "ký hiệu", "year": "năm"}


def citing_value(conflict: str) -> str:
    """``date: 2018-07-05 / 2018-05-07`` → ``ngày 05/7/2018``: the value in the citing document."""
    name, _, rest = conflict.partition(": ")
    return f"{_CONFLICTS.get(name, name)} {date_text(rest.partition(' / ')[0])}"


def conflict_text(conflict: str) -> str:
    """``date: 2018-07-05 / 2018-05-07`` → ``ngày: ở đây ghi 05/7/2018, nơi khác 07/5/2018``."""
    name, colon, rest = conflict.partition(": ")
    cited, slash, known = rest.partition(" / ")
    label = _CONFLICTS.get(name, name)
    if not colon:
        return conflict
    return (
        f"{label}: ở đây ghi {date_text(cited)}, nơi khác {date_text(known)}"
        if slash
        else f"{label}: {date_text(cited)}"
    )
