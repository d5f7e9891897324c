# Each target is enough on a fresh machine with Python 3.10+ and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: demo test lint types bench fuzz soak docs clean

demo: $(STAMP)
	$(BIN)/pygatectl demo

test: $(DEV_STAMP)
	$(BIN)/python -m pytest -n auto

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_STAMP)
	$(BIN)/mypy
	$(BIN)/mypy --platform win32
	$(BIN)/mypy --platform darwin

bench: $(DEV_STAMP)
	$(BIN)/python tests/benchmarks

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(DEV_STAMP): $(STAMP)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

fuzz: $(DEV_STAMP)
	$(BIN)/python tests/endurance/fuzz.py

soak: $(DEV_STAMP)
	$(BIN)/python tests/endurance/soak.py

docs: $(DEV_STAMP)
	$(BIN)/python -m pygatectl.cli.reference > docs/commands.md
	$(BIN)/python -m pygatectl.cli.reference completions

clean:
	rm -rf $(VENV)
