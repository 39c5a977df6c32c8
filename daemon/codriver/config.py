"""The configuration: a TOML file, checked key by key. Every key has a default."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from codriver.errors import ConfigurationError
from codriver.outdated import modernized
from codriver.turn import Zone

_LOG = logging.getLogger(__name__)

DEFAULT_FILE = Path("/etc/codriver/codriver.toml")

type Tone = Literal["woken", "ended", "question", "muted", "unmuted", "failed"]
type Uri = Annotated[str, Field(pattern=r"^$|^unix:///.+|^tcp://.+:\d+$")]
type MetricsAddress = Annotated[str, Field(pattern=r"^$|^unix:/.+|^(127\.\d+\.\d+\.\d+|localhost):\d{1,5}$")]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WakeWord(_Section):
    """A wake word that is listened for."""

    model: str = Field("hey_jarvis", description="okay_nabu, hey_jarvis, hey_mycroft, alexa, or a model's JSON file.")
    threshold: float | None = Field(0.98, ge=0.0, le=1.0, description="From how sure on it wakes at once, 0 to 1.")
    doubtful: float = Field(
        0.3,
        ge=0.0,
        le=1.0,
        description="From how sure on it wakes if the recogniser hears it as well, 0 to 1; 0 for never.",
    )


class Endpoint(_Section):
    """Where an utterance begins and ends in one state. What is not given is as in ``[hearing]``."""

    silence: float | None = Field(None, ge=0.2, le=3.0, description="The pause that ends an utterance.")
    timeout: float | None = Field(None, ge=1.0, le=60.0, description="How long to wait for the first word.")
    longest: float | None = Field(None, ge=1.0, le=60.0, description="The longest utterance, also in endless noise.")
    start: float = Field(0.09, ge=0.03, le=1.0, description="The speech that makes a beginning; knocks are shorter.")
    sensitivity: float = Field(0.5, ge=0.05, le=0.95, description="How likely speech must be to count, 0 to 1.")


class FollowUp(Endpoint):
    """Answers to questions are short."""

    silence: float | None = Field(0.6, ge=0.2, le=3.0, description="The pause that ends an utterance.")


class Interruption(Endpoint):
    """An answer is held at the first sign of speech: that costs nothing, while each chunk of 32 ms more is heard."""

    silence: float | None = Field(0.4, ge=0.2, le=3.0, description="The pause that ends an utterance.")
    longest: float | None = Field(6.0, ge=1.0, le=60.0, description="The longest utterance, also in endless noise.")
    start: float = Field(0.03, ge=0.03, le=1.0, description="The speech that makes a beginning; knocks are shorter.")
    sensitivity: float = Field(0.4, ge=0.05, le=0.95, description="How likely speech must be to count, 0 to 1.")


class Endpoints(_Section):
    """The states in which somebody is listened to."""

    wake_word: Endpoint = Field(Endpoint(), description="After the wake word, or a button.")
    follow_up: FollowUp = Field(FollowUp(), description="After a question or an answer.")
    interruption: Interruption = Field(Interruption(), description="While an answer is spoken.")


class Hearing(_Section):
    """How to listen. Durations in seconds."""

    wake_words: tuple[WakeWord, ...] = (WakeWord(),)
    interrupt: Literal["off", "wake_word", "stop", "speech"] = Field(
        "wake_word",
        description="What cuts off an answer: nothing, the wake word, also words like 'stop', also any speech.",
    )
    silence: float = Field(0.7, ge=0.2, le=3.0, description="The pause that ends an utterance.")
    timeout: float = Field(5.0, ge=1.0, le=30.0, description="How long to wait for the first word.")
    longest: float = Field(15.0, ge=3.0, le=60.0, description="The longest utterance, also in endless noise.")
    endpoint: Endpoints = Field(Endpoints(), description="The same and more, for each state.")


class SoundZone(_Section):
    """Where the microphone of a zone is."""

    zone: Zone = Field(description="The zone of who speaks into it.")
    channel: int = Field(0, ge=0, le=31, description="The channel of a microphone array, from 0.")
    microphone: str = Field("", description="Its name or part of it; empty for that of [sound].")


class Sound(_Section):
    """Microphones and loudspeaker of the daemon. A part of a device's name is enough; empty is the default device."""

    uri: Uri = Field("", description="A codriver sound process elsewhere; empty for codriver's own.")
    microphone: str = Field("", description="What is listened to: `arecord -L` shows the names.")
    loudspeaker: str = Field("", description="What speaks: `aplay -L` shows the names.")
    zones: tuple[SoundZone, ...] = Field((), description="Who sits where; empty for one microphone at the zone.")
    echo: Literal["speex", "off"] = Field("speex", description="Who takes the loudspeaker out of the microphone.")
    reference: str = Field(
        "own", description="What is taken out: codriver's own voice, or all that a device (a monitor) gives."
    )
    noise_suppression: float = Field(0.0, ge=0.0, le=40.0, description="Decibels of steady noise taken out.")
    gain: float = Field(0.0, ge=-40.0, le=40.0, description="Decibels added to the microphones.")


