"""The way to the nearest charging station, from the spoken wish to the arrival."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest
from codriver.acting.bus import Bus
from codriver.acting.navigator import NAVIGATION
from codriver.trace import Trace
from codriver.workshop.sandbox import SIMULATOR

pytestmark = [pytest.mark.models, pytest.mark.asyncio(loop_scope="session")]

_TOWN = 20.0  # km/h: slow enough for a voice to keep up with a clock that runs fifty times as fast
_ARRIVES_WITHIN = 60.0  # seconds
_LOOKS_EVERY = 0.05


class Codriver(Protocol):
    """What these tests use of the running codriver."""

    control: Bus
    recorder: Any
    instructions: Sequence[tuple[str, dict[str, Any]]]
    samples: Mapping[str, Path]

    async def hear_sample(self, name: str) -> Trace: ...


async def drive(codriver: Codriver) -> None:
    """Let the car drive the route that it is guided on."""
    destination = await codriver.control.get_property(NAVIGATION, "Destination")
    there = {key: destination[key] for key in ("latitude", "longitude")}
    [route] = await codriver.control.call(NAVIGATION, "Route", [there], {"shape": True}, timeout=5.0)
    await codriver.control.call(SIMULATOR, "Drive", route["shape"], {"speed": _TOWN})


async def until(what: Callable[[], bool]) -> None:
    for _ in range(round(_ARRIVES_WITHIN / _LOOKS_EVERY)):
        if what():
            return
        await asyncio.sleep(_LOOKS_EVERY)
    raise TimeoutError


@pytest.mark.parametrize(
    "sample", ["en-take-me-to-the-nearest-charging-station", "zh-dao-hang-dao-zui-jin-de-chong-dian-zhan"]
)
async def test_the_way_to_the_charger_is_asked_for_driven_heard_and_ended(codriver: Codriver, sample: str) -> None:
    codriver.recorder.texts.clear()
    trace = await codriver.hear_sample(sample)
    assert [call.member for call in trace.calls] == ["Search", "Start"]
    assert await codriver.control.get_property(NAVIGATION, "Active")
    await drive(codriver)
    await until(lambda: any(details["arrival"] for _, details in codriver.instructions))
    await until(lambda: codriver.instructions[-1][0] in codriver.recorder.texts)
    # Of several words about one manoeuvre the last must be heard; those before it may be overtaken by it.
    last = {(details["kind"], details["street"]): text for text, details in codriver.instructions}
    assert len(last) > 2
    assert [text for text in last.values() if text not in codriver.recorder.texts] == []
    assert not await codriver.control.get_property(NAVIGATION, "Active")
