from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from codriver.engines.models import default_root

RUNNING = "codriver"
TURN_KEYS = {
    "heard", "language", "zone", "source", "intents", "calls", "refused", "reply", "asks", "timings_ms",
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What a command gave back."""

    status: int
    out: str
    err: str

    @property
    def turns(self) -> list[dict[str, Any]]:
        """The turns on stdout, where every line must be one."""
        turns = [json.loads(line) for line in self.out.splitlines()]
        assert all(turn.keys() == TURN_KEYS for turn in turns)
        return turns

    @property
    def complaint(self) -> str:
        """The one line with which a command failed that did nothing else."""
        assert self.status == 1
        assert self.out == ""
        [line] = self.err.splitlines()
        assert line.startswith("codriver: ")
        return line


type Codriver = Callable[..., Result]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workplace")


@pytest.fixture
def tmp_path(workplace: Path) -> Iterator[Path]:
    """The folder in which the command runs, empty for each test."""
    yield workplace
    for entry in workplace.iterdir():
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


@pytest.fixture(scope="module")
def codriver(workplace: Path) -> Codriver:
    """Run the command as a user would, in an empty folder, with no D-Bus to be found."""

    def run(*arguments: str | bytes | Path, **environment: str) -> Result:
        lost = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere"}
        done = subprocess.run(
            [Path(sys.executable).with_name(RUNNING), *arguments],
            cwd=workplace,
            env={**os.environ, **lost, "PYTHONIOENCODING": "utf-8:strict", "COLUMNS": "200", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=float(environment.get("TIMEOUT", "120")),
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def test_it_tells_its_version(codriver: Codriver) -> None:
    told = codriver("--version")
    assert (told.status, told.out) == (0, f"codriver {version('codriver')}\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ask", "hello"), "The daemon is not running"),
        (("ask", "hello", "--json"), "The daemon is not running"),
        (("ask", "hello", "--language", "tlh"), "The languages are en, zh, not tlh."),
        (("ask", "hello", "--zone", "roof"), "The zones are driver, passenger"),
        (("hear", "missing.wav"), "missing.wav does not exist."),
        (("hear", "missing.wav", "--json", "--sandbox"), "missing.wav does not exist."),
        (("hear", "."), "is a folder, not a WAV file."),
        pytest.param(
            ("say", "hello"),
            "The daemon is not running",
        ),
        pytest.param(
            ("say", "hello", "--language", "tlh"),
            "The languages are en, zh, not tlh.",
        ),
        (("evaluate", "missing.jsonl"), "missing.jsonl cannot be read"),
        (("evaluate", "x", "--naive", "--model-only"), "Choose one of"),
        (("evaluate", "x", "--compare", "missing.json"), "missing.json cannot be read"),
        (("models", "verify", "nosuch"), "There is no model 'nosuch'"),
        (("models", "pull", "--profile", "nosuch"), "There is no profile 'nosuch'"),
        (("ask", "hello", "--config", "missing.toml"), "missing.toml cannot be read"),
        (("ask", "hello", "--config", "."), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(codriver: Codriver, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in codriver(*arguments).complaint


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("\nlangs = 3\n", "codriver.toml:2: langs: there is no such key"),
        ("[hearing]\nsilence = 0.7\nsillence = 3\n", "codriver.toml:3: hearing.sillence: there is no such key"),
        ("[hearing]\nsilence = 99\n", "codriver.toml:2: hearing.silence:"),
        ('profile = "huge"\n', "codriver.toml:1: profile:"),
        ('[[voices]]\nlanguage = "en"\npitch = 3\n', "codriver.toml:3: voices.0.pitch: there is no such key"),
        ("[hearing\n", "codriver.toml is no TOML"),
        pytest.param(
            "languages = []\n",
            "codriver.toml:1: languages",
        ),
        pytest.param(
            'languages = ["en", "tlh"]\n',
            "tlh",
        ),
    ],
)
def test_a_wrong_configuration_is_named_with_its_line(
    codriver: Codriver, tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "codriver.toml").write_text(text)
    complaint = codriver(
        "ask", "hello", "--sandbox", "--config", "codriver.toml", CODRIVER_DATA=empty(tmp_path)
    ).complaint
    assert sentence in complaint


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[[hearing.wake_words]]\nmodel = "hey_nobody"\n', "hey_nobody"),
        pytest.param(
            'intents = ["/nowhere/at/all"]\n',
            "/nowhere/at/all",
        ),
    ],
)
def test_a_configuration_that_names_what_is_not_there_is_said(
    codriver: Codriver, tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "codriver.toml").write_text(text)
    assert sentence in codriver("ask", "hello", "--sandbox", "--config", "codriver.toml").complaint


def empty(folder: Path) -> str:
    path = folder / "data"
    path.mkdir()
    return str(path)


@pytest.mark.parametrize(
    "arguments", [("ask", "hello", "--sandbox", "--json"), ("demo", "--json"), ("evaluate", "cases.jsonl"), ("bench",)]
)
def test_missing_models_are_said_in_one_line(codriver: Codriver, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "cases.jsonl").write_text('{"id": "1", "tag": "t", "lang": "en", "turns": [{"say": "hello"}]}\n')
    result = codriver(*arguments, CODRIVER_DATA=empty(tmp_path))
    assert result.status == 1
    assert result.out == ""
    said = [line for line in result.err.splitlines() if line.strip()]
    assert len(said) == 1
    assert "is missing. Run `codriver models pull" in said[0]


def test_models_that_are_missing_are_listed_and_named(codriver: Codriver, tmp_path: Path) -> None:
    nothing = empty(tmp_path)
    assert "missing" in codriver("models", "list", CODRIVER_DATA=nothing).out
    verified = codriver("models", "verify", CODRIVER_DATA=nothing)
    assert verified.status == 1
    assert "whisper-base/model.bin is missing." in verified.out
    doctor = codriver("doctor", CODRIVER_DATA=nothing)
    assert doctor.status == 1
    assert "Run codriver models pull --profile default." in doctor.out
    assert "Traceback" not in doctor.err


@pytest.mark.models
def test_a_damaged_model_is_named_and_not_loaded(codriver: Codriver, tmp_path: Path) -> None:
    data = Path(empty(tmp_path)) / "models"
    voice = "piper-en_US-joe-medium"
    (data / voice).mkdir(parents=True)
    for model in default_root().iterdir():
        if model.name != voice and model.is_dir():
            (data / model.name).symlink_to(model)
    for file in (default_root() / voice).iterdir():
        content = file.read_bytes()
        (data / voice / file.name).write_bytes(content[: len(content) - 1] + b"?")
    complaint = codriver("ask", "hello", "--sandbox", "--json", CODRIVER_DATA=str(data.parent)).complaint
    assert voice in complaint


def tone(path: Path, **options: Any) -> Path:
    soundfile.write(path, np.zeros(16000, np.int16), 16000, format="WAV", **options)
    return path


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty."),
        (b"This is no sound.", "is not a WAV file, or its header is damaged."),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "is not a WAV file, or its header is damaged."),
        (b"OggS" + bytes(100), "is not a WAV file"),
        (os.urandom(4096), "is not a WAV file"),
    ],
    ids=["empty", "text", "truncated", "ogg", "noise"],
)
def test_a_file_that_is_no_wav_is_said_in_one_line(
    codriver: Codriver, tmp_path: Path, content: bytes, sentence: str
) -> None:
    (tmp_path / "sound.wav").write_bytes(content)
    assert sentence in codriver("hear", "sound.wav", "--sandbox", "--json").complaint


def test_a_pipe_is_no_wav(codriver: Codriver, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    try:
        complaint = codriver("hear", "pipe.wav", "--json", TIMEOUT="3").complaint
    except subprocess.TimeoutExpired as error:
        raise AssertionError from error
    assert "pipe.wav" in complaint


def test_intents_can_be_listed_checked_and_tried(codriver: Codriver) -> None:
    assert "set_temperature" in codriver("intents", "list").out
    assert codriver("intents", "check") == Result(0, "The catalogue is as it should be.\n", "")


def test_a_sentence_can_be_tried_without_the_model(codriver: Codriver) -> None:
    attempt = ("intents", "try", "--templates-only")
    assert "set_temperature" in codriver(*attempt, "把温度调到二十三度", "--language", "zh").out
    shown = codriver(*attempt, "[/b] fly me to the moon").out
    assert "[/b] fly me to the moon" in shown
    assert "no template fits" in shown
    [tried] = map(json.loads, codriver(*attempt, "open the boot", "--zone", "rear_left", "--json").out.splitlines())
    [chosen] = tried["chosen"]
    assert {ruling["verdict"] for ruling in chosen["rulings"].values()} == {"refuse"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(("--language", "tlh"), "The languages are en, zh, not tlh."), (("--zone", "roof"), "The zones are driver")],
)
def test_a_sentence_cannot_be_tried_from_nowhere(codriver: Codriver, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in codriver("intents", "try", "hello", "--templates-only", *arguments).complaint


def test_a_broken_catalogue_is_named_with_file_and_line(codriver: Codriver, tmp_path: Path) -> None:
    (tmp_path / "vocabulary.yaml").write_text("languages: 3\n")
    checked = codriver("intents", "check", ".")
    assert checked.status == 1
    assert "vocabulary.yaml:1:" in checked.out
    assert checked.err == ""


@pytest.fixture(scope="module")
def sandboxed(codriver: Codriver) -> Result:
    """A turn in a sandbox, taken once for all that looks at it."""
    return codriver("ask", "把温度调到二十三度", "--language", "zh", "--zone", "passenger", "--sandbox", "--json")


@pytest.mark.models
def test_a_sandbox_takes_a_turn_and_prints_nothing_else(sandboxed: Result) -> None:
    [turn] = sandboxed.turns
    assert sandboxed.status == 0
    [call] = turn["calls"]
    assert call["args"] == [{"Vehicle.Cabin.HVAC.Station.Row1.Passenger.Temperature": 23.0}]
    assert (turn["source"], turn["zone"]) == ("template", "passenger")


@pytest.mark.models
def test_a_sandbox_says_nothing_on_stderr(sandboxed: Result) -> None:
    assert sandboxed.err == ""


@pytest.mark.models
@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (
            '{"id": "1", "tag": "t", "lang": "en", "given": {"Vehicle.Nope": 1}, "turns": [{"say": "hi"}]}',
            "Vehicle.Nope",
        ),
    ],
)
def test_a_case_that_cannot_be_run_is_said(codriver: Codriver, tmp_path: Path, case: str, sentence: str) -> None:
    (tmp_path / "cases.jsonl").write_text(case)
    result = codriver("evaluate", "cases.jsonl", "--templates-only")
    assert result.status == 1
    assert sentence in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("arguments", [("demo", "--wav", "a.wav", "--json", "--output", "/proc/nowhere")])
def test_what_cannot_be_written_is_said_in_one_line(
    codriver: Codriver, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    tone(tmp_path / "a.wav")
    assert "/proc/nowhere" in codriver(*arguments).complaint
