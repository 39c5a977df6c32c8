"""Where files are: systemd's folders for a service, else those of the user."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_state_path

from codriver.host.systemd import folder_given

_SYSTEM_INTENTS = Path("/etc/codriver/intents.d")


def cache_folder() -> Path:
    """Where what can be made again is kept, such as evaluated prompts: systemd's folder for it, else the user's."""
    return folder_given("CACHE") or user_cache_path("codriver")


def engine_sockets() -> Path | None:
    """Where systemd holds the sockets of the engines that it starts; None where the daemon starts them itself."""
    folder = os.environ.get("CODRIVER_ENGINES")
    return Path(folder) if folder else None


def state_folder() -> Path:
    """Where what must outlive a restart is kept: systemd's folder for it, else the user's."""
    return folder_given("STATE") or user_state_path("codriver")


def runtime_folder() -> Path:
    """Where sockets are made: private to this user and gone after a restart."""
    if given := folder_given("RUNTIME"):
        return given
    base = os.environ.get("XDG_RUNTIME_DIR")
    return Path(base) / "codriver" if base else Path("/tmp") / f"codriver-{os.getuid()}"  # noqa: S108


def intents_folder() -> Path:
    """Where the intents that come with codriver are: beside the package in a checkout, or where it is installed."""
    beside = Path(__file__).resolve().parents[2] / "intents"
    return beside if beside.is_dir() else Path("/usr/share/codriver/intents")


def user_intents_folders() -> tuple[Path, ...]:
    """Where the intents of this machine and of this user are, whether or not there are such folders."""
    return _SYSTEM_INTENTS, user_config_path("codriver") / "intents"
