"""A scan as a PDF that can be searched: the pages as they were read, upright and straight, their words under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.errors import NotFound, ReadFailure, UsageError
from corpus.vocabulary import Verdict
from webui.app.document_reader import options_as_read
from webui.app.document_view import is_pictured
from webui.app.json_shapes import has_searchable_pdf

if TYPE_CHECKING:
    from corpus.library import Library
    from corpus.library.values import Document
    from ingest.pictures import Pictures
    from webui.app.settings import Settings

#: Pages that one file may have: all pictures are held in memory while it is written.
MOST_PAGES = 500


def searchable(library: Library, pictures: Pictures, settings: Settings, document: Document) -> bytes:
    """The pages of *document* as a PDF that can be searched.

    Raises NotFound where there is no original or its words are not known, UsageError for a document that has a text
    layer already or too many pages, ReadFailure.
    """
    from webui.app.layered_pdf import LayeredPdf

    record, view = document.record, library.view()
    if record is None or document.sha256 is None or not is_pictured(view, document):
        raise NotFound("Văn bản này không có bản quét để làm PDF.", "Hãy xem toàn văn.")
    if not has_searchable_pdf(document):
        raise UsageError("Tệp gốc đã tìm được chữ, không cần làm lại.", "Hãy tải tệp gốc.")
    if record.pages > MOST_PAGES:
        raise UsageError(f"Văn bản có {record.pages} trang, nhiều hơn {MOST_PAGES}.", "Hãy tải tệp gốc.")
    path, options = view.original(document.sha256), options_as_read(settings, library, document.sha256)
    made = LayeredPdf(document.summary.name)
    for page in range(1, record.pages + 1):
        try:
            made.add(pictures.layer(path, page, options))
        except ValueError as error:
            raise ReadFailure(f"Không vẽ được trang {page}.", Verdict.PROGRAM_ERROR) from error
        except NotFound as error:
            message = f"Chưa có kết quả đọc chữ của trang {page}."
            raise NotFound(message, f"Hãy đọc lại văn bản: ocop reocr '#{document.id}' --mode redo") from error
    return made.finished()
