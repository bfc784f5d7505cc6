"""The registry of readers: every file type has a reader that takes it."""

from __future__ import annotations

import pytest

from ingest.formats import READERS, WITH_PAGE_IMAGES, page_reader_of, reader_of
from ingest.formats.sniff import FileType


@pytest.mark.parametrize("file_type", FileType)
def test_every_file_type_has_a_reader_that_takes_it(file_type: FileType) -> None:
    assert file_type in reader_of(file_type).FILE_TYPES


def test_readers_take_no_type_they_are_not_registered_for() -> None:
    for module in set(READERS.values()):
        registered = {file_type for file_type, name in READERS.items() if name == module}
        assert registered == reader_of(next(iter(registered))).FILE_TYPES


@pytest.mark.parametrize("file_type", FileType)
def test_types_with_page_images_can_be_read_page_by_page(file_type: FileType) -> None:
    reader = page_reader_of(file_type)
    if file_type in WITH_PAGE_IMAGES:
        assert reader is not None
        assert callable(reader.open_page)
        assert callable(reader.page_picture)
    else:
        assert reader is None
