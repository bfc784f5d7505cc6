"""The fields of an index, the same for every engine.

Text fields hold syllables in order; their names and contents:

==============  ====================================================================================
``exact``       all syllables, as exact keys (see :mod:`search.language.tokens`)
``syl``         all syllables, as folded keys
``pair``        adjacent syllables of ``exact`` (``tập_huấn``)
``pair_syl``    adjacent syllables of ``syl``, both common ones (``search/data/common_syllables.tsv``), each pair once
``title``       the trích yếu, folded
``word``        words of several syllables (``tập_huấn``), exact
``issuer``      the agency, folded: as printed, abbreviated and in full
``signer``      the signer's name, folded
``recipients``  Nơi nhận, folded like ``issuer``
``cell``        the cells of its tables, exact; no phrase reaches from one into the next
``cell_syl``    the same, folded
==============  ====================================================================================

Key fields hold exact values, any number for each document:

================  ==================================================================================
``id``            the document's id
``kind``          ``administrative``, ``spreadsheet`` or ``other``
``loai``          loại văn bản
``number``        the number alone (``919``)
``so``            number and ký hiệu (``919|QD-TTG``, see :mod:`search.index.number_terms`)
``mention``       numbers that the text mentions, in the same form; ``148|?QD`` without ký hiệu
``issuer_key``    see :mod:`corpus.agencies`
``coquan``        the agency's short name
``cap``           administrative level
``tinh``          province when it was issued
``tinh_nay``      province today
``huyen``         district when it was issued (:mod:`corpus.localities`)
``xa``            commune when it was issued
``xa_nay``        communes of today that its commune went to
``nam``           year
``nam_suy_doan``  year, where only an inferred date gives it
``hieuluc``       effect status
``trangthai``     see :class:`DocumentState`
``basis``         ids of the documents that are its căn cứ
``cites``         ids of all documents it cites
``provision``     provisions it cites and those that contain them: ``148#dieu-5.khoan-1``
================  ==================================================================================

Number fields hold one whole number for each document, for ranges and for sorting; dates are written ``20240611``:

=================================  =================================================================
``date_low``, ``date_high``        first and last day the printed date may mean
``inferred_low``, ``inferred_high``  the same of the inferred date
``by_date``, ``by_cited``          sort keys, newest or most cited first
``doc_id``                         the document's id
=================================  =================================================================
"""

from __future__ import annotations

from corpus.worded import WordedEnum

#: Raised by one whenever fields or analysis change: an index of another shape is made again.
SHAPE = 10

#: The text field of pairs.
PAIR = "pair"
#: The text field of folded pairs of common syllables. It only tells which documents have them.
FOLDED_PAIR = "pair_syl"
#: The text fields of the cells of tables: exact and folded.
CELL, FOLDED_CELL = "cell", "cell_syl"
#: Text fields whose terms and phrases give scores.
SCORED = ("exact", "syl", PAIR, "title", "word")
#: All text fields.
TEXT = (*SCORED, FOLDED_PAIR, "issuer", "signer", "recipients", CELL, FOLDED_CELL)
#: Text fields that keep positions, for phrases.
POSITIONS = ("exact", "syl", "title", "issuer", "signer", "recipients", CELL, FOLDED_CELL)
#: Key fields.
KEYS = (
    "id",
    "kind",
    "loai",
    "number",
    "so",
    "mention",
    "issuer_key",
    "coquan",
    "cap",
    "tinh",
    "tinh_nay",
    "huyen",
    "xa",
    "xa_nay",
    "nam",
    "nam_suy_doan",
    "hieuluc",
    "trangthai",
    "basis",
    "cites",
    "provision",
)
#: Key fields that results can be filtered by, with counts.
FACETS = ("loai", "coquan", "cap", "tinh", "tinh_nay", "huyen", "xa", "nam", "hieuluc", "kind", "trangthai")
#: Number fields.
NUMBERS = ("date_low", "date_high", "inferred_low", "inferred_high", "by_date", "by_cited", "doc_id")


class DocumentState(WordedEnum):
    """What the library has of a document: the values of ``trangthai``, each with its Vietnamese words."""

    #: The document itself is in the library.
    HELD = "co_van_ban", "có văn bản"
    #: It is known only from citations.
    STUB = "chi_duoc_dan", "chỉ được dẫn"
    #: An administrative document without a number.
    UNNUMBERED = "chua_co_so", "chưa có số"
    #: A value read from it needs review.
    NEEDS_REVIEW = "can_kiem_tra", "cần kiểm tra"
    #: One of its căn cứ is no longer in force. Found by a query, not stored.
    BASIS_EXPIRED = "can_cu_het_hieu_luc", "căn cứ hết hiệu lực"


#: The states in words.
STATES: dict[str, str] = {state.value: state.words for state in DocumentState}
