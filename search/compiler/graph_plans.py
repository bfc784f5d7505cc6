"""Plans for citations: documents that cite a named document, or rest on it step by step."""

from __future__ import annotations

from corpus.outline import anchor_of
from corpus.spoken_number import recognise, type_names
from corpus.spoken_provision import split_provision
from search.compiler.number_plans import MAX_NAMED, NumberPlans
from search.engine import Engine
from search.index.engine_document import provision_key
from search.language.tokens import folded_keys
from search.plan import AnyOf, Plan, all_of, phrase_or_term

#: Field of a query → key field that holds the ids cited.
_KEY_OF_FIELD = {"dan": "cites", "cancu": "basis", "duoi": "basis"}


class GraphPlans:
    """Looks up citations in the keys of one engine."""

    def __init__(self, engine: Engine, numbers: NumberPlans) -> None:
        self._engine = engine
        self._numbers = numbers

    def plan(self, field: str, value: str) -> Plan | None:
        """Documents that cite (``dan``) or have as căn cứ (``cancu``; ``duoi``: at any depth) what *value* names.

        A provision before or behind the document ("Điều 5 Nghị định …") asks for those that cite it or a part of it.
        None where no document has that number or title.
        """
        provision, document = split_provision(value)
        ids = self.named(document)
        if not ids and provision is not None:  # a title that holds these words
            provision, ids = None, self.named(value)
        if not ids:
            return None
        if field == "duoi":
            ids = self._with_dependents(ids)
        cites = AnyOf(_KEY_OF_FIELD[field], tuple(map(str, ids)))
        if provision is None or field == "duoi":
            return cites
        return all_of([cites, AnyOf("provision", tuple(provision_key(id_, anchor_of(provision)) for id_ in ids))])

    def named(self, value: str) -> list[int]:
        """The ids of the documents that a number or a title names."""
        query = recognise(value)
        if query is not None:
            return self._numbers.ids(query)
        syllables = folded_keys(value)
        types = [len(words) for words in type_names() if tuple(syllables[: len(words)]) == words]
        title = syllables[max(types, default=0) :] or syllables
        return self._engine.ids(phrase_or_term("title", tuple(title)), MAX_NAMED)

    def _with_dependents(self, ids: list[int]) -> list[int]:
        """*ids* and all documents that have one of them as căn cứ, directly or through others."""
        seen, new = set(ids), list(ids)
        while new:
            above = self._engine.ids(AnyOf("basis", tuple(map(str, new))))
            new = [id_ for id_ in above if id_ not in seen]
            seen.update(new)
        return sorted(seen)
