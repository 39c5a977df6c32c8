"""Valhalla on a thread of its own. One Actor must never be used from two threads: it crashes the process."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

from valhalla import Actor, ValhallaError, get_config

from codriver.errors import InvalidRequest
from codriver.services.navigation.faults import NavigationFault, NoMap, NoRoad, TooFar, Unreachable

type Action = Literal["route", "matrix", "locate"]

# The codes of Valhalla that say something about the roads or the request; all others are its own failures.
_FAULTS: Mapping[int, type[NavigationFault]] = {
    150: TooFar,  # more stops than it takes
    154: TooFar,
    170: Unreachable,  # stops on roads that are not connected
    171: NoRoad,
    430: Unreachable,
    441: Unreachable,
    442: Unreachable,
}
_MALFORMED = range(100, 140)
_TILE_CACHE = 64 * 2**20  # bytes of tiles kept in memory
_FARTHEST_ROAD = 5_000  # metres from a stop to the nearest road; farther ones do not lead there
_AT_JUNCTION = 0  # metres from a junction that count as at it; a car at one is on the road that it is on
_EXACT = 100_000  # metres up to which the shortest way is looked for on all roads, not on the larger ones only


class Engine:
    """Valhalla over the tiles of one map: a folder, or a tar of one. Nothing is read before the first question.

    Everything is done on ``thread``, which must have one worker; several engines may share it.
    """

    def __init__(self, tiles: Path, thread: ThreadPoolExecutor) -> None:
        self._tiles = tiles
        self._thread = thread
        self._actor: Actor | None = None

    async def ask(self, action: Action, request: Mapping[str, Any]) -> Any:
        """Put a request of Valhalla's API and return its answer.

        Raises a NavigationFault by Valhalla's code, and InvalidRequest when Valhalla cannot read the request.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._ask, action, dict(request))

    def _ask(self, action: Action, request: dict[str, Any]) -> Any:
        if self._actor is None:
            self._actor = _open(self._tiles)
        try:
            return getattr(self._actor, action)(request)
        except ValhallaError as error:
            raise explain(error.code) from error


def explain(code: int) -> NavigationFault | InvalidRequest:
    """Turn an error code of Valhalla into what a driver, or the caller, must be told."""
    if code in _MALFORMED:
        return InvalidRequest("This is no request for a route.")
    return _FAULTS.get(code, NavigationFault)()


def _open(tiles: Path) -> Actor:
    if not tiles.exists():
        raise NoMap
    settings = get_config(**_place(tiles))
    settings["mjolnir"]["max_cache_size"] = _TILE_CACHE
    settings["loki"]["service_defaults"] |= {"search_cutoff": _FARTHEST_ROAD, "node_snap_tolerance": _AT_JUNCTION}
    settings["service_limits"] |= {"max_distance_disable_hierarchy_culling": _EXACT, "allow_hard_exclusions": True}
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(settings, file)
        file.flush()
        try:
            return Actor(Path(file.name))
        except (RuntimeError, OSError) as error:
            raise NoMap from error


def _place(tiles: Path) -> dict[str, str]:
    is_folder = tiles.is_dir()
    return {"tile_dir": str(tiles) if is_folder else "", "tile_extract": "" if is_folder else str(tiles)}
