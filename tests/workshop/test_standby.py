"""What processes spend while nobody speaks to them, counted on processes that really run."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from codriver.workshop.standby import Spent, spent

WORKS = "import sys, time\nwhile time.process_time() < 0.3: pass\nprint('ready', flush=True)\nsys.stdin.read()"


def test_what_a_process_and_its_children_spend_is_counted() -> None:
    command = [sys.executable, "-S", "-c", WORKS, "codriver.engines.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        found = spent(os.getpid())
        assert found["engines.worker"].seconds >= 0.28
        assert "daemon" in found
        assert child.stdin is not None
        child.stdin.close()


def test_who_sleeps_and_wakes_is_woken() -> None:
    before = spent(os.getpid())["daemon"]
    for _ in range(5):
        time.sleep(0.001)
    assert spent(os.getpid())["daemon"].since(before).wakes >= 5
    assert Spent(3.0, 20).since(Spent(1.0, 5)) == Spent(2.0, 15)
