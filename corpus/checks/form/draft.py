"""A draft as the checks of form see it: its text folded, its lines, and where its parts begin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.checks.form.rules import FormFinding, RuleSet, rule
from corpus.fold import fold, squeeze
from corpus.model import Record

# What ends the head of a document: addressees, the first căn cứ, the operative words, the first heading.
_HEAD_END = re.compile(
    r"^[^\S\n]*(?:kinh gui\s*:|can cu\s|theo de nghi\s|thuc hien\s[^\n]{0,60}\sso\s|quyet (?:dinh|nghi)\s*:|"
    r"dieu 1\s*[.:]|i\s*\.\s|1\s*\.\s)",
    re.MULTILINE,
)
# The operative part begins: "QUYẾT ĐỊNH:", a heading, the first article, a sentence that ends in "như sau:".
_OPERATIVE = re.compile(
    r"^[^\S\n]*(?:quyet (?:dinh|nghi)\s*:?[^\S\n]*$|dieu 1\s*[.:]|"
    r"(?:phan\s+(?:thu\s+nhat|i)\b|i\s*\.|1\s*\.|a\s*[.)])\s)|nhu sau\s*[:.]",
    re.MULTILINE,
)
_GAZETTE = re.compile(r"cong bao/so \d")
_RECIPIENTS = re.compile(r"^[^\S\n]*noi\s+nhan\s*(?P<colon>:)?", re.MULTILINE)
#: Characters of the longest head and preamble.
_MAX_HEAD, _MAX_PREAMBLE = 3500, 12_000


@dataclass(slots=True)
class FormDraft:
    """A record with what the checks of form need of it, and the findings made so far."""

    record: Record
    rules: RuleSet
    findings: list[FormFinding] = field(default_factory=list)
    folded: str = ""

    def __post_init__(self) -> None:
        self.folded = fold(self.record.text)

    @property
    def text(self) -> str:
        """The stored text."""
        return self.record.text

    def head_end(self) -> int:
        """Where the head (letterhead, type, title) ends."""
        limit = min(len(self.text), _MAX_HEAD)
        found = _HEAD_END.search(self.folded, 0, limit)
        return found.start() if found else limit

    def preamble_end(self) -> int:
        """Where the operative part begins."""
        start = self.head_end()
        found = _OPERATIVE.search(self.folded, start, min(len(self.text), start + _MAX_PREAMBLE))
        return found.end() if found and found.group().startswith("nhu sau") else found.start() if found else start

    def recipients(self) -> re.Match[str] | None:
        """The words "Nơi nhận" of the document itself: the first that begin a line."""
        return _RECIPIENTS.search(self.folded)

    def find(self, key: str, start: int | None = None, end: int | None = None, seen: str | None = None) -> None:
        """Note a finding; seen: what is written, the text of the place unless given."""
        shown = seen if seen is not None else squeeze(self.text[start:end]) if start is not None else ""
        self.findings.append(FormFinding(rule(key, self.rules), shown[:200], start, end))

    @property
    def is_of_gazette(self) -> bool:
        """Whether it is a print of the gazette (Công báo), which leaves out Nơi nhận."""
        return bool(_GAZETTE.search(self.folded))

    @property
    def is_party(self) -> bool:
        """Whether the party's rules apply."""
        return self.rules is RuleSet.PARTY
