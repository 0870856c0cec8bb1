# Each target does its own set-up; the first run takes a minute or two, the next ones seconds.
#   make demo    reads the example images and pages with the shipped model
#   make test    runs everything that CI runs: about ten minutes on two cores
#   make quick   runs the tests that matter while one works on the code: about a minute

VENV   := .venv
PEERS  := .venv-peers
PYTHON := $(VENV)/bin/python
DEMO   := build/demo

# Tests share two cores between two workers; more BLAS threads would only fight over them.
TEST_ENVIRONMENT := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
# A worker that crashes ends the run: with a new worker, pytest-xdist can wait without end.
TEST_WORKERS := -n 2 --dist loadfile --max-worker-restart=0

# Of `make fuzz` and `make kill`, for example make fuzz CASES=500 SEED=7 FORMATS="png pdf".
CASES   := 20000
KILLS   := 100
SEED    := 1
FORMATS :=

.PHONY: demo test quick test-long fuzz kill api-cases lint docs bench timings bench-reading bench-peers results clean

demo: $(VENV)/.core
	@mkdir -p $(DEMO)
	@echo "Reading the images in examples/ with the shipped model:"
	@$(VENV)/bin/digitus predict examples --show
	@$(VENV)/bin/digitus predict examples --json > $(DEMO)/predictions.json
	@echo "The same as JSON: $(DEMO)/predictions.json"
	@echo
	@echo "Reading a sheet and a grid, as photographed, in examples/pages/:"
	@$(VENV)/bin/digitus read examples/pages --csv $(DEMO)/numbers.csv --overlay $(DEMO)/pages
	@echo "A row for each number: $(DEMO)/numbers.csv; the pages with what was read: $(DEMO)/pages/"

test:
	@echo "Style, types, layers and all tests: about ten minutes on two cores."
	@$(MAKE) --no-print-directory lint
	$(TEST_ENVIRONMENT) $(PYTHON) -m pytest $(TEST_WORKERS) -m "not long"

# The network, a digit from image to answer, results and files, the documents' links: no training, no
# window, no browser, no page is read.
QUICK := tests/nn tests/imaging/patch tests/imaging/ink tests/imaging/test_preprocessing.py \
	tests/models tests/evaluation tests/reader/results tests/reader/export tests/cli/predict \
	tests/cli/test_options.py tests/cli/test_screen.py tests/architecture \
	tests/test_recognizer.py tests/test_files.py tests/test_package.py tests/test_percent.py

quick: $(VENV)/.dev
	@echo "The tests that matter most, and style: about a minute on two cores."
	$(VENV)/bin/ruff check .
	$(TEST_ENVIRONMENT) $(PYTHON) -m pytest $(TEST_WORKERS) -q -m "not registry and not long" $(QUICK)

# Minutes to an hour: more mutated files than `make test` tries, and runs killed at random moments.
test-long: fuzz kill api-cases
	$(TEST_ENVIRONMENT) $(PYTHON) -m pytest $(TEST_WORKERS) -m long

# Mutated files of every format; finds are kept in build/fuzz, with the command that repeats each.
fuzz: $(VENV)/.dev
	PYTHONPATH=tests/fuzz $(TEST_ENVIRONMENT) $(PYTHON) -m fuzzing --cases $(CASES) --seed $(SEED) \
		$(addprefix --format ,$(FORMATS))

# What schemathesis finds in the server's answers, with more cases than `make test` tries.
api-cases: $(VENV)/.dev
	DIGITUS_API_CASES=100 $(TEST_ENVIRONMENT) $(PYTHON) -m pytest tests/web/api/test_conformance.py

kill: $(VENV)/.dev
	$(TEST_ENVIRONMENT) $(PYTHON) tools/kill.py --n $(KILLS) --seed $(SEED)

lint: $(VENV)/.dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo --no-cache
	@sh tools/check_javascript.sh

docs: $(VENV)/.dev
	$(PYTHON) tools/cli_reference.py

# Every number of docs/explanation/results.md: about twenty minutes on two cores.
results: $(VENV)/.dev
	$(PYTHON) benchmarks/results.py

bench: $(VENV)/.dev bench-peers
	$(PEERS)/bin/python benchmarks/training.py
	$(PEERS)/bin/python benchmarks/lbfgs.py
	$(PEERS)/bin/python benchmarks/inference.py
	$(PEERS)/bin/python benchmarks/time_to_98.py
	$(PYTHON) benchmarks/epoch.py --threads 2
	$(PYTHON) benchmarks/per_sample.py
	$(PEERS)/bin/python benchmarks/startup.py
	$(PYTHON) benchmarks/memory.py
	$(PYTHON) benchmarks/browser.py
	$(PYTHON) benchmarks/server_load.py
	$(PYTHON) benchmarks/experiments.py

# The times in README.md, of one run.
timings: $(VENV)/.dev bench-peers
	$(PEERS)/bin/python benchmarks/training.py --only s3 --batch 128 --optimizer adam
	$(PEERS)/bin/python benchmarks/startup.py
	$(PYTHON) benchmarks/browser.py
	$(PYTHON) benchmarks/scan.py
	QT_QPA_PLATFORM=offscreen $(PYTHON) benchmarks/window.py

# Reading: of single digits, and of strings and pages made for it. Those of a folder of images of
# yours: benchmarks/handwriting.py, pages.py and cheques.py.
bench-reading: $(VENV)/.dev
	$(PYTHON) benchmarks/mistakes.py
	$(PYTHON) benchmarks/robustness.py
	$(PYTHON) benchmarks/recognition.py
	$(PYTHON) benchmarks/lined_digits.py
	$(PYTHON) benchmarks/strings.py
	$(PYTHON) benchmarks/synthetic.py
	$(PYTHON) benchmarks/kinds.py
	$(PYTHON) benchmarks/scan.py
	QT_QPA_PLATFORM=offscreen $(PYTHON) benchmarks/window.py

# The frameworks that `make bench` compares with, in an environment of their own.
bench-peers: $(PEERS)/.peers

clean:
	rm -rf $(VENV) $(PEERS) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.core: pyproject.toml tools/setup.sh
	@sh tools/setup.sh $(VENV) core
	@touch $@

$(VENV)/.dev: pyproject.toml tools/setup.sh
	@sh tools/setup.sh $(VENV) dev
	@touch $(VENV)/.core $@

$(PEERS)/.peers: pyproject.toml tools/setup.sh benchmarks/peers.txt
	@sh tools/setup.sh $(PEERS) core
	@if command -v uv >/dev/null 2>&1; then \
		uv pip install --quiet --python $(PEERS)/bin/python -e '.[onnx,fast]' -r benchmarks/peers.txt; \
	else \
		$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check \
			-e '.[onnx,fast]' -r benchmarks/peers.txt; \
	fi
	@touch $@
