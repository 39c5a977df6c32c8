"""Memory that was needed for a moment only goes back to the system, and what stays is not looked through."""

from __future__ import annotations

import re
import subprocess
import sys

_FRAGMENTED = """
import re
from pathlib import Path
from codriver.host import heap
def kept():
    return int(re.search(r"^Rss:\\s+(\\d+)", Path("/proc/self/smaps_rollup").read_text(), re.M)[1])
before = kept()
blocks = [bytearray(60_000) for _ in range(1000)]
last = bytearray(60_000)
del blocks
full = kept()
heap.give_back()
print(before, full, kept())
"""


def test_what_was_freed_below_something_that_stays_is_given_back() -> None:
    run = subprocess.run([sys.executable, "-c", _FRAGMENTED], capture_output=True, text=True, check=True)
    before, full, after = (int(number) for number in re.findall(r"\d+", run.stdout))
    assert full - before > 50_000
    assert after - before < 5_000


_BUILDING = """
import gc
from codriver.host import heap
heap.build_up()
looked = [generation["collections"] for generation in gc.get_stats()]
stays = [[] for _ in range(100_000)]
print(looked == [generation["collections"] for generation in gc.get_stats()])
heap.settle()
print(gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


def test_what_stays_is_looked_through_neither_while_it_is_built_nor_later() -> None:
    run = subprocess.run([sys.executable, "-c", _BUILDING], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", "True", "True"]
