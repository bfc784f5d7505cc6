"""XML of untrusted files: parsed without entities, without a network and within lxml's own limits."""

from __future__ import annotations

import zipfile
import zlib
from typing import Any

#: What damaged XML, or a damaged archive around it, raises.
DAMAGED = (
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    zipfile.BadZipFile,
    OSError,
    NotImplementedError,
    EOFError,
    zlib.error,
    RecursionError,
)


def parse_xml(data: bytes) -> Any:
    """The root element (lxml) of *data*; comments and processing instructions are left out.

    Raises SyntaxError where it is no XML, or nested or large beyond lxml's limits.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(data, parser)


def local_name(element: Any) -> str:
    """The name of *element* without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
