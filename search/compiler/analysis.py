"""What a query's leaves consist of: their syllables with diacritics restored, and the words of several syllables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.fold import nfc
from search.language.tokens import Token, folded_keys, tokens
from search.query.query_tree import (
    CELL_FIELD,
    FieldNode,
    FuzzyNode,
    Node,
    PhraseNode,
    PrefixNode,
    Run,
    WordNode,
    positive_leaves,
    runs,
)

#: Restores diacritics: the exact keys of the tokens given, or None where nothing changes.
Restorer = Callable[[list[Token]], list[str] | None]
#: The words of a text (:func:`corpus.segment.words`).
Segmenter = Callable[[str], list[str]]

#: Start and end of a word in the syllables of a run.
WordSpan = tuple[int, int]


@dataclass(slots=True)
class Analysis:
    """The analysed leaves of one query."""

    #: Whether the query has diacritics, typed or restored, so that an exact and a folded reading differ.
    marked: bool = False
    _syllables: dict[WordNode | PhraseNode, list[Token]] = field(default_factory=dict)
    _words: dict[WordNode | PhraseNode, list[WordSpan]] = field(default_factory=dict)
    _restored: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def has_words(self) -> bool:
        """Whether any word has several syllables."""
        return any(self._words.values())

    def syllables(self, leaf: WordNode | PhraseNode) -> list[Token]:
        """The syllables of a leaf, diacritics restored (not under a negation)."""
        return self._syllables.get(leaf) or tokens(leaf.text)

    def words(self, first: WordNode | PhraseNode) -> list[WordSpan]:
        """The words of several syllables in the run that begins with *first*; none under a negation."""
        return self._words.get(first, [])

    def restored(self, text: str) -> str | None:
        """The query with its restored diacritics; None where none were restored."""
        if not self._restored:
            return None
        parts, at = [], 0
        for start, end, exact in sorted(self._restored):
            typed = text[start:end]
            parts += [text[at:start], exact.upper() if typed.isupper() and len(typed) > 1 else exact]
            at = end
        return nfc("".join([*parts, text[at:]]))  # a lone combining mark may follow a restored syllable

    def add(self, run: Run, restore: Restorer | None, segment: Segmenter | None) -> None:
        """Analyses one run."""
        found: list[tuple[WordNode | PhraseNode, Token]] = [
            (leaf, token) for leaf in run for token in tokens(leaf.text)
        ]
        typed = [token for _, token in found]
        self.marked = self.marked or any(token.marked for token in typed)
        restored = restore(typed) if restore and typed else None
        if restored:
            self._note_changes(found, restored)
        for leaf in run:
            own = [i for i, (holder, _) in enumerate(found) if holder is leaf]
            self._syllables[leaf] = [
                Token(restored[i] if restored else typed[i].exact, typed[i].folded, 0, 0) for i in own
            ]
        if segment and isinstance(run[0], WordNode):
            syllables = [token for leaf in run for token in self.syllables(leaf)]
            text = " ".join(token.exact for token in syllables) if restored else " ".join(leaf.text for leaf in run)
            self._words[run[0]] = _words_of(text, syllables, segment)

    def _note_changes(self, found: list[tuple[WordNode | PhraseNode, Token]], restored: list[str]) -> None:
        for (leaf, token), exact in zip(found, restored, strict=True):
            if exact != token.exact:
                quote = 1 if isinstance(leaf, PhraseNode) else 0
                start = leaf.position + token.start + quote
                self._restored.append((start, start + token.end - token.start, exact))
                self.marked = True


def analyse(tree: Node, restore: Restorer | None = None, segment: Segmenter | None = None) -> Analysis:
    """Analyses the leaves of *tree* that no negation covers; each run of words is restored and segmented as a whole."""
    analysis = Analysis()
    for run in runs(tree):
        analysis.add(run, restore, segment)
    for leaf in positive_leaves(tree):
        if isinstance(leaf, PrefixNode | FuzzyNode) or (isinstance(leaf, FieldNode) and leaf.field == CELL_FIELD):
            analysis.marked = analysis.marked or any(token.marked for token in tokens(leaf.text))
    return analysis


def _words_of(text: str, syllables: list[Token], segment: Segmenter) -> list[WordSpan]:
    """The spans of *syllables* that are one word with diacritics; without any diacritics there is nothing to go by."""
    if not any(token.marked for token in syllables):
        return []
    spans, at = [], 0
    for word in segment(text):
        keys = folded_keys(word)
        for start in range(at, len(syllables) - len(keys) + 1):
            if [token.folded for token in syllables[start : start + len(keys)]] == keys:
                at = start + len(keys)
                if any(token.marked for token in syllables[start:at]):
                    spans.append((start, at))
                break
    return spans
