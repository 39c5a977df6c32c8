"""Memory that was needed for a moment only goes back to the system."""

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
