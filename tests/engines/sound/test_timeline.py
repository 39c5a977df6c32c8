from __future__ import annotations

import random

import pytest
from codriver.engines.sound.timeline import Timeline

RATE = 16_000
PIECE = 320


def told(timeline: Timeline, pieces: int, start: float, jitter: float = 0.0) -> list[float]:
    """Add pieces with stamps from ``start`` on; return the jumps that were seen."""
    noise = random.Random(7)
    jumps = (timeline.add(PIECE, start + n * 0.02 + noise.uniform(0.0, jitter)) for n in range(pieces))
    return [jump for jump in jumps if jump]


def test_jitter_moves_nothing() -> None:
    timeline = Timeline(RATE)
    assert told(timeline, 500, 100.0, jitter=0.008) == []
    assert timeline.time_of(320 * 250) == pytest.approx(105.004, abs=0.004)
    assert timeline.number_at(timeline.time_of(4_000)) == 4_000


def test_a_sound_system_that_thinks_anew_of_its_delay_has_lost_nothing() -> None:
    timeline = Timeline(RATE)
    told(timeline, 150, 0.0)
    assert told(timeline, 2_500, 3.03) == []
    assert timeline.time_of(timeline.count) == pytest.approx(53.03, abs=0.005)


def test_one_late_stamp_moves_nothing() -> None:
    timeline = Timeline(RATE)
    told(timeline, 150, 0.0)
    assert timeline.add(PIECE, 3.3) == 0.0
    assert told(timeline, 50, 3.02) == []


@pytest.mark.parametrize("jump", [0.07, 0.5, -0.08])
def test_sound_that_is_lost_or_doubled_is_noticed_once(jump: float) -> None:
    timeline = Timeline(RATE)
    told(timeline, 150, 0.0)
    assert told(timeline, 50, 3.0 + jump) == [pytest.approx(jump)]
    assert timeline.time_of(timeline.count) == pytest.approx(4.0 + jump)


def test_a_clock_that_is_a_little_off_is_followed() -> None:
    timeline = Timeline(RATE)
    stamps = (timeline.add(PIECE, n * 0.02 * 1.0001) for n in range(50_000))
    assert not any(stamps)
    assert timeline.time_of(timeline.count) == pytest.approx(1000.1, abs=0.005)


def test_what_a_stream_says_while_it_settles_is_not_counted() -> None:
    timeline = Timeline(RATE)
    assert told(timeline, 40, 0.0) == []
    assert told(timeline, 100, 0.83) == []
    assert timeline.time_of(timeline.count) == pytest.approx(2.83)
