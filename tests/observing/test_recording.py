"""Recordings are kept only on demand, few of them, and for their owner alone."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import numpy as np
import pytest
from codriver.hearing.audio import read_wav
from codriver.observing.recording import Recordings


def test_the_last_utterances_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    moment = iter(1_700_000_000.0 + second for second in range(5))
    recordings = Recordings(folder, most=3, now=lambda: next(moment))
    sound = np.arange(1600, dtype=np.int16)
    for _ in range(5):
        recordings.take(sound)
    recordings.close()
    kept = sorted(folder.iterdir())
    assert [path.name for path in kept] == [f"20231114-22132{second}-000.wav" for second in (2, 3, 4)]
    assert np.array_equal(np.concatenate(list(read_wav(kept[0]))), sound)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_disk_that_is_full_costs_recordings_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "recordings").touch()
    with caplog.at_level(logging.WARNING):
        recordings = Recordings(tmp_path / "recordings")
        recordings.take(np.zeros(160, np.int16))
        recordings.close()
    assert "No recording can be kept in" in caplog.text
