# Everything runs in .venv, which is built from the pinned requirements.lock by the pinned uv.
# Needs: Python 3.11 or newer with pip, and make. Another Python: make test PYTHON=python3.12

PYTHON ?= python3
UV_VERSION := 0.13.9

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help env test demo chaos bench lock clean

# What the caller's shell has set for Python, pip or uv must not lead the build elsewhere.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV CONDA_PREFIX MAKEFLAGS
unexport PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV PIP_REQUIRE_HASHES
unexport UV_PYTHON UV_SYSTEM_PYTHON UV_PROJECT_ENVIRONMENT UV_CONSTRAINT UV_OVERRIDE UV_NO_BINARY
export UV_PYTHON_DOWNLOADS := never
export PIP_ROOT_USER_ACTION := ignore

BIN := .venv/bin
UV := PYTHONPATH=.tools $(PYTHON) -m uv
# One stamp per place of the checkout: the scripts of a moved or copied .venv still point at the old place.
STAMP := .venv/.ready-$(shell printf '%s' '$(CURDIR)' | cksum | cut -d ' ' -f 1)
TOOLS := .tools/.uv-$(UV_VERSION)

help: ## This text
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

env: $(STAMP)

$(TOOLS):
	@command -v '$(PYTHON)' >/dev/null || \
	  { echo "Followthrough needs Python 3.11 or newer; '$(PYTHON)' was not found. Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Followthrough needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 | tail -n 1). Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || \
	  { echo "Followthrough needs pip for '$(PYTHON)'; install it (for example the package python3-pip) or name another Python: make PYTHON=python3.12" >&2; exit 1; }
	@rm -rf .tools
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools uv==$(UV_VERSION)
	@touch $@

$(STAMP): $(TOOLS) requirements.lock pyproject.toml
	@test -e $@ || $(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock || \
	  { echo "uv could not; trying pip, which may know another index or certificate" >&2; \
	    $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock; }
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

test: env ## Everything that is checked: style, types, layers, playbooks, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python starter.py playbook check
	# Tests that share what takes long to play (xdist_group) run on one worker, so that it is played once.
	# The time-skipping test server stands still now and then under load; a test that met with that is run again, no other.
	$(BIN)/python -m pytest -n auto --dist loadgroup --reruns 3 --only-rerun "RPCError: (Timeout expired|h2 protocol error)" \
	  --only-rerun "TimeoutError" --only-rerun "WorkflowUpdateRPCTimeoutOrCancelledError"

demo: env ## Play a portfolio of saves on a local Temporal (ONCE=1: play the story, check it, end)
	$(BIN)/python starter.py demo $(if $(ONCE),--once)

chaos: env ## Kill the worker at 100 random moments of saves, offers and cancellations, and compare the effects
	$(BIN)/python -m pytest -m chaos

bench: env ## Measure throughput, events, replay and timers; prints one table
	$(BIN)/python -m bench

lock: $(TOOLS) ## Write requirements.lock anew from requirements-dev.in
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command 'make lock' requirements-dev.in --output-file requirements.lock

clean: ## Remove what was built (the state of the instance, .followthrough, is kept)
	rm -rf .venv .tools build out *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
