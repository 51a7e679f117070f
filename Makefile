# Two commands matter: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
PY := .venv/bin/python
# The first Python of 3.11 or newer on this machine; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PYTEST_ARGS ?=
.PHONY: help run install install-dev test check format bench bench-scale bench-register bench-field bench-appraisal lock backup
.DEFAULT_GOAL := help

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

run: install ## start everything: database, web server, worker (PORT, DATABASE_URL … see README)
	@exec $(PY) manage.py run

install:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新的版本。Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) tools/set_up.py

install-dev:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新的版本。Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) tools/set_up.py --dev

test: install-dev ## run all tests, browser journeys included (PYTEST_ARGS="-k word" for some)
	@$(PY) -m tests.browser.chromium
	@$(PY) -m pytest -n auto $(PYTEST_ARGS)

check: install-dev ## formatting, lint, types, imports, templates, migrations, deployment settings, house rules
	$(PY) tools/check.py

format: install-dev ## let the formatters write
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) tools/check.py --write-templates

bench-scale: install-dev ## compare 10,000 with 1,000,000 orders, and write bench/scale.json
	$(PY) bench/scale.py

bench-register: install-dev ## search 1,000,000 residents, bring in 100,000 from a table, write both down
	$(PY) bench/register_search.py
	$(PY) bench/register_import.py

bench-field: install-dev ## ask 100,000 households, make the lists of 2,000 holders, and write bench/field.json
	$(PY) bench/field.py

bench-appraisal: install-dev ## appraise 2,000 chiefs from 1,000,000 events, and write bench/appraisal.json
	$(PY) bench/appraisal.py

bench: install-dev ## measure, and write bench/results.json
	$(PY) bench/run.py

lock: install-dev ## renew the locks from requirements*.in
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet \
		$(UPGRADE) requirements.in -o requirements.lock
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet \
		$(UPGRADE) -c requirements.lock requirements-dev.in -o requirements-dev.lock
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet \
		$(UPGRADE) requirements-node.in -o requirements-node.lock
