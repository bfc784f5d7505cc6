"""Charts as SVG made here: bars, and a time line. Each stands beside a table of the same; colours are the page's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from markupsafe import Markup

#: Units of all charts: as wide as a phone, so that letters keep their size there.
WIDTH = 360
#: Characters that fit on a line.
_LETTERS = 44
_YEARS_HEIGHT, _ROW, _STEP = 190, 40, 38
#: Where the time line runs, and where its texts begin.
_AXIS, _TEXT = 86, 98
#: Units between the first and the last document of a time line with few.
_SPAN = 260


@dataclass(frozen=True, slots=True)
class Bar:
    """One value."""

    label: str
    value: int
    #: The address of the documents it counts; "" for none.
    url: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A document on a time line."""

    id: int
    label: str
    #: EDTF; "" where it is not known.
    date: str
    #: The date as it is read.
    day: str
    url: str
    #: The document whose time line it is.
    chosen: bool = False


def columns(bars: Sequence[Bar], title: str) -> Markup:
    """Upright bars in the order given, for years."""
    chart = _chart(_YEARS_HEIGHT, title)
    most = max((bar.value for bar in bars), default=1) or 1
    step = WIDTH / max(1, len(bars))
    every = max(1, -(-len(bars) * 32 // WIDTH))  # a label needs 32 units
    for at, bar in enumerate(bars):
        height = max(1.0, bar.value / most * (_YEARS_HEIGHT - 44))
        x, top = at * step, _YEARS_HEIGHT - 22 - height
        group = _linked(chart, bar.url, f"{bar.label}: {bar.value}")
        _add(group, "rect", x=x + step * 0.12, y=top, width=step * 0.76, height=height, rx=2)
        if step >= 20:
            _text(group, str(bar.value), x + step / 2, top - 5, "middle")
        if at % every == 0:
            _text(chart, bar.label, x + step / 2, _YEARS_HEIGHT - 6, "middle")
    return _markup(chart)


def rows(bars: Sequence[Bar], title: str) -> Markup:
    """Lying bars, each under its label, for names."""
    chart = _chart(_ROW * max(1, len(bars)), title)
    most = max((bar.value for bar in bars), default=1) or 1
    for at, bar in enumerate(bars):
        y = at * _ROW
        group = _linked(chart, bar.url, f"{bar.label}: {bar.value}")
        _text(group, _short(bar.label), 0, y + 14)
        width = max(2.0, bar.value / most * (WIDTH - 50))
        _add(group, "rect", x=0, y=y + 19, width=width, height=13, rx=2)
        _text(group, str(bar.value), width + 6, y + 30)
    return _markup(chart)


def time_line(moments: Sequence[Moment], changes: Sequence[tuple[int, int, str]], title: str) -> Markup:
    """Documents from the oldest down, arcs from the changing one to the changed one: (changing, changed, relation)."""
    places = _places(moments)
    chart = _chart(max(places.values(), default=0) + 26, title)
    _add(chart, "path", d=f"M{_AXIS} 8V{max(places.values(), default=0) + 18:.1f}", class_="axis")
    for changing, changed, relation in changes:
        if changing in places and changed in places:
            a, b = places[changing], places[changed]
            reach = min(_AXIS - 8.0, 18 + abs(a - b) / 6)
            arc = f"M{_AXIS} {a:.1f}C{_AXIS - reach:.1f} {a:.1f} {_AXIS - reach:.1f} {b:.1f} {_AXIS} {b:.1f}"
            group = _linked(chart, "", relation)
            _add(group, "path", d=arc, class_=f"arc {'ends' if 'thay thế' in relation or 'bãi bỏ' in relation else ''}")
    for one in moments:
        y = places[one.id]
        group = _linked(chart, one.url, one.label)
        _add(group, "circle", cx=_AXIS, cy=y, r=6 if one.chosen else 4, class_="chosen" if one.chosen else "")
        _text(group, one.day or "chưa rõ ngày", _TEXT, y - 2, class_="day")
        _text(group, _short(one.label, 40), _TEXT, y + 13)
    return _markup(chart)


def _places(moments: Sequence[Moment]) -> dict[int, float]:
    """How far down each document stands: by its day, but never so near to the one before that texts would touch."""
    days = [_days(one.date) for one in moments]
    known = [day for day in days if day is not None]
    length = (known[-1] - known[0] if known else 0) or 1
    scale = max(_SPAN, _STEP * len(moments)) / length
    places: dict[int, float] = {}
    last = 20.0 - _STEP
    for one, day in zip(moments, days, strict=True):
        due = 20 + (day - known[0]) * scale if day is not None else 0.0
        last = max(due, last + _STEP)
        places[one.id] = last
    return places


def _days(date: str) -> int | None:
    """Days since the year 0, near enough for a place on a line."""
    parts = [int(part) for part in date.split("-") if part.isdigit()]
    if not parts:
        return None
    year, month, day = (*parts, 7, 1)[:3] if len(parts) == 1 else (*parts, 15)[:3]
    return year * 365 + month * 30 + day


def _short(text: str, most: int = _LETTERS) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _chart(height: float, title: str) -> ElementTree.Element:
    made = ElementTree.Element("svg", {"viewBox": f"0 0 {WIDTH} {height:.0f}", "class": "chart", "role": "group"})
    made.set("xmlns", "http://www.w3.org/2000/svg")
    made.set("aria-label", title)
    return made


def _linked(chart: ElementTree.Element, url: str, title: str) -> ElementTree.Element:
    """A group, a link where there is an address, with a title that a pointer shows."""
    group = ElementTree.SubElement(chart, "a", {"href": url}) if url else _add(chart, "g")
    ElementTree.SubElement(group, "title").text = title
    return group


def _add(parent: ElementTree.Element, name: str, **values: float | str) -> ElementTree.Element:
    given = {
        key.rstrip("_"): f"{value:.1f}" if isinstance(value, float) else str(value) for key, value in values.items()
    }
    return ElementTree.SubElement(parent, name, {key: value for key, value in given.items() if value})


def _text(
    parent: ElementTree.Element, text: str, x: float, y: float, anchor: str = "", class_: str = ""
) -> ElementTree.Element:
    made = _add(parent, "text", x=float(x), y=float(y), class_=class_)
    if anchor:
        made.set("text-anchor", anchor)
    made.text = text
    return made


def _markup(chart: ElementTree.Element) -> Markup:
    return Markup(ElementTree.tostring(chart, encoding="unicode"))
