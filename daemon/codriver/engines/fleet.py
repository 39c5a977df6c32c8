"""Which engine processes a configuration needs, how they are started, and where each is reached."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from codriver.config import NO_ADAPTER, Configuration, SoundZone, Voice
from codriver.engines.activated import ActivatedEngine, socket_unit
from codriver.engines.models import ModelTable, Store
from codriver.engines.supervisor import Engine, EngineCommand
from codriver.errors import ConfigurationError, ModelError
from codriver.folders import cache_folder

SOUND = "sound"
TRANSCRIBER = "transcriber"
THINKER = "thinker"
_VOICE = "voice-"

_KEY_VALUES = "q8_0"
"""The key-value cache in 8 bits: 37 MB less than f16 for 2,816 tokens of the 1.5B model, as fast, half as long to load.

MiniCPM3 takes 775 KiB a token in f16.
"""
_LONGER_PROMPTS = ("minicpm3",)
"""Models whose prompt with all tools does not fit into the usual context."""
_ADAPTERS = Path(__file__).parent / "thinker" / "adapters"
"""What codriver brings for models that were trained with its own catalogue, each under its model's file name."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The engines of one daemon: its own processes, and the URI of every engine by name, own or elsewhere.

    A voice's name is ``voice-`` and its language. ``thinker`` is missing where thinking is switched off.
    """

    engines: Mapping[str, Engine]
    uris: Mapping[str, str]
    language: str = ""
    """The first language, in which plain wishes are answered as soon as it is ready."""

    @property
    def senses(self) -> Mapping[str, Engine]:
        """The engines without which nothing can be heard or answered: the language model and other voices follow."""
        first = voice_name(self.language)
        later = {name for name in self.engines if name == THINKER or (name.startswith(_VOICE) and name != first)}
        return {name: engine for name, engine in self.engines.items() if name not in later}

    def start(self, engines: Mapping[str, Engine] | None = None) -> None:
        """Start these processes of our own, or every one. Those that run already are left alone."""
        for engine in (self.engines if engines is None else engines).values():
            engine.start()

    async def ready(self, engines: Mapping[str, Engine] | None = None, timeout: float = 120.0) -> None:
        """Wait for these engines, or for all of them. Raises EngineError."""
        waited_for = self.engines if engines is None else engines
        await asyncio.gather(*(engine.ready(timeout) for engine in waited_for.values()))

    async def returned(self, name: str, timeout: float) -> int:
        """Wait for one engine, and count how often it had to be started again. Raises EngineError.

        One that runs elsewhere counts as ready.
        """
        engine = self.engines.get(name)
        if engine is None:
            return 0
        await engine.ready(timeout)
        return engine.restarts

    async def stop(self) -> None:
        """End every process of our own."""
        await asyncio.gather(*(engine.stop() for engine in self.engines.values()))


def assemble(
    config: Configuration,
    store: Store,
    sockets: Path,
    only: str = "",
    *,
    live: bool = False,
    activated: Path | None = None,
) -> Fleet:
    """Plan the engines, or the one that is named alone; sockets are made in the folder ``sockets``.

    The one that holds microphone and loudspeaker is among them only if ``live``, or if it is named. Where systemd
    starts the engines, ``activated`` is the folder of the sockets that it holds open for them. Raises ModelError where
    a model that is needed is missing or damaged, and ConfigurationError.
    """
    commands: list[EngineCommand] = []
    uris: dict[str, str] = {}

    def add(name: str, uri: str, module: str, *arguments: str) -> None:
        uris[name] = uri or f"unix://{(activated or sockets) / name}"
        if not uri:
            command = (sys.executable, "-m", f"codriver.engines.{module}", "--uri", uris[name], "--exit-with-parent")
            commands.append(EngineCommand(name, (*command, *arguments), uris[name]))

    def wanted(name: str) -> bool:
        return only in ("", name)

    if live or only == SOUND:
        add(SOUND, config.sound.uri, "sound", *_sound(config))
    listening = config.transcribing
    if not wanted(TRANSCRIBER):
        pass
    elif listening.uri:
        add(TRANSCRIBER, listening.uri, "")
    else:
        add(
            TRANSCRIBER, "", "transcriber",
            "--model", str(transcriber_model(config, store)),
            "--languages", ",".join(config.languages),
            "--threads", str(listening.threads),
        )  # fmt: skip
    thinking = config.thinking
    if not (thinking.enabled and wanted(THINKER)):
        pass
    elif thinking.uri:
        add(THINKER, thinking.uri, "")
    else:
        model = thinker_model(config, store)
        add(
            THINKER, "", "thinker",
            "--model", str(model),
            *_adapter(thinking.adapter, model),
            "--dialect", thinking.dialect or ("minicpm3" if model.name.startswith("minicpm3") else "hermes"),
            "--cache", str(cache_folder() / "prefixes"),
            "--kv", _KEY_VALUES,
            "--context", "6144" if model.name.startswith(_LONGER_PROMPTS) else "2816",
            "--threads", str(thinking.threads),
        )  # fmt: skip
    for voice in config.voices:
        if voice.language in config.languages and wanted(voice_name(voice.language)):
            add(voice_name(voice.language), voice.uri, "voice", *(() if voice.uri else _voice(voice, store)))
    if activated is None:
        return Fleet({command.name: Engine(command) for command in commands}, uris, config.languages[0])
    for command in commands:
        if not (activated / command.name).is_socket():
            cure = f"systemctl enable --now {socket_unit(command.name)}"
            raise ConfigurationError(f"There is no socket of the {command.name} engine. Run `{cure}`.")
    return Fleet({command.name: ActivatedEngine(command) for command in commands}, uris, config.languages[0])


@asynccontextmanager
async def alone(name: str, config: Configuration, store: Store) -> AsyncIterator[str]:
    """Run one engine of a configuration for a while, and give its URI; one that runs elsewhere is only named.

    Raises ModelError, ConfigurationError, and EngineError where the engine ends instead of answering.
    """
    with tempfile.TemporaryDirectory(prefix="codriver-") as folder:
        fleet = assemble(config, store, Path(folder), only=name)
        fleet.start()
        try:
            for engine in fleet.engines.values():
                await engine.ready(patient=False)
            yield fleet.uris[name]
        finally:
            await fleet.stop()


def models_of(config: Configuration, table: ModelTable) -> tuple[str, ...]:
    """Name the models that a configuration asks for: its profile's, and those that it names. Raises InvalidRequest."""
    voices = [voice.model for voice in config.voices if voice.language in config.languages and not voice.uri]
    named = [config.transcribing.model, config.thinking.model, *voices]
    wanted = dict.fromkeys([*table.profile(config.profile), *filter(None, named)])
    return tuple(table.model(model_id).id for model_id in wanted)


def thinker_model(config: Configuration, store: Store) -> Path:
    """Find the GGUF file of the language model. Raises ModelError where it is missing or damaged."""
    profile = store.table.profile(config.profile)
    return _file(store, config.thinking.model or _model_with(profile, store, ".gguf"), ".gguf")


def transcriber_model(config: Configuration, store: Store) -> Path:
    """Find the folder of the speech recogniser. Raises ModelError where it is missing or damaged."""
    profile = store.table.profile(config.profile)
    return store.path(config.transcribing.model or _model_with(profile, store, "model.bin"))


def voice_name(language: str) -> str:
    """Name the engine that speaks a language."""
    return f"{_VOICE}{language}"


def _sound(config: Configuration) -> tuple[str, ...]:
    sound = config.sound
    zones = sound.zones or (SoundZone(zone=config.zone),)
    devices = (f"{each.zone}:{each.channel}:{each.microphone or sound.microphone}" for each in zones)
    return (
        *(argument for device in devices for argument in ("--zone", device)),
        "--loudspeaker", sound.loudspeaker,
        "--echo", sound.echo,
        "--reference", sound.reference,
        "--noise-suppression", str(sound.noise_suppression),
        "--gain", str(sound.gain),
        *(("--soon",) if config.hearing.interrupt in ("stop", "speech") else ()),
    )  # fmt: skip


def _adapter(named: str, model: Path) -> tuple[str, ...]:
    """Find what the model was trained with: the file that is named, else the one that codriver brings for it."""
    path = Path(named) if named else _ADAPTERS / model.name
    if named == NO_ADAPTER or not (named or path.is_file()):
        return ()
    if not path.is_file():
        raise ModelError(f"The adapter {path} of the language model does not exist.")
    return ("--adapter", str(path))


def _voice(voice: Voice, store: Store) -> tuple[str, ...]:
    folder = store.path(voice.model)
    voices = ("--voices", str(folder / "voices")) if voice.engine == "kokoro" else ()
    return (
        "--engine", voice.engine,
        "--model", str(_file(store, voice.model, ".onnx")),
        *voices,
        "--voice", voice.voice,
        "--language", voice.language,
    )  # fmt: skip


def _model_with(profile: tuple[str, ...], store: Store, ending: str) -> str:
    """Find the model of a profile that has a file of this kind."""
    for model_id in profile:
        if any(file.path.endswith(ending) for file in store.table.model(model_id).files):
            return model_id
    raise ConfigurationError(f"The profile has no model with a file {ending}.")


def _file(store: Store, model_id: str, ending: str) -> Path:
    for file in store.table.model(model_id).files:
        if file.path.endswith(ending):
            return store.path(model_id) / file.path
    raise ConfigurationError(f"The model {model_id} has no file {ending}.")
