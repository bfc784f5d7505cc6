"""Fuzzing of the parsers: ``python -m tests.fuzz``.

``targets`` names what is fuzzed and what must hold of every answer, ``mutations`` makes new inputs from ``material``,
and ``campaign`` runs one target. Inputs that showed something new are kept in ``tests/fuzz_corpus`` and replayed by
``test_kept_inputs``.
"""
