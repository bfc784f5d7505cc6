"""Originals in an object store: S3 and what speaks its protocol, through obstore.

The store must refuse to put what is there already (``If-None-Match: *``, which S3 honours since 2024): so two machines
that bring the same file cannot overwrite each other's. The hash is checked before a file leaves this machine, by the
store as it arrives (``x-amz-checksum-sha256``), and when it is fetched.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
    UnknownConfigurationKeyError,
)
from obstore.store import from_url

from corpus import durable, storage_errors
from corpus.errors import DamagedOriginal, OriginalsUnreachable, UsageError
from corpus.library.originals.fetched import FetchedFiles
from corpus.library.originals.hashes import check_hash, is_hash
from corpus.library.originals.originals import DAMAGED_SUFFIX, Entry, Kept, Originals

if TYPE_CHECKING:
    from obstore.store import ObjectStore

#: Folder of the library for copies.
FETCHED = "tep-goc-tam"
#: Bytes that are fetched at a time.
_BLOCK = 1 << 20
#: Seconds that a connection, and one request, may take.
_CONNECT, _REQUEST = timedelta(seconds=5), timedelta(seconds=120)


class _Head(NamedTuple):
    """What the store says of an original."""

    e_tag: str | None
    written: datetime
    #: In bytes.
    size: int


class ObjectOriginals(Originals):
    """Originals under *address* (``s3://bucket/prefix``), each as ``<sha256[:2]>/<sha256>``.

    Names and keys come from the environment, as for every program that speaks S3: ``AWS_ACCESS_KEY_ID``,
    ``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``, ``AWS_ENDPOINT_URL``, ``AWS_ALLOW_HTTP``. most: bytes of the copies on
    this machine. reach_seconds: for how long a store that does not answer is tried again.
    """

    def __init__(self, folder: Path, address: str, most: int, reach_seconds: float) -> None:
        super().__init__(folder)
        self._address = address
        self._reach = timedelta(seconds=reach_seconds)
        self._fetched = FetchedFiles(folder / FETCHED, most)
        self._objects()

    def _objects(self) -> ObjectStore:
        keys = tuple(sorted((name, value) for name, value in os.environ.items() if name.startswith("AWS_")))
        return _client(self._address, self._reach, keys, os.getpid())  # its threads do not survive a fork

    # ------------------------------------------------------------ reading

    def local(self, sha256: str) -> Path:
        """A copy of this machine, fetched where there is none; see :meth:`Originals.local`."""
        check_hash(sha256)
        found = self._fetched.find(sha256)
        if found is None:
            with contextlib.suppress(FileNotFoundError), _translated(self._address):
                if not self._fetched.write(sha256, self._blocks(sha256)):
                    raise DamagedOriginal(
                        f"Tệp gốc {sha256[:12]} ở {self._address} khác mã băm.",
                        "Hãy chạy `ocop doctor --deep --repair`, rồi nạp lại tệp từ bản sao lưu hay nơi lưu khác.",
                    )
        return self._fetched.path(sha256)

    def _blocks(self, sha256: str) -> Iterator[bytes]:
        """The content, piece by piece. Raises FileNotFoundError, obstore's errors."""
        for block in obstore.get(self._objects(), _key(sha256)).stream(min_chunk_size=_BLOCK):
            yield bytes(block)

    def holds(self, sha256: str) -> bool:
        """Whether it is kept; its content is not looked at."""
        return self._head(sha256) is not None

    def _head(self, sha256: str) -> _Head | None:
        check_hash(sha256)
        try:
            with _translated(self._address):
                found = obstore.head(self._objects(), _key(sha256))
        except FileNotFoundError:
            return None
        return _Head(found["e_tag"], found["last_modified"], found["size"])

    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        return next(self.entries(), None) is None

    # ------------------------------------------------------------ keeping

    def prepare(self, *, new: bool) -> None:
        """Make ready to keep files. new: the library holds no document yet."""
        del new  # an address leads to the store or nowhere

    def keep(self, sha256: str, source: Path) -> Kept:
        """See :meth:`Originals.keep`."""
        there = self._head(sha256)
        if there is not None and there.size == source.stat().st_size:
            return there
        copy = self._fetched.copy(sha256, source)  # what is sent cannot change any more
        try:
            with contextlib.suppress(AlreadyExistsError), _translated(self._address):
                # In one piece: the store sees all of it or nothing. One of another size was torn there.
                obstore.put(
                    self._objects(),
                    _key(sha256),
                    copy,
                    mode="create" if there is None else "overwrite",
                    use_multipart=False,
                )
        except FileNotFoundError as error:
            raise _away(self._address) from error
        return self._head(sha256)  # None where it was removed meanwhile, as no record had it

    def is_still(self, sha256: str, kept: Kept) -> bool:
        """Whether the file that :meth:`keep` returned *kept* for is there."""
        return kept is not None and self._head(sha256) == kept

    # ------------------------------------------------------------ deleting

    def discard(self, hashes: Iterable[str]) -> None:
        """Delete what is kept under these hashes, if anything is."""
        wanted = list(hashes)
        for sha256 in wanted:
            check_hash(sha256)
            self._fetched.discard(sha256)
        if wanted:
            with contextlib.suppress(FileNotFoundError), _translated(self._address):
                obstore.delete(self._objects(), [_key(sha256) for sha256 in wanted])

    def half_copied(self) -> list[Path]:
        """Files of this machine that killed processes left."""
        return self._fetched.half_copied()

    # ------------------------------------------------------------ examination

    def entries(self) -> Iterator[Entry]:
        """Everything that is there; see :meth:`Originals.entries`."""
        now = datetime.now(UTC)
        with _translated(self._address):
            for found in (one for some in obstore.list(self._objects()) for one in some):
                folder, _, name = found["path"].rpartition("/")
                if not name.endswith(DAMAGED_SUFFIX):
                    is_one = is_hash(name) and folder == name[:2]
                    yield Entry(found["path"], name if is_one else None, (now - found["last_modified"]).total_seconds())

    def is_whole(self, sha256: str) -> bool:
        """Whether it is kept and its content has that hash."""
        check_hash(sha256)
        found = hashlib.sha256()
        try:
            with _translated(self._address):
                for block in self._blocks(sha256):
                    found.update(block)
        except FileNotFoundError:
            return False
        return found.hexdigest() == sha256

    def mark_damaged(self, sha256: str) -> None:
        """Rename a damaged original, so that a good one can take its place."""
        check_hash(sha256)
        self._fetched.discard(sha256)
        with _translated(self._address):
            obstore.rename(self._objects(), _key(sha256), _key(sha256) + DAMAGED_SUFFIX)

    def move_out(self, sha256: str, target: Path) -> None:
        """Move it to the file *target* of this machine; nothing where it is gone."""
        check_hash(sha256)
        with contextlib.suppress(FileNotFoundError), storage_errors.translated(), _translated(self._address):
            with durable.writing(target) as out:
                for block in self._blocks(sha256):
                    out.write(block)
            self.discard([sha256])


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


@lru_cache(maxsize=16)
def _client(address: str, reach: timedelta, keys: tuple[tuple[str, str], ...], process: int) -> ObjectStore:
    """The client of a store in a process: its connections are shared. Raises UsageError for a useless address."""
    del keys, process
    options: dict[str, Any] = {}
    if address.startswith("s3://"):
        options = {
            "client_options": {
                "connect_timeout": _CONNECT,
                "timeout": _REQUEST,
                "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true"},
            },
            "retry_config": {"max_retries": max(1, int(reach.total_seconds())), "retry_timeout": reach},
            "checksum_algorithm": "SHA256",
        }
    try:
        return from_url(address, **options)
    except (BaseError, UnknownConfigurationKeyError, ValueError) as error:
        raise UsageError(
            f"Không dùng được địa chỉ kho tệp gốc {address!r}.",
            "Hãy ghi OCOP_ORIGINALS là một thư mục, hoặc s3://TÊN_BUCKET/TIỀN_TỐ.",
        ) from error


def _away(address: str) -> OriginalsUnreachable:
    return OriginalsUnreachable(
        f"Không nối được với kho tệp gốc {address}.",
        "Hãy chờ ít giây rồi thử lại; nếu vẫn vậy, xem máy chủ ấy, tên bucket và AWS_ENDPOINT_URL.",
    )


@contextmanager
def _translated(address: str) -> Iterator[None]:
    """Raises obstore's errors as this program's own, but for FileNotFoundError and AlreadyExistsError."""
    try:
        yield
    except AlreadyExistsError:
        raise
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise OriginalsUnreachable(
            f"Kho tệp gốc {address} không cho đọc hay ghi.",
            "Hãy kiểm tra AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY và quyền của người dùng ấy.",
        ) from error
    except BaseError as error:
        raise _away(address) from error
