"""Containers in a library: each document inside is held by itself, the container once, and nothing is read twice."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.library.backup import backup
from corpus.library.doctor import examine
from corpus.library.library_import import import_backup
from ingest.worker.pool import Pool
from tests.ingest.support import DECISION, LETTER
from webui.app.document_reader import SourceFile, pool_of
from webui.app.ingestion import ingest
from webui.app.rereading import reread
from webui.app.settings import Settings

LETTER_TEXT, DECISION_TEXT = "\n".join(LETTER).encode(), "\n".join(DECISION).encode()


def zip_of(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(library=tmp_path_factory.mktemp("settings") / "kho", jobs=1)


@pytest.fixture(scope="module")
def pool(settings: Settings) -> Iterator[Pool]:
    with pool_of(settings, jobs=1, writable=[Path("/")]) as made:
        yield made


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "kho", create=True) as made:
        yield made


def taken_in(library: Library, settings: Settings, pool: Pool, *files: Path) -> list[tuple[str, str]]:
    """(outcome, name) of each report; the names of *files* without their folder."""
    given = [SourceFile(file, file.name) for file in files]
    return [(report.outcome, report.path) for report in ingest(library, given, settings, pool)]


def held(library: Library) -> list[tuple[str, str | None, str | None]]:
    """(path, name inside, số ký hiệu) of each document that is held."""
    found = [one.record for one in library.view().readings()]
    return sorted(((r.path, r.inside, r.so_ky_hieu) for r in found), key=str)


def test_documents_of_an_archive_are_held_each_by_itself(
    tmp_path: Path, library: Library, settings: Settings, pool: Pool
) -> None:
    file = tmp_path / "a.zip"
    inner = zip_of({"cv.txt": LETTER_TEXT})
    file.write_bytes(zip_of({"trong.zip": inner, "qd.txt": DECISION_TEXT, "anh.gif": b"GIF89a"}))
    reports = taken_in(library, settings, pool, file)
    assert reports[-1] == ("opened", "a.zip")
    assert sorted(reports[:-1]) == [
        ("failed", "a.zip//anh.gif"),
        ("new", "a.zip//qd.txt"),
        ("new", "a.zip//trong.zip/cv.txt"),
    ]
    assert held(library) == [("a.zip", "qd.txt", "12/QĐ-UBND"), ("a.zip", "trong.zip/cv.txt", "77/CCPTNT-KH")]
    (kept,) = library.intake.containers()
    assert library.originals.local(kept.sha256).read_bytes() == file.read_bytes()
    before = list(library.view().dump())
    assert taken_in(library, settings, pool, file) == [("unchanged", "a.zip")]
    assert list(library.view().dump()) == before
    assert not examine(library.folder, deep=True).findings
    assert not list(library.folder.glob("ocr/*/*/parts"))


def test_the_dump_does_not_depend_on_the_order(tmp_path: Path, settings: Settings, pool: Pool) -> None:
    zipped, plain = tmp_path / "b.zip", tmp_path / "a.txt"
    zipped.write_bytes(zip_of({"qd.txt": DECISION_TEXT}))
    plain.write_bytes(DECISION_TEXT)
    dumps = []
    for number, files in enumerate(((zipped, plain), (plain, zipped))):
        with Library.open(tmp_path / str(number), create=True) as library:
            taken_in(library, settings, pool, *files)
            assert held(library) == [("a.txt", None, "12/QĐ-UBND")]
            dumps.append(list(library.view().dump()))
    assert dumps[0] == dumps[1]


def test_a_message_is_a_document_with_documents_attached(
    tmp_path: Path, library: Library, settings: Settings, pool: Pool
) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.vn", "b@example.vn", "Gửi văn bản"
    message.set_content("\n".join(LETTER))
    for name in ("qđ.txt", "qđ.txt"):
        message.add_attachment(DECISION_TEXT, maintype="text", subtype="plain", filename=name)
    file = tmp_path / "thu.eml"
    file.write_bytes(message.as_bytes())
    assert taken_in(library, settings, pool, file)[-1] == ("new", "thu.eml")
    assert held(library) == [("thu.eml", "qđ.txt", "12/QĐ-UBND"), ("thu.eml", None, "77/CCPTNT-KH")]
    (document,) = library.view().find("12/QĐ-UBND")
    assert library.view().document(document.id).paths == ["thu.eml//qđ.txt", "thu.eml//qđ.txt (2)"]
    assert reread(library, document.id, "off", settings, pool)["changed"] == {}
    assert library.view().document(document.id).record.inside == "qđ.txt"  # type: ignore[union-attr]


def test_a_copy_of_a_container_gives_its_documents_a_further_place(
    tmp_path: Path, library: Library, settings: Settings, pool: Pool
) -> None:
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(zip_of({"qd.txt": DECISION_TEXT}))
    taken_in(library, settings, pool, tmp_path / "a.zip")
    assert taken_in(library, settings, pool, tmp_path / "b.zip") == [("duplicate", "b.zip")]
    (document,) = library.view().find("12/QĐ-UBND")
    assert library.view().document(document.id).paths == ["a.zip//qd.txt", "b.zip//qd.txt"]
    (tmp_path / "a.zip").write_bytes(zip_of({"cv.txt": LETTER_TEXT}))  # the file is another one now
    taken_in(library, settings, pool, tmp_path / "a.zip")
    assert library.view().document(document.id).paths == ["b.zip//qd.txt"]


def test_a_container_with_a_secret_document_is_not_kept(
    tmp_path: Path, library: Library, settings: Settings, pool: Pool
) -> None:
    file = tmp_path / "a.zip"
    secret = "\n".join([*DECISION[:2], "TUYỆT MẬT", *DECISION[2:]]).encode()
    file.write_bytes(zip_of({"mat.txt": secret, "cv.txt": LETTER_TEXT}))
    reports = taken_in(library, settings, pool, file)
    assert sorted(reports) == [("new", "a.zip//cv.txt"), ("refused", "a.zip"), ("refused", "a.zip//mat.txt")]
    assert held(library) == [("a.zip", "cv.txt", "77/CCPTNT-KH")]
    assert not library.intake.containers()
    kept = list((library.folder / "originals").glob("*/*"))
    assert [path.read_bytes() for path in kept] == [LETTER_TEXT]
    assert taken_in(library, settings, pool, file) == [("refused", "a.zip")]


def test_a_backup_takes_containers_along(tmp_path: Path, library: Library, settings: Settings, pool: Pool) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(zip_of({"qd.txt": DECISION_TEXT}))
    taken_in(library, settings, pool, file)
    made = backup(library.folder, tmp_path / "luu.zip")
    assert not made.missing
    with Library.open(tmp_path / "khac", create=True) as other:
        assert import_backup(other, tmp_path / "luu.zip")["new"] == 1
        assert held(other) == [("luu.zip/a.zip", "qd.txt", "12/QĐ-UBND")]
        assert [one.paths for one in other.intake.containers()] == [("luu.zip/a.zip",)]
        assert not examine(other.folder, deep=True).findings
