# What there is to do, one line each. Each of them first sets up what is still missing (see setup/prepare).
.PHONY: demo test lint bench setup lock

demo: setup
	.venv/bin/codriver demo

test: lint
	@setup/prepare tests
	.venv/bin/codriver models pull whisper-tiny.en
	.venv/bin/pytest tests/engines/thinker
	.venv/bin/pytest

lint: setup
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

bench: setup
	.venv/bin/codriver bench

setup:
	@setup/prepare

# Take the newest releases that pyproject.toml allows into the lock files.
lock: setup
	setup/lock
