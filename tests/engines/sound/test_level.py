from __future__ import annotations

import random
from array import array

import pytest
from codriver.engines.sound.level import Level, LevelWatch
from codriver.engines.sound.speex import Samples

NOISE = random.Random(1)


def piece(loudness: float, middle: int = 0) -> Samples:
    wave = (NOISE.gauss(middle, loudness) for _ in range(320))
    return array("h", [max(-32768, min(32767, round(sample))) for sample in wave])


@pytest.mark.parametrize(
    ("loudness", "middle", "level"),
    [
        (0.0, 0, Level.SILENT),
        (0.4, 500, Level.SILENT),
        (10.0, 0, Level.GOOD),
        (3_000.0, 0, Level.GOOD),
        (40_000.0, 0, Level.CLIPPING),
    ],
)
def test_a_microphone_is_judged_by_two_seconds(loudness: float, middle: int, level: Level) -> None:
    watch = LevelWatch()
    judged = [watch.judge(piece(loudness, middle), 0.02) for _ in range(110)]
    assert (judged[0], judged[-1]) == (Level.GOOD, level)


def test_a_shout_now_and_then_is_no_clipping() -> None:
    watch = LevelWatch()
    assert {watch.judge(piece(40_000.0 if n % 50 < 8 else 500.0), 0.02) for n in range(400)} == {Level.GOOD}


def test_it_is_good_again_when_something_is_heard() -> None:
    watch = LevelWatch()
    for _ in range(200):
        watch.judge(piece(0.0), 0.02)
    assert watch.judge(piece(100.0), 0.02) is Level.GOOD
