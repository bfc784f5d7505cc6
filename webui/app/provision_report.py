"""A provision as it stood on a day, as JSON data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus import provisions
from corpus.checks.provision_text import ProvisionText, provision_text
from corpus.errors import UsageError
from corpus.outline import anchor_of
from ingest.provisions.one import provision_of
from webui.app import json_shapes, radar

if TYPE_CHECKING:
    from corpus.library import LibraryView


def of(view: LibraryView, id: int, typed: str, *, on: str | None = None) -> dict[str, Any]:
    """The provision that *typed* names ("khoản 1 Điều 5") on a day (EDTF), today unless given.

    Raises NotFound, UsageError.
    """
    wanted = provision_of(typed)
    if wanted is None:
        raise UsageError(f"“{typed}” không phải là một điều khoản.", "Hãy ghi như “khoản 1 Điều 5” hoặc “Phụ lục II”.")
    found = provision_text(view, id, wanted, on)
    return {
        "document": json_shapes.summary(found.document),
        "provision": provisions.words(wanted),
        "url": f"/van-ban/{id}#{anchor_of(wanted)}",
        "on": found.on,
        "text": found.text,
        "source": json_shapes.summary(found.source) if found.source else None,
        "repealed": found.repealed,
        "complete": found.is_complete,
        "words": _words(found),
        "applied": [radar.touch(one) for one in found.applied],
        "not_applied": [radar.touch(one) for one in found.not_applied],
    }


def _words(found: ProvisionText) -> str:
    """What the text is, and what it does not say."""
    if found.repealed:
        state = f"Đã bị {found.source.name} bãi bỏ" if found.source else "Đã bị bãi bỏ"
    elif found.text is None or found.source is None:
        state = "Kho không có lời văn của điều khoản này tại ngày đó"
    elif found.applied:
        state = f"Lời văn theo {found.source.name}"
    else:
        state = f"Lời văn theo chính {found.source.name} khi ban hành; kho không có sửa đổi nào được áp dụng"
    if found.not_applied:
        state += f". {len(found.not_applied)} sửa đổi chạm tới điều khoản này chưa ghép được vào lời văn"
    return state + "."
