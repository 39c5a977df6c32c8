"""The way to the nearest charging station, from the spoken wish to the arrival."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest
from codriver.acting.bus import Bus
from codriver.acting.navigator import NAVIGATION
from codriver.trace import Trace
from codriver.workshop.sandbox import SIMULATOR

pytestmark = [pytest.mark.models, pytest.mark.asyncio(loop_scope="session")]

_TOWN = 15.0  # km/h: slow enough for a voice to keep up with a clock that runs fifty times as fast
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


async def go_to_the_charger(codriver: Codriver, sample: str) -> None:
    """Say the wish, drive the route that comes of it, and wait until the arrival is said."""
    codriver.recorder.texts.clear()
    trace = await codriver.hear_sample(sample)
    assert [call.member for call in trace.calls] == ["Search", "Start"]
    assert await codriver.control.get_property(NAVIGATION, "Active")
    await drive(codriver)
    await until(lambda: any(details["arrival"] for _, details in codriver.instructions))
    await until(lambda: codriver.instructions[-1][0] in codriver.recorder.texts)
    assert not await codriver.control.get_property(NAVIGATION, "Active")


async def test_the_way_to_the_charger_is_asked_for_driven_and_every_manoeuvre_heard(codriver: Codriver) -> None:
    await go_to_the_charger(codriver, "en-take-me-to-the-nearest-charging-station")
    # Of several words about one manoeuvre the last must be heard; those before it may be overtaken by it.
    last = {(details["kind"], details["street"]): text for text, details in codriver.instructions}
    assert len(last) > 2
    assert [text for text in last.values() if text not in codriver.recorder.texts] == []


async def test_in_chinese_it_guides_in_chinese(codriver: Codriver) -> None:
    # The Chinese voice is too slow for a clock that runs fifty times as fast: what is stale is left out.
    await go_to_the_charger(codriver, "zh-dao-hang-dao-zui-jin-de-chong-dian-zhan")
    heard = {text for text, _ in codriver.instructions} & set(codriver.recorder.texts)
    assert len(heard) > 2
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in heard)
