"""The effect of a document in words: by whom it was replaced, amended, repealed, and what was looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.law.effect import EffectStatus
from corpus.vocabulary import Effect
from webui.app.labels import date_text

#: What stands before the documents that give a document this state.
LEADS: dict[str, str] = {
    Effect.REPLACED: "Bị thay thế bởi",
    Effect.REPEALED: "Bị bãi bỏ bởi",
    Effect.EXPIRED: "Hết hiệu lực theo",
    Effect.PERIOD_OVER: "Hết thời kỳ thực hiện theo",
    Effect.PARTLY_EXPIRED: "Hết hiệu lực một phần theo",
    Effect.AMENDED: "Đã được sửa đổi, bổ sung bởi",
    Effect.NOT_YET_IN_FORCE: "Chưa có hiệu lực theo",
    Effect.IN_FORCE: "Còn hiệu lực theo",
}
#: Documents that a sentence names of one state; the list below it has all.
_NAMED = 2


def state_words(status: EffectStatus) -> str:
    """A state in a list: of one that nothing tells of it is said that no change was found."""
    return "chưa thấy thay đổi" if status.state is Effect.UNKNOWN else status.words


def grouped(proofs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """*proofs* by the state that they show, in their order: ``{"state", "lead", "proofs"}``."""
    states = dict.fromkeys(proof["state"] for proof in proofs)
    return [
        {"state": state, "lead": _lead(state, own), "proofs": own}
        for state in states
        for own in [[proof for proof in proofs if proof["state"] == state]]
    ]


def _lead(state: str, proofs: Sequence[Mapping[str, Any]]) -> str:
    """What stands before the authors of *proofs*; of a period that is over with its years, where one names them."""
    years = next((proof["years"] for proof in proofs if proof.get("years")), None)
    return f"Hết thời kỳ thực hiện ({years}) theo" if years else LEADS[state]


def author(proof: Mapping[str, Any]) -> str:
    """Who states a proof, by name: the document, or the row of the tables; a document's own title by what it is."""
    if proof["by"] and proof["origin"] != "giai_doan":
        return str(proof["by"]["name"])
    return str(proof["named"] or proof["origin_words"])


def sentence(effect: Mapping[str, Any], held: int) -> str:
    """The effect in one sentence. held: how many documents were looked at.

    It names what proves the effect, or says what was searched and what may hold; silence is never "in force".
    """
    parts = [_clause(group) for group in grouped(effect["proofs"])]
    hints = len({author(hint) for hint in effect["hints"]})
    if not parts:
        looked = f"đã tra {held} văn bản có toàn văn và danh mục kèm theo phần mềm"
        parts.append(f"Chưa thấy văn bản nào trong kho sửa đổi, thay thế, bãi bỏ ({looked})")
    if hints:
        parts.append(f"{hints} văn bản có thể đã làm thay đổi hiệu lực, chưa chắc")
    return "; ".join([parts[0], *(part[:1].lower() + part[1:] for part in parts[1:])]) + "."


def _clause(group: Mapping[str, Any]) -> str:
    """``Bị thay thế bởi Quyết định 148/QĐ-TTg từ ngày 24/02/2023``."""
    named: dict[str, str | None] = {}
    for proof in group["proofs"]:
        named.setdefault(author(proof), proof["since"])
    shown = [
        name + (f" {'từ' if len(since) < 10 else 'từ ngày'} {date_text(since)}" if since else "")
        for name, since in list(named.items())[:_NAMED]
    ]
    until = next((proof["until"] for proof in group["proofs"] if proof["until"]), None)
    if until:
        return f"Chưa có hiệu lực đến ngày {date_text(until)}"
    more = f" và {len(named) - _NAMED} văn bản khác" if len(named) > _NAMED else ""
    return f"{group['lead']} {', '.join(shown)}{more}"
