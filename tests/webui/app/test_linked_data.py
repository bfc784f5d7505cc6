"""JSON-LD that no text can break out of."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from webui.app import linked_data


@given(st.text(max_size=60))
def test_no_text_ends_the_script_element(words: str) -> None:
    script = str(linked_data.script({"name": f"{words}</script><!--"}))
    inside = script.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inside
    assert json.loads(inside) == {"name": f"{words}</script><!--"}
