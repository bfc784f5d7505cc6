"""A document as schema.org ``Legislation`` in JSON-LD, for search engines and other programs."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

_FORCE = {
    "con_hieu_luc": "InForce",
    "het_hieu_luc": "NotInForce",
    "bi_thay_the": "NotInForce",
    "bi_bai_bo": "NotInForce",
    "het_hieu_luc_mot_phan": "PartiallyInForce",
}
#: Relation → its property; a legal basis is isBasedOn, any other mention citation.
_RELATIONS = {
    "sua_doi_bo_sung": "legislationAmends",
    "thay_the": "legislationRepeals",
    "bai_bo": "legislationRepeals",
    "dinh_chinh": "legislationCorrects",
    "huong_dan": "legislationApplies",
    "hop_nhat": "legislationConsolidates",
}


def describe(view: dict[str, Any], base: str, status: str = "khong_ro") -> dict[str, Any]:
    """The document of a :func:`webui.app.document_view.view`. base: the site's address. Unknown values are left out."""
    doc, record = view["doc"], view["record"]
    kind = "Legislation"
    if record is not None and record.kind != "administrative":
        kind = "NewsArticle"
    elif doc["doc_type"] in {"Công văn", "Giấy mời"}:
        kind = "DigitalDocument"
    linked: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": f"{base}{doc['url']}",
        "url": f"{base}{doc['url']}",
        "name": doc["name"],
        "inLanguage": "vi",
        "abstract": doc["title"],
    }
    if kind == "Legislation":
        linked |= {
            "legislationIdentifier": doc["so_ky_hieu"],
            "legislationType": doc["doc_type"],
            "legislationDate": doc["date"],
            "legislationPassedBy": {"@type": "GovernmentOrganization", "name": doc["issuer"]}
            if doc["issuer"]
            else None,
            "legislationJurisdiction": "VN",
            "legislationLegalForce": _FORCE.get(status),
        }
    else:
        linked |= {"identifier": doc["so_ky_hieu"], "dateCreated": doc["date"]}
    for group in view["bases"].values():
        for edge in group:
            name = "isBasedOn" if edge["is_legal_basis"] else _RELATIONS.get(edge["relation"], "citation")
            linked.setdefault(name, []).append(
                {"@type": "Legislation", "@id": f"{base}{edge['document']['url']}", "name": edge["document"]["name"]}
            )
    return {key: value for key, value in linked.items() if value is not None}


def script(linked: dict[str, Any]) -> Markup:
    """The ``<script>`` element. ``<``, ``>`` and ``&`` are written as escapes, so no text can end it."""
    text = json.dumps(linked, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup('<script type="application/ld+json">') + Markup(text) + Markup("</script>")
