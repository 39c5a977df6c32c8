# What there is to do, one line each. Each of them first sets up what is still missing (see setup/prepare).
.PHONY: demo test lint bench arm64 setup lock

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

# Hear, understand, act and speak on an emulated Raspberry Pi 5 (see hardware/arm64/README.md).
arm64:
	@setup/prepare arm64
	.venv/bin/python -m hardware.arm64

setup:
	@setup/prepare

# Take the newest releases that pyproject.toml allows into the lock files.
lock: setup
	setup/lock
