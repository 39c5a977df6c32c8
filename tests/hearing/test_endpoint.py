from __future__ import annotations

import pytest
from codriver.hearing.endpoint import Endpoint, Endpointer, EndpointSettings

STEP = 0.125
SETTINGS = EndpointSettings(silence=0.75, pause=0.25, timeout=2.0, longest=4.0, start=0.25)

STARTED, PAUSED, RESUMED = Endpoint.STARTED, Endpoint.PAUSED, Endpoint.RESUMED
ENDED, TOO_LONG, NOTHING_SAID = Endpoint.ENDED, Endpoint.TOO_LONG, Endpoint.NOTHING_SAID

PROBABILITY = {"#": 0.9, "~": 0.4, ".": 0.1}


def events(pattern: str, settings: EndpointSettings = SETTINGS) -> list[tuple[float, Endpoint]]:
    """One letter an eighth of a second: # speech, ~ in between, . silence. Gives each event with its time."""
    endpointer = Endpointer(settings)
    seen = []
    for index, letter in enumerate(pattern, 1):
        event = endpointer.advance(STEP, PROBABILITY[letter])
        if event is not None:
            seen.append((index * STEP, event))
        if event in {ENDED, TOO_LONG, NOTHING_SAID}:
            assert index == len(pattern), "the pattern goes on after the end"
    return seen


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("..##" + "......", [(0.5, STARTED), (0.75, PAUSED), (1.25, ENDED)]),
        (
            "##..#" + "......",
            [(0.25, STARTED), (0.5, PAUSED), (0.625, RESUMED), (0.875, PAUSED), (1.375, ENDED)],
        ),
        ("##.#.#.#", [(0.25, STARTED)]),
        ("." * 16, [(2.0, NOTHING_SAID)]),
        ("#...#...#...#...", [(2.0, NOTHING_SAID)]),
        ("." * 14 + "##" + "......", [(2.0, STARTED), (2.25, PAUSED), (2.75, ENDED)]),
        ("#" * 32, [(0.25, STARTED), (4.0, TOO_LONG)]),
        ("##~~~~~~", [(0.25, STARTED)]),
        ("##.~" + "....", [(0.25, STARTED), (0.5, PAUSED), (1.0, ENDED)]),
        ("~" * 16, [(2.0, NOTHING_SAID)]),
    ],
    ids=[
        "one short word",
        "a pause in the middle",
        "gaps shorter than a pause",
        "silence",
        "clicks are no speech",
        "speech just in time",
        "speech without end",
        "a weak sound prolongs speech",
        "a weak sound does not end silence",
        "a weak sound is no beginning",
    ],
)
def test_an_utterance_is_followed(pattern: str, expected: list[tuple[float, Endpoint]]) -> None:
    assert events(pattern) == expected


def test_the_longest_utterance_is_counted_from_its_first_word() -> None:
    assert events("." * 8 + "#" * 32)[-1] == (5.0, TOO_LONG)


@pytest.mark.parametrize(("silence", "end"), [(0.25, 0.5), (1.5, 1.75)])
def test_the_silence_that_ends_is_adjustable(silence: float, end: float) -> None:
    settings = EndpointSettings(silence=silence, pause=0.125, start=0.25)
    steps = int((end - 0.25) / STEP)
    assert events("##" + "." * steps, settings)[-1] == (end, ENDED)


def test_silence_counts_from_the_last_sound_of_speech() -> None:
    endpointer = Endpointer(SETTINGS)
    for probability in (0.9, 0.9, 0.1, 0.9, 0.1, 0.1):
        endpointer.advance(STEP, probability)
    assert endpointer.started
    assert endpointer.silence == 2 * STEP
