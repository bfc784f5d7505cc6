"""What the process imports that workers fork off from, by name; nothing is imported here."""

from __future__ import annotations

#: Modules for reading files.
READING = ("ingest.extract", "corpus.segment", "webui.app.document_reader")
#: The same where every file is segmented: the model of words is loaded once and not by each worker.
SEGMENTING = (*READING, "corpus.segmenter_loaded")
