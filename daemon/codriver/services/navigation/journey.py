"""Where the driver is going, and the one file in which that survives the service."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, Field

from codriver.host.systemd import folder_given
from codriver.services.navigation.places import Kind, Place, Position
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


class _Goal(BaseModel):
    """What is kept of a place: what it takes to find it again and to name it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    kind: Kind
    name: str
    category: str
    address: str
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)

    @classmethod
    def of(cls, place: Place) -> _Goal:
        """Take a place."""
        return cls(
            id=place.id,
            kind=place.kind,
            name=place.name,
            category=place.category,
            address=place.address,
            latitude=place.position.latitude,
            longitude=place.position.longitude,
        )

    @property
    def place(self) -> Place:
        """The place again."""
        position = Position(self.latitude, self.longitude)
        return Place(self.id, self.kind, self.name, position, self.category, address=self.address)


class _Kept(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid")

    goals: list[_Goal] = Field(min_length=1)
    avoid: frozenset[Avoid]
    prefer: Prefer
    language: str


def default_folder() -> Path:
    """Where the service keeps its state: the folder that systemd gives it, else the user's."""
    return folder_given("STATE") or platformdirs.user_state_path("codriver")


class Memory:
    """Keeps the present journey, and nothing of past ones. Blocks for the moment that a small file takes."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE

    def keep(self, journey: Journey) -> None:
        """Write the journey down, all of it or nothing. A full disk is logged: guidance goes on without."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished = self._file.with_suffix(".part")
            unfinished.touch(mode=0o600)
            unfinished.write_text(_written(journey), encoding="utf-8")
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
            return _read(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            _LOG.warning("the journey that was kept cannot be read")
            self.forget()
            return None


def _written(journey: Journey) -> str:
    goals = [_Goal.of(place) for place in (*journey.via, journey.destination)]
    kept = _Kept(goals=goals, avoid=journey.avoid, prefer=journey.prefer, language=journey.language)
    return kept.model_dump_json()


def _read(text: str) -> Journey:
    kept = _Kept.model_validate_json(text)
    *via, destination = (goal.place for goal in kept.goals)
    return Journey(destination, tuple(via), kept.avoid, kept.prefer, kept.language)