class Transcribing(_Section):
    """Who turns speech into text."""

    uri: Uri = Field("", description="Any Wyoming server; empty for codriver's own engine.")
    model: str = Field("", description="A model of the store; empty for the profile's.")
    threads: int = Field(0, ge=0, le=64, description="Threads of the model; 0 for one a core.")


NO_ADAPTER = "none"


class Thinking(_Section):
    """Who understands what no template covers."""

    enabled: bool = Field(True, description="Whether a language model is asked at all.")
    uri: Uri = Field("", description="A codriver thinker elsewhere; empty for codriver's own engine.")
    model: str = Field("", description="A model of the store; empty for the profile's.")
    adapter: str = Field(
        "",
        description="The LoRA adapter that it parses sentences with, as `codriver train` writes it; empty for the one "
        "that codriver brings for the model, if there is one, none for none.",
    )
    dialect: Literal["", "hermes", "minicpm3"] = Field(
        "", description="How the model is told of tools; empty for what suits it."
    )
    gate: float = Field(0.5, ge=0.0, le=1.0, description="Below this confidence nothing is done.")
    threads: int = Field(0, ge=0, le=64, description="Threads of the model; 0 for one a core.")


class Voice(_Section):
    """Who speaks a language."""

    language: str = Field(description="The language that it speaks: en, zh.")
    uri: Uri = Field("", description="Any Wyoming server; empty for codriver's own engine.")
    engine: Literal["piper", "kokoro"] = Field("piper", description="The program that runs the model.")
    model: str = Field("piper-en_US-joe-medium", description="A model of the store: codriver models list.")
    voice: str = Field("en_US-joe-medium", description="Which of the model's voices.")


class Bus(_Section):
    """Which D-Bus to use."""

    kind: Literal["session", "system"] = Field("system", description="The bus where car, player and map are.")
    address: str = Field("", description="An address of its own, instead of the session's or the system's.")


class Dialogue(_Section):
    """How long questions and memories stand, in seconds, and how much is said."""

    confirm_within: float = Field(15.0, ge=3.0, le=60.0, description="How long a yes counts.")
    remember_for: float = Field(
        90.0, ge=0.0, le=600.0, description="How long 'a bit more' and 'undo that' mean what was done last."
    )
    success: Literal["sentence", "beep"] = Field(
        "sentence", description="What is heard when a wish was simply done: what was done, or a short tone."
    )
    follow_up: float = Field(
        0.0, ge=0.0, le=60.0, description="How long to listen without the wake word after any answer; 0 for not at all."
    )
    earcons: tuple[Tone, ...] = Field(
        ("woken", "muted", "unmuted", "failed"), description="What is told by a tone when it happens."
    )
    ducking: float = Field(
        0.3, ge=0.0, le=1.0, description="The share of its volume that music keeps while somebody speaks; 1 for all."
    )


class Button(_Section):
    """A button, a switch or a line of the car: either a GPIO line or a key."""

    does: Literal["talk", "mute", "cancel", "ignition"] = Field(
        "talk",
        description="What it is for: to be heard while it is held (or after a tap), to close the microphone and open "
        "it again, to drop the turn, or to sleep while it is off.",
    )
    line: str = Field("", description="The name of a GPIO line, such as GPIO17 (gpioinfo lists them), or CHIP:NUMBER.")
    key: str = Field("", description="The name of a key, such as KEY_VOICECOMMAND (evtest shows them).")
    device: str = Field("", description="Part of the name of the device with that key; empty for any that has it.")
    active_low: bool = Field(True, description="Whether the line is low while the button is pressed.")
    pull: Literal["up", "down", "none"] = Field("up", description="The resistor that the board puts on the line.")

    @model_validator(mode="after")
    def _either_line_or_key(self) -> Self:
        if bool(self.line) == bool(self.key):
            raise ValueError("a button has either a line or a key")
        return self


class Light(_Section):
    """A light that shows what the assistant is doing."""

    kind: Literal["gpio", "led", "apa102"] = Field(
        "led", description="A GPIO line, an LED of /sys/class/leds, or a strip of APA102 on an SPI bus."
    )
    name: str = Field(
        "", description="The line's name, such as GPIO23; the LED's name; or the SPI device, such as /dev/spidev0.0."
    )
    color: Literal["white", "red", "green", "blue"] = Field(
        "white", description="What a light of one colour shines in; white ones shine for every colour."
    )
    active_low: bool = Field(False, description="Whether the light shines while its GPIO line is low.")
    count: int = Field(3, ge=1, le=144, description="The number of lights of a strip.")
    brightness: float = Field(0.3, ge=0.0, le=1.0, description="How bright a strip or an LED shines at most.")


