"""Training of the line reader in ``ingest/ocr/reader``: ``python -m tools.reader --help``.

Nothing of this is needed to run the program; its packages are the extra "training".
"""
