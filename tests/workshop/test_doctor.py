from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from codriver.config import Bus as BusSettings
from codriver.config import Configuration
from codriver.engines.models import Store
from codriver.workshop import parts
from codriver.workshop.doctor import Finding, examine
from codriver.workshop.sound_card import SoundCard


async def findings(tmp_path: Path, config: Configuration) -> Mapping[str, Finding]:
    return {finding.what: finding for finding in await examine(config, Store(tmp_path / "models"))}


async def test_every_fault_comes_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    config = Configuration(bus=BusSettings(address="unix:path=/nowhere"), intents=(tmp_path,))
    (tmp_path / "broken.yaml").write_text("intents: 3\n")
    found = await findings(tmp_path, config)
    ill = {what for what, finding in found.items() if not finding.well}
    assert ill >= {"model whisper-base", "intents", "microphone", "loudspeaker", "system bus"}
    assert all(found[what].cure for what in ill)
    assert found["model whisper-base"].cure == "Run codriver models pull --profile default."
    assert "broken.yaml" in found["intents"].detail


async def test_services_on_the_bus_are_found_and_missing_ones_named(
    tmp_path: Path, vehicle_service: str, short_directory: Path
) -> None:
    config = Configuration(bus=BusSettings(address=vehicle_service))
    found = await findings(tmp_path, config)
    assert found["system bus"].well
    assert found["org.codriver.Vehicle1"].well
    assert (found["org.codriver.Assistant1"].well, found["music player"].well) == (False, False)
    assert found["org.codriver.Assistant1"].cure == "Start codriver run."
    async with parts.demo_player(vehicle_service, short_directory):
        assert (await findings(tmp_path, config))["music player"].well


async def test_a_microphone_that_gives_only_silence_is_told_with_its_cure(
    tmp_path: Path, sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in sound_card.environment.items():
        monkeypatch.setenv(name, value)
    found = await findings(tmp_path, Configuration(bus=BusSettings(address="unix:path=/nowhere")))
    assert found["loudspeaker"] == Finding("loudspeaker", True, "default")
    assert not found["microphone"].well
    assert found["microphone"].detail == "default gives only silence: is it muted, or not connected?"
    assert "alsamixer" in found["microphone"].cure
