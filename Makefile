# pdeval: `make demo` and `make test` need only Python 3.11 and the package registries.
PYTHON ?= python3.11
BIN := .venv/bin
UV := VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet
WORKERS ?= auto

.PHONY: demo test test-slow lint format bench bench-slow screenshots lock clean
.DEFAULT_GOAL := demo

.venv/uv: requirements-uv.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	touch $@

.venv/run: requirements.lock pyproject.toml .venv/uv
	$(UV) --require-hashes -r requirements.lock
	$(UV) --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev: requirements-dev.lock .venv/run
	$(UV) --require-hashes -r requirements-dev.lock
	touch $@

demo: .venv/run ## simulate a district, run it, print where the report and the database are
	$(BIN)/pdeval demo

test: .venv/dev ## the suite: minutes, offline
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test-slow: .venv/dev ## simulations with known truth, kills, large inputs
	$(BIN)/python -m pytest -n $(WORKERS) -m slow

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev
	$(BIN)/python benchmarks/ingest.py
	$(BIN)/python benchmarks/estimation.py
	$(BIN)/python benchmarks/percentiles.py
	$(BIN)/python benchmarks/designs.py
	$(BIN)/python benchmarks/report.py
	$(BIN)/python benchmarks/disclosure.py

bench-slow: .venv/dev ## an hour and 20 GB of disk
	$(BIN)/python benchmarks/estimation.py --slow

screenshots: .venv/dev ## pictures of the demo's report for the README, by /usr/bin/chromium
	$(BIN)/python -m tests.browser.screenshots

lock: .venv/uv ## renew the locks: hashes, no index addresses
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    pyproject.toml --extra build --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    pyproject.toml --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf .venv demo .pytest_cache .ruff_cache .mypy_cache .hypothesis
