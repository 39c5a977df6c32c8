from __future__ import annotations

import numpy as np
import pytest
from codriver.speaking.earcons import Earcon, earcon


@pytest.mark.parametrize("kind", list(Earcon))
def test_a_tone_is_short_audible_and_free_of_clicks(kind: Earcon) -> None:
    block = earcon(kind)
    samples = np.frombuffer(block.pcm, dtype="<i2").astype(float) / 32768
    assert 0.1 < block.seconds < 0.5
    assert 0.05 < np.abs(samples).max() < 0.25
    assert abs(samples[0]) < 0.001
    assert abs(samples[-1]) < 0.01
    assert np.abs(np.diff(samples)).max() < 0.1


def test_tones_differ_from_each_other() -> None:
    assert len({earcon(kind).pcm for kind in Earcon}) == len(Earcon)
