"""The index on disk: its fields, its folder, and the writer that follows the library."""
