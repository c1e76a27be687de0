# Two commands do everything: `make weekly` and `make test`. Each builds the environment from the lock first.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
LAKE ?= data

.DEFAULT_GOAL := help
# Python files are compiled once, not by each of the hundreds of processes that a job and its tests start
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help weekly test life explore test-servers test-browser lint format bench lock docs sbom clean

help:  ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

weekly: .venv/ready  ## the whole job on the embedded campaign: prints the release's path and the key points
	@$(BIN)/passerelle demo --lake $(LAKE)

# the tests of a file run in one process: what they share is made once. Three processes for two cores, since many wait for
# servers and pauses; none is left for BLAS's threads
test: export OPENBLAS_NUM_THREADS = 1
test: .venv/ready  ## all tests but those that need real peers or a browser
	@$(BIN)/pytest -m "not servers and not browser and not life" -n 3 --dist loadfile --no-loadscope-reorder

life: .venv/ready  ## a campaign lived for eight weeks, day by day, by three seeds (some hours)
	@$(BIN)/pytest tests/life -m life -s

explore: .venv/ready  ## the properties on many random examples: minutes to hours; what it finds becomes an @example
	@$(BIN)/pytest -m "hypothesis and not servers and not browser and not life" --hypothesis-profile explore -n 2

test-servers: .venv/ready  ## real servers on loopback, schedules on Prefect's own, the wheel in a clean environment
	@[ ! -d ../shared/servers ] || bash tests/servers/packages.sh
	@$(BIN)/pytest tests/servers -m servers

test-browser: .venv/ready  ## tests that open pages in Chromium, installed from Debian where it is missing
	@command -v chromium >/dev/null || { apt-get -qq update && apt-get -qq install -y chromium >/dev/null; }
	@$(BIN)/pytest -m browser

lint: .venv/ready  ## ruff, mypy --strict, import-linter, generated documents
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m docs.generate --check

format: .venv/ready  ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/ready  ## speed as ratios against named alternatives
	@$(BIN)/python -m benchmarks

docs: .venv/ready  ## data dictionary and JSON Schema from the code
	@$(BIN)/python -m docs.generate

sbom: .venv/ready  ## the bill of materials (CycloneDX) of the lock, validated; fails on a licence that is not allowed
	@$(BIN)/python -m docs.sbom sbom.json

lock: .venv/uv  ## resolve the dependencies again
	@$(BIN)/uv pip compile pyproject.toml --python-version 3.11 --all-extras --generate-hashes --no-header --no-annotate -q -o requirements.lock

clean:  ## remove the environment and what was made in it
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -prune -exec rm -r {} +

.venv/uv:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 is needed (Python 3.11 est requis): make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check uv 2>/dev/null || $(BIN)/pip install uv
	@touch $@

.venv/ready: .venv/uv requirements.lock pyproject.toml
	@$(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m compileall -q -j 0 -x '/tests?/' .venv/lib
	@touch $@
