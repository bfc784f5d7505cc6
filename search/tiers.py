"""The tiers of results: how strictly a document answers the query.

Each tier reads the same query less strictly than the one before. A document is listed in the first tier that matches
it, and results are ordered by tier first.
"""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """A tier; members are in the order of the results, and each value is the name used in JSON."""

    #: The document has the number typed.
    NUMBER = "so_hieu"
    #: It has the number, but not the agency or the year typed with it.
    OTHER_ISSUER = "khac_co_quan"
    #: Its number may be the one meant (``1084/QĐ-UBND-HC`` for ``1084/QĐ-UBND``).
    NEAR_NUMBER = "gan"
    #: It cites a document of the tiers above.
    CITES_NUMBER = "dan"
    #: It mentions the number, but which document is meant is not known.
    MENTIONS_NUMBER = "co_the_dan"
    #: It has the text, with the diacritics typed or restored.
    EXACT = "chinh_xac"
    #: It has the text, diacritics ignored.
    UNMARKED = "bo_dau"
    #: It has all syllables, but those of one word are not side by side.
    SEPARATED = "tu_roi"
    #: Its date is partial and may be within the dates asked for.
    POSSIBLE_DATE = "co_the"
    #: It is known only from citations, and what is known of it has the text.
    STUB = "chi_duoc_dan"
    #: The same, diacritics ignored or the syllables of a word apart.
    STUB_LOOSE = "chi_bo_dau"

    #: It has all the words but the rare ones.
    FEWER_WORDS = "thieu_tu_hiem"
    #: It has most of the weight of the words.
    NEAREST = "gan_nhat"

    @property
    def of_number(self) -> bool:
        """Whether its documents have the number typed, or one near it."""
        return self in _OF_NUMBER

    @property
    def partial(self) -> bool:
        """Whether its documents lack some of the words."""
        return self in _PARTIAL

    @property
    def loose(self) -> bool:
        """Whether its documents do not have the words as they were typed."""
        return self in _LOOSE


_OF_NUMBER = frozenset({Tier.NUMBER, Tier.OTHER_ISSUER, Tier.NEAR_NUMBER})
_PARTIAL = frozenset({Tier.FEWER_WORDS, Tier.NEAREST})
_LOOSE = frozenset({Tier.UNMARKED, Tier.SEPARATED, Tier.STUB_LOOSE})
