"""A made-up library of any size: documents of realistic length, and citations of which a few documents receive most.

Sixty-three provinces issue plans, decisions, reports and notices of up to twenty pages. Their căn cứ are decisions
and laws of the central government, of which half the library cites a few, and earlier documents of their own
province, the oldest most often; some replace or amend one of those. Document *n* is the same in every run.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from functools import cache
from pathlib import Path

from bench.timing import timed
from corpus import areas
from corpus.identity import Facts
from corpus.law import known_documents
from corpus.library import Library
from corpus.model import Citation, Evidence, Record
from corpus.segment import pieces
from corpus.segment import words as segment_words
from corpus.tables import rows
from corpus.vocabulary import Relation, Zone
from search.index import engine_document
from search.index.index_folder import IndexFolder
from search.index.word_cache import WordCache
from search.searcher import Search

DATA = Path(__file__).parent / "data"
#: Loại, its code, and how many in a hundred.
KINDS = (("Kế hoạch", "KH", 35), ("Quyết định", "QĐ", 35), ("Báo cáo", "BC", 20), ("Thông báo", "TB", 10))
#: Central documents that the library holds, with the share of later documents that have them as căn cứ.
CENTRAL = (
    ("490/QĐ-TTg", "2018-05-07", 0.8),
    ("1048/QĐ-TTg", "2019-08-21", 0.5),
    ("781/QĐ-TTg", "2020-06-08", 0.3),
    ("263/QĐ-TTg", "2022-02-22", 0.3),
    ("919/QĐ-TTg", "2022-08-01", 0.97),
    ("148/QĐ-TTg", "2023-02-24", 0.8),
    ("1489/QĐ-TTg", "2025-07-06", 0.3),
)
#: The day of the first document, and the days until the last.
FIRST, DAYS = Day(2019, 11, 1), 2_200
PROVINCES = 63
SENTENCES = 6_000
WORDS_OF_PAGE, MOST_PAGES = 380, 20
#: Relation of a citation of an earlier document of the province, up to which draw it is chosen.
RELATIONS = (
    (0.02, Relation.REPLACES),
    (0.05, Relation.AMENDS),
    (0.6, Relation.LEGAL_BASIS),
    (1.0, Relation.REFERS_TO),
)
_VERBS = {Relation.REPLACES: "thay thế ", Relation.AMENDS: "sửa đổi, bổ sung "}


@cache
def _phrases(kind: str) -> list[str]:
    return [row["text"] for row in rows("phrases", DATA) if row["kind"] == kind]


def terms() -> list[str]:
    """What the documents are about."""
    return _phrases("term")


@cache
def sentences() -> list[str]:
    """The sentences of the documents; the first are used far more often than the last."""
    chance = random.Random(919)
    joints = _phrases("joint")
    weights = [1 / (1 + at) ** 0.6 for at in range(len(terms()))]
    made = []
    for _ in range(SENTENCES):
        parts: list[str] = []
        for term in chance.choices(terms(), weights, k=chance.randint(4, 14)):
            parts += [term, chance.choice(joints)]
        made.append(" ".join(parts[:-1]).capitalize() + ".")
    return made


@dataclass(frozen=True, slots=True)
class Heading:
    """What a citation names of a document."""

    doc_type: str
    so_ky_hieu: str
    #: A whole day.
    date: str
    issuer: str
    title: str = ""

    def as_citation(self) -> str:
        """The document as it is cited in full."""
        day = Day.fromisoformat(self.date)
        return f"{self.doc_type} số {self.so_ky_hieu} ngày {day.day:02d}/{day.month}/{day.year} của {self.issuer}"


@cache
def _provinces() -> list[str]:
    return sorted(province.name for province in areas.provinces().values())[:PROVINCES]


def _heading_of(facts: Facts) -> Heading:
    issuer = facts.issuer or "Thủ tướng Chính phủ"
    return Heading(facts.doc_type or "", facts.so_ky_hieu or "", facts.date or "", issuer, facts.title or "")


@cache
def _central() -> list[Heading]:
    found = []
    for number, date, _ in CENTRAL:
        known = next(row.facts for row in known_documents.dated(date) if row.facts.so_ky_hieu == number)
        found.append(_heading_of(known))
    return found


@cache
def _other_central() -> tuple[list[Heading], list[float]]:
    """Other known central documents, each cited less than the one before: (headings, weights)."""
    found = [_heading_of(row.facts) for row in known_documents.all_rows().values() if _is_citable(row.facts)]
    return found, [1 / (1 + at) for at in range(len(found))]


def _is_citable(facts: Facts) -> bool:
    """Whether a known document has all that a citation in full names, and is from 2008 to 2018."""
    complete = facts.doc_type and facts.so_ky_hieu and facts.issuer and len(facts.date or "") == len("2018-05-07")
    return bool(complete) and "2008" < (facts.date or "") < "2019" and "UBND" not in (facts.so_ky_hieu or "")


def heading(number: int, documents: int) -> Heading:
    """The heading of document *number* of *documents*: the central ones first, then the provinces', oldest first."""
    if number <= len(CENTRAL):
        return _central()[number - 1]
    chance = random.Random(number)
    turn, province = divmod(number, PROVINCES)
    doc_type, code, _ = chance.choices(KINDS, [kind[2] for kind in KINDS])[0]
    day = FIRST + timedelta(days=min(turn * DAYS // max(documents // PROVINCES, 1), DAYS))
    return Heading(
        doc_type,
        f"{turn * 11 + number % 11}/{code}-UBND",
        day.isoformat(),
        f"UBND tỉnh {_provinces()[province]}",
        f"về {sentences()[chance.randrange(SENTENCES)][:-1].lower()}",
    )


def _cited(number: int, documents: int, own: Heading, chance: random.Random) -> Iterator[tuple[Heading, Relation]]:
    """What document *number* cites."""
    for central, (_, date, share) in zip(_central(), CENTRAL, strict=True):
        if date < own.date and chance.random() < share:
            yield central, Relation.LEGAL_BASIS
    others, weights = _other_central()
    for other in dict.fromkeys(chance.choices(others, weights, k=chance.randint(1, 4))):
        yield other, Relation.LEGAL_BASIS
    turn = number // PROVINCES
    for _ in range(chance.randint(0, 4)):
        before = number - PROVINCES * (turn - int(turn * chance.random() ** 3))
        if len(CENTRAL) < before < number:
            draw = chance.random()
            yield heading(before, documents), next(relation for most, relation in RELATIONS if draw < most)


class _Writer:
    """Writes the text of one document and notes its citations."""

    def __init__(self, own: Heading) -> None:
        place = own.issuer.removeprefix("UBND tỉnh ")
        issuer = own.issuer.replace("UBND", "Ủy ban nhân dân").upper()
        self.own = own
        self.pages = 1
        self.citations: list[Citation] = []
        self.text = (
            f"{issuer}\nSố: {own.so_ky_hieu}\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
            f"{place}, ngày {own.date[8:]} tháng {own.date[5:7]} năm {own.date[:4]}\n"
            f"{own.doc_type.upper()}\n{own.title}\n"
        )

    def cite(self, other: Heading, relation: Relation) -> None:
        """Writes a citation in full."""
        start, written = len(self.text), other.as_citation()
        self.text += written
        number, _, symbol = other.so_ky_hieu.partition("/")
        legal = relation is Relation.LEGAL_BASIS
        self.citations.append(
            Citation(
                written,
                start,
                len(self.text),
                other.doc_type,
                number,
                symbol,
                other.so_ky_hieu,
                other.date,
                other.issuer,
                relation=relation,
                is_legal_basis=legal,
                zone=Zone.PREAMBLE if legal else Zone.BODY,
                page=self.pages,
            )
        )

    def preamble(self, cited: Iterator[tuple[Heading, Relation]]) -> list[tuple[Heading, Relation]]:
        """Writes the căn cứ; what else is cited is returned."""
        seen = {self.own.so_ky_hieu}
        others: list[tuple[Heading, Relation]] = []
        for other, relation in cited:
            if other.so_ky_hieu in seen:
                continue
            seen.add(other.so_ky_hieu)
            if relation is Relation.LEGAL_BASIS:
                self.text += "Căn cứ "
                self.cite(other, relation)
                self.text += ";\n"
            else:
                others.append((other, relation))
        return others

    def body(self, others: list[tuple[Heading, Relation]], chance: random.Random) -> None:
        """Writes pages of sentences, with *others* cited in them."""
        wanted = min(WORDS_OF_PAGE * MOST_PAGES, int(WORDS_OF_PAGE * chance.lognormvariate(1.1, 0.7)))
        written = 0
        while written < wanted or others:
            sentence = sentences()[int(SENTENCES * chance.random() ** 2)]
            self.text += sentence + ("\n" if chance.random() < 0.3 else " ")
            written += sentence.count(" ") + 1
            if others and chance.random() < 0.2:
                other, relation = others.pop()
                self.text += f"{self.own.doc_type} này {_VERBS.get(relation, 'thực hiện theo ')}"
                self.cite(other, relation)
                self.text += ".\n"
            if written > self.pages * WORDS_OF_PAGE:
                self.text += "\n\f"
                self.pages += 1


def record(number: int, documents: int) -> Record:
    """The record of document *number* of *documents*."""
    own, chance = heading(number, documents), random.Random(-number)
    writer = _Writer(own)
    cited = _cited(number, documents, own, chance) if number > len(CENTRAL) else iter(())
    writer.body(writer.preamble(cited), chance)
    signer = chance.choice(_phrases("signer"))
    writer.text += f"\nNơi nhận:\n- Như trên;\n- Lưu: VT.\nCHỦ TỊCH\n{signer}\n"
    unsure = chance.random() < 0.1
    fields = {
        name: Evidence(0.5 if unsure and name == "date" else 0.95, needs_review=unsure and name == "date", page=1)
        for name in ("so_ky_hieu", "date", "issuer", "title", "signer")
    }
    digits, _, symbol = own.so_ky_hieu.partition("/")
    return Record(
        f"bench/{number}.txt",
        f"{number:064x}",
        writer.pages,
        "text",
        writer.text,
        "administrative",
        own.doc_type,
        digits,
        symbol,
        own.so_ky_hieu,
        own.date,
        issuer=own.issuer,
        place=own.issuer.removeprefix("UBND tỉnh "),
        title=own.title,
        signer=signer,
        recipients=["Như trên", "Lưu: VT"],
        fields=fields,
        citations=writer.citations,
    )


def make(folder: Path, documents: int) -> float:
    """Makes the library, or finishes it, and indexes it with Tantivy; seconds it took."""

    def run() -> None:
        with Library.open(folder, create=True) as library:
            indexed = (folder / "index").exists()  # then all documents are there, and perhaps others read since
            for number in () if indexed else range(library.view().status().held + 1, documents + 1):
                library.intake.add(record(number, documents))
                if number % 1_000 == 0:
                    print(f"{number} documents", flush=True)
            with closing(Search(folder, library.view(), "tantivy")) as search:
                if not indexed:
                    _fill_word_cache(folder, library)
                search.catch_up()

    return timed(run)[0]


def _fill_word_cache(folder: Path, library: Library) -> None:
    """Segments all texts into the cache of the index. Sentences recur, so each is segmented once."""
    segmented: dict[str, list[str]] = {}

    def words(text: str) -> list[str]:
        found: list[str] = []
        for piece in pieces(text):
            if piece not in segmented:
                segmented[piece] = segment_words(piece)
            found += segmented[piece]
        return found

    index = IndexFolder(folder / "index")
    with index.writing():
        pass  # makes the folder and its seal
    with closing(WordCache(index.words, words)) as cache:
        cache.begin()
        view = library.view()
        for change in view.changes(0):
            document = view.indexed(change.id)
            for text in (engine_document.heading(document), document.text):
                if text:
                    cache(text)
