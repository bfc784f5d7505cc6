"""Search: answers queries over an index that is derived from the library.

``searcher`` is the entrance; a request (``request``) is compiled from text to plans (``query``, ``compiler``,
``plan``), an engine runs them (``engine``, ``engines``), and the results (``results``) are cut into passages
(``hits``, ``highlights``, ``snippets``). ``index`` keeps the index in step with the library. ``language`` knows
syllables, synonyms and the library's own words.
"""
