# Everything from a fresh clone: `make demo` and `make test` set themselves up.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
BENCH ?= first
# Compiled modules are kept, whatever the shell around says: without them every start compiles a thousand files.
unexport PYTHONDONTWRITEBYTECODE
# As the program itself does: on few cores, threads that wait for one another's share of a product cost more than it.
export OPENBLAS_NUM_THREADS = 1

.PHONY: setup demo test check bench fix

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Jamfeed needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q feed_core memory agents bridges
	@touch $(READY)

demo: setup
	@$(BIN)/jamfeed demo

test: setup
	$(BIN)/pytest -n 3

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

bench: setup
	$(BIN)/python -m benchmarks.$(BENCH)

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m tests.pages
