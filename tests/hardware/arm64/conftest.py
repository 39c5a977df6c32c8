"""What needs namespaces is left out where this machine does not let us make any."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.arm64 import namespaces

PROJECT = Path(__file__).parents[3]
APART = f"import sys; from {namespaces.__name__} import run_apart; run_apart(sys.argv[1:])"

type Apart = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def apart() -> Apart:
    """Give what runs a command in namespaces of its own."""

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, "-c", APART, *command]
        return subprocess.run(whole, cwd=PROJECT, capture_output=True, text=True, check=False)

    if os.geteuid() != 0 or run("true").returncode != 0:
        pytest.skip("this machine does not let us make namespaces")
    return run
