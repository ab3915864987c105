# Two commands are all that most people need: `make run` and `make test`.
.PHONY: run test setup quick lint unit pages wheel bench coverage lock clean
.NOTPARALLEL:

# Some containers forbid bytecode: then each of the tests' processes compiles the package anew, and pytest all tests.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
JOBS ?= 2
SYNC_TESTS := $(wildcard tests/test_docs*.py tests/test_catalogue*.py tests/lang/test_*.py)

run: ## set up, plan the example workshop `knit`, say what came of it and where its Gantt page lies
	@tools/setup.sh run
	@$(BIN)/fong demo --no-open

test: lint unit pages wheel ## set up and run every level of tests

setup: ## make .venv with all that the tests need (at once done when it is there)
	@tools/setup.sh dev

quick: setup ## what to run all day: under a minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n $(JOBS) --dist worksteal --hypothesis-profile quick -m "not page and not slow and not bench"

lint: setup ## style, types, layers, and texts that must agree with the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
ifneq ($(SYNC_TESTS),)
	$(BIN)/pytest -q -m "not page and not slow and not bench" $(SYNC_TESTS)
endif

unit: setup ## everything that needs no browser
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m "not page and not bench"

pages: setup ## what people see, in a real headless Chromium
	@browser=$$(tools/browser.sh) || exit $$?; \
	if [ -z "$$browser" ]; then echo "SKIPPED LEVEL: pages (no Chromium found)"; \
	else FONG_CHROMIUM="$$browser" $(BIN)/pytest -m "page and not bench"; fi

wheel: setup ## build the wheel and run it where nothing else is installed
	@tools/wheel.sh

SHARED := $(wildcard ../shared)
bench: setup ## measure speed and print what goes into docs/benchmarks.md; takes minutes, never part of the tests
	$(BIN)/python benchmarks/plan.py --work out/bench $(if $(SHARED),--generator $(SHARED)/tools/generate_workshop.py \
		--instance $(SHARED)/data/plan/jsp/tai/tai_1000_1000_1.txt.xz)
	@browser=$$(tools/browser.sh); \
	if [ -n "$$browser" ]; then FONG_CHROMIUM="$$browser" $(BIN)/python benchmarks/gantt.py; fi

coverage: setup ## which branches the tests reach, kernels included (slow: nothing is compiled)
	NUMBA_DISABLE_JIT=1 $(BIN)/coverage run -m pytest -q -m "not page and not slow and not bench"
	$(BIN)/coverage report --show-missing --skip-covered

lock: ## write the lock files anew, with the newest versions
	@tools/lock.sh --upgrade

clean: ## remove what can be made again
	rm -rf .venv build dist out .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
