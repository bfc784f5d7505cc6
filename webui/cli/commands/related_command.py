"""`ocop related`: documents near to one by citations, text, programme and period."""

from __future__ import annotations

from webui.cli.common import (
    DocArgument,
    JsonOption,
    LibraryOption,
    named,
    open_library,
    print_json,
    search_of,
    settings_of,
)


def related(doc: DocArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Văn bản liên quan: về căn cứ, lời văn, chương trình; bản gần như trùng và bản của năm khác để riêng."""
    from corpus.graph.choice import graph_of
    from webui.app import addressing
    from webui.app import related as lists
    from webui.cli.printing import related as printing

    settings = settings_of(library)
    with open_library(settings) as opened:
        view = opened.view()
        found = addressing.one(view, named(doc))
        value = lists.related(view, graph_of(view), search_of(settings, opened), found.id)
    if as_json:
        print_json(value)
    else:
        printing.lists(value)
