# make run    installs what is missing, ingests the samples, serves the page
# make test   installs what is missing, checks style and types, runs every test
# make setup  the installing alone;  make test-long  the tests that take minutes
# make test-cluster  installs a PostgreSQL server and the jars of an OpenSearch node, and runs what needs them
VENV := .venv
READY := $(VENV)/.ready
OCOP_LIBRARY ?= library
export OCOP_LIBRARY

.PHONY: run test test-long test-cluster setup check lock

run: $(READY)
	@$(VENV)/bin/ocop ingest corpus/samples/files
	@$(VENV)/bin/ocop serve

test: $(READY) check
	@command -v chromium >/dev/null || tools/setup $(VENV) browser || echo "No browser here: its tests will say so and skip."
	@$(VENV)/bin/python -m pytest -m "not long and not cluster" -n 2 --durations=8

test-long: $(READY)
	@$(VENV)/bin/python -m pytest -m "long and not cluster"

# The tests of the store once more, with every library in PostgreSQL; then those of several machines.
STORE_TESTS := tests/corpus/library tests/corpus/graph
test-cluster: $(READY)
	@tools/setup $(VENV) cluster
	@mvn -q -B -f tests/cluster/opensearch.pom.xml dependency:copy-dependencies -DoutputDirectory="$(CURDIR)/.cluster/opensearch"
	@mvn -q -B -f tests/cluster/s3mock.pom.xml dependency:copy-dependencies -DoutputDirectory="$(CURDIR)/.cluster/s3"
	@$(VENV)/bin/python -m pytest --store=postgresql -m "not long and not cluster" -n 2 $(STORE_TESTS)
	@$(VENV)/bin/python -m pytest --opensearch -m "not long and not cluster" -k opensearch tests/search
	@$(VENV)/bin/python -m pytest -m cluster --durations=8

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
	pip-compile --quiet --extra cluster --extra dev --extra second-reader --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml
