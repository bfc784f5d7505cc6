"""A few hostile files of each kind through the real `ocop ingest`; all of them are ``python -m tests.hostile``."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from corpus.library import Library
from tests.hostile.all_kinds import KINDS, all_files
from tests.hostile.campaign import run
from tests.hostile.harness import UNHURRIED, Harness, Tally
from tests.hostile.raw_formats import one_page, stream, text_content
from tests.hostile.special_files import not_files
from webui.cli.command import main

#: Kinds whose files end by themselves, and soon.
CHEAP = (
    "cut",
    "locked",
    "zip slip",
    "names",
    "encodings",
    "compound files",
    "other type than named",
    "broken image",
)
#: Kinds whose files take seconds to make.
SLOW_KINDS = ("PDF bomb", "image bomb", "zip bomb")
#: Files that would be read by OCR.
IMAGES = (b".png", b".jpg", b".tif", b"scan.pdf")
#: Processor seconds that a file may take in the test of a page that never ends.
CPU_SECONDS = 8


def test_some_files_of_each_cheap_kind_have_a_right_outcome(tmp_path: Path) -> None:
    harness, tally = Harness(tmp_path, limits=UNHURRIED), Tally("some")
    some = [one for kind in CHEAP for one in list(all_files(0, (kind,)))[:: 9 if kind != "cut" else 16]]
    some = [one for one in some if not one.name.endswith(IMAGES)]
    planned = harness.plan(some, "some")
    harness.ingest(planned, tally, [tmp_path / "inputs" / "some"])
    assert tally.breaches == []
    assert tally.inputs == len(some) > 20
    assert tally.good_files > 3


def test_what_is_no_file_is_reported_and_harms_nothing(tmp_path: Path) -> None:
    assert not_files(Harness(tmp_path, limits=UNHURRIED)).breaches == []


def test_a_seed_makes_the_same_files() -> None:
    kinds = ("noise behind a valid beginning", "flipped bits")
    first, second = ([(one.name, one.data) for one in all_files(3, kinds)] for _ in range(2))
    assert first == second


def test_there_are_hundreds_of_files() -> None:
    assert sum(1 for _ in all_files(0, tuple(kind for kind in KINDS if kind not in SLOW_KINDS))) > 400


def doubling_forms() -> dict[int, bytes]:
    """Objects 20 and on: a form that shows another eight times, which does the same: more than any machine can draw."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /I %d 0 R >> >>"
    return {n: stream(b"/I Do " * 8, form % (n + 1)) for n in range(20, 45)}


def three_pages(third: bytes, more: dict[int, bytes]) -> bytes:
    """A PDF of two good pages and *third*."""
    shown = b"/Resources << /Font << /F1 5 0 R >> /XObject << /I 20 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R " + shown + b" >>"
    objects = {6: page % 7, 7: stream(text_content("Trang hai, so 12")), 8: page % 9, 9: third, **more}
    return one_page(kids=b"[3 0 R 6 0 R 8 0 R]", count=3, objects=objects)


def test_pages_before_an_endless_one_are_kept_and_the_next_run_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(three_pages(stream(b"/I Do"), doubling_forms()))
    settings = {
        "OCR_MODE": "off",
        "FILE_SECONDS": "3600",
        "FILE_CPU_SECONDS": str(CPU_SECONDS),
        "LIBRARY": str(tmp_path / "kho"),
        "JOBS": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"OCOP_{name}", value)
    for outcome in ("new", "unchanged"):
        began = time.monotonic()
        assert main(["ingest", "--json", str(file)]) == 0
        assert json.loads(capsys.readouterr().out)["counts"] == {outcome: 1}
        # It was read, up to its limit of processor time; a busy machine only needs longer.
        assert time.monotonic() - began > 0.9 * CPU_SECONDS
    with Library.open(tmp_path / "kho") as library:
        record = library.view().document(1).record
    assert record is not None
    assert record.incomplete is not None
    assert record.fields["kind"].needs_review
    assert any("2/3 trang" in reason for reason in record.fields["kind"].reasons)
    assert "Trang hai" in record.text


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
def test_all_hostile_files_have_a_right_outcome(tmp_path: Path) -> None:
    tallies = list(run(tmp_path))
    assert sum(tally.inputs for tally in tallies) >= 300
    assert [breach for tally in tallies for breach in tally.breaches] == []
