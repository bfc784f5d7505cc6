"""A library folder, opened: the one object through which documents go in, are edited and are read."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import TracebackType

from sqlalchemy import exc

from corpus import durable, storage_errors
from corpus.errors import LibraryDamaged, NotFound, OriginalsUnreachable
from corpus.law import known_documents
from corpus.library import known_renewal
from corpus.library.database import Database
from corpus.library.edits import Edits
from corpus.library.intake import Intake
from corpus.library.originals import originals_of
from corpus.library.resolving import resolve_all, resolve_if_stale
from corpus.library.store import HERE, Store
from corpus.library.view import LibraryView


class Library:
    """An open library folder: intake, edits and views. Close it, or use it as a context manager."""

    def __init__(self, database: Database, *, facts: bool) -> None:
        #: Whether citations are resolved with the known-documents tables.
        self.facts = facts
        self.database = database
        self.folder = database.folder
        self.originals = originals_of(database.folder, database.store)
        self.intake = Intake(database, self.originals, facts=facts)
        self.edits = Edits(database, facts=facts)

    @classmethod
    def open(
        cls,
        folder: Path | str,
        create: bool = False,
        *,
        facts: bool = True,
        busy_seconds: float = 60.0,
        read_only: bool = False,
        store: Store = HERE,
    ) -> Library:
        """Open the library in *folder*; migrate an older schema and remove what killed programs left.

        create: make it when there is none. facts: resolve with the known-documents tables. busy_seconds: how long to
        wait for another writer. read_only: change nothing; an older schema counts as damage then. store: where its
        database is. Raises NotFound (no library there), LibraryDamaged, LibraryBusy, LibraryUnreachable, UsageError
        (a store that cannot be used).
        """
        folder = Path(folder)
        database = Database(folder, store=store, busy_seconds=busy_seconds)
        library = cls(database, facts=facts)
        try:
            if not create and not database.exists():
                raise NotFound(f"Chưa có kho văn bản ở {folder}.", "Hãy chạy `ocop ingest` để lập kho.")
            if read_only:
                library.database.check_current()
            else:
                with storage_errors.translated():
                    durable.make_folder(folder)
                library.database.migrate()
                with contextlib.suppress(
                    OriginalsUnreachable
                ):  # who reads text alone needs none; the next opening tries
                    library.originals.prepare(new=not library.database.holds_documents())
                    library.originals.remove_half_copied()
                    library.intake.remove_refused_originals()
            if facts:
                with library.database.read() as connection:
                    known_renewal.apply(connection)
        except (exc.DatabaseError, LookupError) as error:
            library.close()
            raise LibraryDamaged(
                f"Không mở được kho ở {folder}: {database.dialect.name} hỏng hoặc do phiên bản mới hơn lập.",
                "Hãy dùng bản sao lưu (`ocop restore`), hoặc cập nhật chương trình.",
            ) from error
        except BaseException:
            library.close()
            raise
        return library

    def view(self, *, restricted: bool = False) -> LibraryView:
        """The library as a reader sees it; restricted: one who may see documents of restricted circulation."""
        return LibraryView(self.database, restricted=restricted, facts=self.facts)

    def load_tables(self) -> None:
        """Load the tables by which citations are resolved: worth while where something else is waited for anyway."""
        if self.facts:
            known_documents.edge_buckets()
            known_documents.in_bucket("")

    def resolve_again(self) -> None:
        """Resolve every citation again, as when the known-documents tables have changed."""
        with self.database.write() as connection:
            resolve_if_stale(connection, self.facts)
            resolve_all(connection, self.facts)

    def close(self) -> None:
        """Close the database."""
        self.originals.close()
        self.database.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
