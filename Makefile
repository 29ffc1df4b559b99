.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet
# errors only: pip warns of each place in a machine's settings that it does not use
PIP := python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes

# where this is set, each of the many processes that the checks start would compile every module anew
unexport PYTHONDONTWRITEBYTECODE

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/:/' | awk -F': ' '{ printf "%-16s%s\n", $$1, $$2 }'

setup: $(READY) ## Make .venv with everything the registry needs

$(READY): pyproject.toml requirements.txt requirements-dev.txt scripts/setup.py
	@$(PYTHON) scripts/setup.py

run: setup ## Migrate the database, load the built-in data sets and serve them
	@$(BIN)/registry migrate
	@$(BIN)/registry rebuild
	@$(BIN)/registry load bch national
	@$(BIN)/registry serve

# as many processes as cores; each takes its tests in their order, so that nearly all are on one database
test: setup ## Run the tests on SQLite and on PostgreSQL
	$(BIN)/pytest -n logical --dist worksteal

check: setup ## Check style, types and the layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

check-mutants: setup ## Break the code in places listed: a test must fail each time; every=24 for a sample
	$(BIN)/python scripts/check_mutants.py $(if $(every),--every $(every))

KILLS ?= 200
check-kills: setup ## Kill what writes, on both databases: nothing acknowledged may be lost (KILLS=200)
	$(BIN)/python -m scripts.check_kills $(KILLS)

FAILOVERS ?= 50
check-failover: setup ## Lose the primary of two PostgreSQL servers: nothing acknowledged may be lost (FAILOVERS=50)
	$(BIN)/python -m scripts.check_failover $(FAILOVERS)

LOAD_SECONDS ?= 600
DATABASE ?= sqlite postgresql
check-load: setup ## Ask much of a service while faults befall it: nobody may hear but by 503 (LOAD_SECONDS=600, DATABASE=sqlite)
	$(BIN)/python -m scripts.check_load $(LOAD_SECONDS) $(DATABASE)

check-browser: .venv/browser ## Try the pages and the API documentation in a real browser
	$(BIN)/python -m scripts.check_browser
	$(BIN)/python -m scripts.check_pages

screenshots: .venv/browser ## Make the pictures of the pages that the README shows
	$(BIN)/python -m scripts.screenshots

.venv/browser: requirements-browser.txt $(READY)
	@$(BIN)/$(PIP) -r requirements-browser.txt
	@touch $@

check-log: .venv/log ## Verify the log with the code with which Go verifies its own
	$(BIN)/python -m scripts.check_log

.venv/log: requirements-log.txt $(READY)
	@$(BIN)/$(PIP) -r requirements-log.txt
	@touch $@

check-api: .venv-api/ready tools/node_modules/ready ## Lint the API's description, make clients of it, send it everything
	$(BIN)/python scripts/check_api.py

# an environment of its own: the pins of these tools would fight those of the registry
.venv-api/ready: requirements-api.txt $(READY)
	@$(BIN)/python -m venv .venv-api
	@.venv-api/bin/$(PIP) -r requirements-api.txt
	@touch $@

tools/node_modules/ready: tools/package.json tools/package-lock.json tools/.npmrc .venv-api/ready
	@cd tools && PATH="$(CURDIR)/.venv-api/bin:$$PATH" npm ci --silent
	@touch $@

check-container: .venv/container ## Build the container image and try it under the tightest limits
	$(BIN)/python scripts/check_container.py

.venv/container: requirements-container.txt $(READY)
	@$(BIN)/$(PIP) -r requirements-container.txt
	@touch $@

check-deploy: .venv/container ## Read deploy/ as Compose, Helm (HELM=…) and Kubernetes will
	$(BIN)/python scripts/check_deploy.py

# of the requirements alone, in an environment of their own: what the image has, without what development needs
sbom: .venv/container ## List what the image holds of others, in CycloneDX: sbom.json
	@$(BIN)/python -m venv --clear .venv-sbom
	@.venv-sbom/bin/$(PIP) -r requirements.txt
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible -o sbom.json .venv-sbom

BENCH_UNITS ?= 1000 100000
BENCH_DATABASE ?= sqlite
bench: .venv-bench/ready ## Measure the registry beside its peers (needs wrk; BENCH_UNITS, BENCH_DATABASE=postgresql, BENCH_KEEP=folder)
	$(BIN)/python -m benchmarks.run --units $(BENCH_UNITS) --database $(BENCH_DATABASE) $(if $(BENCH_KEEP),--keep $(BENCH_KEEP))

# an environment of their own: the service must not see what its peers need
.venv-bench/ready: requirements-bench.txt $(READY)
	@$(BIN)/python -m venv .venv-bench
	@.venv-bench/bin/$(PIP) -r requirements-bench.txt
	@touch $@

openapi: setup ## Write the API's description to its file
	$(BIN)/python scripts/openapi.py

types: setup ## Write what answers hold, as types, from the shapes
	$(BIN)/python -m scripts.answer_types

national: setup ## Write the built-in data set national from its facts and our readings of them
	$(BIN)/python -m app.datasets.national.convert

questions: setup ## Write the page of questions and answers
	$(BIN)/python scripts/questions.py

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
	$(COMPILE) --upgrade --group log -c requirements.txt -c requirements-dev.txt -o requirements-log.txt
	$(COMPILE) --upgrade --group api -o requirements-api.txt
	$(COMPILE) --upgrade --group bench -c requirements.txt -o requirements-bench.txt
	$(COMPILE) --upgrade --group container -c requirements.txt -c requirements-dev.txt -o requirements-container.txt

clean: ## Remove everything that the other commands made, except databases
	rm -rf .venv .venv-api .venv-bench .venv-sbom sbom.json tools/node_modules build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help setup run test check check-mutants check-kills check-failover check-load check-browser screenshots check-log check-api check-container check-deploy sbom bench openapi types national questions format migration requirements clean
