# Two commands: `make demo` shows the product, `make test` tests it. Both are safe to repeat.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test setup setup-test lint locale lock clean

demo: setup
	@$(BIN)/python manage.py demo $(if $(PORT),--port $(PORT))

test: setup-test
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

setup: $(VENV)/.installed
	@deploy/system-packages.sh run
	@$(BIN)/python deploy/messages.py --compile

setup-test: $(VENV)/.installed-dev
	@deploy/system-packages.sh run test
	@$(BIN)/python deploy/messages.py --compile

$(VENV)/bin/python:
	@deploy/make-venv.sh $(VENV) $(PYTHON)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@deploy/system-packages.sh run
	@echo "Installing the Python packages …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(VENV)/bin/python
	@deploy/system-packages.sh run test
	@echo "Installing the Python packages for tests …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

lint: setup-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

locale: setup-test
	@$(BIN)/python deploy/messages.py

lock:
	@$(BIN)/python -m pip install -q uv
	@$(BIN)/uv pip compile -q pyproject.toml --extra s3 --universal --generate-hashes --python-version 3.11 \
		--no-emit-index-url --no-header -o requirements.txt
	@$(BIN)/uv pip compile -q pyproject.toml --extra dev --extra s3 --universal --generate-hashes \
		--python-version 3.11 --no-emit-index-url --no-header -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) var
