"""Products that decisions recognise: read from the tables of documents, each value with the cell it stands in."""
