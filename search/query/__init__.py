"""The query language: its tree, its parser, and the dates and numbers that may be typed."""
