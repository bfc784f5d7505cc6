"""Imports every module of hostile files, so that :data:`tests.hostile.files.KINDS` is complete."""

from __future__ import annotations

from tests.hostile import (
    kinds_archives,
    kinds_compound,
    kinds_containers,
    kinds_damage,
    kinds_images,
    kinds_links,
    kinds_office,
    kinds_pdf,
    kinds_pdf_cycles,
    kinds_text,
    kinds_types,
)
from tests.hostile.files import KINDS, HostileFile, all_files

__all__ = ["KINDS", "HostileFile", "all_files"]

#: The modules that register kinds.
MODULES = (
    kinds_damage,
    kinds_archives,
    kinds_pdf,
    kinds_images,
    kinds_pdf_cycles,
    kinds_links,
    kinds_office,
    kinds_types,
    kinds_text,
    kinds_compound,
    kinds_containers,
)
