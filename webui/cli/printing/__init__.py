"""What commands print for people, as Rich tables and trees. Nothing here decides anything."""
