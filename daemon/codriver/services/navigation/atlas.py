"""The installed maps in use: searched on one thread, routed on by Valhalla on another.

A map that is installed, built anew or removed while the service runs is noticed at the next question.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from codriver.errors import MapError
from codriver.services.navigation.faults import NoMap
from codriver.services.navigation.maps import Library, MapFolder
from codriver.services.navigation.maps.folder import MANIFEST
from codriver.services.navigation.places import Place, Position
from codriver.services.navigation.routing.router import Router, Way
from codriver.services.navigation.routing.routes import Route, RouteRequest, Stop
from codriver.services.navigation.searching import Searcher, SearchRequest

_LOG = logging.getLogger(__name__)
_LOOK_AFTER = 2.0  # seconds for which the maps are taken to be those that were there


class Atlas:
    """All maps of a library together. Belongs to one event loop, which it never blocks."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="search")
        self._maps: tuple[MapFolder, ...] = ()
        self._router = Router(())
        self._searcher = Searcher(())
        self._folders: tuple[str, ...] = ()
        self._looked_at = float("-inf")

    @property
    def attribution(self) -> str:
        """Whose data the maps are, to be shown."""
        return "; ".join(dict.fromkeys(one.manifest.attribution for one in self._maps))

    async def open(self) -> None:
        """Open the maps, so that the first question need not."""
        await self._on_thread(self._look)

    async def search(self, request: SearchRequest) -> tuple[Place, ...]:
        """Search. Raises NoMap."""
        return await self._ask(lambda searcher: searcher.search(request))

    async def reach(self, near: Position, radius: float) -> float:
        """Tell how far a search looks, in metres. Raises NoMap."""
        return await self._ask(lambda searcher: searcher.reach(near, radius))

    async def near(self, position: Position) -> Place:
        """Find the street and number of a position. Raises NoMap, and MapError off the maps."""
        return await self._ask(lambda searcher: searcher.near(position))

    async def route(self, stops: Sequence[Stop], request: RouteRequest) -> Route:
        """Find a route. Raises like Router.route."""
        await self._on_thread(self._look)
        return await self._router.route(stops, request)

    async def ways(self, start: Position, goals: Sequence[Position]) -> list[Way | None]:
        """Tell how far goals are by road. Raises like Router.ways."""
        return await self._router.ways(start, goals)

    def close(self) -> None:
        """Let go of the maps."""
        self._router.close()
        self._thread.submit(self._searcher.close)
        self._thread.shutdown(wait=True)

    async def _ask[T](self, question: Callable[[Searcher], T]) -> T:
        def answer() -> T:
            self._look()
            if not self._maps:
                raise NoMap
            return question(self._searcher)

        return await self._on_thread(answer)

    async def _on_thread[T](self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _look(self) -> None:
        """Take other maps into use where there are others now; on the search's thread only."""
        now = time.monotonic()
        if now - self._looked_at < _LOOK_AFTER:
            return
        self._looked_at = now
        folders = tuple(sorted(path.parent.name for path in self._library.root.glob(f"[!.]*/{MANIFEST}")))
        if folders == self._folders:
            return
        try:
            maps, damaged = self._library.look()
            searcher = Searcher(maps)
        except MapError as error:
            _LOG.warning("maps cannot be used", extra={"why": str(error)})
            return
        for one in damaged:
            _LOG.warning("a map cannot be used", extra={"why": one.why})
        self._searcher.close()
        self._router.close()
        self._maps, self._folders, self._searcher, self._router = maps, folders, searcher, Router(maps)
