"""The tables of a library (SQLAlchemy Core; SQLite or PostgreSQL, see :mod:`corpus.library.dialects`).

A *node* is a document: held (a file of it was read), a stub (only cited), or known (only a row of the known-documents
tables).
Times are kept in ``audit`` alone; nothing else depends on when or in which order files came.
:data:`REVISION` names the last migration, which makes these tables; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    func,
    literal_column,
)

REVISION = "0007"

#: Ids and change numbers. SQLite numbers rows of its own type INTEGER alone, which has 64 bits there.
NUMBER = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

nodes = Table(
    "nodes",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("doc_key", Text, nullable=False),  # an attribute: it may change, the id never does
    Column("held", Boolean, nullable=False, default=False),
    Column("restricted", Boolean, nullable=False, default=False),  # see corpus.library.visibility
    Column("bucket", Text),  # documents that may be one share it: see corpus.identity
    Column("name_bucket", Text),  # laws: the bucket of the law's name
    Column("merged_into", NUMBER, ForeignKey("nodes.id")),
    Column("doc_type", Text),
    Column("so_ky_hieu", Text),
    Column("number_key", Text),
    Column("sym_key", Text),
    Column("date", Text),
    Column("issuer", Text),
    Column("issuer_key", Text),
    Column("title", Text),
    Column("unsure", Boolean, nullable=False, default=False),
    Column("known", Text),  # key of its row in the known-documents tables
    Column("known_only", Boolean, nullable=False, default=False, server_default=false()),  # no document cites it
    Column("facts", JSON, nullable=False),  # stub: values, votes, conflicts; held: identity facts
    sqlite_autoincrement=True,  # an id is never used twice
)
Index("nodes_key", nodes.c.doc_key)
Index("nodes_bucket", nodes.c.bucket)
Index("nodes_name_bucket", nodes.c.name_bucket)
Index("nodes_number", nodes.c.number_key)
#: Of merged documents alone: SQLite would begin a query with all that are merged into none.
Index(
    "nodes_merged",
    nodes.c.merged_into,
    sqlite_where=nodes.c.merged_into.is_not(None),
    postgresql_where=nodes.c.merged_into.is_not(None),
)
#: The first day that the date of a document may mean; "-01-01" for none, which is before all days.
FIRST_DAY = func.substr(
    func.coalesce(nodes.c.date, literal_column("''")).op("||")(literal_column("'-01-01'")),
    literal_column("1"),
    literal_column("10"),
)

records = Table(
    "records",
    metadata,
    Column("node_id", NUMBER, ForeignKey("nodes.id"), primary_key=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("reader_version", Text, nullable=False),
    Column("incomplete", Boolean, nullable=False, default=False, server_default=false()),  # not read to its end
    Column("record", JSON, nullable=False),  # the record without text and citations
    Column("covered", JSON, nullable=False, server_default="{}"),  # what was read where a correction stands now
    Column("text", Text, nullable=False),
    Column("area", Text, nullable=False, default=""),
)

words = Table(
    "words",  # the words of the text of a record, segmented where it was read: see corpus.library.segmented
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("text_key", Text, nullable=False),  # of the text and of the segmenter
    Column("words", LargeBinary, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("path", Text, nullable=False, unique=True),
)
Index("files_sha", files.c.sha256)

containers = Table(
    "containers",  # files that hold documents, which are held by themselves: see corpus.library.containers
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("reader_version", Text, nullable=False),
    Column("parts", JSON, nullable=False),  # [name inside, hash] of each
)

failures = Table(
    "failures",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("path", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reader_version", Text, nullable=False),
)

refused = Table(
    "refused",  # secret documents: hash and reason, nothing else
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("reason", Text, nullable=False),
)

removed = Table(
    "removed",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("audit_id", NUMBER, nullable=False),
)

claims = Table(
    "claims",  # what mentions state of a document, each distinct statement once, and which document it means
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("sig", Text, nullable=False, unique=True),
    Column("facts", JSON, nullable=False),
    Column("bucket", Text),
    Column("name_bucket", Text),
    Column("votes", Integer, nullable=False, default=0),  # documents that state it
    Column("hidden_votes", Integer, nullable=False, default=0),  # restricted documents that state it
    Column("target_id", NUMBER, ForeignKey("nodes.id")),
    Column("state", Text, nullable=False),  # settled | inferred | ambiguous | unresolved
    Column("method", Text, nullable=False, default=""),
    Column("confidence", Float, nullable=False, default=0.0),
    Column("conflicts", JSON, nullable=False),
    Column("candidates", JSON, nullable=False),
)
Index("claims_target", claims.c.target_id)
Index("claims_bucket", claims.c.bucket)
Index("claims_name_bucket", claims.c.name_bucket)

mentions = Table(
    "mentions",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("source_id", NUMBER, ForeignKey("nodes.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("claim_id", NUMBER, ForeignKey("claims.id")),  # null: the document itself is meant
    Column("citation", JSON, nullable=False),
    Column("antecedent", Integer),
    # Parts of the citation, in columns so that the graph loads fast.
    Column("relation", Text, nullable=False, default="dan_chieu", server_default="dan_chieu"),
    Column("legal", Boolean, nullable=False, default=False, server_default=false()),
    Column("wide", Boolean, nullable=False, default=False, server_default=false()),
)
Index("mentions_source", mentions.c.source_id, mentions.c.ordinal, unique=True)
Index("mentions_claim", mentions.c.claim_id, mentions.c.source_id, postgresql_include=["legal"])

redirects = Table(
    "redirects",
    metadata,
    Column("old_id", NUMBER, primary_key=True, autoincrement=False),
    Column("new_id", NUMBER, nullable=False),
)

changes = Table(
    "changes",  # the last change of each document, in commit order
    metadata,
    Column("node_id", NUMBER, primary_key=True, autoincrement=False),
    Column("seq", NUMBER, nullable=False, unique=True),
    Column("kind", Text, nullable=False),  # put | delete
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", NUMBER, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("undone_by", NUMBER),
    sqlite_autoincrement=True,
)

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

ocr_modes = Table(
    "ocr_modes",  # files with an OCR mode of their own: auto, redo, force or off
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("mode", Text, nullable=False),
)
