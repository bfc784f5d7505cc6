"""The provisions that documents cite of one another, for whole libraries: one query."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from corpus.library.json_length import list_length
from corpus.library.schema import claims, mentions, nodes
from corpus.library.view import LibraryView
from corpus.model import Pinpoint
from corpus.provisions import list_words

#: (citing, cited, relation) → the provisions.
CitedProvisions = dict[tuple[int, int, str], str]


def cited_provisions(view: LibraryView) -> CitedProvisions:
    """The provisions cited, in words ("khoản 1 Điều 5; Điều 7"); without those cited as a whole.

    Provisions that a document only reports others to have cited are left out.
    """
    found: dict[tuple[int, int, str], list[Pinpoint]] = defaultdict(list)
    query = (
        select(mentions.c.source_id, claims.c.target_id, mentions.c.relation, mentions.c.citation["pinpoints"])
        .select_from(
            mentions.join(claims, claims.c.id == mentions.c.claim_id).join(nodes, nodes.c.id == mentions.c.source_id)
        )
        .where(nodes.c.merged_into.is_(None), view.visible, claims.c.target_id.is_not(None))
        .where(list_length(mentions.c.citation, "pinpoints") > 0)
        .order_by(mentions.c.source_id, mentions.c.ordinal)
    )
    with view.reading() as connection:
        for source, target, relation, pinpoints in connection.execute(query):
            found[int(source), int(target), str(relation)] += [Pinpoint(**one) for one in pinpoints]
    return {key: list_words(pinpoints) for key, pinpoints in found.items()}
