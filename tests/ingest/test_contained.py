"""Documents inside other files: each by itself, under the container's path, with its name."""

from __future__ import annotations

import base64
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pypdfium2 as pdfium

from ingest.contained import read_documents
from ingest.extract import read_record
from ingest.limits import Limits
from ingest.options import ReadOptions
from tests.ingest.support import DECISION, LETTER
from tests.support.reading_files import draw_lines, new_canvas
from tests.support.word_files import compound


def zip_of(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


TWO = {"thu/cong-van.txt": "\n".join(LETTER).encode(), "quyet-dinh.txt": "\n".join(DECISION).encode()}


def documents(path: Path, options: ReadOptions | None = None) -> list[tuple[str | None, str | None]]:
    """(inside, số ký hiệu or verdict) of each document."""
    value = read_documents(str(path), options or ReadOptions())
    listed = value.get("documents", [value])
    assert all(one["path"] == str(path) for one in listed)
    return [(one.get("inside"), one.get("so_ky_hieu") or one.get("verdict")) for one in listed]


def test_an_archive_gives_its_documents(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(zip_of({**TWO, "__MACOSX/x": b"x", "anh.gif": b"GIF89a"}))
    assert documents(file) == [
        ("thu/cong-van.txt", "77/CCPTNT-KH"),
        ("quyet-dinh.txt", "12/QĐ-UBND"),
        (None, "khong_ho_tro"),
    ]
    assert read_record(str(file))["verdict"] == "khong_ho_tro"


def test_an_archive_that_begins_with_a_pdf_is_no_pdf(tmp_path: Path) -> None:
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_lines(canvas, DECISION)
    canvas.save()
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.write(tmp_path / "a.pdf", "qd.pdf")
    assert documents(tmp_path / "a.zip") == [("qd.pdf", "12/QĐ-UBND")]


def test_archives_inside_each_other_end(tmp_path: Path) -> None:
    data = zip_of(TWO)
    for _ in range(6):
        data = zip_of({"trong.zip": data, "a.txt": TWO["quyet-dinh.txt"]})
    (tmp_path / "a.zip").write_bytes(data)
    found = documents(tmp_path / "a.zip")
    assert ("trong.zip/a.txt", "12/QĐ-UBND") in found
    assert len(found) < 6


def test_too_much_inside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of({f"{n}.txt": b"x" for n in range(600)}))
    assert documents(tmp_path / "a.zip") == [(None, "qua_lon")]
    (tmp_path / "b.zip").write_bytes(zip_of({"a.txt": bytes(100_000)}))
    assert documents(tmp_path / "b.zip", ReadOptions(limits=Limits(unpacked_bytes=10_000))) == [(None, "qua_lon")]
    (tmp_path / "c.zip").write_bytes(zip_of({}) or b"")
    (tmp_path / "d.zip").write_bytes(zip_of({"thu-muc/": b""}))
    assert documents(tmp_path / "d.zip") == [(None, "trong")]


def test_a_mail_message_gives_its_text_and_its_attachments(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.vn", "b@example.vn", "Gửi văn bản"
    message.set_content("Kính gửi văn bản kèm theo.")
    message.add_attachment(TWO["quyet-dinh.txt"], maintype="text", subtype="plain", filename="quyết định.txt")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    assert documents(tmp_path / "a.eml") == [(None, None), ("quyết định.txt", "12/QĐ-UBND")]


def test_an_envelope_of_an_e_office_program(tmp_path: Path) -> None:
    content = base64.b64encode(TWO["quyet-dinh.txt"]).decode()
    (tmp_path / "a.edxml").write_text(
        '<?xml version="1.0"?><edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXMLAttachments><Attachment>'
        f"<AttachmentName>qd.txt</AttachmentName><Content>{content}</Content></Attachment></edXMLAttachments></edXML>",
        encoding="utf-8",
    )
    assert documents(tmp_path / "a.edxml") == [("qd.txt", "12/QĐ-UBND")]


def pdf_with_attachment(path: Path, lines: tuple[str, ...]) -> Path:
    """A PDF whose page holds *lines*, with a decision attached."""
    canvas = new_canvas(path)
    draw_lines(canvas, DECISION)
    canvas.save()
    attached = path.read_bytes()
    canvas = new_canvas(path)
    draw_lines(canvas, lines)
    canvas.save()
    document = pdfium.PdfDocument(path)
    document.new_attachment("qd.pdf").set_data(attached)
    document.new_attachment("data.xml").set_data(b"<x/>")
    document.save(path.with_suffix(".out"))
    document.close()
    return path.with_suffix(".out").rename(path)


def test_a_portfolio_is_the_documents_attached_to_it(tmp_path: Path) -> None:
    file = pdf_with_attachment(tmp_path / "a.pdf", ("For the best experience, open this PDF portfolio in Acrobat.",))
    assert documents(file) == [("qd.pdf", "12/QĐ-UBND")]
    assert read_record(str(file))["verdict"] == "khong_ho_tro"


def test_a_document_with_an_attachment_comes_first(tmp_path: Path) -> None:
    file = pdf_with_attachment(tmp_path / "a.pdf", LETTER)
    assert documents(file) == [(None, "77/CCPTNT-KH"), ("qd.pdf", "12/QĐ-UBND")]


def test_a_message_of_outlook(tmp_path: Path) -> None:
    file = tmp_path / "a.msg"
    file.write_bytes(compound({"__substg1.0_1000001F": "\r\n".join(LETTER).encode("utf-16-le")}))
    assert documents(file) == [(None, "77/CCPTNT-KH")]
    file.write_bytes(compound({"__substg1.0_10130102": f"<p>{'<p>'.join(LETTER)}".encode()}))
    assert documents(file) == [(None, "77/CCPTNT-KH")]


def test_a_message_in_an_unknown_character_set_is_read(tmp_path: Path) -> None:
    head = b"From: a@b.vn\r\nTo: c@d.vn\r\nSubject: x\r\nContent-Type: text/plain; charset=no-such\r\n\r\n"
    (tmp_path / "a.eml").write_bytes(head + "\n".join(LETTER).encode())
    assert documents(tmp_path / "a.eml") == [(None, "77/CCPTNT-KH")]


def test_attachments_that_are_too_many_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.vn", "b@example.vn", "Gửi văn bản"
    message.set_content("\n".join(LETTER))
    for number in range(501):
        message.add_attachment(b"x", maintype="text", subtype="plain", filename=f"{number}.txt")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    kind = read_documents(str(tmp_path / "a.eml"))["fields"]["kind"]
    assert kind["needs_review"]
    assert "501 văn bản" in kind["reasons"][-1]
