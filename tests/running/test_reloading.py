"""A running assistant takes up the intents of its user as they are written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from codriver.acting.bus import Bus, Signal
from codriver.app import App
from codriver.catalogue.configured import watched_folders
from codriver.catalogue.watching import stamps_of
from codriver.config import Configuration
from codriver.engines.fleet import TRANSCRIBER, Fleet
from codriver.running.daemon import Running
from codriver.running.reloading import Difference, Reloader, difference, first_catalogue, read_sound_catalogue
from codriver.services.assistant import ASSISTANT, offer, tell_failed
from codriver.speaking.loudspeaker import SilentLoudspeaker
from codriver.turn import Source, Status

FRAGRANCE = (Path(__file__).parents[1] / "fragrance" / "fragrance.yaml").read_text(encoding="utf-8")
WISH = "make it smell like vanilla"


@dataclass
class World:
    """A running assistant with its user's folder; ``failed`` are the signals of that name."""

    app: App
    reloader: Reloader
    folder: Path
    failed: asyncio.Queue[Signal] = field(default_factory=asyncio.Queue)

    def write(self, text: str, name: str = "fragrance") -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    async def look(self) -> None:
        """Look as often as it takes to see that a file stands still."""
        await self.reloader.look()
        await self.reloader.look()

    async def ask(self, text: str, language: str = "en") -> tuple[Source, list[Status], str]:
        trace = await self.app.ask(text, language, "driver")
        return trace.source, [outcome.status for outcome in trace.outcomes], trace.answer.text


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, which is not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "codriver" / "intents"


@pytest.fixture
async def world(users: Path, vehicle_service: str, fragrance_service: str) -> AsyncIterator[World]:
    config = Configuration(voices=())
    fleet = Fleet({}, {TRANSCRIBER: "unix:///nowhere/transcriber"})
    own = Bus(fragrance_service)
    async with App(config, fleet, own, lambda trace: SilentLoudspeaker()) as app, Bus(fragrance_service) as bus:
        app.on_turn = await offer(own, Running(app, config))
        reloader = Reloader(app, stamps_of(watched_folders(config)), partial(tell_failed, own), every=0.05)
        world = World(app, reloader, users)
        await bus.subscribe(ASSISTANT, "Failed", world.failed.put_nowait)
        yield world


async def test_a_file_of_the_user_is_used_as_soon_as_it_is_written(world: World) -> None:
    assert await world.ask(WISH) == (Source.NONE, [], "Sorry, I did not get that.")
    watching = asyncio.create_task(world.reloader.run())
    await asyncio.sleep(0.2)
    world.write(FRAGRANCE)
    async with asyncio.timeout(30):
        while "release_fragrance" not in world.app.catalogue.intents:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    source, statuses, reply = await world.ask(WISH)
    assert (source, statuses) == (Source.TEMPLATE, [Status.DONE])
    assert reply in ("A breath of vanilla.", "Here comes vanilla.")
    assert (await world.ask("set the temperature to 22 degrees"))[1] == [Status.DONE]
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_every_kind_of_effect_is_answered(world: World) -> None:
    world.write(FRAGRANCE)
    await world.look()
    assert await world.ask("make the scent strong") == (
        Source.TEMPLATE, [Status.DONE], "The fragrance is strong now.",
    )  # fmt: skip
    assert (await world.ask("把香氛调到浓一点", "zh"))[1:] == ([Status.ALREADY], "香氛已经是浓的。")
    assert (await world.ask("how much scent is left"))[2] == "The bottles are 67 percent full."
    assert (await world.ask("make it smell of pine"))[2] == "That did not work. The bottle with pine is empty."


async def test_an_intent_is_overridden_and_comes_back(world: World) -> None:
    assert (await world.ask("turn on the seat heating"))[1] == [Status.DONE]
    own = "domain: mine\nintents:\n  seat_heating:\n    description: Refuse.\n    safety: forbidden\n"
    sentences = '    sentences: {en: ["turn on the seat heating"]}\n    answers: {en: {refused: "Not in my car."}}\n'
    path = world.write(own + sentences, "mine")
    await world.look()
    assert (await world.ask("turn on the seat heating"))[1:] == ([Status.REFUSED], "Not in my car.")
    path.unlink()
    await world.look()
    assert (await world.ask("turn off the seat heating"))[1] == [Status.DONE]


