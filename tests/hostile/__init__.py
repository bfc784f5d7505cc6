"""Hostile files made by code, and what ``ocop ingest`` makes of them: ``python -m tests.hostile``."""
