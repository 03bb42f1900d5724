# Each target does its own set-up: on a fresh machine with Python 3.11 or newer and make, `make run` is enough.

PYTHON ?= python3
BIN := .venv/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run setup check test coverage faults crash soak fuzz year broadcast-storm bench lock chromium clean

run: .venv/.run
	@exec $(BIN)/python -m bot run

setup: .venv/.dev

check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The tests start the bot many times over: let Python keep what it compiled, whatever the shell says.
test coverage faults crash soak fuzz year broadcast-storm: export PYTHONDONTWRITEBYTECODE :=

test: .venv/.dev chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal

# Measuring costs a third of the time again.
coverage: .venv/.dev chromium
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered

# What breaks around the bot, in all variants; the short ones are among the tests.
faults: .venv/.dev
	LONG_FAULTS=1 $(BIN)/python -m pytest tests/faults

crash: .venv/.dev
	$(BIN)/python -m tests.crash

# Two weeks of traffic in so many minutes.
MINUTES ?= 30
soak: .venv/.dev
	$(BIN)/python -m tests.soak --minutes $(MINUTES)

fuzz: .venv/.dev
	$(BIN)/python -m tests.fuzz --minutes 3

year: .venv/.dev
	$(BIN)/python -m tests.year

# On SQLite, then on PostgreSQL; DATABASE=postgresql for one alone.
broadcast-storm: .venv/.dev
	$(BIN)/python -m tests.storm $(if $(DATABASE),--on $(DATABASE))

bench: .venv/.dev benchmarks/peers/.venv benchmarks/installed/.venv
	$(BIN)/python -m benchmarks.updates
	$(BIN)/python -m benchmarks.broadcasts
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.starting
	$(BIN)/python -m benchmarks.verdicts
	$(BIN)/python -m benchmarks.links
	$(BIN)/python -m benchmarks.figures
	$(BIN)/python -m benchmarks.reminders
	$(BIN)/python -m benchmarks.jobs
	$(BIN)/python -m benchmarks.rosters

# Ours as an installation has it: some libraries load what developers' tools bring, if they find it.
benchmarks/installed/.venv: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv $@
	@$@/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/run.txt
	@$@/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	@touch $@

# The other bots that ours is held against, with the versions that they were released with.
benchmarks/peers/.venv: benchmarks/peers/requirements.txt
	$(PYTHON) -m venv $@
	@$@/bin/python -m pip --disable-pip-version-check --quiet install -r $<
	@touch $@

# The versions of everything, with hashes; run it after a change of the dependencies in pyproject.toml.
lock: .venv/.dev
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements/dev.txt

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		{ echo "Installing Chromium for the browser tests…"; \
		$(SUDO) apt-get update -qq && $(SUDO) apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core >/dev/null; }

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Sổ Tin needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Setting up (about half a minute, once)…"
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Holds what .run holds as well, so that nothing is installed twice; what is imported is compiled then.
.venv/.dev: requirements/dev.txt pyproject.toml | .venv/bin/python
	@echo "Setting up for the tests (about a minute, once)…"
	@$(PIP) install --no-compile --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch .venv/.run $@
