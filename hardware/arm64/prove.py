"""``make arm64``, inside the namespaces: puts the board together, tries it, and writes down what came of it."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys

from hardware.arm64 import report
from hardware.arm64.emulation import EmulationImpossible, ProgramFailed, register
from hardware.arm64.llama import default_cache
from hardware.arm64.outcomes import Run
from hardware.arm64.processors import PROCESSORS
from hardware.arm64.setting_up import set_up
from hardware.arm64.trying import TRIALS
from setup.environment import say


def main() -> int:
    """Prove it; the exit status is 0 where everything went as it must."""
    parser = argparse.ArgumentParser(prog="python -m hardware.arm64", description=__doc__)
    parser.add_argument("--processor", choices=sorted(PROCESSORS), default="cortex-a76", help="what QEMU plays")
    parser.add_argument(
        "--only", choices=list(TRIALS), action="append", help="this trial alone; more than once for several"
    )
    parser.add_argument(
        "--slowness", type=_at_least_one, default=20.0, help="how much slower its clocks go: more on a busy machine"
    )
    arguments = parser.parse_args()
    # The first process of a namespace is deaf to the signals that it does not ask for; its end ends all the others.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    cache = default_cache()
    cache.mkdir(parents=True, exist_ok=True)
    run = Run()
    try:
        register()
        board = set_up(cache, arguments.processor, arguments.slowness, run)
        for name in arguments.only or TRIALS:
            with run.step(name):
                for outcome in TRIALS[name](board, cache):
                    run.outcomes.append(outcome)
                    fault = f"; but {outcome.fault}" if outcome.fault else ""
                    say(f"  {outcome.what}: {outcome.did}{fault} ({outcome.seconds:.0f} s)")
        run.facts |= report.facts(board, cache)
    except (EmulationImpossible, ProgramFailed, ValueError, OSError, subprocess.CalledProcessError) as error:
        say(str(error))
        return 1
    report.show(run)
    if not arguments.only:
        report.write(run)
    return 1 if run.faults else 0


def _at_least_one(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if number < 1.0:
        raise argparse.ArgumentTypeError("a number of at least 1 is needed")
    return number


if __name__ == "__main__":
    sys.exit(main())
