# Every target prepares what it needs; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench chaos clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install uv, Python 3.13 and the packages of uv.lock into .tools and .venv
	@tools/setup

run: setup ## start everything with a living demo network; Ctrl-C stops it (ARGS="--reset" starts anew)
	@exec .venv/bin/ohmstead up --demo $(ARGS)

test: setup ## run the tests on all cores (ARGS="tests/wire -k frame" for some)
	@tools/browser
	@.venv/bin/python -m pytest -n logical --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup ## format, lint, types, import contracts, sizes, migrations, vendored files, licences
	@.venv/bin/python tools/check.py

format: setup ## put every file in form
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

bench: setup ## measure the line; a table and bench/out/*.json
	@.venv/bin/python -m bench $(ARGS)

chaos: setup ## kill what runs, at random, under load, and count what was lost
	@.venv/bin/python -m chaos $(ARGS)

clean: ## remove what was installed and built; ohmstead-data, the demo's data, stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist test-results
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
