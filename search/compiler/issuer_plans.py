"""Documents of an agency, however its name is typed."""

from __future__ import annotations

from corpus import agencies
from search.index.engine_document import agency_tokens
from search.language.tokens import folded_keys
from search.plan import Plan, Term, all_of, any_of


def issuer_plan(name: str, *, or_title: bool = False) -> Plan:
    """Documents issued by the agency *name*: by its key, or by all syllables of its name, abbreviated or in full.

    or_title: a syllable may stand in the title instead.
    """
    key = agencies.issuer_key(name)
    plans: list[Plan] = []
    if key and not key.endswith("?"):
        plans.append(Term("issuer_key", key))
    fields = ("issuer", "title") if or_title else ("issuer",)
    for syllables in (folded_keys(name), agency_tokens(name)):
        if syllables:
            plans.append(all_of([any_of([Term(field, s) for field in fields]) for s in syllables]))
    return any_of(plans)
