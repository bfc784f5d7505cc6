"""A hostile folder through the real ``ocop ingest``; the whole of it is ``python -m tests.hostile``."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from corpus.library import Library
from tests.hostile.kinds import KINDS, all_hostile
from tests.hostile.raw import one_page, said, stream
from tests.hostile.run import Harness, Tally, no_files, run
from webui.cli.command import main

#: Kinds whose files cost little time, a few of each.
CHEAP = ("cut", "locked", "zip slip", "names", "letters", "compound files", "another type than it says", "broken image")


def test_a_few_of_each_cheap_kind(tmp_path: Path) -> None:
    harness, tally = Harness(tmp_path), Tally("some")
    some = [one for kind in CHEAP for one in list(all_hostile(0, (kind,)))[:: 9 if kind != "cut" else 16]]
    some = [one for one in some if not one.name.endswith((b".png", b".jpg", b".tif", b"scan.pdf"))]
    planned = harness.plan(iter(some), "some")
    harness.ingest(planned, tally, [tmp_path / "inputs" / "some"])
    assert tally.breaches == []
    assert tally.inputs == len(some) > 20
    assert tally.neighbours > 3


def test_what_is_no_file_is_named_and_costs_nothing(tmp_path: Path) -> None:
    assert no_files(Harness(tmp_path)).breaches == []


def test_there_are_hundreds_and_a_seed_makes_the_same(tmp_path: Path) -> None:
    heavy = {"PDF bomb", "image bomb", "zip bomb"}  # not made here: they take seconds
    light = tuple(kind for kind in KINDS if kind not in heavy)
    first = [(one.name, hash(one.data)) for one in all_hostile(3, ("noise behind a right beginning", "flipped bits"))]
    assert first == [
        (one.name, hash(one.data)) for one in all_hostile(3, ("noise behind a right beginning", "flipped bits"))
    ]
    assert sum(1 for _ in all_hostile(0, light)) > 400


def doubling_forms() -> dict[int, bytes]:
    """Objects 20 and on: a form that shows another eight times, and so on: more than any machine can draw."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /I %d 0 R >> >>"
    return {n: stream(b"/I Do " * 8, form % (n + 1)) for n in range(20, 45)}


def three_pages(third: bytes, more: dict[int, bytes]) -> bytes:
    shown = b"/Resources << /Font << /F1 5 0 R >> /XObject << /I 20 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R " + shown + b" >>"
    objects = {6: page % 7, 7: stream(said("Trang hai, so 12")), 8: page % 9, 9: third, **more}
    return one_page(kids=b"[3 0 R 6 0 R 8 0 R]", count=3, objects=objects)


def test_pages_before_a_slow_one_are_kept_and_the_next_run_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(three_pages(stream(b"/I Do"), doubling_forms()))
    for name, value in {"OCR_MODE": "off", "FILE_SECONDS": "5", "LIBRARY": str(tmp_path / "kho"), "JOBS": "1"}.items():
        monkeypatch.setenv(f"OCOP_{name}", value)
    for outcome in ("new", "unchanged"):
        began = time.monotonic()
        assert main(["ingest", "--json", str(file)]) == 0
        assert json.loads(capsys.readouterr().out)["counts"] == {outcome: 1}
        assert time.monotonic() - began > 5  # read again, not passed over
    with Library.open(tmp_path / "kho") as library:
        record = library.view().document(1).record
    assert record is not None
    assert record.fields["kind"].needs_review
    assert "chỉ đọc được 2/3 trang: hết giờ" in record.fields["kind"].reasons
    assert "Trang hai" in record.text


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_all_of_it(tmp_path: Path) -> None:
    tallies = run(tmp_path)
    assert sum(tally.inputs for tally in tallies) >= 300
    assert [breach for tally in tallies for breach in tally.breaches] == []
