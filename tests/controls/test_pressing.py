"""What presses mean, decided from edges and times alone."""

from __future__ import annotations

import pytest
from codriver.controls.pressing import Debouncer, Edge, PushToTalk


def through(edges: list[tuple[bool, float]], *, until: float = 10.0) -> list[tuple[bool, float]]:
    """Give what a debouncer of 20 ms lets through of these edges, asked whenever it wants to be asked."""
    debouncer = Debouncer(0.02)
    passed: list[Edge | None] = []
    for down, at in [*edges, (edges[-1][0], until)]:
        while (restless := debouncer.restless_until) is not None and restless <= at:
            passed.append(debouncer.settled(restless))
        passed.append(debouncer.take(Edge(down, at)))
    return [(edge.down, edge.at) for edge in passed if edge]


@pytest.mark.parametrize(
    ("edges", "passed"),
    [
        ([(True, 1.0), (False, 2.0)], [(True, 1.0), (False, 2.0)]),
        ([(True, 1.0), (False, 1.001), (True, 1.002), (False, 2.0)], [(True, 1.0), (False, 2.0)]),
        ([(True, 1.0), (False, 2.0), (True, 2.001), (False, 2.003)], [(True, 1.0), (False, 2.0)]),
        ([(True, 1.0), (False, 1.01)], [(True, 1.0), (False, 1.02)]),
        ([(False, 1.0), (True, 3.0)], [(False, 1.0), (True, 3.0)]),
        ([(False, 1.0), (True, 1.01)], [(False, 1.0), (True, 1.02)]),
        ([(True, 1.0), (True, 1.5), (False, 2.0)], [(True, 1.0), (False, 2.0)]),
    ],
    ids=[
        "clean",
        "bounces-down",
        "bounces-up",
        "shorter-than-the-bouncing",
        "how-it-is-at-first",
        "pressed-at-once",
        "twice-down",
    ],
)
def test_bouncing_is_left_out_and_no_press_is_lost(
    edges: list[tuple[bool, float]], passed: list[tuple[bool, float]]
) -> None:
    assert through(edges) == passed


@pytest.mark.parametrize(("held", "ends"), [(0.1, False), (0.39, False), (0.4, True), (8.0, True)])
def test_the_end_of_a_hold_ends_the_utterance_and_a_tap_does_not(held: float, ends: bool) -> None:
    push = PushToTalk(tap=0.4)
    assert push.hold_at is None
    assert not push.take(Edge(down=True, at=5.0))
    assert push.hold_at == 5.4
    assert push.take(Edge(down=False, at=5.0 + held)) is ends


def test_a_release_without_a_press_ends_nothing() -> None:
    assert not PushToTalk(tap=0.4).take(Edge(down=False, at=5.0))
