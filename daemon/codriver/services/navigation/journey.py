"""Where the driver is going, and the one file in which that survives the service."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import platformdirs
from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from codriver.services.navigation.places import Place
from codriver.services.navigation.routing.routes import Avoid, Prefer

_LOG = logging.getLogger(__name__)
_FILE = "journey.json"


@dataclass(frozen=True, slots=True)
class Journey:
    """A destination, what lies on the way to it, and how to go there."""

    destination: Place
    via: tuple[Place, ...] = ()
    avoid: frozenset[Avoid] = frozenset()
    prefer: Prefer = Prefer.FASTEST
    language: str = "en"


_JOURNEY = TypeAdapter(Journey)


def default_folder() -> Path:
    """Where the service keeps its state: the folder that systemd gives it, else the user's."""
    given = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(given) if given else platformdirs.user_state_path("codriver")


class Memory:
    """Keeps the present journey, and nothing of past ones. Blocks for the moment that a small file takes."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE

    def keep(self, journey: Journey) -> None:
        """Write the journey down, all of it or nothing. A full disk is logged: guidance goes on without."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished = self._file.with_suffix(".part")
            unfinished.write_bytes(_JOURNEY.dump_json(journey))
            unfinished.chmod(0o600)
            unfinished.replace(self._file)
        except OSError as error:
            _LOG.warning("the journey could not be written down", extra={"error": error.strerror})

    def forget(self) -> None:
        """Delete what was kept."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            _LOG.warning("the journey could not be deleted", extra={"error": error.strerror})

    def recall(self) -> Journey | None:
        """Return the journey that was under way when the service ended; a damaged file counts as none."""
        try:
            return _JOURNEY.validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError):
            _LOG.warning("the journey that was kept cannot be read")
            self.forget()
            return None
