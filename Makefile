# Each target does its own set-up; the first run takes a minute or two, the next ones seconds.
#   make demo    reads the example images and pages with the shipped model
#   make test    runs everything that CI runs

VENV   := .venv
PEERS  := .venv-peers
PYTHON := $(VENV)/bin/python
DEMO   := build/demo

# Tests share two cores between two workers; more BLAS threads would only fight over them.
TEST_ENVIRONMENT := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

.PHONY: demo test lint docs bench bench-reading bench-peers results clean

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

test: lint
	$(TEST_ENVIRONMENT) $(PYTHON) -m pytest -n 2 --dist loadfile

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
	$(PYTHON) benchmarks/experiments.py

# Reading: of single digits, and of strings and pages made for it. Those of a folder of images of
# yours: benchmarks/handwriting.py, pages.py and cheques.py.
bench-reading: $(VENV)/.dev
	$(PYTHON) benchmarks/mistakes.py
	$(PYTHON) benchmarks/robustness.py
	$(PYTHON) benchmarks/recognition.py
	$(PYTHON) benchmarks/lined_digits.py
	$(PYTHON) benchmarks/strings.py
	$(PYTHON) benchmarks/synthetic.py
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
