"""``python -m hardware.arm64``: goes where arm64 programs run (`namespaces.py`), and proves it there (`prove.py`)."""

from __future__ import annotations

import sys

from hardware.arm64.namespaces import run_apart

if __name__ == "__main__":
    run_apart([sys.executable, "-m", "hardware.arm64.prove", *sys.argv[1:]])
