"""Answers from the graph to questions in words: what is based on a document, what has replaced it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.checks import effect_status
from corpus.graph.graph import Filter
from corpus.spoken_number import SpokenNumber, recognise
from corpus.vocabulary import Effect
from search.query.asked_number import asked_number
from search.query.question import Question, QuestionKind, question_of
from webui.app import effects, json_shapes

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.values import Summary

#: Documents that a question is answered for, where the number typed may mean several.
MOST_MEANT = 5
#: Documents whose effect is looked at for one answer.
MOST_EXAMINED = 30

Answer = dict[str, Any]


def asked(library: LibraryView, text: str) -> tuple[Question, list[Summary]] | None:
    """The question that *text* is, with the documents it may be about; None where it is a search, or names none."""
    question = question_of(text)
    if question is None:
        return None
    words = question.document
    if any(char.isdigit() for char in words):
        number = asked_number(words)
        if number is None:
            return None
        if recognise(words) is None:
            words = _spelt_out(number)
    found = library.find(words)
    return (question, found) if found else None


def _spelt_out(number: SpokenNumber) -> str:
    """A number without ký hiệu as the library looks it up: "148 của thủ tướng năm 2023"."""
    parts = [number.doc_type or "", number.number_key]
    parts += [f"của {number.rest}" if number.rest else "", f"năm {number.year}" if number.year else ""]
    return " ".join(part for part in parts if part)


def understood(question: Question) -> str:
    """How a question was understood, in Vietnamese."""
    return f"Hiểu là hỏi: {question.kind.words} {question.document}."


def answers(library: LibraryView, graph: Graph, question: Question, found: list[Summary]) -> list[Answer]:
    """The answer for each document that may be meant: ``{"document", "sentence", "url"}``."""
    makers = {
        QuestionKind.BASES: _bases,
        QuestionKind.DEPENDENTS: _dependents,
        QuestionKind.REPLACED: _replaced,
        QuestionKind.EFFECT: _effect,
    }
    made = []
    for one in found[:MOST_MEANT]:
        sentence, url = makers[question.kind](library, graph, one)
        made.append({"document": json_shapes.summary(one), "sentence": sentence, "url": url})
    return made


def _bases(library: LibraryView, graph: Graph, one: Summary) -> tuple[str, str]:
    links = graph.cites(one.id, within=Filter(reach="legal", facts=False))
    targets = list(dict.fromkeys(link.target for link in links))
    url = f"/van-ban/{one.id}"
    if not targets:
        read = "Không thấy căn cứ nào trong" if one.held else "Chưa có toàn văn nên chưa biết căn cứ của"
        return f"{read} {one.name}.", url
    return f"{one.name} căn cứ vào {len(targets)} văn bản{_spent(library, graph, targets)}.", url


def _dependents(library: LibraryView, graph: Graph, one: Summary) -> tuple[str, str]:
    links = graph.cited_by_links(one.id, within=Filter(reach="legal", facts=False))
    sources = list(dict.fromkeys(link.source for link in links))
    url = f"/van-ban/{one.id}/anh-huong"
    if not sources:
        return f"Trong kho chưa có văn bản nào căn cứ vào {one.name}.", url
    return f"{len(sources)} văn bản căn cứ vào {one.name}{_spent(library, graph, sources)}.", url


def _spent(library: LibraryView, graph: Graph, ids: list[int]) -> str:
    """How many of the documents are no longer in force, as the end of a sentence; empty where none is known to be."""
    if len(ids) > MOST_EXAMINED:
        return ""
    states = [effect_status.effect_status(library, graph, id_).state for id_ in ids]
    replaced = sum(state is Effect.REPLACED for state in states)
    other = sum(state in effects.NOT_IN_FORCE and state is not Effect.REPLACED for state in states)
    words = [f", {replaced} đã bị thay thế"] if replaced else []
    if other:
        words.append(f", {other} đã hết hiệu lực toàn bộ hoặc một phần")
    return "".join(words)


def _replaced(library: LibraryView, graph: Graph, one: Summary) -> tuple[str, str]:
    found = effects.of(library, graph, one.id)
    url = f"/van-ban/{one.id}"
    by = [proof["by"]["name"] for proof in found["proofs"] if proof["state"] is Effect.REPLACED and proof["by"]]
    if by:
        return f"{one.name} bị thay thế bởi {', '.join(dict.fromkeys(by))}.", url
    if found["state"] is Effect.REPLACED:
        return f"{one.name} đã bị thay thế; chưa rõ bởi văn bản nào trong kho.", url
    return f"Trong kho chưa thấy văn bản nào thay thế {one.name}.", url


def _effect(library: LibraryView, graph: Graph, one: Summary) -> tuple[str, str]:
    found = effects.of(library, graph, one.id)
    url = f"/van-ban/{one.id}"
    if found["state"] is Effect.UNKNOWN:
        return f"Chưa thấy văn bản nào trong kho sửa đổi, thay thế hay bãi bỏ {one.name}.", url
    by = [proof["by"]["name"] for proof in found["proofs"] if proof["by"] and proof["by"]["id"] != one.id]
    source = f" (theo {by[0]})" if by else ""
    return f"{one.name}: {found['words']}{source}.", url
