"""Records as JSON data: parsed back to the same, checked value by value, and described by the published schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from corpus.model import Citation, Evidence, Failure, Incomplete, Record
from corpus.record_json import citation_values, parse_record, record_values, schema
from corpus.vocabulary import Relation, Verdict, Zone
from tools import record_schema


def a_record() -> Record:
    """A record with every kind of value in it."""
    return Record(
        path="kế hoạch.pdf",
        sha256="ab" * 32,
        pages=3,
        source="ocr",
        text="Căn cứ Quyết định số 919/QĐ-TTg\f\f",
        kind="administrative",
        date="2024-06-11",
        period="2021/2025",
        recipients=["Lưu: VT"],
        fields={"date": Evidence(0.5, True, page=1, bbox=(0.1, 0.2, 0.3, 0.4), start=0, end=3, reasons=["viết tay"])},
        citations=[Citation("Quyết định số 919/QĐ-TTg", 7, 31, relation=Relation.LEGAL_BASIS, zone=Zone.PREAMBLE)],
        incomplete=Incomplete(1, Verdict.TIMED_OUT),
    )


def test_the_schema_file_is_up_to_date() -> None:
    assert record_schema.PATH.read_text(encoding="utf-8") == record_schema.text(), "python -m tools.record_schema"


def test_a_record_comes_back_the_same_from_json() -> None:
    data = json.loads(json.dumps(a_record().as_json()))
    assert parse_record(data) == a_record()
    assert parse_record(data).as_json() == a_record().as_json()


@pytest.mark.parametrize("title", ["Kế hoạch", "nửa cặp \ud800", None])
def test_values_for_the_store_are_those_of_the_published_shape(title: str | None) -> None:
    record = a_record()
    record.title = title
    expected = record.as_json()
    assert record_values(record, set()) == expected
    assert record_values(record, {"text", "citations"}) == {
        name: value for name, value in expected.items() if name not in {"text", "citations"}
    }
    cited = [*record.citations, Citation("Quyết định số 1", 0, 3, title=title)]
    assert json.dumps(citation_values(cited)) == json.dumps([citation.as_json() for citation in cited])


def test_records_and_failures_fit_the_schema() -> None:
    validator = Draft202012Validator(schema())
    validator.validate(json.loads(json.dumps(a_record().as_json())))
    validator.validate(Failure("a.pdf", "Tệp hỏng.", Verdict.DAMAGED).as_json())


def test_a_record_without_the_later_keys_is_one_that_was_read_to_its_end() -> None:
    data = json.loads(json.dumps(a_record().as_json()))
    del data["incomplete"], data["fields"]["date"]["checked"]
    record = parse_record(data)
    assert record.incomplete is None
    assert not record.fields["date"].checked


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("sha256",), "../../etc/passwd"),
        (("pages",), 0),
        (("kind",), "poem"),
        (("date",), "11/06/2024"),
        (("unknown",), 1),
        (("fields", "date", "confidence"), 1.5),
        (("fields", "date", "bbox"), [0, 0, 1]),
        (("fields", "colour"), {"confidence": 1.0}),
        (("citations", 0, "relation"), "loves"),
        (("citations", 0, "end"), "far"),
        (("incomplete", "verdict"), "bored"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_parser_and_schema(path: tuple[Any, ...], value: object) -> None:
    data = json.loads(json.dumps(a_record().as_json()))
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(ValueError, match=str(path[-1])):
        parse_record(data)
    assert not Draft202012Validator(schema()).is_valid(data)


def test_every_published_field_of_the_vocabularies_is_a_plain_string() -> None:
    data = a_record().as_json()
    found = [data["citations"][0]["relation"], data["citations"][0]["zone"], data["incomplete"]["verdict"]]
    assert [type(value) for value in found] == [str, str, str]
