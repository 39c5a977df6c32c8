"""Buttons are obeyed, states are shown, and what is broken does not stand in the way of the rest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence

import pytest
from codriver.config import Button as ButtonSettings
from codriver.config import Configuration, Controls
from codriver.config import Light as LightSettings
from codriver.controls.looks import DARK, LOOKS, RECORDING
from codriver.controls.panel import Wired, panel
from codriver.controls.pressing import Edge
from codriver.controls.wiring import controls
from codriver.errors import AudioError, ControlError

from .fakes import FakeAssistant, FakeLight


class Pressed:
    """A button that a test presses; ``None`` unplugs it."""

    def __init__(self) -> None:
        self.coming: asyncio.Queue[Edge | None] = asyncio.Queue()
        self.opened = 0

    async def edges(self) -> AsyncGenerator[Edge]:
        self.opened += 1
        while (edge := await self.coming.get()) is not None:
            yield edge
        raise ControlError("The button fell off: put it back.")

    def press(self, *times: float) -> None:
        """Press and let go in turn, so many seconds from now."""
        now = asyncio.get_running_loop().time()
        for number, at in enumerate(times):
            self.coming.put_nowait(Edge(number % 2 == 0, now + at))


async def told_by(does: str, presses: Sequence[float], count: int, assistant: FakeAssistant) -> list[str]:
    button = Pressed()
    async with panel(assistant, [Wired(button, does, "button")], []):
        button.press(*presses)
        async with asyncio.timeout(5):
            return [await assistant.told.get() for _ in range(count)]


@pytest.mark.parametrize(
    ("does", "presses", "told"),
    [
        ("talk", (1.0, 1.2, 9.0, 12.0), ["listen", "listen", "finish"]),
        ("mute", (1.0, 1.2, 3.0, 3.2), ["mute", "unmute"]),
        ("cancel", (1.0, 1.2), ["cancel"]),
        ("ignition", (1.0, 2.0, 3.0), ["sleep", "wake"]),
    ],
    ids=["tap-then-hold", "mute-and-back", "cancel", "ignition-off-and-on"],
)
async def test_what_a_button_does(does: str, presses: Sequence[float], told: list[str]) -> None:
    assistant = FakeAssistant()
    assert await told_by(does, presses, len(told), assistant) == told
    await asyncio.sleep(0.05)
    assert assistant.told.empty()


async def test_a_hold_is_followed_through_pauses_and_a_tap_is_not() -> None:
    assistant, button = FakeAssistant(), Pressed()
    async with panel(assistant, [Wired(button, "talk", "button")], [], tap=0.05):
        now = asyncio.get_running_loop().time
        button.press(0.0, 0.03)
        assert await asyncio.wait_for(assistant.told.get(), 5) == "listen"
        await asyncio.sleep(0.1)
        assert assistant.told.empty()
        button.coming.put_nowait(Edge(down=True, at=now()))
        assert [await asyncio.wait_for(assistant.told.get(), 5) for _ in range(2)] == ["listen", "be patient"]
        button.coming.put_nowait(Edge(down=False, at=now()))
        assert await asyncio.wait_for(assistant.told.get(), 5) == "finish"


async def test_where_the_ignition_is_off_at_first_it_sleeps_at_once() -> None:
    assistant, ignition = FakeAssistant(), Pressed()
    async with panel(assistant, [Wired(ignition, "ignition", "GPIO5")], []):
        ignition.coming.put_nowait(Edge(down=False, at=1.0))
        assert await asyncio.wait_for(assistant.told.get(), 5) == "sleep"


async def test_a_button_that_cannot_be_obeyed_now_works_the_next_time() -> None:
    class Muted(FakeAssistant):
        def listen(self) -> None:
            super().listen()
            raise AudioError("The microphone is muted.")

    assert await told_by("talk", (1.0, 1.1, 2.0, 2.1), 2, Muted()) == ["listen", "listen"]


async def test_a_button_that_goes_away_is_told_once_and_works_again_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assistant, broken, sound = FakeAssistant(), Pressed(), Pressed()
    wired = [Wired(broken, "cancel", "GPIO5"), Wired(sound, "talk", "GPIO17")]
    for _ in range(3):
        broken.coming.put_nowait(None)
    async with panel(assistant, wired, [], look_again=0.0):
        async with asyncio.timeout(5):
            while broken.opened < 4:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        sound.press(1.0)
        assert await asyncio.wait_for(assistant.told.get(), 5) == "listen"
        broken.press(2.0)
        assert await asyncio.wait_for(assistant.told.get(), 5) == "cancel"
    assert [record.getMessage() for record in caplog.records] == [
        "Button does not work: The button fell off: put it back."
    ]


async def shown(light: FakeLight, count: int) -> None:
    async with asyncio.timeout(5):
        while len(light.shown) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_states_are_shown_and_moving_ones_move() -> None:
    assistant, light = FakeAssistant(), FakeLight()
    async with panel(assistant, [], [light]):
        await shown(light, 1)
        assistant.become("listening")
        await shown(light, 2)
        assert light.shown == [DARK, LOOKS["listening"].color]
        assistant.become("thinking")
        await shown(light, 5)
        assert len(set(light.shown[2:5])) == 3
    assert light.closed
    assert assistant.watchers == []


async def test_a_state_that_stands_still_costs_nothing() -> None:
    light = FakeLight()
    async with panel(FakeAssistant(), [], [light]):
        await asyncio.sleep(0.2)
    assert light.shown == [DARK]


async def test_while_recordings_are_kept_idle_is_not_dark() -> None:
    light = FakeLight()
    async with panel(FakeAssistant(), [], [light], recording=True):
        await shown(light, 1)
    assert light.shown[0] == RECORDING.color


async def test_asleep_nothing_shines() -> None:
    assistant, light, key = FakeAssistant(), FakeLight(), Pressed()
    async with panel(assistant, [Wired(key, "ignition", "GPIO6")], [light]):
        key.press(0.0, 0.03)
        assert await assistant.told.get() == "sleep"
        await shown(light, 1)
        await asyncio.sleep(0.05)
        assert light.shown[-1] == DARK
        key.press(0.1)
        assert await assistant.told.get() == "wake"


async def test_the_light_of_a_closed_microphone_goes_out_with_the_car() -> None:
    assistant, light, key = FakeAssistant(), FakeLight(), Pressed()
    assistant.become("muted")
    async with panel(assistant, [Wired(key, "ignition", "GPIO6")], [light]):
        await shown(light, 1)
        key.coming.put_nowait(Edge(down=False, at=1.0))
        await shown(light, 2)
        key.coming.put_nowait(Edge(down=True, at=2.0))
        await shown(light, 3)
    red = LOOKS["muted"].color
    assert light.shown == [red, DARK, red]


async def test_a_light_that_breaks_is_left_out_and_the_others_shine(caplog: pytest.LogCaptureFixture) -> None:
    assistant, broken, sound = FakeAssistant(), FakeLight(), FakeLight()
    broken.broken = True
    async with panel(assistant, [], [broken, sound]):
        await shown(sound, 1)
        assistant.become("speaking")
        await shown(sound, 2)
    assert sound.shown[1] == LOOKS["speaking"].color
    assert [record.getMessage() for record in caplog.records] == ["Light does not work: The light fell off."]


async def test_what_this_board_lacks_is_told_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    settings = Controls(
        buttons=(ButtonSettings(key="KEY_NONSENSE"), ButtonSettings(line="gpiochip99:3")),
        lights=(
            LightSettings(kind="gpio", name="gpiochip99:4"),
            LightSettings(kind="led", name="no such led"),
            LightSettings(kind="apa102", name="/nowhere/spidev0.0"),
        ),
    )
    with caplog.at_level(logging.WARNING):
        async with controls(Configuration(controls=settings), FakeAssistant()):
            async with asyncio.timeout(5):
                while len(caplog.records) < 5:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
    sentences = " | ".join(record.getMessage() for record in caplog.records)
    for part in ("No key is named KEY_NONSENSE", "shows no gpiochip99", "no LED 'no such led'", "switch SPI on"):
        assert part in sentences
