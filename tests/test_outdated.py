"""A configuration from another version is read as far as it can be, and told what to write."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from codriver.config import Configuration, load_configuration
from codriver.errors import ConfigurationError
from codriver.outdated import MOVED, Moved, modernized


def test_a_key_that_moved_means_what_it_meant_and_is_told_with_its_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "codriver.toml"
    path.write_text('zone = "passenger"\n\n[stt]\nuri = "tcp://10.0.0.2:10300"\n\n[tts]\nuri = "tcp://10.0.0.2:1"\n')
    with caplog.at_level(logging.WARNING):
        read = load_configuration(path)
    assert (read.zone, read.transcribing.uri) == ("passenger", "tcp://10.0.0.2:10300")
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}:4: stt.uri is a key of an older version: write transcribing.uri instead.",
        f"{path}:7: tts.uri is a key of an older version: each language has its own [[voices]] with a uri.",
    ]


def test_today_s_key_wins_over_the_old_one() -> None:
    today, outdated = modernized({"stt": {"model": "old"}, "transcribing": {"model": "new"}})
    assert today == {"transcribing": {"model": "new"}}
    assert [key.key for key in outdated] == ["stt.model"]


@pytest.mark.parametrize(
    "data", [{"stt": 3}, {"stt": {"uri": "x"}, "transcribing": 3}, {"stt": {"speed": 1}}, {"stt": []}, {}]
)
def test_what_makes_no_sense_is_left_for_the_check_to_refuse(data: dict[str, object]) -> None:
    today, _ = modernized(data)
    assert {key: today[key] for key in today} == {key: data[key] for key in today}


def test_what_was_given_stays_as_it_was() -> None:
    data = {"old": {"key": 1, "other": 2}}
    today, _ = modernized(data, (Moved("old.key", "new.key"),))
    assert (today, data) == ({"old": {"other": 2}, "new": {"key": 1}}, {"old": {"key": 1, "other": 2}})


def test_a_newer_version_is_told_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "codriver.toml"
    path.write_text("# mine\nversion = 7\nnew_key = true\n")
    with pytest.raises(ConfigurationError) as told:
        load_configuration(path)
    assert str(told.value).startswith(f"{path}:2: version 7 of this format is for a newer codriver: update codriver")


@pytest.mark.parametrize("version", [0, 1])
def test_an_older_version_is_read_as_todays(tmp_path: Path, version: int) -> None:
    path = tmp_path / "codriver.toml"
    path.write_text(f"version = {version}\n")
    assert load_configuration(path) == Configuration()


def test_every_key_that_moved_moved_to_one_that_there_is() -> None:
    for move in MOVED:
        assert move.new or move.advice
        table, _, key = move.new.rpartition(".")
        section = Configuration.model_fields.get(table)
        if section is not None:
            assert key in type(section.default).model_fields
