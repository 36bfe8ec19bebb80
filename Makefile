# The two commands a newcomer needs: make demo, make test. The rest serves those who change the product.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
FRONTEND := $(wildcard frontend/*.json frontend/*.mjs frontend/src/* frontend/src/*/* frontend/test/*) hatch_build.py
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
TESTS ?= tests

.PHONY: help demo test lint types lock bench clean chromium pango
.DEFAULT_GOAL := help

help: ## Show the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(VENV)/.runtime pango ## Fill a database with invented people and start the product (FRESH=1 starts over)
	@$(BIN)/routeflow demo $(if $(FRESH),--fresh)

test: $(VENV)/.dev chromium pango ## Run all checks and all tests, on SQLite and on PostgreSQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2 $(TESTS)
	ROUTEFLOW_TEST_DATABASE=postgresql $(BIN)/pytest -q -n 2 -m database $(TESTS)

lint: $(VENV)/.dev ## Format and check the style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/lint-imports

types: $(VENV)/.dev ## Check the types
	$(BIN)/mypy

bench: $(VENV)/.runtime ## Measure against the library used as its documentation shows
	$(BIN)/routeflow bench

lock: $(VENV)/.dev ## Write the lock files anew from pyproject.toml
	$(PIP) install uv
	for set in "runtime build" "production build production" "dev build production dev"; do \
	  set -- $$set; name=$$1; shift; \
	  $(BIN)/uv pip compile pyproject.toml -q --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate $${@/#/--group } -o locks/$$name.txt || exit 1; \
	done

clean: ## Remove what was built, not the data in var/
	rm -rf $(VENV) frontend/node_modules src/routeflow/web/static/dist .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "routeflow needs Python 3.11 or newer; set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: locks/runtime.txt pyproject.toml $(FRONTEND) | $(VENV)/bin/python
	@echo "Installing the locked packages and building the browser part (once)"
	@$(PIP) install --require-hashes -r locks/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.dev: locks/dev.txt $(VENV)/.runtime
	@$(PIP) install --require-hashes -r locks/dev.txt
	@touch $@

# Letters and besluitdossiers are printed with WeasyPrint, which draws its text with Pango.
pango: $(VENV)/.runtime
	@if ! $(BIN)/python -c 'import weasyprint' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core >/dev/null; \
	  else \
	    echo "Letters need Pango: install Debian's packages 'libpangoft2-1.0-0' and 'libharfbuzz-subset0'"; exit 1; \
	  fi; \
	fi

# Browser tests drive Debian's Chromium; CHROMIUM=/path/to/chromium names another one.
chromium:
	@if [ -n "$$CHROMIUM" ]; then \
	  [ -x "$$CHROMIUM" ] || { echo "CHROMIUM=$$CHROMIUM is not a program that can be run"; exit 1; }; \
	elif ! command -v chromium >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else \
	    echo "The browser tests need Chromium: install Debian's package 'chromium' or set CHROMIUM=/path/to/chromium"; exit 1; \
	  fi; \
	fi
