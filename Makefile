# Every target does all its set-up: Python 3.11 or later and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint types unit long bench docs man screenshots messages clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(STAMP)  ## The main job on a bundled branch office
	@cd fixtures/sites/branch && ../../../$(BIN)/aclproof check; test $$? -eq 1
	@echo "Exit code 1: something is missing. The site file is fixtures/sites/branch/aclproof.yaml"

test: lint types unit  ## Everything that has to hold before a change lands

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/pytest -q tests/test_house.py -k imports

types: $(STAMP)
	$(BIN)/mypy

unit: $(STAMP)
	$(BIN)/pytest --numprocesses auto --dist worksteal

long: $(STAMP)  ## The slow proofs: 25 times as many generated cases
	HYPOTHESIS_PROFILE=long $(BIN)/pytest

bench: $(STAMP)
	$(BIN)/python -m benchmarks.check
	$(BIN)/python -m benchmarks.diff
	$(BIN)/python -m benchmarks.engine_families

docs man: $(STAMP)  ## The pages that are written from the program: man/aclproof.1 and docs/requirements
	$(BIN)/python -m pages

screenshots: $(STAMP)  ## The pictures of docs/report-html.md; needs chromium, chromium-driver and poppler-utils
	$(BIN)/python -m tests.reports.screenshots

messages: $(STAMP)  ## Bring the message catalogues up to date (docs/languages.md)
	$(BIN)/python -m tests.language

clean:
	rm -rf $(VENV) .hypothesis .mypy_cache .ruff_cache .import_linter_cache
