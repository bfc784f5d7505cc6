"""Addresses and lists that pages write by themselves are those that the standard library and templates would write."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from webui.web.rendering import address, facet_items, templates

_ITEMS = """{% for v in values %}
<li><a href="{{ v.url }}"{% if v.chosen %} class="chosen" aria-current="true"{% endif %}>{{ v.label }}</a> <span class="count">{{ v.count|so }}</span></li>
{% endfor %}
"""  # noqa: E501 - as a template has it
_VALUES = st.fixed_dictionaries(
    {
        "url": st.text(min_size=1).map(lambda text: address("/", q=text)),
        "chosen": st.booleans(),
        "label": st.text(),
        "count": st.integers(1, 10**7),
    }
)


@given(st.dictionaries(st.from_regex(r"[a-z_]+", fullmatch=True), st.text() | st.integers(1) | st.lists(st.text())))
def test_an_address_is_written_as_the_standard_library_does(parameters: dict[str, str | int | list[str]]) -> None:
    parameters.pop("path", None)
    kept = {name: value for name, value in parameters.items() if value not in ("", [])}
    assert address("/x", **parameters) == (f"/x?{urlencode(kept, doseq=True)}" if kept else "/x")


@given(st.lists(_VALUES, max_size=4))
def test_values_of_facets_are_written_as_a_template_does(values: list[dict[str, object]]) -> None:
    assert facet_items(values) == templates().from_string(_ITEMS).render(values=values)
