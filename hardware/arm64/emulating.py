"""``python -m hardware.arm64.emulating COMMAND...``: runs a command as if this machine could run arm64 programs.

They see the processor of a Raspberry Pi 5.
"""

from __future__ import annotations

import os
import sys

from hardware.arm64.emulation import register, show_processor
from hardware.arm64.namespaces import run_apart

_PROCESSOR = "cortex-a76"
_INSIDE = "--inside"


def main() -> None:
    """Go where such programs run, and go on as the command there. Raises EmulationImpossible and OSError."""
    if sys.argv[1] != _INSIDE:
        run_apart([sys.executable, "-m", "hardware.arm64.emulating", _INSIDE, *sys.argv[1:]])
    register()
    show_processor(_PROCESSOR)
    os.environ["QEMU_CPU"] = _PROCESSOR
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606


if __name__ == "__main__":
    main()
