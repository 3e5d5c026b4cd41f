# `make help` lists the targets. Each one first makes the virtual environment it runs in.
PYTHON ?= python3
VENV ?= .venv
CONSTRAINTS ?= constraints.txt
WORKERS ?= 2
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(CONSTRAINTS),-c $(CONSTRAINTS))

# Submissions run side by side, so each process takes one thread: two busy OpenMP pools on a small machine are
# a hundred times slower than one.
export OMP_NUM_THREADS ?= 1
export MKL_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= PASSIVE

.DEFAULT_GOAL := help
.PHONY: help demo test build lint audit bench check-drift clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(STAMP)  ## build the course, grade a class of made-up submissions, print where the report is
	$(BIN)/seq2grade build
	$(BIN)/seq2grade demo

test: $(STAMP)  ## run every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --durations=15

build: $(STAMP)  ## compile assignments/ into source/, release/ and solutions/
	$(BIN)/seq2grade build

lint: $(STAMP)  ## ruff, mypy --strict, and the floors (import-linter)
	$(BIN)/ruff check .
	$(BIN)/mypy --strict autograder kit
	$(BIN)/lint-imports

audit: $(STAMP)  ## hold the checks against the declared mistakes and alternatives
	$(BIN)/seq2grade audit

bench: $(STAMP)  ## measure warm kernels against fresh ones
	$(BIN)/python -m benchmarks.warm

check-drift: $(STAMP)  ## fail if the compiled notebooks differ from what assignments/ gives
	$(BIN)/seq2grade build --check

clean:  ## remove the environment, caches, packaging leftovers, and what `make demo` wrote
	rm -rf $(VENV) build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name '*.egg-info' -prune -exec rm -rf {} +
	find . -name __pycache__ -prune -exec rm -rf {} +

# torch goes first and alone: the CPU build that pip's settings offer is then in place, and nothing after it can
# pull the plain Linux build with its CUDA packages (see constraints.txt).
$(STAMP): pyproject.toml kit/pyproject.toml $(CONSTRAINTS)
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 10) <= v <= (3, 13) else \
	    "seq2grade needs Python 3.10 to 3.13, $(PYTHON) is %d.%d: try make PYTHON=python3.11" % v)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) torch
	$(PIP) -e ./kit -e ".[dev]"
	@touch $@
