"""Measurements of speed and quality, one a module (``python -m bench.search``); figures are in ``docs/figures.md``."""
