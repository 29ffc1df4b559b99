.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/:/' | awk -F': ' '{ printf "%-16s%s\n", $$1, $$2 }'

setup: $(READY) ## Make .venv with everything the registry needs

$(READY): pyproject.toml requirements.txt requirements-dev.txt scripts/setup.py
	@$(PYTHON) scripts/setup.py

run: setup ## Migrate the database, load the built-in data set and serve it
	@$(BIN)/registry migrate
	@$(BIN)/registry load bch
	@$(BIN)/registry serve

test: setup ## Run the tests on SQLite and on PostgreSQL
	$(BIN)/pytest

check: setup ## Check style, types and the layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

check-browser: .venv/browser ## Try the API documentation in a real browser
	$(BIN)/python scripts/check_browser.py

.venv/browser: requirements-browser.txt $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-browser.txt
	@touch $@

openapi: setup ## Write the API's description to its file
	$(BIN)/python scripts/openapi.py

format: setup ## Put the code into the common form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

migration: setup ## Write the next migration: make migration name="what changes"
	@$(BIN)/python scripts/migration.py "$(name)"

requirements: setup ## Pin the newest versions that pyproject.toml allows
	$(COMPILE) --upgrade pyproject.toml -o requirements.txt
	$(COMPILE) --upgrade --group dev -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --upgrade --group build -c requirements-dev.txt -o requirements-build.txt
	$(COMPILE) --upgrade --group browser -c requirements.txt -c requirements-dev.txt -o requirements-browser.txt

clean: ## Remove everything that the other commands made, except databases
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help setup run test check check-browser openapi format migration requirements clean
