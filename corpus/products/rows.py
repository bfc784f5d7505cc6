"""Products from the rows of a document's tables; what the page does not say stays empty and is marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.fold import fold, squeeze
from corpus.model import Record, Table, TableCell
from corpus.products.columns import columns_of
from corpus.products.recognition import Recognition, recognition_of
from corpus.products.stars import fits, is_only_stars, is_tick, score_in, stars_in
from corpus.products.term import Term, term_of
from corpus.products.values import Place, Product, ProductDoubt

_NUMBERING = re.compile(r"^\s*(?:[IVXLC]+|[A-ZĐ]|\d{1,3})\s*[.):/-]\s+|^\s*[IVX]+\s+")
_PLACE_WORDS = ("xa ", "phuong ", "thi tran ", "huyen ", "thanh pho ", "thi xa ", "tinh ", "dac khu ", "quan ")
_TITLE_STARS = re.compile(r"\b0?([345])\s+sao\b")
_SEVERAL_OWNERS = re.compile(r"\s*;\s*|(?:^|\s)[-–+]\s+(?=[^\W\d_])")
_DISTRICT = re.compile(r"(?<!\w)(huyện|thị\s+xã|thành\s+phố|quận|tp\.?|tx\.?)\s+([^\W\d_][^,;:(\n]*)", re.IGNORECASE)
_SHORT_KINDS = {"tp": "thành phố", "tx": "thị xã"}
#: What follows a group's name and counts its products: ": 12 sản phẩm", "(05 sản phẩm)".
_COUNTED_GROUP = re.compile(r"\s*[(:]\s*(?:gồm\s+|có\s+)?\d.*$")


@dataclass(slots=True)
class _Context:
    """What rows above a row say for those below: a group, a place, a number of stars; and what the title says."""

    group: TableCell | None = None
    place: TableCell | None = None
    stars: TableCell | None = None
    title_stars: int | None = None


def products_of(record: Record) -> list[Product]:
    """The products that *record* recognises, in the order of its tables and rows."""
    if not record.tables:
        return []
    recognition = recognition_of(record)
    if recognition is None:
        return []
    term = term_of(record, recognition.date)
    found = [
        product for number, table in enumerate(record.tables, 1) for product in _table_products(table, number, record)
    ]
    for product in found:
        _complete(product, recognition, term)
    return found


def _complete(product: Product, recognition: Recognition, term: Term) -> None:
    """Add what the decision says of all its products."""
    product.decision, product.date = recognition.so_ky_hieu, recognition.date
    product.issuer = recognition.issuer
    product.expiry, product.term = term.expiry, term.span
    if recognition.doubtful:
        product.doubts.append(ProductDoubt.DECISION_UNCLEAR)
    if term.span is None and term.expiry is not None:
        product.doubts.append(ProductDoubt.TERM_CONCLUDED)


def _table_products(table: Table, number: int, record: Record) -> list[Product]:
    columns = columns_of(table)
    ticked = {column: int(kind[5:]) for kind, column in columns.items() if kind.startswith("stars") and kind != "stars"}
    title = {int(star) for star in _TITLE_STARS.findall(squeeze(fold(record.title or "")))}
    context = _Context(title_stars=title.pop() if len(title) == 1 else None)
    if "name" not in columns:
        return []
    if "stars" not in columns and not ticked and context.title_stars is None and not _has_star_rows(table):
        return []
    covering = _covering(table)
    found = []
    for row in range(table.header_rows, table.rows):
        if row in table.total_rows:
            continue
        cells = {kind: covering.get((row, column)) for kind, column in columns.items()}
        lead = _lead(table, row)
        if lead is not None:
            _take_lead(context, lead)
            continue
        product = _product(cells, context, row, [covering.get((row, c)) for c in ticked], list(ticked.values()))
        if product is None:
            continue
        product.table = number
        if table.doubts and any(str(doubt) != "chu_mo" for doubt in table.doubts):
            product.doubts.append(ProductDoubt.TABLE_DOUBTFUL)
        found.append(product)
    return found


def _has_star_rows(table: Table) -> bool:
    leads = (_lead(table, row) for row in range(table.header_rows, table.rows))
    return any(lead is not None and stars_in(lead.text) in (3, 4, 5) and "sao" in fold(lead.text) for lead in leads)


def _covering(table: Table) -> dict[tuple[int, int], TableCell]:
    """The cell at each row and column; merged cells at all of theirs."""
    return {
        (row, column): cell
        for cell in table.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, min(cell.column + cell.column_span, table.columns))
    }


def _lead(table: Table, row: int) -> TableCell | None:
    """The cell of a row that names a group for the rows below: the only one with words."""
    full = [cell for cell in table.cells if cell.row == row and cell.text]
    worded = [cell for cell in full if not re.fullmatch(r"[IVXLC\d]+[.)]?|[A-ZĐ][.)]?", cell.text)]
    if len(worded) != 1 or any(cell.row < row < cell.row + cell.row_span for cell in table.cells):
        return None
    one = worded[0]
    numbered = any(cell.text.isdigit() for cell in full)
    return one if one.column_span > 1 or (len(full) <= 2 and not numbered and table.columns > 2) else None


def _take_lead(context: _Context, lead: TableCell) -> None:
    words = squeeze(fold(_NUMBERING.sub("", lead.text))).strip()
    if "sao" in words.split() and stars_in(_COUNTED_GROUP.sub("", words)) is not None:
        context.stars, context.group, context.place = lead, None, None
    elif words.startswith(_PLACE_WORDS):
        context.place = lead
    else:
        context.group = lead


def _product(
    cells: dict[str, TableCell | None],
    context: _Context,
    row: int,
    ticks: Sequence[TableCell | None],
    tick_stars: Sequence[int],
) -> Product | None:
    """The product of one row; None where the row names none."""
    name = cells.get("name")
    if name is None or not any(char.isalpha() for char in name.text) or name.row != row:
        return None
    product = Product(0, row, name.text)
    _seen(product, "name", name)
    owner = cells.get("owner")
    if owner is not None and owner.text:
        product.owners = [part for part in _SEVERAL_OWNERS.split(owner.text) if part]
        _seen(product, "owners", owner)
    else:
        product.doubts.append(ProductDoubt.OWNER_MISSING)
    for kind, above in (("place", context.place), ("group", context.group)):
        cell = cells.get(kind)
        if cell is not None and cell.text:
            setattr(product, kind, cell.text)
            _seen(product, kind, cell)
        elif above is not None:
            setattr(product, kind, _COUNTED_GROUP.sub("", _NUMBERING.sub("", above.text)).strip())
            _seen(product, kind, above)
    _read_district(product, cells.get("place"), context)
    _read_stars(product, cells.get("stars"), context, ticks, tick_stars)
    _read_score(product, cells.get("score"))
    return product


def _read_district(product: Product, cell: TableCell | None, context: _Context) -> None:
    """The district of a row: named in its address, or by a row above."""
    for source in (cell, context.place):
        named = _DISTRICT.search(source.text) if source is not None else None
        if source is not None and named is not None:
            product.district = _in_words(named[1], _COUNTED_GROUP.sub("", named[2]))
            _seen(product, "district", source)
            return


def _in_words(kind: str, name: str) -> str:
    """A district without capitals for all its letters ("THỊ XÃ NGỌC TRÀ"), short kinds in full."""
    kind, name = squeeze(kind).casefold().rstrip("."), squeeze(name).strip()
    return f"{_SHORT_KINDS.get(kind, kind)} {name.title() if name.isupper() else name}"


def _read_stars(
    product: Product,
    cell: TableCell | None,
    context: _Context,
    ticks: Sequence[TableCell | None],
    tick_stars: Sequence[int],
) -> None:
    """The stars of a row: from its own cell, from a ticked column, from a row above, from the title."""
    ticked = [
        (one, stars) for one, stars in zip(ticks, tick_stars, strict=True) if one is not None and is_tick(one.text)
    ]
    if cell is not None and cell.text and is_only_stars(cell.text):
        product.stars = stars_in(cell.text)
        _seen(product, "stars", cell)
    elif len(ticked) == 1:
        product.stars = ticked[0][1]
        _seen(product, "stars", ticked[0][0])
    elif (cell is None or not cell.text) and context.stars is not None:
        product.stars = stars_in(_COUNTED_GROUP.sub("", _NUMBERING.sub("", context.stars.text)))
        _seen(product, "stars", context.stars)
    elif cell is None and not ticks:
        product.stars = context.title_stars
    if product.stars is None:
        product.doubts.append(ProductDoubt.STARS_UNCLEAR)
    elif not 3 <= product.stars <= 5:
        product.doubts.append(ProductDoubt.STARS_OUTSIDE)


def _read_score(product: Product, cell: TableCell | None) -> None:
    if cell is None or not cell.text:
        return
    product.score = score_in(cell.text)
    _seen(product, "score", cell)
    if product.score is None:
        product.doubts.append(ProductDoubt.SCORE_UNCLEAR)
    elif product.stars is not None and 3 <= product.stars <= 5 and not fits(product.stars, product.score):
        product.doubts.append(ProductDoubt.SCORE_OUTSIDE)


def _seen(product: Product, kind: str, cell: TableCell) -> None:
    product.places[kind] = Place(cell.page, tuple(cell.spans))
    if cell.needs_review and ProductDoubt.POORLY_READ not in product.doubts:
        product.doubts.append(ProductDoubt.POORLY_READ)
