"""What a further attempt at a file leaves out, after an attempt that failed.

When a worker runs out of time or memory or crashes, the pages it had finished are read once more by another worker,
without what the first one failed at. Each attempt leaves out more than the one before.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.vocabulary import Verdict
from ingest.worker.progress import Reached, Stage


@dataclass(frozen=True, slots=True)
class Rescue:
    """What an attempt after a failure leaves out."""

    #: Why the first attempt failed.
    verdict: Verdict
    #: Pages of the file, as far as known.
    pages: int
    #: The last page that is read; later ones are not opened.
    last: int
    #: Whether pages that OCR has not read yet stay unread.
    cached_ocr_only: bool = False
    #: Whether only the text is kept and nothing is concluded from it.
    text_only: bool = False


def rescue_after(verdict: Verdict, reached: Reached | None, before: Rescue | None, *, by_reader: bool) -> Rescue | None:
    """What the next attempt should leave out; None when another attempt cannot help.

    verdict: why the attempt failed. reached: how far it came. before: what that attempt left out already. by_reader:
    the reader reported the failure itself, so it can continue behind a broken page; otherwise the worker died.
    """
    if reached is None or (by_reader and reached.stage is not Stage.PAGE):
        return None
    why = before.verdict if before else verdict
    pages = before.pages if before else reached.pages
    last = before.last if before else reached.pages
    cached_only = before.cached_ocr_only if before else False
    if reached.stage is Stage.PAGE:
        if by_reader:  # the reader skips pages that do not open and reads the others
            return Rescue(why, pages, pages) if before is None and reached.pages > 1 else None
        last = min(last, reached.page - 1)
        return Rescue(why, pages, last, cached_only) if last >= 1 else None
    if reached.stage is Stage.OCR:
        return None if cached_only else Rescue(why, pages, last, cached_ocr_only=True)
    if reached.stage is Stage.RECORD and not (before and before.text_only):
        return Rescue(why, pages, last, cached_ocr_only=True, text_only=True)
    return None
