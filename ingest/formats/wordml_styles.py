"""Styles of Word files, as far as they decide the text: hidden text, fonts, and lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ingest.formats.wordml_numbering import attribute, child_of, child_value
from ingest.formats.xml_parts import local_name

_OFF = frozenset({"0", "false", "off"})
_MOST_ANCESTORS = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What properties say of a run; None where they say nothing."""

    hidden: bool | None = None
    font: str | None = None

    def over(self, below: Look) -> Look:
        """These properties where they say something, else those of *below*."""
        if self.hidden is None and self.font is None:
            return below
        return Look(
            below.hidden if self.hidden is None else self.hidden, below.font if self.font is None else self.font
        )


#: Properties that say nothing.
NO_LOOK = Look()


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it takes from the styles it is based on."""

    look: Look = NO_LOOK
    #: The list and level of its paragraphs; "" for none.
    list_id: str = ""
    level: int = 0


def look_of(properties: Any | None) -> Look:
    """What run properties (``rPr``) say themselves."""
    if properties is None:
        return NO_LOOK
    vanish, fonts = child_of(properties, "vanish"), child_of(properties, "rFonts")
    if vanish is None and fonts is None:
        return NO_LOOK
    font = None if fonts is None else attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or None
    return Look(None if vanish is None else is_on(vanish), font)


def is_on(node: Any) -> bool:
    """Whether a switch (``<w:vanish w:val="0"/>``) is on."""
    return attribute(node, "val").lower() not in _OFF


class Styles:
    """The styles of a document by their names."""

    def __init__(self, root: Any | None) -> None:
        self._nodes: dict[str, Any] = {}
        self._styles: dict[str, Style] = {"": Style()}
        self._defaults: dict[str, str] = {}
        self.default_look = NO_LOOK
        for node in root if root is not None else ():
            name = local_name(node)
            if name == "style":
                identity = attribute(node, "styleId")
                self._nodes[identity] = node
                if attribute(node, "default") not in {"", *_OFF}:
                    self._defaults[attribute(node, "type")] = identity
            elif name == "docDefaults":
                default = child_of(node, "rPrDefault")
                self.default_look = look_of(child_of(default, "rPr") if default is not None else None)

    def of_paragraph(self, identity: str) -> Style:
        """The paragraph style of that name; where it is "" the default one."""
        return self._style(identity or self._defaults.get("paragraph", ""), 0)

    def of_run(self, identity: str) -> Style:
        """The character style of that name; one that says nothing where there is none."""
        return self._style(identity, 0)

    def _style(self, identity: str, depth: int) -> Style:
        known = self._styles.get(identity)
        if known is not None:
            return known
        node = self._nodes.get(identity)
        if node is None or depth > _MOST_ANCESTORS:
            return self._styles[""]
        below = self._style(child_value(node, "basedOn"), depth + 1)
        list_id, level = list_of(child_of(node, "pPr"))
        look = look_of(child_of(node, "rPr")).over(below.look)
        style = Style(look, list_id or below.list_id, level if list_id else below.level)
        self._styles[identity] = style
        return style


def list_of(properties: Any | None) -> tuple[str, int]:
    """List and level that paragraph properties (``pPr``) name; ("", 0) where they name none."""
    numbers = child_of(properties, "numPr") if properties is not None else None
    if numbers is None:
        return "", 0
    level = child_value(numbers, "ilvl")
    return child_value(numbers, "numId"), int(level) if level.isdigit() and len(level) < 3 else 0
