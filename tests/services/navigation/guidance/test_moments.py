"""When a maneuver is told."""

from __future__ import annotations

import pytest
from codriver.services.navigation.guidance.moments import Stage, is_long, stage_at


@pytest.mark.parametrize(
    ("metres", "speed", "motorway", "stage"),
    [
        (20, 8, False, Stage.NOW),
        (50, 14, False, Stage.NOW),
        (90, 14, False, Stage.NEAR),
        (160, 14, False, Stage.NEAR),
        (250, 14, False, None),
        (500, 14, False, Stage.FAR),
        (900, 14, False, None),
        (200, 33, True, Stage.NOW),
        (700, 33, True, Stage.NEAR),
        (1900, 33, True, Stage.FAR),
        (3000, 33, True, None),
        (24, 0, False, Stage.NOW),
    ],
)
def test_the_stage_follows_distance_speed_and_road(
    metres: float, speed: float, motorway: bool, stage: Stage | None
) -> None:
    assert stage_at(metres, speed, motorway) is stage


def test_only_a_long_way_is_told_of() -> None:
    assert is_long(2000, 14, motorway=False)
    assert not is_long(800, 14, motorway=False)
    assert not is_long(3000, 33, motorway=True)
