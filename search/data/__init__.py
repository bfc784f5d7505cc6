"""The tables of the search room: tab-separated files, each with its source in a comment."""

from pathlib import Path

#: The folder of the tables.
DATA = Path(__file__).parent
