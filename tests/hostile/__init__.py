"""Hostile files through the real `ocop ingest`: ``python -m tests.hostile``.

``files`` says what a hostile file is and ``kinds_*`` make them; ``harness`` ingests them with good files between and
checks what `ocop ingest` promises; ``special_files`` does the same with what is no file, and with files that change.
"""
