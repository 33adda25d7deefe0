# `make help` lists what there is to make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test test-vscode lint format clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/installed ## Check the wrong programs in examples/ and show what is wrong with them
	@$(BIN)/wpc-lsp --check --no-cache --time-budget 30 examples/; test $$? -eq 1
	@$(BIN)/wpc-lsp --check --no-cache --time-budget 30 --output-format concise examples/ 2>/dev/null \
		| sed -E 's/:.*\[\*\].*/ has a fix/' | diff examples/expected.txt - \
		&& echo 'The findings are the expected ones.'

test: $(VENV)/developing ## Run the tests
	$(BIN)/pytest

test-vscode: $(VENV)/developing ## Run the tests of the extension in a real VS Code
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,browser]'
	$(BIN)/pytest -m vscode tests/e2e/vscode

lint: $(VENV)/developing ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/developing ## Put the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Take away what was made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/developing: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/installed
