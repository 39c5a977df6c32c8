"""When an utterance begins: with whichever chunk shows it first, if it is loud enough."""

from __future__ import annotations

import numpy as np
from codriver.hearing.endpoint import Endpoint, Endpointer, EndpointSettings
from codriver.hearing.utterance import Utterance

AT_ONCE = EndpointSettings(start=0.03)


def overheard(level: int, settings: EndpointSettings = AT_ONCE) -> Utterance:
    frames = [np.full(160, level, np.int16)] * 3
    return Utterance(frames, Endpointer(settings), 0.0, True, at_least=250.0, between=Endpointer(settings))


def test_it_begins_with_a_chunk_between_two_others() -> None:
    utterance = overheard(1000)
    assert utterance.advance(0.1) is None
    assert utterance.advance_between(0.9)
    assert utterance.endpointer.started
    assert utterance.advance(0.9) is None


def test_it_begins_once() -> None:
    utterance = overheard(1000)
    assert utterance.advance(0.9) is Endpoint.STARTED
    assert not utterance.advance_between(0.9)


def test_chunks_that_overlap_are_not_counted_together() -> None:
    utterance = overheard(1000, EndpointSettings(start=0.06))
    assert utterance.advance(0.9) is None
    assert not utterance.advance_between(0.9)
    assert utterance.advance(0.9) is Endpoint.STARTED


def test_what_is_faint_begins_nothing() -> None:
    assert not overheard(100).advance_between(0.9)