@pytest.mark.parametrize(
    ("old", "new", "where", "sentence"),
    [
        ("    safety: comfort\n", "", "release_fragrance:", "intents.release_fragrance.safety: this key is missing"),
        ("signature: su", "signature: uu", "args:", "{scent} can be 'vanilla', which does not fit the D-Bus type 'u'"),
        ('"make it smell', '"(make it smell', '"(make it smell', "is no template"),
    ],
)
async def test_a_broken_file_is_told_of_and_the_old_catalogue_stays(
    world: World, caplog: pytest.LogCaptureFixture, old: str, new: str, where: str, sentence: str
) -> None:
    before = world.app.catalogue
    broken = FRAGRANCE.replace(old, new, 1)
    path = world.write(broken)
    with caplog.at_level(logging.ERROR):
        await world.look()
    assert world.app.catalogue is before
    place = f"{path}:{line_of(where, broken)}: "
    code, told = (await asyncio.wait_for(world.failed.get(), 5)).args
    assert code == "Configuration"
    assert told.startswith(place)
    assert sentence in told
    assert place in caplog.text
    assert (await world.ask("set the temperature to 22 degrees"))[1] == [Status.DONE]
    world.write(FRAGRANCE)
    await world.look()
    assert "release_fragrance" in world.app.catalogue.intents
    assert world.failed.empty()


async def test_a_question_does_not_outlive_what_it_was_about(world: World) -> None:
    assert (await world.ask("open the boot"))[1] == [Status.CONFIRM]
    world.write(FRAGRANCE)
    await world.look()
    assert (await world.ask("yes"))[1] == []


async def test_a_turn_under_way_ends_with_the_catalogue_it_began_with(world: World) -> None:
    world.write(FRAGRANCE)
    asked: list[asyncio.Task[Any]] = []

    async def reload_and_ask() -> None:
        reading = asyncio.create_task(world.look())
        while not reading.done():
            asked.append(asyncio.create_task(world.ask("set the temperature to 22 degrees")))
            await asyncio.sleep(0.05)
        await reading

    await reload_and_ask()
    answers = await asyncio.gather(*asked)
    assert {source for source, _, _ in answers} == {Source.TEMPLATE}
    assert "release_fragrance" in world.app.catalogue.intents


async def test_a_file_that_says_the_same_again_changes_nothing(world: World) -> None:
    world.write(FRAGRANCE)
    await world.look()
    before = world.app.catalogue
    world.write("# a remark\n" + FRAGRANCE)
    await world.look()
    assert world.app.catalogue is before


def test_a_car_with_a_broken_file_starts_with_its_own_intents(users: Path) -> None:
    users.mkdir(parents=True)
    (users / "fragrance.yaml").write_text(FRAGRANCE.replace("safety: status", "safety: cosy"), encoding="utf-8")
    catalogue, fault = first_catalogue(Configuration())
    assert "release_fragrance" not in catalogue.intents
    assert "set_temperature" in catalogue.intents
    assert str(fault).startswith(f"{users / 'fragrance.yaml'}:{line_of('safety: status', FRAGRANCE)}: ")
    (users / "fragrance.yaml").write_text(FRAGRANCE, encoding="utf-8")
    catalogue, fault = first_catalogue(Configuration())
    assert ("release_fragrance" in catalogue.intents, fault) == (True, None)


def test_the_difference_of_two_catalogues(users: Path) -> None:
    old = read_sound_catalogue(Configuration())
    users.mkdir(parents=True)
    (users / "fragrance.yaml").write_text(FRAGRANCE, encoding="utf-8")
    new = read_sound_catalogue(Configuration())
    names = ("release_fragrance", "fragrance_strength", "fragrance_left")
    assert difference(old, new) == Difference(added=names)
    assert difference(new, old) == Difference(removed=names)
    (users / "fragrance.yaml").write_text(FRAGRANCE.replace("safety: status", "safety: comfort"), encoding="utf-8")
    assert difference(new, read_sound_catalogue(Configuration())) == Difference(changed=names[2:])


def line_of(part: str, text: str) -> int:
    return text[: text.index(part)].count("\n") + 1


async def test_folders_that_a_new_configuration_names_are_watched_from_then_on(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    await world.app.adopt(world.app.config.model_copy(update={"intents": (folder,)}))
    (folder / "fragrance.yaml").write_text(FRAGRANCE, encoding="utf-8")
    await world.look()
    assert "release_fragrance" in world.app.catalogue.intents
