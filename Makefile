# What there is to run. `make` alone lists it.

ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
# The first that runs and is new enough: a name on the PATH may be an empty shim.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c '$(ENOUGH)' 2>/dev/null && echo $$name && break; done)
PORT ?= 8000
BIN := .venv/bin
RUN := $(BIN)/python
DONE := .build/done
export PORT

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test lint bench chaos sheets clauses messages

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 20

setup: $(DONE)/static $(DONE)/messages ## virtual environment, packages, stylesheets and scripts (the others call it)

demo: setup ## the site with its demo town at http://127.0.0.1:8000 (PORT= to change)
	@exec $(RUN) -m project.running.demo

demo-reset: setup ## throw the demo town away and start over
	@exec $(RUN) -m project.running.demo --reset

test: setup ## the whole suite, browser included (ARGS= for pytest)
	@$(RUN) -m project.running.system_packages
	@exec $(RUN) -m pytest -n 2 $(ARGS)

lint: setup ## style, types, import contracts, checks, migrations, sheets, translations
	@exec $(RUN) -m project.running.lint

bench: setup ## the figures of speed, as ratios
	@exec $(RUN) -m project.running.bench $(ARGS)

chaos: setup ## 4,000 jobs and 10,000 time limits while everything that runs is killed (ARGS= for the test)
	@exec $(RUN) -m tests.chaos --clocks 10000 $(ARGS)

sheets: setup ## write the process sheets and diagrams anew
	@$(RUN) manage.py process_sheets

clauses: setup ## which clauses of the plan are proved by which tests
	@$(RUN) -m pytest --quiet -n 2 -m clause --clauses-out fixtures/proofs.json
	@$(RUN) manage.py clauses

messages: setup ## bring the English catalog up to what the code says
	@$(RUN) -m project.messages

# --- what setup does, each step only when what it depends on is newer ---

$(DONE)/packages: requirements.txt constraints.txt
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(ENOUGH)' \
		|| { echo "Python 3.11 or newer is needed (PYTHON= names one)."; exit 1; }
	@test -x $(RUN) && $(RUN) -c 'import pip' 2>/dev/null || { \
		echo "Making the virtual environment ..."; \
		$(PYTHON) -m venv .venv >.venv.log 2>&1 || { \
			test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
			&& apt-get install -y -q python3-venv >>.venv.log 2>&1 && $(PYTHON) -m venv .venv; \
		} || { cat .venv.log; echo "Install python3-venv, then try again."; exit 1; }; rm -f .venv.log; }
	@echo "Installing packages ..."
	@$(RUN) -m pip install -qq --disable-pip-version-check -r requirements.txt
	@mkdir -p $(DONE) && touch $@

$(DONE)/assets: package-lock.json package.json project/assets.py $(DONE)/packages
	@echo "Fetching stylesheets and scripts ..."
	@$(RUN) -m project.assets && touch $@

$(DONE)/static: $(DONE)/assets $(shell find project/static -type f)
	@$(RUN) manage.py collectstatic --noinput --clear --ignore viewflow --verbosity 0 && touch $@

$(DONE)/messages: $(DONE)/packages $(wildcard project/locale/en/LC_MESSAGES/django.po)
	@$(RUN) -m project.messages --compile && touch $@
