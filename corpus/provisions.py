"""Provisions in words, and how two of them stand to each other."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.model import Pinpoint


def words(pinpoint: Pinpoint) -> str:
    """``điểm a khoản 1 Điều 5``, ``khoản 2 Mục II``, ``Phụ lục II``: the smaller unit first, as documents write it."""
    parts = []
    if pinpoint.point:
        parts.append(f"điểm {pinpoint.point}")
    if pinpoint.clause:
        parts.append(f"khoản {pinpoint.clause}")
    if pinpoint.article:
        parts.append(f"Điều {pinpoint.article}")
    if pinpoint.section:
        parts.append(pinpoint.section)
    if pinpoint.appendix is not None:
        is_form = "Mẫu số" in pinpoint.appendix and "," not in pinpoint.appendix
        parts.append(pinpoint.appendix if is_form else f"Phụ lục {pinpoint.appendix}".strip())
    return " ".join(parts)


def list_words(pinpoints: Iterable[Pinpoint]) -> str:
    """Several provisions, each once, separated by semicolons."""
    return "; ".join(dict.fromkeys(words(one) for one in pinpoints))


def meet(one: Pinpoint, other: Pinpoint) -> bool | None:
    """Whether a change of one provision touches the other: one contains the other, or they are the same.

    None where it cannot be said: a section of articles against an article, an annex without its number against one.
    """
    if (one.appendix is None) != (other.appendix is None):
        return False
    if one.appendix is not None and other.appendix is not None:
        if _folded(one.appendix) != _folded(other.appendix):
            return None if "" in (one.appendix, other.appendix) else False
    elif _by_section(one) != _by_section(other):
        return None
    units = ("article", "clause", "point") if one.article or other.article else ("section", "clause", "point")
    pairs = [(getattr(one, unit), getattr(other, unit)) for unit in units]
    for at, (left, right) in enumerate(pairs):
        if left is not None and right is not None:
            if _folded(left) != _folded(right):
                return False
        elif left is not None or right is not None:
            # From here on one of them must name nothing: it is the larger one, and contains the other.
            rest = pairs[at:]
            return True if any(all(pair[side] is None for pair in rest) for side in (0, 1)) else None
    return True


def _by_section(pinpoint: Pinpoint) -> bool:
    """Whether it is named by its section alone."""
    return pinpoint.article is None and pinpoint.section is not None


def _folded(label: str) -> str:
    return "".join(label.lower().split()).rstrip(".")
