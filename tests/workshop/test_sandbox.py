from __future__ import annotations

import os
from pathlib import Path

import pytest
from codriver.acting.bus import Bus
from codriver.config import Configuration, Thinking
from codriver.errors import ConfigurationError, ModelError
from codriver.understanding.mind import Ways
from codriver.workshop.sandbox import sandbox

CONFIG = Configuration(thinking=Thinking(enabled=False))
TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"


def children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


@pytest.mark.models
async def test_a_sandbox_is_a_world_of_its_own_and_leaves_nothing_behind() -> None:
    before = children()
    async with sandbox(CONFIG, pace=50, ways=Ways(model=False), voices=False) as box:
        assert len(children() - before) >= 4
        folder = Path(box.address.removeprefix("unix:path=")).parent
        assert (await box.app.ask("set the temperature to 22 degrees", "en", "driver")).calls
        assert (await box.actuators())[TEMPERATURE] == 22.0
        await box.reset()
        assert (await box.actuators())[TEMPERATURE] == 21.0
        await box.force({"Vehicle.Speed": 80.0})
        assert (await box.app.ask("open the boot", "en", "driver")).refused
        await box.fault(WINDOW, "stuck")
        assert (await box.app.ask("open the driver window", "en", "driver")).refused
        await box.reset()
        await box.app.ask("open the driver window", "en", "driver")
        await box.settle()
        assert (await box.actuators())[WINDOW] == 100
        async with Bus(box.address) as bus:
            assert "org.mpris.MediaPlayer2.mpv" in await bus.list_names()
    assert children() <= before
    assert not folder.exists()


async def test_without_models_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODRIVER_DATA", str(tmp_path))
    before = children()
    with pytest.raises(ModelError, match="whisper-base"):
        async with sandbox(CONFIG):
            pass
    assert children() <= before


@pytest.mark.models
async def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    before = children()
    with pytest.raises(ConfigurationError, match="dbus-daemon"):
        async with sandbox(CONFIG, voices=False):
            pass
    assert children() <= before
