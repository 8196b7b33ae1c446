# Everything a developer or CI does, by name. Needs Python 3.11 or later and make; all else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help
.PHONY: help install demo test check bench soak schema explorer lock clean faults national

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done

install: $(STAMP) ## everything into .venv, exactly as requirements.lock says

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; found: $$($(PYTHON) --version). Try: make PYTHON=python3.11" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: install ## a small country, loaded, served, with the pages to open; NEO4J=1: with a real Neo4j as the record
	$(BIN)/machtigen demo $(if $(NEO4J),--neo4j) $(ARGS)

# two at a time, each with its own Neo4j: half the time on two cores; ARGS="-n 0" for one
test: install ## every test, with a real Neo4j and a real browser in it; ARGS="-k name" for some
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: install ## lint, types, layering, and the committed GraphQL schema
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m schema.printing --check

bench: install ## the benchmarks, in CPU time and ratios; the results stand in docs/performance.md
	$(BIN)/python -m tests.benchmarks $(ARGS)

soak: install ## 2,000 subscribers and 10,000 changes: none lost, none doubled, memory flat after
	$(BIN)/python -m tests.soak $(ARGS)

faults: install ## a worker, then Neo4j, killed under load: what clients saw, and that nothing was lost (minutes)
	$(BIN)/python -m tests.loadtests.faults $(ARGS)

national: install ## the country's busiest hour and an onboarding wave; PEOPLE=18000000 takes hours and 30 GB
	$(BIN)/python -m tests.loadtests.national --people $(or $(PEOPLE),100000) $(ARGS)

schema: install ## write schema/schema.graphql anew
	$(BIN)/python -m schema.printing

explorer: install ## the page at /explore anew from its source; CI checks that the two agree
	$(BIN)/python server/web/explorer/build.py

lock: ## requirements.lock anew from pyproject.toml
	@test -x $(VENV)/lock/bin/pip-compile || { $(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools; }
	$(VENV)/lock/bin/pip-compile --quiet --strip-extras --all-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml

clean: ## what was built and cached; not .machtigen, where graphs live
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info
