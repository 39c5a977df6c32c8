"""Music steps back for speech against a real mpv, and comes back, whatever happens in between."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from codriver.acting.bus import Bus
from codriver.acting.car import Car
from codriver.acting.ducking import Ducked, Ducking
from codriver.acting.guiding import Guiding
from codriver.acting.navigator import Navigator
from codriver.acting.performing import Actor
from codriver.acting.player import PLAYER, Player, player_at
from codriver.acting.service import Service
from codriver.catalogue import load_catalogue
from codriver.folders import intents_folder
from codriver.turn import IntentCall, Status
from codriver.workshop import parts
from codriver.workshop.parts import DemoPlayer

MPV = player_at("org.mpris.MediaPlayer2.mpv")
CATALOGUE = load_catalogue([intents_folder()])


class Cabin:
    """A player that plays at half volume, and what turns it down to three tenths of that."""

    def __init__(self, bus: Bus, file: Path) -> None:
        self.file = file
        self.plain = Player(bus)
        self.ducking = Ducking(bus, file, 0.3)
        self.player = Player(bus, self.ducking)
        self.actor = Actor(CATALOGUE, Car(bus), self.player, Service(bus), Guiding(Navigator(bus)))

    async def volume(self) -> float:
        return round((await self.plain.state()).volume, 2)

    async def becomes(self, volume: float) -> bool:
        for _ in range(200):
            if await self.volume() == volume and (volume < 0.3 or not self.file.exists()):
                return True
            await asyncio.sleep(0.02)
        return False

    async def lowered(self) -> bool:
        self.ducking.lower()
        return await self.becomes(0.15)

    async def lifted(self, volume: float = 0.5) -> bool:
        self.ducking.lift()
        return await self.becomes(volume)

    async def asked(self, intent: str, **arguments: str | int) -> Status:
        [outcome] = await self.actor.perform([IntentCall(intent, arguments)], "driver")
        return outcome.status


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ducked.json"


@pytest.fixture
async def cabin(bus: Bus, demo_player: DemoPlayer, file: Path) -> AsyncIterator[Cabin]:
    cabin = Cabin(bus, file)
    await cabin.plain.play()
    async with cabin.ducking.at_work():
        yield cabin


async def test_what_plays_is_turned_down_and_back(cabin: Cabin) -> None:
    assert await cabin.lowered()
    assert await cabin.lifted()
    assert await cabin.lowered()
    assert await cabin.lifted()


async def test_what_is_paused_stays_as_it_is_and_what_begins_to_play_is_turned_down(cabin: Cabin) -> None:
    await cabin.plain.pause()
    cabin.ducking.lower()
    await asyncio.sleep(0.2)
    assert await cabin.volume() == 0.5
    await cabin.player.play()
    assert await cabin.lowered()
    await cabin.player.pause()
    assert await cabin.lifted()


async def test_turned_down_it_is_said_to_be_as_loud_as_it_is_meant_to_be(cabin: Cabin) -> None:
    assert await cabin.lowered()
    assert (await cabin.player.state()).volume == pytest.approx(0.5, abs=0.01)


async def test_what_the_driver_wants_meanwhile_holds_afterwards(cabin: Cabin) -> None:
    assert await cabin.lowered()
    [outcome] = await cabin.actor.perform([IntentCall("change_volume", {"direction": "up"})], "driver")
    [change] = outcome.changes
    assert (outcome.status, change.before) == (Status.DONE, 50)
    assert isinstance(change.after, int)
    assert change.after > 50
    assert await cabin.becomes(round(0.003 * change.after, 2)), "louder, but still turned down"
    assert await cabin.lifted(change.after / 100)
    [undone] = await cabin.actor.undo([outcome], "driver")
    assert undone.status is Status.UNDONE
    assert await cabin.volume() == 0.5


async def test_a_wish_is_undone_while_it_is_turned_down(cabin: Cabin) -> None:
    assert await cabin.lowered()
    [outcome] = await cabin.actor.perform([IntentCall("set_volume", {"percent": 80})], "driver")
    await cabin.actor.undo([outcome], "driver")
    assert await cabin.lifted()


async def test_what_is_already_so_is_already_so_while_it_is_turned_down(cabin: Cabin) -> None:
    assert await cabin.lowered()
    assert await cabin.asked("set_volume", percent=50) is Status.ALREADY


async def test_a_knob_that_was_turned_meanwhile_is_not_turned_back(cabin: Cabin) -> None:
    assert await cabin.lowered()
    await cabin.plain.set_volume(0.25)
    assert await cabin.lifted(0.6)


async def test_the_end_turns_everything_back(bus: Bus, demo_player: DemoPlayer, file: Path) -> None:
    cabin = Cabin(bus, file)
    await cabin.plain.play()
    async with cabin.ducking.at_work():
        assert await cabin.lowered()
    assert await cabin.becomes(0.5)


def left_behind(file: Path, text: str) -> None:
    file.write_text(text, encoding="latin-1")


CRASHING = """
import asyncio, sys
from pathlib import Path
from codriver.acting.bus import Bus
from codriver.acting.ducking import Ducking
from codriver.acting.player import Player
async def run():
    async with Bus(sys.argv[1]) as bus:
        ducking = Ducking(bus, Path(sys.argv[2]), 0.3)
        async with ducking.at_work():
            ducking.lower()
            await asyncio.sleep(0.5)
            await Player(bus, ducking).set_volume(0.8)
            print("down", flush=True)
            await asyncio.sleep(60)
