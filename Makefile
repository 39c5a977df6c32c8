# What there is to do, one line each. Each of them first sets up what is still missing (see setup/prepare).
.PHONY: demo test lint bench deb deb-test arm64 setup lock

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

# The Debian 13 package for this architecture, in out/: as root, with mmdebstrap, in a quarter of an hour.
# `make deb ARCHITECTURE=arm64` cross-compiles it for a board.
deb:
	systemd/deb/build $(ARCHITECTURE)

# Installs it in a fresh Debian 13, uses, upgrades and purges it: as root, in 5 minutes; arm64 in the emulation.
deb-test:
	@test "$(ARCHITECTURE)" != arm64 || setup/prepare arm64
	systemd/deb/try $(ARCHITECTURE)

# Hear, understand, act and speak on an emulated Raspberry Pi 5 (see hardware/arm64/README.md).
arm64:
	@setup/prepare arm64
	.venv/bin/python -m hardware.arm64

setup:
	@setup/prepare

# Take the newest releases that pyproject.toml allows into the lock files.
lock: setup
	setup/lock
