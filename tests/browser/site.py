"""The site that the browser visits: a small library, and a server on a free port of this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from corpus.library import Library
from corpus.model import Evidence
from corpus.record_json import parse_record
from corpus.samples.source import FILES
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from search.searcher import Search
from tests.support.recognising import FIRST, HEADINGS, annex, decision
from tests.support.web_library import HOSTILE, build, document_text
from webui.app.settings import Settings
from webui.app.upload_files import plain_name
from webui.app.users import Users
from webui.web.application import create_app

PASSWORD = "mật khẩu rất dài"
#: Users by role; one name is as long as names may be, to try the heading with it.
NAMES = {"kiem-tra": "lan", "quan-tri": "W" * 40}
#: Samples with a text layer: read in milliseconds, citing each other, with page pictures.
SAMPLES = (
    "02-qd-1876-2018.pdf", "07-qd-1120-2020.pdf", "09-nq-08-2021.pdf", "11-qd-2450-2022.pdf", "18-kh-103-2023.pdf",
    "21-bc-342-2024.pdf",
)  # fmt: skip
#: What must not break a page: a word of 10 kB, and marks that reverse the writing direction.
LONG_WORD = "Ngoằn" * 2_000
TURNED = "\u202egnợưgn\u202c \u2067rtl\u2069"


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is open for visits."""

    address: str
    app: FastAPI
    #: Document ids by name.
    ids: dict[str, int]
    #: A session cookie for each role.
    cookies: dict[str, str]
    #: The id of a finished upload.
    upload: str


class Serving:
    """An application on a free port of this machine."""

    def __init__(self, app: FastAPI) -> None:
        self.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)


def build_library(folder: Path, files: Path) -> dict[str, int]:
    """The library of the browser tests: made-up documents, samples, and a document that is hostile throughout."""
    ids = build(folder, files)
    with Library.open(folder) as library:
        for name in SAMPLES:
            record = parse_record(read_record(str(FILES / name)))
            if name.startswith("18-"):
                # For the review: two doubtful values with places to show.
                for field in ("so_ky_hieu", "title"):
                    record.fields[field] = replace(
                        record.fields[field], confidence=0.5, needs_review=True, reasons=["con dấu che"]
                    )
            ids[name[:2]] = library.intake.add(record, FILES / name, reader_version=READER_VERSION).id
        recognising = decision(files / "cong-nhan.docx", "1902", ("18", "12", "2019"), annex(FIRST, HEADINGS))
        record = parse_record(read_record(str(recognising)))
        ids["cong-nhan"] = library.intake.add(record, recognising, reader_version=READER_VERSION).id
        worst = files / "rất xấu.txt"
        body = (
            f"Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ;\n{HOSTILE} {LONG_WORD} {TURNED}"
        )
        text = document_text("KẾ HOẠCH", "46/KH-UBND", ("13", "3", "2024"), f"Về {HOSTILE} {LONG_WORD} {TURNED}", body)
        worst.write_text(text, encoding="utf-8")
        record = parse_record(read_record(str(worst)))
        record.title = f"Về {HOSTILE} {LONG_WORD} {TURNED}"
        record.issuer = f"UBND {LONG_WORD[:400]} {TURNED}"
        record.so_ky_hieu = f"46/KH-{HOSTILE}"
        record.signer = HOSTILE + LONG_WORD[:300]
        record.recipients = [HOSTILE, LONG_WORD[:300], TURNED]
        for field in ("so_ky_hieu", "issuer", "signer"):
            record.fields[field] = Evidence(0.4, needs_review=True, page=1, reasons=[HOSTILE, LONG_WORD[:300]])
        ids["rat-xau"] = library.intake.add(record, worst, reader_version=READER_VERSION).id
        Search(folder, library.view()).catch_up()
    return ids


def opened(folder: Path) -> Iterator[Site]:
    """Build the library under *folder*, serve it, and close it again."""
    ids = build_library(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    cookies = {}
    for role, name in NAMES.items():
        users.add(name, PASSWORD, role)
        cookie = users.sign_in(name, PASSWORD, "")
        assert cookie is not None
        cookies[role] = cookie
    users.close()
    app = create_app(Settings(library=folder / "kho", jobs=1))
    with Serving(app) as address:
        yield Site(address, app, ids, cookies, _uploaded(app))


def _uploaded(app: FastAPI) -> str:
    """The id of an upload of one readable and one unreadable file."""
    uploads = app.state.uploads
    inbox = uploads.new_folder()
    (inbox / "0").write_text(f"Bài viết về {TURNED} sản phẩm OCOP {LONG_WORD}", encoding="utf-8")
    (inbox / "1").write_bytes(b"PK\x05\x06" + bytes(18))
    names = [f"{'dài' * 38}.txt", f"{HOSTILE.replace('/', '')}.xlsx"]
    batch = uploads.accept(inbox, [plain_name(name) for name in names], NAMES["quan-tri"])
    while not batch.done:
        time.sleep(0.05)
    return str(batch.id)