asyncio.run(run())
"""


async def test_a_crash_is_made_good_at_the_next_start(
    private_bus: str, bus: Bus, demo_player: DemoPlayer, file: Path
) -> None:
    cabin = Cabin(bus, file)
    await cabin.plain.play()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CRASHING, private_bus, file), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"down\n"
    process.kill()
    await process.communicate()
    assert await cabin.volume() == 0.24
    async with cabin.ducking.at_work():
        assert await cabin.becomes(0.8)


async def test_after_a_crash_a_volume_that_somebody_chose_stays(bus: Bus, demo_player: DemoPlayer, file: Path) -> None:
    cabin = Cabin(bus, file)
    left_behind(file, json.dumps({MPV.bus_name: [0.9, 0.27], "org.mpris.MediaPlayer2.gone": [1, 0.3]}))
    async with cabin.ducking.at_work():
        await asyncio.sleep(0.3)
        assert await cabin.volume() == 0.5


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": 3}', '{"x": ["loud", null]}', "\x00\xff"])
async def test_a_file_that_makes_no_sense_is_no_accident(
    bus: Bus, demo_player: DemoPlayer, file: Path, text: str
) -> None:
    left_behind(file, text)
    cabin = Cabin(bus, file)
    await cabin.plain.play()
    async with cabin.ducking.at_work():
        assert await cabin.lowered()
        assert await cabin.lifted()


async def test_a_folder_that_cannot_be_written_costs_no_music(
    bus: Bus, demo_player: DemoPlayer, tmp_path: Path
) -> None:
    cabin = Cabin(bus, tmp_path / "nowhere" / "ducked.json")
    await cabin.plain.play()
    async with cabin.ducking.at_work():
        assert await cabin.lowered()
        assert await cabin.lifted()


@asynccontextmanager
async def playing(address: str, folder: Path) -> AsyncIterator[DemoPlayer]:
    async with parts.demo_player(address, folder) as player, Bus(address) as bus:
        await Player(bus).play()
        yield player


async def test_a_player_that_dies_and_comes_back_turned_down_is_turned_up(
    private_bus: str, bus: Bus, short_directory: Path, file: Path
) -> None:
    cabin = Cabin(bus, file)
    async with cabin.ducking.at_work():
        async with playing(private_bus, short_directory) as player:
            assert await cabin.lowered()
            player.process.kill()
            await player.process.wait()
        cabin.ducking.lift()
        await asyncio.sleep(0.1)
        async with playing(private_bus, short_directory):
            await cabin.plain.set_volume(0.15)  # as a player would that remembers how loud it was
            assert await cabin.becomes(0.5)


async def test_a_player_that_hangs_is_turned_back_when_it_goes_on(cabin: Cabin, demo_player: DemoPlayer) -> None:
    assert await cabin.lowered()
    demo_player.process.send_signal(signal.SIGSTOP)
    cabin.ducking.lift()
    await asyncio.sleep(1.5)
    demo_player.process.send_signal(signal.SIGCONT)
    assert await cabin.becomes(0.5)


class Stubborn:
    """A player that plays and does not say how loud, or does not let itself be told."""

    interface = PLAYER
    playback_status = "Playing"
    volume = "loud"


async def test_a_player_that_is_strange_keeps_no_other_from_being_turned_down(private_bus: str, cabin: Cabin) -> None:
    async with Bus(private_bus) as other:
        other.export("/org/mpris/MediaPlayer2", Stubborn())
        await other.request_name("org.mpris.MediaPlayer2.a_strange_one")
        cabin.ducking.lower()
        async with asyncio.timeout(5):
            while await other.get_property(MPV, "Volume") > 0.16:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("ducked", "now", "meant"),
    [
        (Ducked(0.5, 0.15), 0.15, 0.5),
        (Ducked(0.5, 0.15), 0.155, 0.5),
        (Ducked(0.5, 0.15), 0.25, 0.6),
        (Ducked(0.5, 0.15), 0.05, 0.4),
        (Ducked(0.1, 0.03), 0.0, 0.07),
        (Ducked(0.5, 0.15), 0.5, 0.5),
        (Ducked(0.5, 0.15), 0.8, 0.8),
        (Ducked(0.5, 0.15, stray=True), 0.15, 0.5),
        (Ducked(0.5, 0.15, stray=True), 0.3, 0.3),
    ],
)
def test_how_loud_it_is_meant_to_be(ducked: Ducked, now: float, meant: float) -> None:
    assert ducked.meant(now) == pytest.approx(meant)
