"""Vietnamese in the index and in queries: syllables, synonyms, diacritics, and the words of the library."""
