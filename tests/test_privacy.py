"""What the libraries would tell others, if they were let."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from codriver.engines.models import Store, default_root

SESSION = """
import glob, sys
import codriver
import onnxruntime
onnxruntime.InferenceSession(sys.argv[1])
"""


@pytest.mark.models
def test_onnx_runtime_makes_no_name_for_this_machine_to_call_home_with() -> None:
    """It writes one below HOME, and complains where it cannot."""
    [model, *_] = Store(default_root()).path("piper-en_US-joe-medium").glob("*.onnx")
    environment = {name: value for name, value in os.environ.items() if name not in ("ORT_DISABLE_TELEMETRY", "HOME")}
    command = (sys.executable, "-c", SESSION, str(model))
    ended = subprocess.run(
        command, env={**environment, "HOME": "/proc"}, capture_output=True, text=True, check=True, timeout=120
    )
    assert "telemetry" not in ended.stderr
