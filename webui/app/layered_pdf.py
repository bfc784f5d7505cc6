"""Writes a PDF of page pictures with their words laid under them, as PDF/A-2b.

The words are set in a font without shapes: each letter of Unicode is the same invisible square, and a table in the file
says which letter it stands for. So every Vietnamese letter can be searched and copied, whatever fonts a reader has.
``glyphless.ttf`` is the font of the Tesseract project (Apache License 2.0), 572 bytes.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from corpus.fold import nfc
from ingest.page_layer import PageLayer, laid

_FONT_FILE = Path(__file__).parent / "glyphless.ttf"
#: Width of the invisible square, in thousandths of the size of the font.
_SQUARE = 500
_FONT_NAME = "/GlyphLessFont"
#: Entries of one block of a ToUnicode table.
_BLOCK = 100


class LayeredPdf:
    """A PDF that grows page by page."""

    def __init__(self, title: str) -> None:
        self._pdf = Pdf.new()
        self._title = title
        self._letters: set[int] = set()
        self._font = self._pdf.make_indirect(Dictionary())

    def add(self, layer: PageLayer) -> None:
        """Add a page: its words, and its picture over them."""
        picture = self._pdf.make_indirect(self._picture(layer))
        resources = Dictionary(Font=Dictionary(F=self._font), XObject=Dictionary(P=picture))
        content = self._words(layer) + f"q {layer.width:.2f} 0 0 {layer.height:.2f} 0 0 cm /P Do Q\n".encode()
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(layer.width, 2), round(layer.height, 2)]),
            Resources=resources,
            Contents=self._stream(content),
        )
        self._pdf.pages.append(pikepdf.Page(self._pdf.make_indirect(page)))

    def finished(self) -> bytes:
        """The file."""
        self._complete_font()
        self._describe()
        out = io.BytesIO()
        self._pdf.save(out, deterministic_id=True, linearize=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return out.getvalue()

    def _picture(self, layer: PageLayer) -> Stream:
        if layer.colours == "bits":
            space, bits, stored = Name.DeviceGray, 1, zlib.compress(layer.picture, 9)
        else:
            space = Name.DeviceRGB if layer.colours == "colour" else Name.DeviceGray
            bits, stored = 8, layer.picture
        made = Stream(self._pdf, stored)
        made.Type, made.Subtype = Name.XObject, Name.Image
        made.Width, made.Height = layer.columns, layer.rows
        made.ColorSpace, made.BitsPerComponent = space, bits
        made.Filter = Name.FlateDecode if layer.colours == "bits" else Name.DCTDecode
        return made

    def _words(self, layer: PageLayer) -> bytes:
        """The words as invisible text, each as wide and as high as its box; a space fills the gap to the next one."""
        parts = ["BT 3 Tr /F 1 Tf"]
        for text, (x0, y0, x1, y1), following in laid(layer.words):
            bottom, height = (1 - y1) * layer.height, (y1 - y0) * layer.height
            parts.append(self._shown(nfc(text), x0 * layer.width, bottom, (x1 - x0) * layer.width, height))
            if following is not None and following > x1:
                parts.append(self._shown(" ", x1 * layer.width, bottom, (following - x1) * layer.width, height))
        return ("\n".join([*parts, "ET"]) + "\n").encode("ascii")

    def _shown(self, text: str, x: float, y: float, width: float, height: float) -> str:
        codes = text.encode("utf-16-be", "replace")
        units = len(codes) // 2
        self._letters.update(int.from_bytes(codes[at : at + 2], "big") for at in range(0, len(codes), 2))
        scale = width * 1000 / (_SQUARE * max(1, units))
        return f"{scale:.4f} 0 0 {height:.3f} {x:.3f} {y:.3f} Tm <{codes.hex()}> Tj"

    def _complete_font(self) -> None:
        """Fill in the font, now that its letters are known."""
        pdf = self._pdf
        program = self._stream(_FONT_FILE.read_bytes())
        program.Length1 = len(_FONT_FILE.read_bytes())
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(_FONT_NAME),
            FontBBox=Array([0, 0, _SQUARE, 1000]),
            Flags=5,
            ItalicAngle=0,
            Ascent=1000,
            Descent=0,
            CapHeight=1000,
            StemV=80,
            FontFile2=program,
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(_FONT_NAME),
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=_SQUARE,
            CIDToGIDMap=self._stream(b"\x00\x01" * 0x10000),
        )
        self._font.update(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name(_FONT_NAME),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=self._stream(_to_unicode(sorted(self._letters))),
            )
        )

    def _describe(self) -> None:
        """Say what the file is: title, PDF/A, and what its colours mean."""
        pdf = self._pdf
        profile = self._stream(_srgb())
        profile.N = 3
        pdf.Root.OutputIntents = Array(
            [
                Dictionary(
                    Type=Name.OutputIntent,
                    S=Name("/GTS_PDFA1"),
                    OutputConditionIdentifier=String("sRGB"),
                    Info=String("sRGB"),
                    DestOutputProfile=profile,
                )
            ]
        )
        pdf.Root.Lang = String("vi-VN")
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = self._title
            metadata["dc:language"] = ["vi"]
            metadata["pdf:Producer"] = "can-cu"
            metadata["pdfaid:part"] = "2"
            metadata["pdfaid:conformance"] = "B"

    def _stream(self, data: bytes) -> Stream:
        """A compressed stream of the file."""
        made = Stream(self._pdf, zlib.compress(data, 9))
        made.Filter = Name.FlateDecode
        return made


def _to_unicode(letters: Iterable[int]) -> bytes:
    """The table from codes to letters: each code is its own UTF-16 unit."""
    codes = [f"<{code:04x}>" for code in letters]
    blocks = []
    for at in range(0, len(codes), _BLOCK):
        part = codes[at : at + _BLOCK]
        blocks.append("\n".join([f"{len(part)} beginbfchar", *(f"{code} {code}" for code in part), "endbfchar"]))
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <ffff>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        )
    ).encode("ascii")


@cache
def _srgb() -> bytes:
    """The colour profile sRGB, as Pillow makes it."""
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
