"""Hostile files: pointing to addresses, programs and other files."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from tests.hostile.files import BROKEN, KEPT, Made, kind
from tests.hostile.good_files import WORD_BODY, paragraph, rtf_text, word, zipped
from tests.hostile.raw_formats import one_page, stream
from tests.ingest.formats.test_odt import write_odt
from tests.support.reading_files import BODY


@kind("links")
def reaching_out(_: random.Random) -> Made:
    """Files that point to an address, a program or another file."""
    there = "http://127.0.0.1:9/x"  # the harness listens there
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{there}">]>'
    file = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    either = KEPT | BROKEN
    yield "entity.docx", word(WORD_BODY + paragraph("&e;"), entity), either
    yield "entity-file.docx", word(WORD_BODY + paragraph("&e;"), file), either
    yield "parameter.docx", word(WORD_BODY, f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{there}"> %p;]>'), either
    yield "dtd.docx", word(WORD_BODY, f'<!DOCTYPE x SYSTEM "{there}">'), either
    relation = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
        f'Target="{there}" TargetMode="External"/></Relationships>'
    )
    for what in ("attachedTemplate", "image", "oleObject", "aFChunk", "footnotes", "subDocument"):
        entries = {"word/_rels/document.xml.rels": relation.format(what).encode()}
        yield f"{what}.docx", zipped(entries), either
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{there}"/>'
    yield "include.docx", word(WORD_BODY + include), either
    sheet = f'<?xml-stylesheet href="{there}" type="text/xsl"?>'
    yield "stylesheet.docx", word(WORD_BODY, sheet), either
    picture_ = f'<text:p><draw:image xlink:href="{there}" xmlns:xlink="http://www.w3.org/1999/xlink"/>OCOP</text:p>'
    with tempfile.TemporaryDirectory() as name:
        lines = "".join(f"<text:p>{line}</text:p>" for line in BODY)
        yield "picture.odt", write_odt(Path(name) / "a.odt", picture_ + lines).read_bytes(), either
    html = f'<html><head><base href="{there}"><meta http-equiv="refresh" content="0;url={there}"><link rel=stylesheet '
    html += (
        f'href="{there}"><script src="{there}"></script></head><body><img src="{there}"><iframe src="{there}"></iframe>'
    )
    html += f'<object data="{there}"></object><video src="{there}"></video>' + "".join(f"<p>{b}</p>" for b in BODY)
    yield "page.html", html.encode(), KEPT
    yield (
        "frames.rtf",
        b'{\\rtf1 {\\field{\\*\\fldinst INCLUDETEXT "%s"}{\\fldrslt x}}{\\*\\template %s} %s}'
        % (there.encode(), there.encode(), rtf_text(" ".join(BODY))),
        KEPT,
    )
    yield (
        "object.rtf",
        b"{\\rtf1 {\\object\\objautlink\\objupdate{\\*\\objdata 0105000002000000}} %s}" % (rtf_text(" ".join(BODY))),
        KEPT,
    )
    act = there.encode()
    for name, action in {
        "script": b"/S /JavaScript /JS (app.launchURL\\('%s'\\); while\\(1\\);)" % act,
        "launch": b"/S /Launch /F (/bin/sh) /Win << /F (cmd.exe) /P (/c calc) >>",
        "address": b"/S /URI /URI (%s)" % act,
        "submit": b"/S /SubmitForm /F << /FS /URL /F (%s) >>" % act,
        "elsewhere": b"/S /GoToR /F (//127.0.0.1/share/a.pdf) /D [0 /Fit]",
        "import": b"/S /ImportData /F (%s)" % act,
        "chain": b"/S /URI /URI (%s) /Next 6 0 R" % act,
    }.items():
        data = one_page(catalogue=b"/OpenAction 6 0 R /AA << /WC 6 0 R >>", objects={6: b"<< " + action + b" >>"})
        yield f"{name}.pdf", data, KEPT
    inside = {6: b"<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>", 7: stream(b"MZ" + bytes(1000))}
    yield (
        "embedded.pdf",
        one_page(catalogue=b"/Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >>", objects=inside),
        KEPT,
    )
    outer = b"<< /Length 0 /F << /FS /URL /F (%s) >> >>\nstream\n\nendstream" % act
    yield "content-elsewhere.pdf", one_page(objects={4: outer}), either
    form = b"/AcroForm << /XFA 6 0 R /Fields [] >>"
    xfa = f'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><!-- {there} --></xdp:xdp>'.encode()
    yield "xfa.pdf", one_page(catalogue=form, objects={6: stream(xfa)}), KEPT
