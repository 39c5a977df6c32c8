"""Charging stations that the battery still lasts to."""

from __future__ import annotations

from dataclasses import replace

from codriver.services.navigation.atlas import Atlas
from codriver.services.navigation.places import Place, Position
from codriver.services.navigation.routing.charge import Battery, energy
from codriver.services.navigation.searching import SearchRequest

_LOOKED_AT = 40  # stations, the nearest in a straight line first
_OFFERED = 10
_SHORTEST = 0.1  # kWh a kilometre; no car of this kind goes farther with a battery


async def chargers_in_range(atlas: Atlas, start: Position, battery: Battery) -> tuple[Place, ...]:
    """Find charging stations that can be reached with the reserve left, the nearest by road first.

    Raises NoMap and what Router.route raises for the start.
    """
    radius = 1000 * battery.spendable / _SHORTEST
    if radius <= 0:
        return ()
    request = SearchRequest("charging station", start, "en", _LOOKED_AT, radius)
    found = await atlas.search(request)
    if not found:
        return ()
    ways = await atlas.ways(start, [place.position for place in found])
    reached = [
        replace(place, distance=way.distance, by_road=True)
        for place, way in zip(found, ways, strict=True)
        if way is not None and battery.lasts(energy(way.distance, way.time))
    ]
    return tuple(sorted(reached, key=lambda place: place.distance)[:_OFFERED])
