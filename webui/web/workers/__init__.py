"""Several processes that serve pages: who does what, how requests pass between them, what they share."""
