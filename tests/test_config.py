"""The configuration file: every fault with its line, every key with a default."""

from __future__ import annotations

from pathlib import Path

import pytest
from codriver import config
from codriver.config import Configuration, load_configuration
from codriver.errors import ConfigurationError


def fault_of(path: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(path)
    return str(caught.value)


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "codriver.toml"
    path.write_text("", encoding="utf-8")
    assert load_configuration(path) == Configuration()


def test_without_a_file_the_defaults_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(config, "DEFAULT_FILE", tmp_path / "none.toml")
    assert load_configuration(None) == Configuration()


def test_the_installed_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "codriver.toml"
    path.write_text('zone = "passenger"\n', encoding="utf-8")
    monkeypatch.setattr(config, "DEFAULT_FILE", path)
    assert load_configuration(None).zone == "passenger"


def test_the_defaults() -> None:
    default = Configuration()
    assert (default.languages, default.zone, default.profile) == (("en", "zh"), "driver", "default")
    assert [word.model for word in default.hearing.wake_words] == ["hey_jarvis"]
    assert [(voice.language, voice.engine) for voice in default.voices] == [("en", "piper"), ("zh", "kokoro")]
    assert (default.bus.kind, default.thinking.enabled, default.dialogue.confirm_within) == ("system", True, 15.0)


def test_what_is_written_is_taken_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "codriver.toml"
    path.write_text(
        'languages = ["zh"]\nintents = ["/etc/codriver/intents"]\nhearing.silence = 0.5\n'
        '[transcribing]\nuri = "tcp://10.0.0.2:10300"\n'
        '[[voices]]\nlanguage = "zh"\nengine = "kokoro"\n[bus]\nkind = "session"\n',
        encoding="utf-8",
    )
    read = load_configuration(path)
    assert (read.languages, read.intents, read.bus.kind) == (("zh",), (Path("/etc/codriver/intents"),), "session")
    assert (read.hearing.silence, read.hearing.timeout) == (0.5, 5.0)
    assert read.transcribing.uri == "tcp://10.0.0.2:10300"
    assert [voice.language for voice in read.voices] == ["zh"]


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("speed = 3\n", 1, "speed: there is no such key"),
        ('\n# a comment\nzone = "driver"\nspeed = 3\n', 4, "speed: there is no such key"),
        ("[hearing]\n\nsilense = 0.5\n", 3, "hearing.silense: there is no such key"),
        ("[hearing]\nsilence = 0.5\n\n[thinking]\nsilence = 1\n", 5, "thinking.silence: there is no such key"),
        ("hearing.silense = 0.5\n", 1, "hearing.silense: there is no such key"),
        ("\n[looking]\nfar = true\n", 2, "looking: there is no such key"),
        ("[hearing]\nsilence = 9\n", 2, "hearing.silence: Input should be less than or equal to 3"),
        ('[hearing]\nsilence = "long"\n', 2, "hearing.silence: Input should be a valid number"),
        ("[thinking]\ngate = 1.5\n", 2, "thinking.gate: Input should be less than or equal to 1"),
        ('zone = "boot"\n', 1, "zone: Input should be 'driver', 'passenger'"),
        ('profile = "huge"\n', 1, "profile: Input should be 'default', 'small' or 'minicpm3'"),
        ('[bus]\nkind = "starter"\n', 2, "bus.kind: Input should be 'session' or 'system'"),
        ('[transcribing]\nuri = "http://x"\n', 2, "transcribing.uri: String should match pattern"),
        ('[transcribing]\nuri = "tcp://x"\n', 2, "transcribing.uri: String should match pattern"),
        ("[transcribing]\nthreads = 1000\n", 2, "transcribing.threads: Input should be less than or equal to 64"),
        ("hearing = 3\n", 1, "hearing: Input should be a valid dictionary"),
        ('[[voices]]\nlanguage = "en"\nengine = "bell"\n', 3, "voices.0.engine: Input should be 'piper' or 'kokoro'"),
        pytest.param(
            'zone = "driver"\n[[voices]]\nengine = "piper"\n',
            *(2, "voices.0.language: Field required"),
        ),
        pytest.param(
            '[[voices]]\nlanguage = "en"\nengine = "piper"\n[[voices]]\nlanguage = "zh"\nengine = "bell"\n',
            *(6, "voices.1.engine: Input should be 'piper' or 'kokoro'"),
        ),
        pytest.param(
            '\n[hearing]\nwake_words = [{model = "alexa", threshold = 3}]\n',
            *(3, "hearing.wake_words.0.threshold: Input should be less than or equal to 1"),
        ),
        pytest.param('\nbus = {kin = "system"}\n', 2, "bus.kin: there is no such key"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, line: int, fault: str) -> None:
    path = tmp_path / "codriver.toml"
    path.write_text(text, encoding="utf-8")
    sentence = fault_of(path)
    assert sentence.startswith(f"{path}:{line}: {fault}")
    assert "\n" not in sentence


def test_what_is_no_toml_says_where(tmp_path: Path) -> None:
    path = tmp_path / "codriver.toml"
    path.write_text("zone = driver\n", encoding="utf-8")
    assert fault_of(path).startswith(f"{path} is no TOML: ")
    assert "line 1" in fault_of(path)


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "gone.toml").startswith(f"{tmp_path / 'gone.toml'} cannot be read: ")
    assert "cannot be read" in fault_of(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b'zone = "\xff"\n')
    assert "cannot be read" in fault_of(tmp_path / "latin.toml")
