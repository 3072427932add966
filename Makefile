# Every target does all its set-up: Python 3.11 or later and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ifndef SEED
# A change is judged by the same drawn cases wherever it is; what fresh ones find, they find every night.
SEED := $(if $(CI),1,$(shell od -An -N4 -tu4 /dev/urandom | tr -d ' '))
endif
BASE ?= HEAD

.PHONY: help demo test lint types unit long same trust bench docs man site screenshots messages constraints
.PHONY: release container vulnerabilities clean

help:  ## These targets, the default
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '%-12s %s\n' "$$name" "$$text"; done

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(STAMP)  ## The main job on a bundled branch office
	@cd fixtures/sites/branch && ../../../$(BIN)/aclproof check; test $$? -eq 1
	@echo "Exit code 1: something is missing. The site file is fixtures/sites/branch/aclproof.yaml"

test: lint types unit  ## Everything that has to hold before a change lands

lint: $(STAMP)  ## ruff, the workflows, and the layers of the imports
	$(BIN)/ruff check .
	$(BIN)/zizmor --quiet --offline --persona auditor .github action.yml
	$(BIN)/pytest -q tests/test_house.py -k imports

.typed/aclproof:  # in no archive: there a link is a file that fails on Windows, or a second copy of a folder
	mkdir -p $@
	cd $@ && ln -s ../../aclproof/*.* ../../linter ../../parsers ../../rules .

types: $(STAMP) .typed/aclproof  ## mypy, strict; the program also as Windows and macOS have the libraries
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --package aclproof --no-warn-unreachable --cache-dir .mypy_cache/win32
	$(BIN)/mypy --platform darwin --package aclproof --no-warn-unreachable --cache-dir .mypy_cache/darwin

unit: $(STAMP)  ## The tests; SEED=N draws the generated cases of an earlier run again
	@echo "Generated cases: seed $(SEED); to replay: $(if $(CI),CI=$(CI) )make unit SEED=$(SEED)"
	$(BIN)/pytest --numprocesses auto --dist worksteal --hypothesis-seed=$(SEED)

long: $(STAMP)  ## The slow proofs: 100 times as many generated cases as for a change
	@echo "Generated cases: seed $(SEED); to replay: make long SEED=$(SEED)"
	HYPOTHESIS_PROFILE=long $(BIN)/pytest --numprocesses auto --dist worksteal --hypothesis-seed=$(SEED)

trust: $(STAMP)  ## What the program promises, proven again with figures; LONG=1 takes hours, KEEP=1 keeps them
	$(BIN)/python -m trust --seed $(SEED) $(if $(LONG),--long) $(if $(KEEP),--keep)

same: $(STAMP)  ## Compare every output with that of another commit: BASE=main, default the last one
	@set -e; old=$$(mktemp -d); trap 'rm -rf "$$old"' EXIT; mkdir "$$old/base"; \
	git archive $(BASE) | tar -x -C "$$old/base"; \
	PYTHONPATH="$$old/base" $(BIN)/python -P tests/same.py keep "$$old/outputs"; \
	PYTHONPATH=. $(BIN)/python -P tests/same.py compare "$$old/outputs"

bench: $(STAMP)  ## Run the benchmarks and write docs/benchmarks.md; QUICK=1 prints a short form
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

docs: $(STAMP)  ## Write the pages that come from the program: man page, requirements, picture, quotations
	$(BIN)/python -m pages

man: docs

$(VENV)/.site: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,docs]'
	@touch $@

site: $(VENV)/.site  ## Build the pages as a site, into build/site; it loads nothing from elsewhere
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "build/site/index.html"

screenshots: $(STAMP)  ## The pictures of docs/report-html.md; needs chromium, chromium-driver and poppler-utils
	$(BIN)/python -m tests.reports.screenshots

messages: $(STAMP)  ## Bring the message catalogues up to date (docs/languages.md)
	$(BIN)/python -m tests.language

constraints:  ## Take the newest versions that pyproject.toml allows into constraints.txt
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,docs,release]'
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt
	@touch $(STAMP)

$(VENV)/.release: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,release]'
	@touch $@

release: $(VENV)/.release  ## Build and check all that is released, into dist/
	rm -rf dist
	$(BIN)/python -m shipping dist

container: $(STAMP)  ## Build the container image of dist/, and try it
	shipping/container.sh

vulnerabilities: $(VENV)/.release  ## Ask whether a vulnerability is known of a library
	$(BIN)/python -m shipping.vulnerabilities constraints.txt

clean:  ## Remove the virtual environment and what tools keep
	rm -rf $(VENV) .hypothesis .mypy_cache .ruff_cache .import_linter_cache
