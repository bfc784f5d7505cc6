"""Words found only in the table of the header and in that of the signature."""

from __future__ import annotations

import re

#: Quốc hiệu, tiêu ngữ, the Party's heading, Nơi nhận (folded).
LAYOUT_TABLE = re.compile(r"cong h\w* xa hoi chu nghia|doc lap\s*-\s*tu do|dang cong san viet nam|noi nhan\s*:")