class Controls(_Section):
    """Buttons and lights. Durations in seconds."""

    tap: float = Field(
        0.4, ge=0.1, le=2.0, description="A shorter press is a tap: the pause ends the utterance, not the button."
    )
    debounce: float = Field(0.02, ge=0.0, le=0.2, description="How long a contact bounces.")
    buttons: tuple[Button, ...] = Field((), description="Any number of buttons.")
    lights: tuple[Light, ...] = Field((), description="Any number of lights.")


class Metrics(_Section):
    """Numbers about the running daemon, for Prometheus."""

    listen: MetricsAddress = Field(
        "",
        description="127.0.0.1:PORT, or unix:/PATH for those who may write there; empty to give none. /metrics has the "
        "numbers, /turns the last turns.",
    )


class Traces(_Section):
    """What the last turns were, for finding out why one went wrong."""

    keep: int = Field(20, ge=0, le=1000, description="How many of the last turns are kept in memory.")
    directory: str = Field("", description="Where turns are written too, as JSON lines; empty for nowhere.")
    text: bool = Field(False, description="Whether they hold what was said, and what was done with it.")


class Debug(_Section):
    """For finding faults in hearing, never for everyday driving."""

    keep_audio: bool = Field(
        False, description="Keeps a recording of every utterance. It says so aloud at every start, and shows it."
    )


class Configuration(_Section):
    """All of it."""

    version: Literal[1] = Field(1, description="The version of this file's format.")
    languages: tuple[str, ...] = Field(
        ("en", "zh"),
        min_length=1,
        description="The languages that are understood and spoken; the first is the main one.",
    )
    zone: Zone = Field("driver", description="Where the microphone is.")
    profile: Literal["default", "small", "minicpm3"] = Field(
        "default", description="The set of models: codriver models pull --profile NAME fetches it."
    )
    intents: tuple[Path, ...] = Field((), description="More folders of intent files.")
    sound: Sound = Sound()
    hearing: Hearing = Hearing()
    transcribing: Transcribing = Transcribing()
    thinking: Thinking = Thinking()
    voices: tuple[Voice, ...] = (
        Voice(language="en"),
        Voice(language="zh", engine="kokoro", model="kokoro-82m", voice="zf_xiaobei"),
    )
    bus: Bus = Bus()
    dialogue: Dialogue = Dialogue()
    controls: Controls = Controls()
    metrics: Metrics = Metrics()
    traces: Traces = Traces()
    debug: Debug = Debug()


def load_configuration(path: Path | None, tell: Callable[[str], object] = _LOG.warning) -> Configuration:
    """Read a file, or the installed one if there is any. Raises ConfigurationError with file, line and cure.

    Keys of older versions mean what they meant; ``tell`` gets a sentence for each.
    """
    if path is None:
        path = DEFAULT_FILE
        if not path.exists():
            return Configuration()
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is no TOML: {error}") from error
    try:
        data, outdated = modernized(data)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}:{_line_of(['version'], text)}: {error}") from error
    for key in outdated:
        tell(f"{path}:{_line_of(key.key.split('.'), text)}: {key}")
    return _checked(data, path, text)


def _checked(data: Mapping[str, Any], path: Path, text: str) -> Configuration:
    try:
        return Configuration.model_validate(data)
    except ValidationError as error:
        detail = error.errors()[0]
        keys = [str(key) for key in detail["loc"]]
        unknown = detail["type"] == "extra_forbidden"
        message = "there is no such key" if unknown else detail["msg"]
        raise ConfigurationError(f"{path}:{_line_of(keys, text)}: {'.'.join(keys)}: {message}") from error


def _line_of(keys: list[str], text: str) -> int:
    """Find the line, from 1, of the deepest part of this path of keys that the file has."""
    deepest, found = 0, 1
    table: list[str] = []
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)([^\]]+)\]", line):
            name = header.group(2).strip()
            table = [part.strip() for part in name.split(".")]
            if header.group(1) == "[[":
                counts[name] = counts.get(name, -1) + 1
                table.append(str(counts[name]))
            here = table
        elif key := re.match(r"\s*([\w.\"-]+)\s*=", line):
            here = [*table, *key.group(1).replace('"', "").split(".")]
        else:
            continue
        if len(here) > deepest and here == keys[: len(here)]:
            deepest, found = len(here), number
    return found
