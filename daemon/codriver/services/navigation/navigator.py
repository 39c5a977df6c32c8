"""Takes the car where the driver wants to go: the journey, its route, the guide along it, and a new route off it."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from codriver.errors import CodriverError
from codriver.services.navigation.faults import (
    ApartMaps,
    NavigationFault,
    NoPosition,
    NoRoad,
    NotGuiding,
    OffMap,
    TooFar,
    Unreachable,
)
from codriver.services.navigation.guidance.following import Fix
from codriver.services.navigation.guidance.guide import Arrived, Guide, Left, News, Passed, Tell
from codriver.services.navigation.guidance.moments import Stage
from codriver.services.navigation.guidance.wording import instructions, remark
from codriver.services.navigation.journey import Journey, Memory
from codriver.services.navigation.places import Place, Position
from codriver.services.navigation.routing.charge import Battery, energy
from codriver.services.navigation.routing.routes import Route, RouteRequest, Stop
from codriver.services.navigation.words import Words

_LOG = logging.getLogger(__name__)
_TICK, _SILENCE = 1.0, 2.0  # seconds between two looks, and without a position until the car is reckoned on
_ASK_AGAIN_AFTER = 3.0  # seconds until a route is asked for again after none was found
_SAID_AGAIN_AFTER = 30.0  # seconds until it is said again that a new route is being found
_HOPELESS = (OffMap, NoRoad, Unreachable, TooFar, ApartMaps)  # no other position nearby changes that


@dataclass(frozen=True, slots=True)
class Instruction:
    """Something to say. ``text`` is in the language of the journey, ``texts`` in every one; ``distance`` in metres.

    ``kind`` is that of the maneuver; or "rerouting"; "low_charge"; "waiting", when there is no route from here but may
    be one farther on; "ended", when there is none at all. ``arrival`` says that the destination is reached.
    """

    text: str
    texts: Mapping[str, str]
    kind: str
    street: str = ""
    distance: float = 0.0
    arrival: bool = False


class Driven(Protocol):
    """What the navigator asks of the car between its positions."""

    @property
    def speed(self) -> float:
        """How fast it is, in m/s."""
        ...

    @property
    def battery(self) -> Battery | None:
        """What is in the battery, where the car says it."""
        ...


type FindRoute = Callable[[Sequence[Stop], RouteRequest], Awaitable[Route]]


class Navigator:
    """One car's journey. Belongs to the event loop.

    ``instructed`` is called with each instruction, ``changed`` whenever the journey or the progress on it changes.
    """

    def __init__(
        self,
        find_route: FindRoute,
        car: Driven,
        memory: Memory,
        instructed: Callable[[Instruction], None],
        changed: Callable[[], None],
    ) -> None:
        self.muted = False
        self.journey: Journey | None = None
        self.guide: Guide | None = None
        self.fix: Fix | None = None
        self._find_route = find_route
        self._car = car
        self._memory = memory
        self._instructed = instructed
        self._changed = changed
        self._routing: asyncio.Task[None] | None = None
        self._coasting: asyncio.Task[None] | None = None
        self._energies: Sequence[float] = ()  # kWh of each maneuver's stretch
        self._warned = False
        self._rerouted_at = self._failed_at = -math.inf
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="memory")  # one, so that writes keep their order

    async def resume(self) -> None:
        """Take up the journey that was under way when the service ended, as soon as the car says where it is."""
        self._coasting = asyncio.create_task(self._coast(), name="coasting")
        self.journey = await asyncio.get_running_loop().run_in_executor(self._disk, self._memory.recall)
        if self.journey is not None and self.fix is not None:
            self._begin_routing()

    async def close(self) -> None:
        """End; a journey stays written down."""
        if self._coasting is not None:
            self._coasting.cancel()
        await self._stop_routing()
        await asyncio.to_thread(self._disk.shutdown, wait=True)

    async def start(self, journey: Journey) -> None:
        """Go from where the car is; the journey is written down when this returns.

        Raises NoPosition, and like Router.route; what was under way goes on then.
        """
        route = await self._route_for(journey)
        await self._stop_routing()
        self.journey = journey
        self._follow(route)
        if self.journey is journey:  # and not there already
            await asyncio.wrap_future(self._disk.submit(self._memory.keep, journey))

    async def stop(self) -> None:
        """End the journey, if there is one."""
        await self._stop_routing()
        await asyncio.wrap_future(self._end())
        self._changed()

    def repeat(self) -> None:
        """Say what comes next again, even when muted. Raises NotGuiding."""
        if self.guide is None:
            raise NotGuiding
        self._instruct(Tell(self.guide.upcoming, Stage.NEAR, self.guide.distance_to_next))

    def mute(self, muted: bool) -> None:
        """Let guidance say nothing by itself, or speak again."""
        self.muted = muted
        self._changed()

    def ahead(self) -> Sequence[Position]:
        """Return the shape of the route from the car on. Raises NotGuiding."""
        if self.guide is None:
            raise NotGuiding
        return self.guide.ahead

    def observe(self, fix: Fix) -> None:
        """Take a position of the car in."""
        self.fix = fix
        if self._routing is not None or self.journey is None:
            return
        if self.guide is None:
            if fix.at - self._failed_at > _ASK_AGAIN_AFTER:
                self._begin_routing()
            return
        self._take_all(self.guide.observe(fix))
        self._changed()

    def elapse(self, now: float) -> None:
        """Guide on where no positions come, as in a tunnel, by the speed of the car. ``now`` is of the fixes' clock."""
        if self.guide is None or self.fix is None or now - self.fix.at <= _SILENCE:
            return
        if news := self.guide.coast(now, self._car.speed):
            self._take_all(news)
            self._changed()

    def here(self) -> Stop:
        """Where a route from the car begins. Raises NoPosition."""
        if self.fix is None:
            raise NoPosition
        return Stop(self.fix.position, heading=self.fix.heading if self.fix.moving else None)

    def _take_all(self, news: Sequence[News]) -> None:
        for one in news:
            self._take(one)
        self._check_charge()

    def _take(self, news: News) -> None:
        match news:
            case Tell():
                if not self.muted:
                    self._instruct(news)
            case Passed(left) if self.journey is not None:
                self.journey = replace(self.journey, via=self.journey.via[-(left - 1) :] if left > 1 else ())
                self._keep()
            case Arrived():
                self._end()
            case Left():
                self._leave_route()

    def _leave_route(self) -> None:
        """Say so, but not again and again to one who goes a way of his own, and find a new route."""
        if self.fix is not None and self.fix.at - self._rerouted_at > _SAID_AGAIN_AFTER:
            self._remark("rerouting", lambda words: words.frames.rerouting)
        self._rerouted_at = self.fix.at if self.fix is not None else -math.inf
        self._begin_routing()

    def _check_charge(self) -> None:
        """Warn once when the battery will not last to the destination."""
        battery = self._car.battery
        if self.guide is None or battery is None:
            return
        lasts = battery.lasts(self.guide.rest_of(self._energies))
        if not lasts and not self._warned:
            self._remark("low_charge", lambda words: words.frames.low_charge)
        self._warned = not lasts

    def _remark(self, kind: str, say: Callable[[Words], str]) -> None:
        if self.journey is not None and not self.muted:
            text, texts = remark(say, self.journey.language)
            self._instructed(Instruction(text, texts, kind))

    async def _coast(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            self.elapse(time.monotonic())

    def _instruct(self, tell: Tell) -> None:
        if self.guide is None or self.journey is None:
            return
        text, texts = instructions(self.guide.route, tell, self.journey.language)
        maneuvers = self.guide.route.maneuvers
        maneuver = maneuvers[tell.maneuver]
        arrival = maneuver is maneuvers[-1] and tell.stage is Stage.NOW
        self._instructed(Instruction(text, texts, maneuver.kind.word, maneuver.street, tell.distance, arrival))

    def _begin_routing(self) -> None:
        self._routing = asyncio.create_task(self._reroute(), name="routing")

    async def _stop_routing(self) -> None:
        routing, self._routing = self._routing, None
        if routing is not None:
            routing.cancel()
            await asyncio.wait({routing})

    async def _reroute(self) -> None:
        """Find a way from here. Where there is none from here, it is tried again farther on; where none at all, end."""
        try:
            if self.journey is not None:
                self._follow(await self._route_for(self.journey))
        except _HOPELESS as fault:
            self._remark("ended", _sentence_of(fault))
            self._end()
        except CodriverError as error:
            _LOG.warning("no route from here", extra={"fault": error.code})
            if isinstance(error, NavigationFault) and self._failed_at == -math.inf:
                self._remark("waiting", _sentence_of(error))
            self.guide, self._failed_at = None, self.fix.at if self.fix is not None else 0.0
        finally:
            self._routing = None
            self._changed()

    async def _route_for(self, journey: Journey) -> Route:
        stops = [self.here(), *(_stop(place) for place in (*journey.via, journey.destination))]
        return await self._find_route(stops, RouteRequest(journey.language, journey.avoid, journey.prefer))

    def _follow(self, route: Route) -> None:
        self.guide, self._failed_at = Guide(route), -math.inf
        self._energies = [energy(maneuver.distance, maneuver.time) for maneuver in route.maneuvers]
        if self.fix is not None:
            self._take_all(self.guide.begin(self.fix))
        self._changed()

    def _keep(self) -> None:
        if self.journey is not None:
            self._disk.submit(self._memory.keep, self.journey)

    def _end(self) -> Future[None]:
        self.journey = self.guide = None
        return self._disk.submit(self._memory.forget)


def _stop(place: Place) -> Stop:
    return Stop(place.position, place.name or place.address)


def _sentence_of(fault: NavigationFault) -> Callable[[Words], str]:
    code = fault.code
    return lambda words: words.faults[code]
