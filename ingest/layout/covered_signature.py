"""Settles who signs a scan whose name or title a seal or a pen covers: several looks at the column, weighed together.

Two looks by the same engine see the same slips; one name from both engines is therefore worth more than any look. A
seal hides lines and never adds one: a deputy's title that some look gives counts before its head's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.fold import canonical, fold
from corpus.model import Box
from ingest.layout.found import Found, evidence_of
from ingest.layout.lines import Line, Segment
from ingest.layout.name_search import SearchedName
from ingest.layout.person_names import has_doubtful_marks
from ingest.layout.signature_column import (
    SURE_HEAD,
    centred_head,
    is_deputy,
    offices_signed_for,
    read_column,
    review_of_name,
)
from ingest.layout.signature_rereading import by_second_reader, looks, searched_names
from ingest.page import Page

#: No further look is taken for a name as certain as this.
_SURE_NAME = 0.88
#: What one engine alone can be sure of.
_ONE_ENGINE = 0.95
#: Confidence from which a second name beside the chosen one is a doubt.
_RIVAL = 0.6
#: The same for a name that differs in its marks alone.
_OTHER_MARKS = 0.3
#: Names are searched for where no look gave one with this confidence, which a searched one then has.
_SEARCHED = 0.5
#: Looks that must see a searched name, and none another, for it to be no guess, and how sure they are. Of eleven names
#: searched on the labelled scans no wrong one was seen twice; one more look is asked for, as eleven are few.
_LOOKS_THAT_AGREE, _AGREED = 3, 0.8
#: Syllables of a name that has lost none.
_WHOLE = 3
#: No further look is taken for a searched name that fits the ink so well.
_FITS_WELL = -0.5
#: Forms above a title that is the signer's own.
_OWN_TITLE_BELOW = {"TM.", "TL.", "TUQ."}
#: Confidence of a head's title that outweighs signs of a deputy's.
_CLEAR_HEAD = 0.9
#: Engines that must give a head's title where no form of signing says that it is the signer's own.
_ENGINES_FOR_HEAD = 2
#: The same for a name with a syllable that is no usual one, but would be with other marks.
_ENGINES_FOR_MARKS = 2
#: Looks that are taken where only the title is in doubt.
_LOOKS_FOR_TITLE = 3


@dataclass(slots=True)
class _Reading:
    """A value that some looks gave."""

    found: Found
    #: The highest confidence of each engine that gave it.
    engines: dict[str, float] = field(default_factory=dict)
    #: Whether one of the looks gave it without a doubt, and whether one saw what may be a further line of it.
    undoubted: bool = False
    is_in_part: bool = False
    #: The engines to whose looks the title of a head stood centred above the name: nothing is hidden before it.
    centred: set[str] = field(default_factory=set)

    @property
    def confidence(self) -> float:
        """The chance that not all engines erred."""
        wrong = 1.0
        for confidence in self.engines.values():
            wrong *= 1 - min(confidence, _ONE_ENGINE)
        return 1 - wrong


def read_covered(
    page: Page, anchor: Line, column: Sequence[Segment], printed: Mapping[str, Found], *, title_only: bool
) -> dict[str, Found]:
    """signer, signer_title and signing_form of the column that begins at *anchor*.

    column: its segments by the page's own OCR, itself one look, and *printed* what they gave. title_only: the name is
    sure, and stays as it was read.
    """
    offices = offices_signed_for(column)
    names: dict[str, _Reading] = {}
    titles: dict[str, _Reading] = {}
    forms: list[Found] = [printed["signing_form"]] if "signing_form" in printed else []
    columns: list[list[Segment]] = []
    _note(names, titles, printed, own := "tesseract" if page.engine == "tesseract" else "reader")
    _note_centred(titles, column, own)
    for count, (engine, segments) in enumerate(looks(page, anchor)):
        if title_only and count >= _LOOKS_FOR_TITLE:
            break
        columns.append(segments)
        offices |= offices_signed_for(segments)
        found = read_column(segments, ocr=True, alone=True)
        _note(names, titles, found, engine := "reader" if engine == "reader" else "tesseract")
        _note_centred(titles, segments, engine)
        forms += [found["signing_form"]] if "signing_form" in found else []
        best = _best_name(names)
        if best is not None and _is_sure(best) and _is_settled(titles):
            break
    if not title_only and _is_poor(_best_name(names)):
        _search(names, page, anchor)
    if not names and columns:
        fullest = max(columns, key=len)
        _note(names, titles, read_column(fullest + by_second_reader(page, fullest), ocr=True, alone=True), "second")
    signed_under = {key: reading for key, reading in titles.items() if reading.found.value not in offices}
    is_own = any(set(_names(form)) & _OWN_TITLE_BELOW for form in forms)
    for reading in titles.values():
        # One engine's word for a head's title is not enough: the line above it may be a deputy's "KT.".
        # Where it stands centred, nothing is hidden before it; that two engines saw outweighs what a look saw there.
        one_engine = len(reading.engines) < _ENGINES_FOR_HEAD and not is_deputy(str(reading.found.value))
        in_part = reading.is_in_part and len(reading.centred) < _ENGINES_FOR_HEAD
        reading.is_in_part = not is_own and (in_part or (one_engine and not reading.centred))
    return _settled({} if title_only else names, signed_under or titles, forms)


def _note_centred(titles: Mapping[str, _Reading], segments: Sequence[Segment], engine: str) -> None:
    title = centred_head(segments)
    if title is not None and (reading := titles.get(canonical(title))) is not None:
        reading.centred.add(engine)


def _is_sure(name: _Reading) -> bool:
    """Whether no further look is needed for a name: marks that are no usual ones, a second engine must see too."""
    unusual = len(name.engines) < _ENGINES_FOR_MARKS and has_doubtful_marks(str(name.found.value))
    return name.confidence >= _SURE_NAME and not unusual


def _is_settled(titles: Mapping[str, _Reading]) -> bool:
    """Whether some look gave a title without a doubt: a deputy's, or clearly a head's of which none saw more."""
    return any(
        t.undoubted and (is_deputy(str(t.found.value)) or (not t.is_in_part and t.confidence >= _CLEAR_HEAD))
        for t in titles.values()
    )


def _is_poor(best: _Reading | None) -> bool:
    """Whether the looks gave no name, or at most a part of one."""
    if best is None or best.confidence < _SEARCHED:
        return True
    name = str(best.found.value)
    return len(name.split()) < _WHOLE and bool(review_of_name(name, best.confidence, is_titled=True))


def _search(names: dict[str, _Reading], page: Page, anchor: Line) -> None:
    """Note the name that a slanted or rubber-stamped line is likeliest to be: a guess, to be checked.

    Only where several looks, each at other ink or turned otherwise, see that name and none sees another is it no guess.
    """
    best: tuple[SearchedName, Box] | None = None
    seen: Counter[str] = Counter()
    for found in searched_names(page, anchor):
        seen.update({canonical(name.text) for name, _ in found})
        for name, box in found:
            if best is None or name.fit > best[0].fit:
                best = (name, box)
        if best is not None and best[0].fit > _FITS_WELL and (len(seen) > 1 or seen.total() >= _LOOKS_THAT_AGREE):
            break
    if best is None:
        return
    name, box = best
    where = Segment(name.text, anchor.start, anchor.end, page.number, box, _SEARCHED)
    reasons = ["con dấu tên hoặc chữ nghiêng, đọc suy đoán"]
    evidence = evidence_of([where], _SEARCHED, needs_review=True, reasons=reasons)
    engines = {"search": _SEARCHED}
    if len(seen) == 1 and seen.total() >= _LOOKS_THAT_AGREE:
        engines["further looks"] = _AGREED
    names[canonical(name.text)] = _Reading(Found(name.text, evidence), engines)


def _note(names: dict[str, _Reading], titles: dict[str, _Reading], found: Mapping[str, Found], engine: str) -> None:
    for name, readings in (("signer", names), ("signer_title", titles)):
        if name not in found:
            continue
        value = found[name]
        key = canonical(str(value.value))
        reading = readings.setdefault(key, _Reading(value))
        reading.engines[engine] = max(reading.engines.get(engine, 0.0), value.evidence.confidence)
        doubted = value.evidence.needs_review
        reading.undoubted = reading.undoubted or not doubted
        reading.is_in_part = reading.is_in_part or (doubted and value.evidence.confidence >= SURE_HEAD)


def _best_name(names: Mapping[str, _Reading]) -> _Reading | None:
    """The likeliest name; of one that is a part of another the longer, where that is no mere guess."""
    ranked = sorted(names.items(), key=lambda item: -item[1].confidence)
    if not ranked:
        return None
    key, best = ranked[0]
    longer = [reading for other, reading in ranked if _is_part(key, other) and reading.confidence >= _RIVAL / 2]
    return longer[0] if longer else best


def _is_part(short: str, long: str) -> bool:
    """Whether a name is another one without its first or its last syllables, whatever their marks."""
    short, long = fold(short), fold(long)
    return short != long and (long.endswith(f" {short}") or long.startswith(f"{short} "))


def _settled(names: Mapping[str, _Reading], titles: Mapping[str, _Reading], forms: Sequence[Found]) -> dict[str, Found]:
    found: dict[str, Found] = {}
    if forms:
        found["signing_form"] = max(forms, key=lambda form: len(_names(form)))
    title = _title(titles)
    if title is not None:
        found["signer_title"] = title
    best = _best_name(names)
    if best is not None:
        chosen = best.found
        key = canonical(str(chosen.value))
        others = [(k, r) for k, r in names.items() if k != key and not _is_part(k, key)]
        rivals = [r for k, r in others if r.confidence >= (_RIVAL if fold(k) != fold(key) else _OTHER_MARKS)]
        is_doubtful = bool(rivals) and len(best.engines) < 2
        chosen.evidence.confidence = round(best.confidence, 3)
        reasons = review_of_name(
            str(chosen.value),
            best.confidence,
            is_titled=title is not None,
            has_rivals=is_doubtful,
            is_agreed=len(best.engines) > 1,
        )
        chosen.evidence.needs_review, chosen.evidence.reasons = bool(reasons), reasons
        found["signer"] = chosen
    return found


def _names(form: Found) -> list[str]:
    """The forms that a value of signing_form lists."""
    return [str(name) for name in form.value] if isinstance(form.value, list) else []


def _title(titles: Mapping[str, _Reading]) -> Found | None:
    """The likeliest title; a deputy's before its head's, which is then all that is left of it."""
    if not titles:
        return None
    best = max(titles.values(), key=lambda reading: (reading.undoubted, reading.confidence))
    deputies = [r for r in titles.values() if is_deputy(str(r.found.value)) and r is not best]
    doubted = False
    if deputies and not is_deputy(str(best.found.value)):
        deputy = max(deputies, key=lambda reading: (reading.undoubted, reading.confidence))
        if deputy.undoubted or not best.undoubted or best.confidence < max(_CLEAR_HEAD, deputy.confidence):
            doubted = best.undoubted and len(deputy.engines) < _ENGINES_FOR_HEAD
            best = deputy
        else:
            doubted = True
    doubted = doubted or (best.is_in_part and not is_deputy(str(best.found.value)))
    chosen = best.found
    chosen.evidence.confidence = round(best.confidence, 3)
    if best.undoubted and not doubted:
        chosen.evidence.needs_review, chosen.evidence.reasons = False, []
    elif doubted and not chosen.evidence.needs_review:
        chosen.evidence.needs_review = True
        chosen.evidence.reasons = ["OCR không chắc, có thể còn dòng chức vụ bị che"]
    return chosen
