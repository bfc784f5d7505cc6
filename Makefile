# make run    installs what is missing, ingests the samples, serves the page
# make test   installs what is missing, checks style and types, runs every test
# make setup  the installing alone;  make test-long  the tests that take minutes
VENV := .venv
READY := $(VENV)/.ready
OCOP_LIBRARY ?= library
export OCOP_LIBRARY

.PHONY: run test test-long setup check lock

run: $(READY)
	@$(VENV)/bin/ocop ingest corpus/samples/files
	@$(VENV)/bin/ocop serve

test: $(READY) check
	@command -v chromium >/dev/null || tools/setup $(VENV) browser || echo "No browser here: its tests will say so and skip."
	@$(VENV)/bin/python -m pytest -m "not long" -n 2 --durations=8

test-long: $(READY)
	@$(VENV)/bin/python -m pytest -m long

check: $(READY)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/python -m tools.figures

setup: $(READY)

$(READY): requirements.lock pyproject.toml tools/setup
	@tools/setup $(VENV)

# After a change in pyproject.toml; needs pip-tools beside the project's own packages.
lock:
	pip-compile --quiet --extra dev --extra second-reader --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml
