"""Which engines a configuration needs, and one of them run by itself."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from pathlib import Path

import pytest
from codriver.config import Configuration, Sound, SoundZone, Thinking, Transcribing, Voice
from codriver.engines.fleet import SOUND, THINKER, TRANSCRIBER, alone, assemble, models_of, voice_name
from codriver.engines.models import Store, default_root, load_table
from codriver.errors import ConfigurationError, EngineError, InvalidRequest, ModelError


def children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


@pytest.mark.models
@pytest.mark.parametrize(("first", "second"), [("en", "zh"), ("zh", "en")])
def test_only_the_voice_of_the_first_language_is_waited_for(tmp_path: Path, first: str, second: str) -> None:
    config = Configuration.model_validate({"languages": [first, second]})
    fleet = assemble(config, Store(default_root()), tmp_path, live=True)
    assert set(fleet.senses) == {SOUND, TRANSCRIBER, voice_name(first)}
    assert set(fleet.engines) - set(fleet.senses) == {THINKER, voice_name(second)}


@pytest.mark.models
def test_every_engine_of_the_configuration_is_planned(tmp_path: Path) -> None:
    fleet = assemble(Configuration(), Store(default_root()), tmp_path)
    assert set(fleet.engines) == {TRANSCRIBER, THINKER, "voice-en", "voice-zh"} == set(fleet.uris)


@pytest.mark.models
def test_only_who_is_live_holds_microphone_and_loudspeaker(tmp_path: Path) -> None:
    assert SOUND in assemble(Configuration(), Store(default_root()), tmp_path, live=True).engines


def test_every_zone_has_its_microphone_or_a_channel_of_the_one(tmp_path: Path) -> None:
    zones = (SoundZone(zone="driver"), SoundZone(zone="passenger", channel=1, microphone="USB: Array (hw:2,0)"))
    config = Configuration(sound=Sound(microphone="Headset", zones=zones))
    arguments = assemble(config, Store(tmp_path), tmp_path, only=SOUND).engines[SOUND].command.arguments
    chosen = [arguments[at + 1] for at, argument in enumerate(arguments) if argument == "--zone"]
    assert chosen == ["driver:0:Headset", "passenger:1:USB: Array (hw:2,0)"]


@pytest.mark.models
@pytest.mark.parametrize("name", [TRANSCRIBER, THINKER, "voice-en", "voice-zh"])
def test_one_engine_is_planned_alone(tmp_path: Path, name: str) -> None:
    fleet = assemble(Configuration(), Store(default_root()), tmp_path, only=name)
    assert set(fleet.engines) == {name} == set(fleet.uris)


def test_the_models_of_a_configuration_are_its_profiles_and_those_that_it_names() -> None:
    config = Configuration(profile="small", thinking=Thinking(model="minicpm3-4b"))
    wanted = models_of(config, load_table())
    assert set(load_table().profile("small")) < set(wanted)
    assert {"minicpm3-4b", "kokoro-82m"} <= set(wanted)
    with pytest.raises(InvalidRequest, match="no model 'nothing'"):
        models_of(Configuration(thinking=Thinking(model="nothing")), load_table())


@pytest.mark.models
def test_engines_that_systemd_starts_are_reached_at_its_sockets(short_directory: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as held:
        held.bind(str(short_directory / TRANSCRIBER))
        fleet = assemble(
            Configuration(), Store(default_root()), short_directory / "own", TRANSCRIBER, activated=short_directory
        )
        assert fleet.uris == {TRANSCRIBER: f"unix://{short_directory}/{TRANSCRIBER}"}


@pytest.mark.models
def test_a_socket_that_systemd_does_not_hold_is_named_with_its_cure(short_directory: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"systemctl enable --now codriver-voice@en\.socket"):
        assemble(Configuration(), Store(default_root()), short_directory, "voice-en", activated=short_directory)


async def test_an_engine_elsewhere_is_only_named(tmp_path: Path) -> None:
    config = Configuration(transcribing=Transcribing(uri="tcp://10.0.0.2:10300"))
    before = children()
    async with alone(TRANSCRIBER, config, Store(tmp_path)) as uri:
        assert uri == "tcp://10.0.0.2:10300"
        assert children() == before


async def test_the_model_of_an_engine_that_is_not_wanted_may_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="qwen"):
        async with alone(THINKER, Configuration(), Store(tmp_path)):
            pass


@pytest.mark.models
async def test_an_engine_that_does_not_come_up_is_told_at_once_and_leaves_nothing_behind() -> None:
    nobody = Voice(language="zh", engine="kokoro", model="kokoro-82m", voice="nobody")
    before = children()
    with pytest.raises(EngineError, match="voice-zh"):
        async with alone(voice_name("zh"), Configuration(voices=(nobody,)), Store(default_root())):
            pass
    assert children() <= before


@pytest.mark.parametrize(("interrupt", "soon"), [("wake_word", False), ("stop", True), ("speech", True)])
def test_sound_is_wanted_soon_where_speech_may_interrupt(tmp_path: Path, interrupt: str, soon: bool) -> None:
    config = Configuration.model_validate({"hearing": {"interrupt": interrupt}})
    arguments = assemble(config, Store(tmp_path), tmp_path, only=SOUND).engines[SOUND].command.arguments
    assert ("--soon" in arguments) is soon
