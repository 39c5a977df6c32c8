"""Which files a configuration's catalogue is read from."""

from __future__ import annotations

from pathlib import Path

import pytest
from codriver.catalogue.configured import catalogue_folders, read_catalogue, watched_folders
from codriver.config import Configuration
from codriver.errors import ConfigurationError
from codriver.folders import intents_folder

FRAGRANCE = Path(__file__).parents[1] / "fragrance" / "fragrance.yaml"


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder, which is not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "codriver" / "intents"


def test_a_users_folder_that_is_not_there_is_no_fault(users: Path) -> None:
    assert users not in catalogue_folders(Configuration())
    assert users in watched_folders(Configuration())
    assert "release_fragrance" not in read_catalogue(Configuration()).intents


def test_a_users_file_adds_intents(users: Path) -> None:
    users.mkdir(parents=True)
    (users / FRAGRANCE.name).write_text(FRAGRANCE.read_text(encoding="utf-8"), encoding="utf-8")
    catalogue = read_catalogue(Configuration())
    assert catalogue.domains["release_fragrance"] == "fragrance"
    assert "set_temperature" in catalogue.intents


def test_the_configurations_folders_come_last_and_each_once(users: Path, tmp_path: Path) -> None:
    users.mkdir(parents=True)
    folders = catalogue_folders(Configuration(intents=(tmp_path, users)))
    assert [folders[0], *folders[-2:]] == [intents_folder(), users, tmp_path]


def test_a_folder_that_the_configuration_names_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such folder"):
        read_catalogue(Configuration(intents=(tmp_path / "nowhere",)))


def test_each_configured_language_must_have_a_vocabulary() -> None:
    with pytest.raises(ConfigurationError, match="'tlh' has no vocabulary; there are en, zh"):
        read_catalogue(Configuration(languages=("tlh",)))
