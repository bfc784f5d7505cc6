"""Issuers compared; a Ủy ban nhân dân and its chairman share a letterhead and one register of numbers."""

from __future__ import annotations

from typing import Literal

from corpus import agencies, areas, identity
from corpus.checks.comparison import Comparison, FieldCheck, WrittenBasis
from corpus.fold import clean, fold, letters, squeeze
from corpus.identity import LAWS, Facts
from corpus.library import LibraryView
from corpus.library.values import Reference

#: Who signed a document with the letterhead of a UBND: the committee ("TM. ỦY BAN NHÂN DÂN"), its chairman, or unknown.
Signed = Literal["uy_ban", "chu_tich"] | None


def kind_of_agency(issuer_key: str | None) -> str:
    """The part of an issuer's key before its place: ``ubnd``."""
    return (issuer_key or "").split(":")[0]


def is_placeless(issuer: str) -> bool:
    """Whether an agency that every place has is written without any place or level: "UBND"."""
    agency, level, place = areas.split(agencies.without_head(agencies.short(issuer)))
    return level is None and place is None and fold(agency) in {"ubnd", "hdnd"}


def signed_by(view: LibraryView, reference: Reference) -> Signed:
    """Who signed, by the quyền hạn ký of the held document; None where that is not known or does not matter."""
    if not reference.held or reference.id is None or kind_of_agency(reference.facts.issuer_key) != "ubnd":
        return None
    record = view.document(reference.id).record
    if record is None or ("signing_form" in record.fields and record.fields["signing_form"].needs_review):
        return None
    form, title = record.signing_form or [], fold(record.signer_title or "")
    if any(letters(f) == "TM" for f in form):
        return "uy_ban"
    if any(letters(f) in {"TL", "TUQ"} for f in form) or not title.endswith("chu tich"):
        return None
    # The absence of "TM." is certain only where another form was read, or where the text was not read from a picture.
    return "chu_tich" if form or record.source == "text" else None


def check_issuer(basis: WrittenBasis, facts: Facts, signed: Signed) -> list[FieldCheck]:
    """The issuer; nothing for a law, which is never cited with one."""
    written, meant = basis.issuer, basis.considered.facts
    if written is None:
        if basis.citation.doc_type in LAWS:
            return []
        return [FieldCheck("issuer", Comparison.UNKNOWN, None, facts.issuer, "không ghi cơ quan")]
    # The ký hiệu alone decides a central issuer's key, so what is written is judged by its own words.
    own = identity.issuer_key(written, None, "") or meant.issuer_key
    if own is None or facts.issuer_key is None or own.endswith("?") or facts.issuer_key.endswith("?"):
        same, sure = meant.issuer_key == facts.issuer_key, False
    else:
        same, sure = own == facts.issuer_key or (meant.issuer_key == facts.issuer_key and ":" in own), True
    if same:
        note = _committee_or_chairman(written, facts, signed)
        known = issuer_for_wording(facts, signed, None) if signed else facts.issuer
        return [FieldCheck("issuer", Comparison.UNKNOWN if note else Comparison.MATCHES, written, known, note)]
    if basis.citation.issuer is None and not basis.typed:
        sure = False  # a line that the scan lost may stand between the number and that name
    verdict = Comparison.DIFFERS if sure else Comparison.UNKNOWN
    return [FieldCheck("issuer", verdict, written, facts.issuer, doubtful=not sure and not basis.typed)]


def _is_chairman(issuer: str | None) -> bool:
    """Whether "Chủ tịch UBND …" is written, not "UBND …"."""
    short = squeeze(clean(agencies.short(issuer or "")))
    return agencies.without_head(short) != short


def _committee_or_chairman(written: str, facts: Facts, signed: Signed) -> str:
    """A note where the chairman is written for the committee, or the reverse; "" where there is none to make."""
    if kind_of_agency(facts.issuer_key) != "ubnd":
        return ""
    chairman = _is_chairman(written)
    if signed == "uy_ban" and chairman:
        return "ghi Chủ tịch UBND, bản gốc ký TM. ỦY BAN NHÂN DÂN"
    if signed == "chu_tich" and not chairman:
        return "ghi UBND, bản gốc ký CHỦ TỊCH, không thấy TM. ỦY BAN NHÂN DÂN"
    if signed is None and chairman != _is_chairman(facts.issuer):
        return "chưa rõ do UBND hay Chủ tịch UBND ban hành"
    return ""


def issuer_for_wording(facts: Facts, signed: Signed, written: str | None) -> str | None:
    """The issuer for a full wording: of a UBND and its chairman the one who signed, else the one that is *written*."""
    if facts.issuer is None or kind_of_agency(facts.issuer_key) != "ubnd":
        return facts.issuer
    body = agencies.without_head(squeeze(clean(facts.issuer)))
    chairman = signed == "chu_tich" or (signed is None and _is_chairman(written if written else facts.issuer))
    return f"Chủ tịch {body}" if chairman else body
