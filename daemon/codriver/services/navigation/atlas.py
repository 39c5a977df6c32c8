"""The installed maps in use: searched on one thread, routed on by Valhalla on another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from codriver.services.navigation.faults import NoMap
from codriver.services.navigation.maps import MapFolder
from codriver.services.navigation.places import Place, Position
from codriver.services.navigation.routing.router import Router, Way
from codriver.services.navigation.routing.routes import Route, RouteRequest, Stop
from codriver.services.navigation.searching import Searcher, SearchRequest


class Atlas:
    """All maps together. Belongs to one event loop, which it never blocks."""

    def __init__(self, maps: Sequence[MapFolder]) -> None:
        self._maps = tuple(maps)
        self._router = Router(self._maps)
        self._searcher = Searcher(self._maps)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="search")

    @property
    def attribution(self) -> str:
        """Whose data the maps are, to be shown."""
        return "; ".join(dict.fromkeys(one.manifest.attribution for one in self._maps))

    async def search(self, request: SearchRequest) -> tuple[Place, ...]:
        """Search. Raises NoMap."""
        return await self._look(lambda: self._searcher.search(request))

    async def reach(self, near: Position, radius: float) -> float:
        """Tell how far a search looks, in metres. Raises NoMap."""
        return await self._look(lambda: self._searcher.reach(near, radius))

    async def near(self, position: Position) -> Place:
        """Find the street and number of a position. Raises NoMap, and MapError off the maps."""
        return await self._look(lambda: self._searcher.near(position))

    async def route(self, stops: Sequence[Stop], request: RouteRequest) -> Route:
        """Find a route. Raises like Router.route."""
        return await self._router.route(stops, request)

    async def ways(self, start: Position, goals: Sequence[Position]) -> list[Way | None]:
        """Tell how far goals are by road. Raises like Router.ways."""
        return await self._router.ways(start, goals)

    def close(self) -> None:
        """Let go of the maps."""
        self._router.close()
        self._thread.submit(self._searcher.close)
        self._thread.shutdown(wait=True)

    async def _look[T](self, work: Callable[[], T]) -> T:
        if not self._maps:
            raise NoMap
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
