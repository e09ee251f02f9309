# `make` shows what there is. Everything lives in .venv; nothing else on the machine is touched.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

# What was compiled once is kept, whatever the environment says: each start is more than a second faster by it.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install run test lint check bench kill walk campaigns messages diagrams picture lock clean

help:
	@echo "make run      install what is needed and serve http://localhost:8080"
	@echo "make test     the whole test run, on SQLite, PostgreSQL and in a browser"
	@echo "make check    format, ruff, mypy --strict, catalogues, then the tests"
	@echo "make install  only make .venv"
	@echo "make bench    measure and write docs/benchmarks.md"
	@echo "make kill     the long campaign: kill -9 at every boundary of the main story (POINTS=100: so many of them; or"
	@echo "              some by name, POINTS=12/commit/1,13/taken/2; STORY=services: of the story of a course, a visit,"
	@echo "              a seat, a paper, a survey, news, certificates; STORY=everywhere: of the child on Viber, the parent"
	@echo "              on Telegram, staff at the desk; PUTOKAZ_TEST_PATIENCE=150 on a busy machine)"
	@echo "make walk     20,000 steps by chance through every conversation (make test takes 3,000)"
	@echo "make campaigns  all long campaigns: the same, a million steps by chance, 100,000 forged taps"
	@echo "make messages bring locales/ up to date with the texts in the code"
	@echo "make diagrams draw every conversation into docs/conversations.md"
	@echo "make picture  take the README's screenshot anew"
	@echo "make lock     write requirements.lock anew from pyproject.toml"

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Putokaz needs Python 3.11 or newer: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing into .venv; this takes a few minutes, once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m compileall -q bot conversations handlers models
	@touch $(STAMP)

install: $(STAMP)

run: $(STAMP)
	@$(BIN)/python -m bot run

test: $(STAMP)
	@$(BIN)/python -m pytest --workers 4

lint: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy --strict bot conversations handlers models tests
	@$(BIN)/python -m bot.language check

check: lint test

bench: $(STAMP)
	@$(BIN)/python -m tests.bench

kill: $(STAMP)
	@$(BIN)/python -m tests.campaigns.kill $(or $(POINTS),all) $(or $(STORY),main)

walk: $(STAMP)
	@PUTOKAZ_WALKS=80 $(BIN)/python -m pytest tests/test_anything.py -m campaign -q -s

campaigns: $(STAMP)
	@$(BIN)/python -m pytest tests -m campaign -q -s

messages: $(STAMP)
	@$(BIN)/python -m bot.language update

diagrams: $(STAMP)
	@$(BIN)/python -m conversations.drawing > docs/conversations.md

# no address of an index may get into the lock file: it has names, versions and hashes only
lock: $(STAMP)
	@$(PYTHON) -m venv .venv/lock && .venv/lock/bin/pip install --quiet pip-tools
	@.venv/lock/bin/pip-compile --quiet --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --strip-extras --extra dev --output-file requirements.lock pyproject.toml
	@rm -rf .venv/lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache

picture: $(STAMP)
	@$(BIN)/python -m tests.browser.picture docs/stage.png
