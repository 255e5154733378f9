# The front door. `make help` lists what there is.

SHELL := /bin/sh
XXGK  := .venv/bin/xxgk
DATA  ?= data

.DEFAULT_GOAL := help
.PHONY: help environment environment-dev run crawl serve test soak bench codebook install-cron remove-cron install-timer remove-timer lint format lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

environment: ## make or update the Python environment in .venv
	@tools/environment.sh

environment-dev: ## the same with the tools of the tests and every optional part
	@tools/environment.sh dev

run: environment ## crawl the replica portal, build the archive and serve it: one address to open
	@$(XXGK) demo --data $(DATA)

crawl: environment ## the same against the real portals of crawler/portals.toml, into DATA (default data/harbin)
	@$(XXGK) run --data $(if $(filter file,$(origin DATA)),data/harbin,$(DATA))

serve: environment ## serve the archive in DATA (default data)
	@$(XXGK) serve --data $(DATA)

test: environment-dev ## run every test; PYTEST_ARGS=... is handed on
	@tools/test.sh $(PYTEST_ARGS)

soak: environment-dev ## the long runs: generated documents, scans, kills and faults, ten thousand captures (about an hour)
	@tools/pywb.sh || true
	@.venv/bin/python -m tests.generator --examples 200
	@.venv/bin/python -m tests.soak_ocr --documents 30
	@.venv/bin/python -m pytest tests/faults -m soak -s
	@.venv/bin/python -m tests.captures.soak

bench: environment-dev ## print what reading, build, crawl and site take, in time and memory
	@.venv/bin/python -m tests.bench
	@.venv/bin/python -m tests.bench.unchanged
	@.venv/bin/python -m tests.bench.site

codebook: environment ## rewrite docs/codebook.md from the forms, rules and tables
	@.venv/bin/xxgk codebook > docs/codebook.md

install-cron: environment ## run once a night from cron; DATA=... and AT="17 3 * * *" say where and when
	@DATA='$(if $(filter file,$(origin DATA)),data/harbin,$(DATA))' AT='$(AT)' tools/cron.sh install

remove-cron: ## take it out of the crontab again
	@tools/cron.sh remove

install-timer: environment ## the same with a systemd timer of the user; AT="*-*-* 03:17:00"
	@DATA='$(if $(filter file,$(origin DATA)),data/harbin,$(DATA))' AT='$(AT)' tools/timer.sh install

remove-timer: ## take the timer away again
	@tools/timer.sh remove

lint: environment-dev ## check style and formatting
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

format: environment-dev ## format the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

lock: ## rewrite the lock files from pyproject.toml (needs uv)
	@tools/lock.sh --upgrade

clean: ## remove the environment and what tests leave; the data stay
	rm -rf .venv build *.egg-info .pytest_cache .ruff_cache .hypothesis
