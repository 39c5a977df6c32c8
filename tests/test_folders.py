"""Where files are, with and without what the environment says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from codriver.folders import cache_folder, intents_folder, runtime_folder, user_intents_folders


@pytest.mark.parametrize(
    ("environment", "folder"),
    [({"XDG_CACHE_HOME": "/c"}, "/c/codriver"), ({}, "/home/me/.cache/codriver")],
)
def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], folder: str) -> None:
    replace(monkeypatch, environment)
    assert cache_folder() == Path(folder)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [({"XDG_RUNTIME_DIR": "/run/user/7"}, "/run/user/7/codriver"), ({}, f"/tmp/codriver-{os.getuid()}")],
)
def test_where_the_sockets_are(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], folder: str) -> None:
    replace(monkeypatch, environment)
    assert runtime_folder() == Path(folder)


def test_the_intents_are_beside_the_package() -> None:
    assert (intents_folder() / "vocabulary.yaml").is_file()


@pytest.mark.parametrize(
    ("environment", "folder"),
    [({"XDG_CONFIG_HOME": "/c"}, "/c/codriver/intents"), ({}, "/home/me/.config/codriver/intents")],
)
def test_where_users_put_intents(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], folder: str) -> None:
    replace(monkeypatch, environment)
    assert user_intents_folders() == (Path("/etc/codriver/intents.d"), Path(folder))


def replace(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in ("CODRIVER_DATA", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **environment}.items():
        monkeypatch.setenv(name, value)
