"""The API held to its OpenAPI description: ``python -m tests.contract``."""
