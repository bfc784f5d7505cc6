"""Questions about the relations of a document: "ai dựa vào 1048", "căn cứ của 45/KH-UBND", "1048 còn hiệu lực không".

The ways of asking are the table ``search/data/questions.tsv``. A query is a question only where it is one of them from
beginning to end; what the document is, the caller looks up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.fold import clean, fold, nfc, squeeze
from corpus.tables import rows
from corpus.worded import WordedEnum
from search.data import DATA

#: Longer queries are text.
_LONGEST = 200
#: Characters of the query language that no question has.
_QUERY_SIGNS = re.compile(r'["():*~]')
_PARTS = re.compile(r"\{x\}|\((?P<may>[^)]*)\)|\[(?P<one>[^\]]*)\]|(?P<word>[^\s{}()\[\]]+)")


class QuestionKind(WordedEnum):
    """What is asked of a document; each with its Vietnamese words."""

    #: What it is based on.
    BASES = "bases", "căn cứ của"
    #: What is based on it.
    DEPENDENTS = "dependents", "văn bản căn cứ vào"
    #: What has replaced it.
    REPLACED = "replaced", "văn bản thay thế"
    #: Whether it is in force.
    EFFECT = "effect", "hiệu lực của"


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one document."""

    kind: QuestionKind
    #: How the document was named, as typed.
    document: str


def question_of(text: str) -> Question | None:
    """The question that *text* is; None where it is a search."""
    plain = squeeze(clean(nfc(text))).rstrip(" ?.!")
    if not plain or len(plain) > _LONGEST or _QUERY_SIGNS.search(plain):
        return None
    folded = fold(plain)
    for kind, pattern in _patterns():
        found = pattern.fullmatch(folded)
        if found:
            return Question(kind, plain[found.start("x") : found.end("x")].strip(" ,"))
    return None


@cache
def _patterns() -> tuple[tuple[QuestionKind, re.Pattern[str]], ...]:
    return tuple(
        (QuestionKind(row["kind"]), re.compile(_expression(row["pattern"]))) for row in rows("questions", DATA)
    )


def _expression(pattern: str) -> str:
    """The regular expression of a row of the table. Each part takes the space behind it."""
    parts = []
    for part in _PARTS.finditer(pattern):
        if part["may"] is not None:
            parts.append(f"(?:(?:{_choices(part['may'])})(?:\\s|$))?")
        elif part["one"] is not None:
            optional = "?" if part["one"].endswith("|") else ""
            parts.append(f"(?:(?:{_choices(part['one'])})(?:\\s|$)){optional}")
        elif part["word"] is not None:
            parts.append(f"{re.escape(part['word'])}(?:\\s|$)")
        else:
            parts.append(r"(?P<x>\S.*?)(?:\s|$)")
    return "".join(parts)


def _choices(listed: str) -> str:
    return "|".join(re.escape(choice.strip()).replace(r"\ ", " ") for choice in listed.split("|") if choice.strip())
