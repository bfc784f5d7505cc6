"""`ocop signatures`: digital signatures of a document or a file, checked offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from webui.cli.common import DocArgument, JsonOption, LibraryOption, named, open_library, print_json, settings_of


def signatures(doc: DocArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Kiểm tra chữ ký số của tệp PDF (trong kho hoặc một tệp) theo các chứng thư gốc ở OCOP_TRUSTED_ROOTS."""
    from webui.app import addressing
    from webui.app import signatures as checks
    from webui.app.document_reader import pool_of
    from webui.cli.printing.terminal import printable

    settings, words = settings_of(library), named(doc)
    roots = checks.trusted_roots(settings.trusted_roots)
    found: list[dict[str, Any]]
    with pool_of(settings, 1, writable=()) as pool:
        if Path(words).is_file():
            found = [checks.in_words(one) for one in checks.of_file(pool, Path(words), roots)]
        else:
            with open_library(settings) as opened:
                view = opened.view()
                document = view.document(addressing.one(view, words).id)
                found = checks.of_document(view, pool, roots, document)
    if as_json:
        print_json(found)
        return
    if not found:
        print("Tệp không có chữ ký số.")
    for one in found:
        print(printable(f"{one['signer']}, {one['day']}: {one['words']} (nơi cấp: {one['issuer']})"))
        for note in one["notes"]:
            print(printable(f"  {note}"))
