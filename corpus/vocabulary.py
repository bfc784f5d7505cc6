"""The closed sets of values that records, libraries and commands use: verdicts, relations, zones, effects.

Each member is its stored value (a string, as in JSON and in the database), so a member equals that string.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from corpus.worded import WordedEnum


class Verdict(StrEnum):
    """Why a file was not read, or not to its end. Each has words for a user and the exit code of a command."""

    exit_code: int
    words: str

    def __new__(cls, value: str, exit_code: int = 0, words: str = "") -> Self:
        """A member with its stored *value*, exit code and Vietnamese words."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.exit_code = exit_code
        made.words = words
        return made

    TOO_LARGE = "qua_lon", 12, "quá lớn"
    TIMED_OUT = "het_gio", 13, "hết giờ"
    DAMAGED = "hong", 14, "hỏng"
    ENCRYPTED = "ma_hoa", 15, "có mật khẩu"
    UNSUPPORTED = "khong_ho_tro", 16, "không hỗ trợ"
    OUT_OF_MEMORY = "het_bo_nho", 17, "hết bộ nhớ"
    NO_TEXT = "trong", 18, "không có chữ"
    NOT_OPENED = "mat_tep", 19, "không mở được"
    CHANGED = "thay_doi", 24, "thay đổi trong lúc đọc"
    SECRET = "mat", 11, "văn bản mật"
    MISSING_TOOL = "thieu_cong_cu", 30, "thiếu công cụ"
    #: A fault of the program.
    PROGRAM_ERROR = "loi", 10, "lỗi"
    #: The file was read, but does not have the part that was asked for.
    NOT_PRESENT = "khong_co", 10, "không có"
    #: A document that may not be kept, of which only hash and reason are stored.
    REFUSED = "tu_choi", 10, "bị từ chối"

    @classmethod
    def of(cls, value: object) -> Verdict:
        """The verdict stored as *value*; PROGRAM_ERROR for anything that is none."""
        try:
            return cls(str(value))
        except ValueError:
            return cls.PROGRAM_ERROR


class Relation(StrEnum):
    """How one document mentions another (domain: relations between documents)."""

    #: Căn cứ: issued on the basis of it.
    LEGAL_BASIS = "can_cu"
    #: Căn cứ để thực hiện: a basis for a task, not for the document itself.
    BASIS_OF_TASK = "can_cu_thuc_hien"
    #: Theo đề nghị tại: issued at the proposal made in it.
    PROPOSED_IN = "theo_de_nghi"
    #: Thực hiện: carries it out.
    IMPLEMENTS = "thuc_hien"
    #: Triển khai: puts it into practice at another level.
    DEPLOYS = "trien_khai"
    #: Dẫn chiếu: any other mention.
    REFERS_TO = "dan_chieu"
    #: Sửa đổi, bổ sung.
    AMENDS = "sua_doi_bo_sung"
    #: Thay thế.
    REPLACES = "thay_the"
    #: Bãi bỏ.
    REPEALS = "bai_bo"
    #: Hướng dẫn.
    GUIDES = "huong_dan"
    #: Ban hành kèm theo.
    ISSUED_WITH = "ban_hanh_kem_theo"
    #: Phê duyệt.
    APPROVES = "phe_duyet"
    #: Đính chính.
    CORRECTS = "dinh_chinh"
    #: Hợp nhất.
    CONSOLIDATES = "hop_nhat"


class Change(StrEnum):
    """What an amending sentence does to a provision of another document (Nghị định 78/2025/NĐ-CP)."""

    #: Sửa đổi, or sửa đổi, bổ sung.
    AMENDS = "sua_doi"
    #: Bổ sung: a provision that was not there.
    ADDS = "bo_sung"
    #: Bãi bỏ, bỏ, hết hiệu lực.
    REPEALS = "bai_bo"
    #: Thay thế, as of an annex or a form.
    REPLACES = "thay_the"
    #: A cụm từ in it is replaced, added or dropped.
    REWORDS = "cum_tu"
    #: Đính chính, chỉnh sửa: an error is corrected.
    CORRECTS = "dinh_chinh"
    #: Tạm ngưng hiệu lực.
    SUSPENDS = "tam_ngung"


