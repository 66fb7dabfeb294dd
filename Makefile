# `make run` and `make test` need Python 3.11 or newer and nothing else. Everything they install stays in .venv.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
POSTGRES := $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/postgres)
# A demonstration on one machine. Production sets its own environment (docs/howto/deploy.md).
DEMO := DEBUG=1
WORKERS ?= 2

.DEFAULT_GOAL := help

.PHONY: help
help: ## What can be asked for
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 18

# A marker each: a lock that has not changed is not installed again.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is %s. Name another one: make PYTHON=python3.12 …" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements.txt | $(VENV)/.made
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.PHONY: run
run: $(VENV)/.runtime ## The site with its samples, on http://127.0.0.1:8000 (PORT=… changes it)
	@$(DEMO) $(PY) manage.py migrate --verbosity 0
	@$(DEMO) $(PY) manage.py demo
	@printf '\n  %-28s %s\n' 'The newspaper' 'http://127.0.0.1:$(PORT)/' 'The moderation desk' 'http://127.0.0.1:$(PORT)/moderation/' \
	  'The admin' 'http://127.0.0.1:$(PORT)/admin/' 'Stop it with' 'Ctrl-C'
	@# The worker writes exports in the background; it ends with the site.
	@$(DEMO) $(PY) manage.py db_worker --no-reload --verbosity 0 & worker=$$!; trap 'kill $$worker 2>/dev/null' EXIT INT TERM; \
	  $(DEMO) $(PY) manage.py runserver --noreload 127.0.0.1:$(PORT)

.PHONY: test
test: $(VENV)/.dev browser ## Every test on SQLite: unit, journeys, architecture, browser
	$(DEMO) $(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

.PHONY: test-postgres
test-postgres: $(VENV)/.dev ## Every test but the browser's on PostgreSQL (DATABASE_URL, else a local server that trusts)
	$(DEMO) DATABASE_URL=$(POSTGRES) $(PY) -m pytest -n $(WORKERS) --dist loadgroup -m "not browser" $(ARGS)

# Browser tests drive the distribution's Chromium. As root on a machine with apt it is installed when missing;
# elsewhere the tests that need it say that they were skipped, and fail where CI=true.
.PHONY: browser
browser:
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing chromium for the browser tests"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null; \
	fi

.PHONY: check
check: $(VENV)/.dev ## Format, lint, types, migrations, deployment settings, translations
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/djlint --check --quiet templates
	$(VENV)/bin/djlint --lint --quiet templates
	$(DEMO) $(VENV)/bin/mypy
	$(DEMO) $(PY) manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') ALLOWED_HOSTS=www.example.org \
	  DATA_DIR=$$(mktemp -d) $(PY) -W error manage.py check --deploy --fail-level WARNING
	$(DEMO) $(PY) -m pytest -q -p no:randomly tests/newsroom/test_translations.py

.PHONY: messages
messages: $(VENV)/.dev ## Collect and compile the catalogue (needs gettext)
	$(DEMO) $(PY) manage.py makemessages --locale fr --no-location --no-wrap --ignore '.venv/*' --ignore 'var/*'
	$(DEMO) $(PY) manage.py compilemessages --locale fr --ignore '.venv'

.PHONY: fuzz
fuzz: $(VENV)/.dev ## 10,000 mutations of each page and export through its reader (ARGS="--mutations 500 --only disqus": a short run)
	$(DEMO) $(PY) -m tests.fuzz $(ARGS)

.PHONY: screenshots
screenshots: $(VENV)/.dev browser ## Pictures of the main pages into docs/screenshots
	$(DEMO) $(PY) docs/screenshots/take.py

.PHONY: bench
bench: $(VENV)/.dev ## How fast the site is, its peers beside where they install, into docs/reference/performance.md (ARGS=--short: minutes)
	DATABASE_URL= $(PY) -m tests.benchmarks $(ARGS)

.PHONY: bench-desk
bench-desk: $(VENV)/.dev browser ## How fast the desk is, into docs/reference/performance-desk.md (ARGS="--pending 20000": a short run)
	DATABASE_URL=$(POSTGRES) $(PY) -m tests.benchmarks.desk $(ARGS)

.PHONY: faults
faults: $(VENV)/.dev ## What is kept when processes, databases and disks fail, into docs/reference/faults.md (ARGS="--seconds 600": longer)
	$(PY) -m tests.faults $(ARGS)

.PHONY: lock
lock: $(VENV)/.made ## Write both requirements files anew from pyproject.toml
	$(VENV)/bin/pip install --quiet --disable-pip-version-check uv
	$(VENV)/bin/uv pip compile pyproject.toml --extra scale --universal --python-version 3.11 --generate-hashes --quiet --no-header -o requirements.txt
	$(VENV)/bin/uv pip compile pyproject.toml --extra scale --extra dev --universal --python-version 3.11 --generate-hashes --quiet --no-header -c requirements.txt -o requirements-dev.txt

.PHONY: clean
clean: ## Forget the virtual environment; the data in var/ stays
	rm -rf $(VENV)
