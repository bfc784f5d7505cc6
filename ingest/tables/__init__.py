"""Tables: rows and cells of every page and format, with their places in the stored text."""