class Zone(StrEnum):
    """The part of a document that contains a citation."""

    TITLE = "title"
    #: Phần căn cứ: from the title to the operative part.
    PREAMBLE = "preamble"
    BODY = "body"
    FOOTNOTE = "footnote"
    ATTACHMENT = "attachment"
    OTHER = "other"


class Effect(WordedEnum):
    """Whether a document is in force on a day (hiệu lực). Of several that hold the first listed decides."""

    REPLACED = "bi_thay_the", "bị thay thế"
    REPEALED = "bi_bai_bo", "bị bãi bỏ"
    EXPIRED = "het_hieu_luc", "hết hiệu lực"
    #: The period in its title ("giai đoạn 2018-2020") is over.
    PERIOD_OVER = "het_giai_doan", "hết thời kỳ thực hiện"
    PARTLY_EXPIRED = "het_hieu_luc_mot_phan", "hết hiệu lực một phần"
    AMENDED = "bi_sua_doi", "bị sửa đổi, bổ sung"
    NOT_YET_IN_FORCE = "chua_co_hieu_luc", "chưa có hiệu lực"
    IN_FORCE = "con_hieu_luc", "còn hiệu lực"
    UNKNOWN = "khong_ro", "không đủ dữ liệu"


class TableDoubt(WordedEnum):
    """What is doubtful about the structure of a table. Each has words for a user."""

    #: Its columns were concluded from the places of words, not from rules or from the file.
    NO_RULES = "khong_ke", "không có đường kẻ, cột suy từ vị trí chữ"
    #: Text in its area belongs to no cell.
    STRAY_TEXT = "chu_ngoai_o", "có chữ không thuộc ô nào"
    #: The numbers of its rows do not follow one another.
    NUMBERS_BROKEN = "stt_khong_lien_tuc", "số thứ tự không liên tục"
    #: A total does not equal the sum of its rows.
    TOTAL_DIFFERS = "tong_khong_khop", "dòng tổng không bằng tổng các dòng"
    #: It has more cells than are kept.
    CUT = "bi_cat", "bảng quá lớn, chỉ giữ phần đầu"
    #: Read from a picture by OCR, and a cell is poorly read.
    POORLY_READ = "chu_mo", "có ô đọc không chắc"


class ProvisionState(StrEnum):
    """Whether what a citation rests on has been changed by a day, as far as the library shows."""

    #: A document of the library changes the cited provision, or the whole document is no longer in force.
    TOUCHED = "bi_dung_toi"
    #: Documents of the library change the cited document, all of them elsewhere.
    UNTOUCHED = "khong_dung_toi"
    #: Not enough is held or read to say; never shown as fine.
    UNKNOWN = "chua_ro"


class MentionState(StrEnum):
    """What was concluded of a mention: which document it means, and how surely."""

    #: The document that contains the mention.
    SELF = "self"
    #: One document, by number, ký hiệu, issuer and year.
    SETTLED = "settled"
    #: One document, by a conclusion that may be wrong.
    INFERRED = "inferred"
    #: One of several candidates.
    AMBIGUOUS = "ambiguous"
    #: No document that is known.
    UNRESOLVED = "unresolved"


class StaleReason(StrEnum):
    """Why a search index cannot be used as it is."""

    #: There is none.
    MISSING = "missing"
    #: Its files are torn, or being replaced.
    DAMAGED = "damaged"
    #: Made by a version of the program with another layout.
    OTHER_VERSION = "other_version"
    #: Made with another engine than the settings name.
    OTHER_ENGINE = "other_engine"
    #: Others can write to its folder, so it cannot be trusted.
    UNTRUSTED = "untrusted"
