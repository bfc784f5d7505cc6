"""The parts of an Office package: a ZIP archive, or the same written as one XML file (flat OPC)."""

from __future__ import annotations

import binascii
import posixpath
import zipfile
from dataclasses import dataclass
from typing import IO, Any, Protocol

from ingest.formats.wordml_numbering import attribute
from ingest.formats.xml_parts import local_name, parse_xml


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation from one part to another."""

    id: str
    #: The last word of its type (``officeDocument``, ``header``), the same in transitional and strict files.
    kind: str
    #: The name of the part it leads to, without a leading slash.
    target: str


class Package(Protocol):
    """The parts of a file by name, names without a leading slash."""

    def data(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is none."""
        ...

    def xml(self, name: str) -> Any | None:
        """The root element of a part; None where there is none. Raises SyntaxError."""
        ...


class ZipPackage:
    """A package in a ZIP archive, which must have been checked (:func:`ingest.formats.archive.check_archive`)."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}

    def data(self, name: str) -> bytes | None:
        """See :class:`Package`."""
        stored = self._names.get(name.lower())
        return None if stored is None else self._archive.read(stored)

    def xml(self, name: str) -> Any | None:
        """See :class:`Package`."""
        data = self.data(name)
        return None if data is None else parse_xml(data)


class FlatPackage:
    """A package written as one XML file, with the root ``pkg:package``."""

    def __init__(self, root: Any) -> None:
        self._parts = {attribute(part, "name").lstrip("/").lower(): part for part in root if local_name(part) == "part"}

    def data(self, name: str) -> bytes | None:
        """See :class:`Package`. Raises ValueError."""
        part = self._parts.get(name.lower())
        content = next((c for c in part if local_name(c) == "binaryData"), None) if part is not None else None
        return None if content is None else binascii.a2b_base64("".join((content.text or "").split()))

    def xml(self, name: str) -> Any | None:
        """See :class:`Package`."""
        part = self._parts.get(name.lower())
        content = next((c for c in part if local_name(c) == "xmlData"), None) if part is not None else None
        return None if content is None else next(iter(content), None)


def open_zip(file: IO[bytes]) -> ZipPackage:
    """The package in the ZIP archive *file*. Raises what :data:`ingest.formats.xml_parts.DAMAGED` lists."""
    return ZipPackage(zipfile.ZipFile(file))


def relations_of(package: Package, part: str) -> list[Relation]:
    """The relations of a part ("" for the package itself) that lead to other parts of the package."""
    folder, _, name = part.rpartition("/")
    root = package.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    found = []
    for node in root if root is not None else ():
        target = attribute(node, "Target")
        if attribute(node, "TargetMode") != "External" and target:
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append(Relation(attribute(node, "Id"), attribute(node, "Type").rpartition("/")[2], path))
    return found
