"""Loads the model of words when it is imported: by the process that workers fork off, so that none loads it again."""

from __future__ import annotations

from corpus.segment import words

words("văn bản")
