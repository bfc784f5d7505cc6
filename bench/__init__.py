"""Measurements of speed and quality, each a module: ``python -m bench.search``. Their figures are in ``docs/figures.md``."""
