"""The whole examination, on this machine and on a private bus."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from codriver.engines.models import Store
from codriver.workshop.doctor import Finding, examine, show
from codriver.workshop.sound_card import SoundCard
from rich.console import Console


def configured(folder: Path, text: str) -> Path:
    path = folder / "codriver.toml"
    path.write_text(text)
    return path


async def findings(tmp_path: Path, config: Path) -> Mapping[str, Finding]:
    return {finding.what: finding for finding in await examine(config, Store(tmp_path / "models"))}


async def test_every_fault_comes_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "broken.yaml").write_text("intents: 3\n")
    config = configured(tmp_path, f'intents = ["{tmp_path}"]\n[bus]\naddress = "unix:path=/nowhere"\n')
    found = await findings(tmp_path, config)
    ill = {what for what, finding in found.items() if not finding.well}
    assert ill >= {"model whisper-base", "intents", "system bus"}
    assert all(found[what].cure for what in ill)
    assert found["model whisper-base"].cure == "Run codriver models pull --profile default."
    assert "broken.yaml" in found["intents"].detail
    assert found["configuration"].well


async def test_a_configuration_that_is_wrong_is_a_finding_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    found = await findings(tmp_path, configured(tmp_path, "[hearing]\nsilense = 3\n"))
    assert "codriver.toml:2: hearing.silense: there is no such key" in found["configuration"].detail
    assert "board" in found


def test_what_is_shown_has_the_cure_and_the_number_of_faults() -> None:
    console = Console(width=120, record=True, quiet=False, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    show(console, [Finding("clock", True, "12:00"), Finding("bus [x]", False, "gone [/b]", "Start dbus.")])
    text = console.export_text()
    console.file.close()
    assert "bus [x]" in text
    assert "gone [/b]" in text
    assert "Start dbus." in text
    assert "1 of 2 are not as they should be." in text


def test_a_finding_as_json() -> None:
    assert json.dumps(Finding("clock", True, "12:00").as_json()) == (
        '{"what": "clock", "well": true, "detail": "12:00", "cure": ""}'
    )


async def test_a_microphone_that_gives_only_silence_is_told_with_its_cure(
    tmp_path: Path, sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in sound_card.environment.items():
        monkeypatch.setenv(name, value)
    found = await findings(tmp_path, configured(tmp_path, '[bus]\naddress = "unix:path=/nowhere"\n'))
    assert found["loudspeaker"] == Finding("loudspeaker", True, "default")
    microphone = found["microphone of the driver"]
    assert not microphone.well
    assert microphone.detail == "default gives only silence: is it muted, or not connected?"
    assert "alsamixer" in microphone.cure
