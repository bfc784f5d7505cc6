"""Whether a citation goes on with what the one before began."""

from __future__ import annotations

import re

from ingest.citations.clean import WorkingCopy
from ingest.citations.mention import Mention

#: Between two citations of one level: a comma or "và" before the second.
SEPARATED = re.compile(r"(?:,|\bva|\bcung(?:\svoi)?)\s?(?:cac\s)?(?:so\s?:?\s?)?$")
#: Characters between two citations of one level.
_REACH = 600


def is_full(mention: Mention) -> bool:
    """Whether a document is cited in full: with date and issuer."""
    return mention.date is not None and mention.issuer is not None


def is_same_level(work: WorkingCopy, mention: Mention, previous: Mention) -> bool:
    """Whether a citation in full goes on with what the one before began (``triển khai A … về … và B …``)."""
    between = work.folded[previous.end : mention.start]
    goes_on = len(between) < _REACH and bool(SEPARATED.search(between))
    return goes_on and is_full(mention) and not previous.nested
