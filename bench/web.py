"""The page under readers while an ingest runs: p50 and p95 of search, document and lược đồ, errors, CPU.

``python -m bench.web [--documents 20000] [--seconds 60] [--readers 20] [--library FOLDER]`` makes a library of made-up
plans and decisions (in a temporary folder unless one is given; a given one is made once), indexes it with Tantivy,
serves it, and asks as people do: each reader waits a second between requests, 60 % search, 25 % a document, 15 % its
lược đồ. Meanwhile `ocop ingest` runs at nice 10 with one worker. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from corpus.model import Citation, Evidence, Record
from corpus.store import Library

KINDS = (("Kế hoạch", "KH"), ("Quyết định", "QĐ"), ("Báo cáo", "BC"), ("Thông báo", "TB"))
PLACES = ("Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Lai Châu", "Đồng Tháp", "Quảng Ngãi", "Cà Mau", "Lào Cai", "Sơn La")
WORDS = [
    "sản",
    "phẩm",
    "chương",
    "trình",
    "mỗi",
    "xã",
    "một",
    "đánh",
    "giá",
    "phân",
    "hạng",
    "tập",
    "huấn",
    "hợp",
    "tác",
    "xã",
    "kinh",
    "phí",
    "triển",
    "khai",
    "thực",
    "hiện",
    "nông",
    "thôn",
    "mới",
    "tiêu",
    "chuẩn",
    "chất",
    "lượng",
    "hồ",
    "sơ",
    "hội",
    "đồng",
    "thẩm",
    "định",
    "công",
    "nhận",
    "quảng",
    "bá",
    "xúc",
    "tiến",
    "thương",
    "mại",
    "siêu",
    "thị",
    "chủ",
    "thể",
    "nguyên",
    "liệu",
    "vùng",
    "trồng",
    "chè",
    "gạo",
    "cà",
    "phê",
    "mật",
    "ong",
    "thủ",
    "công",
    "truyền",
    "thống",
    "du",
    "lịch",
    "cộng",
    "đồng",
    "bao",
    "bì",
    "nhãn",
    "hiệu",
]
QUESTIONS = (
    "tập huấn", "tap huan", "đánh giá phân hạng", "danh gia phan hang", "919/QĐ-TTg", "qd 148", "quyet dinh 919",
    '"hợp tác xã"', 'loai:"Kế hoạch" chè', "siêu thị OR du lịch", "mật ong", "cà phê bao bì", "{n}/KH-UBND",
)  # fmt: skip


def make_record(number: int, chance: random.Random) -> Record:
    """A made-up paper: head, căn cứ on two central decisions and an earlier plan, some two hundred words."""
    kind, code = KINDS[number % len(KINDS)]
    place, year = PLACES[number % len(PLACES)], 2018 + number % 8
    so_ky_hieu = f"{number}/{code}-UBND"
    date = f"{year}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    cited = [
        ("Quyết định", "919/QĐ-TTg", "2022-08-01", "01/8/2022", "Thủ tướng Chính phủ"),
        ("Quyết định", "148/QĐ-TTg", "2023-02-24", "24/02/2023", "Thủ tướng Chính phủ"),
    ]
    if number > 50:
        other = (
            int(number * chance.random() ** 2) // 36 * 36 + number % 36
        )  # same kind and place, much cited ones first
        if 0 < other < number:
            day, month, then = 1 + other % 28, 1 + other % 12, 2018 + other % 8
            edtf = f"{then}-{month:02d}-{day:02d}"
            cited.append((kind, f"{other}/{code}-UBND", edtf, f"{day:02d}/{month}/{then}", f"UBND tỉnh {place}"))
    title = " ".join(chance.choices(WORDS, k=12))
    text = f"ỦY BAN NHÂN DÂN\nTỈNH {place.upper()}\nSố: {so_ky_hieu}\n{kind.upper()}\n{title}\n"
    citations = []
    for doc_type, said, edtf, written, issuer in cited:
        text += "Căn cứ "
        start = len(text)
        text += f"{doc_type} số {said} ngày {written} của {issuer}"
        head, _, symbol = said.partition("/")
        citations.append(
            Citation(
                text[start:], start, len(text), doc_type, head, symbol, said, edtf, issuer, relation="can_cu",
                is_legal_basis=True, zone="preamble", page=1,
            )
        )  # fmt: skip
        text += ";\n"
    text += "\n".join(" ".join(chance.choices(WORDS, k=20)) + "." for _ in range(10))
    fields = {name: Evidence(0.95, page=1) for name in ("so_ky_hieu", "date", "issuer", "title")}
    return Record(
        f"bench/{number}.txt", f"{number:064x}", 1, "text", text, "administrative", kind, str(number), f"{code}-UBND",
        so_ky_hieu, date, issuer=f"UBND tỉnh {place}", place=place, title=title, fields=fields, citations=citations,
    )  # fmt: skip


def make(folder: Path, documents: int) -> float:
    """Make the library unless it is there; seconds it took."""
    began = time.perf_counter()
    chance = random.Random(6)
    with Library.open(folder, create=True) as library:
        have = library.status().held
        for number in range(1, documents + 1):
            record = make_record(number, chance)
            if number > have:
                library.add(record)
    return time.perf_counter() - began


def _ocop(*arguments: str, nice: int = 0) -> list[str]:
    return [*(["nice", "-n", str(nice)] if nice else []), sys.executable, "-m", "webui", *arguments]


async def _read(address: str, documents: int, seconds: float, readers: int) -> dict[str, Any]:
    took: dict[str, list[float]] = defaultdict(list)
    errors: list[str] = []
    end = time.monotonic() + seconds

    async def reader(seed: int) -> None:
        chance = random.Random(seed)
        async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:
            await asyncio.sleep(chance.random())
            while time.monotonic() < end:
                pick = chance.random()
                if pick < 0.60:
                    kind, path = (
                        "search",
                        "/?q=" + quote(chance.choice(QUESTIONS).format(n=chance.randint(1, documents))),
                    )
                else:
                    kind = "document" if pick < 0.85 else "diagram"
                    path = f"/van-ban/{chance.randint(1, documents)}" + ("/luoc-do" if kind == "diagram" else "")
                began = time.perf_counter()
                try:
                    answer = await client.get(path, follow_redirects=True)
                    if answer.status_code != 200:
                        errors.append(f"{answer.status_code} {path}")
                except httpx.HTTPError as error:
                    errors.append(f"{type(error).__name__} {path}")
                took[kind].append(1000 * (time.perf_counter() - began))
                await asyncio.sleep(1)

    await asyncio.gather(*(reader(n) for n in range(readers)))
    figures: dict[str, Any] = {"errors": len(errors), "first_errors": errors[:5]}
    for kind, values in sorted({**took, "all": [v for vs in took.values() for v in vs]}.items()):
        values.sort()
        figures[kind] = {
            "requests": len(values),
            "p50_ms": round(values[len(values) // 2], 1),
            "p95_ms": round(values[int(0.95 * (len(values) - 1))], 1),
        }
    return figures


def run(folder: Path, documents: int, seconds: float, readers: int) -> dict[str, Any]:
    """The whole measurement."""
    made = make(folder, documents)
    began = time.perf_counter()
    subprocess.run(
        _ocop("reindex", "--engine", "tantivy", "--library", str(folder)), check=True, stdout=subprocess.DEVNULL
    )
    indexed = time.perf_counter() - began
    environment = {**os.environ, "OCOP_ENGINE": "tantivy"}
    server = subprocess.Popen(
        _ocop("serve", "--port", "0", "--library", str(folder)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    assert server.stdout is not None
    with tempfile.TemporaryDirectory() as more:
        try:
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found is not None
            for number in range(400):
                record = make_record(10_000_000 + number, random.Random(number))
                (Path(more) / f"{number}.txt").write_text(record.text, encoding="utf-8")
            ingest = subprocess.Popen(
                _ocop("ingest", more, "--jobs", "1", "--library", str(folder), nice=10),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
            )  # fmt: skip
            asyncio.run(_read(found[0], documents, 3, 4))  # warm: the first request of each kind opens what it needs
            before = resource.getrusage(resource.RUSAGE_SELF)
            figures = asyncio.run(_read(found[0], documents, seconds, readers))
            after = resource.getrusage(resource.RUSAGE_SELF)
            ingesting = ingest.poll() is None
            ingest.terminate()
            ingest.wait()
        finally:
            server.terminate()
            server.wait()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "documents": documents, "readers": readers, "seconds": seconds, "made_s": round(made, 1),
        "indexed_s": round(indexed, 1), "generator_cpu": round(cpu / seconds, 3), "ingest_still_running": ingesting,
        **figures,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--library", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(given.library or Path(folder) / "kho", given.documents, given.seconds, given.readers)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
