"""Provisions that a text names: điểm, khoản, Điều, Phụ lục; whose they are, and what becomes of them."""
