"""The picture of the chain of bases around a document, drawn by Graphviz.

There is none where `dot` is not installed, takes over two seconds, or would draw too many nodes; the page has a table
of the same edges.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections import OrderedDict
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from markupsafe import Markup

from webui.app import json_shapes, trees
from webui.app.labels import RELATIONS, date_text

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView

#: Nodes of a picture; with more the lines cannot be followed.
MAX_NODES = 60
#: Seconds that drawing may take, and pictures that are kept.
SECONDS, KEPT = 2.0, 64
#: Steps down to bases, and up to documents based on it.
DOWN, UP = 4, 2

_CHANGES = {"thay_the", "sua_doi_bo_sung", "bai_bo", "dinh_chinh", "hop_nhat"}
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_ELEMENTS = {"svg", "g", "a", "path", "polygon", "ellipse", "text"}
_ATTRIBUTES = {
    *("viewBox", "transform", "d", "points", "cx", "cy", "rx", "ry", "x", "y"),
    *("text-anchor", "class", "stroke-dasharray", "font-size"),
}


def around(library: LibraryView, graph: Graph, id: int) -> dict[str, Any]:
    """The documents around *id* by bases and changes: ``{"start", "nodes", "edges", "cut"}``; cut: there are more."""
    start = library.summary(id).id
    found = _Neighbourhood(graph, start)
    for out, steps in ((True, DOWN), (False, UP)):
        level = [start]
        for _ in range(steps):
            level = found.step(level, out=out)
    named = library.summaries(found.nodes)
    edges = [{"source": a, "target": b, **link} for (a, b), link in found.links.items() if a in named and b in named]
    ordered = [start, *sorted(found.nodes - {start})]
    return {
        "start": start,
        "nodes": [json_shapes.summary(named[n]) for n in ordered if n in named],
        "edges": edges,
        "cut": found.incomplete,
    }


class _Neighbourhood:
    """The part of the graph around one node, grown step by step."""

    def __init__(self, graph: Graph, start: int) -> None:
        self._graph = graph
        self.nodes = {start}
        #: (source, target) → the edge as JSON data; a legal basis takes precedence.
        self.links: dict[tuple[int, int], dict[str, Any]] = {}
        #: Nodes were left out.
        self.incomplete = False

    def step(self, level: list[int], *, out: bool) -> list[int]:
        """Add what the nodes of *level* cite (or what cites them); returns the new nodes."""
        new: list[int] = []
        for here in level:
            for link in self._graph.cites(here) if out else self._graph.cited_by(here, limit=MAX_NODES)[1]:
                other = link.target if out else link.source
                if not (link.wide_basis or link.relation in _CHANGES):
                    continue
                if other not in self.nodes:
                    if len(self.nodes) >= MAX_NODES:
                        self.incomplete = True
                        continue
                    self.nodes.add(other)
                    new.append(other)
                pair = (link.source, link.target)
                if pair not in self.links or link.is_legal_basis:
                    self.links[pair] = trees.link(link)
        return new


def dot(found: dict[str, Any], colours: Mapping[int, str] = MappingProxyType({})) -> str:
    """The graph in Graphviz's language: documents that are not held dashed, inferred edges dotted, each node a link.

    colours: of the effect of documents, as classes of the stylesheet.

    Bases are to the left, as in the two columns, so that a large picture grows downwards.
    """
    lines = [
        "digraph {",
        "rankdir=RL; nodesep=0.15; ranksep=0.4; bgcolor=transparent;",
        'node [shape=box, style="", fontname="sans-serif", fontsize=11, margin="0.09,0.05"];',
        'edge [fontname="sans-serif", fontsize=9, arrowsize=0.7];',
    ]
    for node in found["nodes"]:
        parts = [_name(node), node["issuer"] or "", date_text(node["date"])]
        label = r"\n".join(_quoted(_shortened(part)) for part in parts if part)
        kind = "here" if node["id"] == found["start"] else "held" if node["held"] else "stub"
        style = "" if node["held"] else ', style="dashed"'
        kinds = " ".join(filter(None, (kind, colours.get(node["id"], ""))))
        lines.append(f'n{node["id"]} [label="{label}", URL="/van-ban/{node["id"]}", class="{kinds}"{style}];')
    for edge in found["edges"]:
        kind = "basis" if edge["is_legal_basis"] else "wide" if edge["wide_basis"] else "change"
        style = ', style="dotted"' if edge["inferred"] or edge["fact"] else ""
        label = "" if edge["is_legal_basis"] else f', label="{RELATIONS[edge["relation"]]}"'
        lines.append(f'n{edge["source"]} -> n{edge["target"]} [class="{kind}"{style}{label}];')
    return "\n".join([*lines, "}"])


def _name(node: dict[str, Any]) -> str:
    named = " ".join(p for p in (node["doc_type"], node["so_ky_hieu"]) if p)
    return named or node["title"] or "Văn bản không số"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29] + "…"


def _quoted(text: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", text)


_drawn: OrderedDict[tuple[str, int], Markup | None] = OrderedDict()
_lock = threading.Lock()


def picture(found: dict[str, Any], colours: Mapping[int, str] = MappingProxyType({})) -> Markup | None:
    """The graph as SVG for a page; None where it cannot be drawn. Kept as long as the drawing would be the same."""
    if shutil.which("dot") is None or found["cut"] or len(found["nodes"]) < 2:
        return None
    key = (dot(found, colours), found["start"])  # a change of the graph that shows changes the key
    with _lock:
        if key in _drawn:
            _drawn.move_to_end(key)
            return _drawn[key]
    try:
        done = subprocess.run(["dot", "-Tsvg"], input=key[0].encode(), capture_output=True, timeout=SECONDS, check=True)
        made: Markup | None = safe_svg(done.stdout)
    except (OSError, subprocess.SubprocessError, ElementTree.ParseError):
        made = None
    with _lock:
        _drawn[key] = made
        while len(_drawn) > KEPT:
            _drawn.popitem(last=False)
    return made


def safe_svg(drawn: bytes) -> Markup:
    """Graphviz's SVG, rebuilt from known elements and attributes only; the stylesheet gives the colours."""
    source = ElementTree.fromstring(drawn)
    width, height = (float(source.attrib[name].removesuffix("pt")) for name in ("width", "height"))
    made = _copy(source)
    if made is None:
        raise ElementTree.ParseError("no svg")
    made.attrib.update({"xmlns": "http://www.w3.org/2000/svg", "role": "group", "aria-labelledby": "luoc-do-ten"})
    made.attrib.update({"width": f"{width * 4 / 3:.0f}", "height": f"{height * 4 / 3:.0f}"})
    return Markup(ElementTree.tostring(made, encoding="unicode"))


def _copy(source: ElementTree.Element) -> ElementTree.Element | None:
    name = source.tag.removeprefix(_SVG)
    if name not in _ELEMENTS:
        return None
    attributes = {k: v for k, v in source.attrib.items() if k in _ATTRIBUTES}
    if name == "a":
        target = source.attrib.get(_XLINK + "href", "")
        if re.fullmatch(r"/van-ban/\d+", target):
            attributes["href"] = target
    made = ElementTree.Element(name, attributes)
    if name == "text":
        made.text = source.text
    for child in source:
        copied = _copy(child)
        if copied is not None:
            made.append(copied)
    return made
