"""Who muted the microphone is not heard after a restart."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from codriver.running.keeping_state import FILE, kept_muted

from tests.controls.fakes import FakeAssistant


async def test_a_muted_microphone_stays_muted_over_a_restart_and_an_open_one_open(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    async with kept_muted(before := FakeAssistant(), folder):
        before.muted = True
    async with kept_muted(after := FakeAssistant(), folder):
        assert after.muted
        after.muted = False
        after.become("speaking")
    async with kept_muted(again := FakeAssistant(), folder):
        assert not again.muted
    assert again.watchers == []


async def test_without_a_change_nothing_is_written(tmp_path: Path) -> None:
    async with kept_muted(assistant := FakeAssistant(), tmp_path):
        assistant.become("listening")
        assistant.become("idle")
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '"muted"', '{"muted": "yes"}', "\x00"])
async def test_a_file_that_a_power_cut_damaged_means_open(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    async with kept_muted(assistant := FakeAssistant(), tmp_path):
        assert not assistant.muted
        assistant.muted = True
    assert json.loads((tmp_path / FILE).read_text()) == {"muted": True}


async def test_a_folder_that_cannot_be_written_costs_only_the_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").touch()
    with caplog.at_level(logging.WARNING):
        async with kept_muted(assistant := FakeAssistant(), tmp_path / "state"):
            assistant.muted = True
    assert "It will not be remembered whether it is muted" in caplog.text
    assert assistant.muted
