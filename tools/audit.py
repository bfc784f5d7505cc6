"""Known vulnerabilities of what requirements.lock pins: python -m tools.audit all.zip [requirements.lock]

all.zip: the advisories of PyPI in OSV format, downloaded beforehand; nothing is asked of the network. Prints each
advisory that names a pinned version; exits 1 when there is any.
"""

import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version


def name_of(written: str) -> str:
    return re.sub(r"[-_.]+", "-", written).lower()


def pins(lock: Path) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==([^\s\\;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {name_of(name): version for name, version in found}


def hit(affected: dict[str, Any], version: str) -> bool:
    """Whether *version* is listed or lies in a range of an OSV "affected" entry."""
    if version in affected.get("versions", ()):
        return True
    try:
        ours = Version(version)
        for span in affected.get("ranges", ()):
            inside = False
            for event in span.get("events", ()) if span.get("type") == "ECOSYSTEM" else ():
                if "introduced" in event:
                    inside = inside or event["introduced"] == "0" or ours >= Version(event["introduced"])
                elif ("fixed" in event and ours >= Version(event["fixed"])) or (
                    "last_affected" in event and ours > Version(event["last_affected"])
                ):
                    inside = False
            if inside:
                return True
    except InvalidVersion:
        return False
    return False


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    ours = pins(Path(arguments[1] if len(arguments) > 1 else "requirements.lock"))
    found = []
    with zipfile.ZipFile(arguments[0]) as advisories:
        for member in advisories.namelist():
            advisory = json.loads(advisories.read(member))
            if advisory.get("withdrawn"):
                continue
            for affected in advisory.get("affected", ()):
                package = name_of(affected.get("package", {}).get("name", ""))
                if package in ours and hit(affected, ours[package]):
                    numbers = " ".join([advisory["id"], *advisory.get("aliases", ())])
                    found.append(f"{package} {ours[package]}: {numbers}: {advisory.get('summary', '')}")
    print("\n".join(sorted(set(found))) or f"Nothing known against {len(ours)} packages.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
