"""The roads of an extract as OpenStreetMap has them: to draw points on, and to judge routes by."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import osmium
from osmium.filter import KeyFilter

from codriver.services.navigation.places import Position

_PUBLIC = frozenset({
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
})  # fmt: skip
_ACCESS = ("access", "vehicle", "motor_vehicle", "motorcar")
_FORWARD, _BACKWARD, _BOTH = (True, False), (False, True), (True, True)
_EXEMPT = ("motorcar", "motor_vehicle", "vehicle")

type Node = int


class Roads:
    """Roads for cars, read from an extract: which way they may be driven, and which turns are forbidden."""

    def __init__(self, extract: Path) -> None:
        self._places: dict[tuple[int, int], list[Node]] = {}
        self._stretches: dict[tuple[Node, Node], set[int]] = {}  # the ways that lead from one node to the next
        self._public: list[tuple[Position, Position]] = []
        self._only: dict[tuple[int, Node], int] = {}
        self._no: set[tuple[int, Node, int]] = set()
        for way in osmium.FileProcessor(str(extract)).with_locations().with_filter(KeyFilter("highway")):
            if isinstance(way, osmium.osm.Way):
                self._take_way(way)
        for relation in osmium.FileProcessor(str(extract), osmium.osm.RELATION):
            if isinstance(relation, osmium.osm.Relation) and relation.tags.get("type") == "restriction":
                self._take_restriction(relation)

    def draw(self, count: int, seed: int) -> list[Position]:
        """Draw points on public roads, evenly along their length, in the middle between two nodes of the map."""
        lengths = [begin.distance_to(end) for begin, end in self._public]
        drawn = random.Random(seed).choices(self._public, lengths, k=count)
        return [
            Position((begin.latitude + end.latitude) / 2, (begin.longitude + end.longitude) / 2) for begin, end in drawn
        ]

    def broken_rules(self, shape: Sequence[Position]) -> list[str]:
        """Tell where a route goes against a one-way street, or takes a turn that is forbidden."""
        nodes = list(self._nodes(shape))
        broken = [
            f"against the one-way street from node {begin} to {end}"
            for begin, end in pairwise(nodes)
            if (begin, end) not in self._stretches and (end, begin) in self._stretches
        ]
        for before, at, after in zip(nodes, nodes[1:], nodes[2:], strict=False):
            ways = self._stretches.get((before, at), set()), self._stretches.get((at, after), set())
            if all(ways) and not any(self._may_turn(one, at, other) for one in ways[0] for other in ways[1]):
                broken.append(f"a forbidden turn at node {at}")
        return broken

    def _may_turn(self, one: int, at: Node, other: int) -> bool:
        return (one, at, other) not in self._no and self._only.get((one, at), other) in (other, one)

    def _nodes(self, shape: Iterable[Position]) -> Iterator[Node]:
        """Find the nodes of a shape, whose last digit Valhalla and we may round differently."""
        last = 0
        for position in shape:
            key = _key(position)
            near = [(key[0] + north, key[1] + east) for north in (0, -1, 1) for east in (0, -1, 1)]
            node = next((node for place in near for node in self._places.get(place, ())), 0)
            if node and node != last:
                last = node
                yield node

    def _take_way(self, way: osmium.osm.Way) -> None:
        known = [node for node in way.nodes if node.location.valid()]
        forward, backward = _directions(way)
        for node in known:
            nodes = self._places.setdefault(_key(Position(node.lat, node.lon)), [])
            if node.ref not in nodes:
                nodes.append(node.ref)
        is_public = way.tags.get("highway") in _PUBLIC and not any(key in way.tags for key in _ACCESS)
        for begin, end in pairwise(known):
            if forward:
                self._stretches.setdefault((begin.ref, end.ref), set()).add(way.id)
            if backward:
                self._stretches.setdefault((end.ref, begin.ref), set()).add(way.id)
            if is_public:
                self._public.append((Position(begin.lat, begin.lon), Position(end.lat, end.lon)))

    def _take_restriction(self, relation: osmium.osm.Relation) -> None:
        members = {member.role: member for member in relation.members}
        kind = relation.tags.get("restriction") or ""
        exempt = (relation.tags.get("except") or "").split(";")
        if {"from", "via", "to"} - members.keys() or members["via"].type != "n" or set(exempt) & set(_EXEMPT):
            return
        one, at, other = members["from"].ref, members["via"].ref, members["to"].ref
        if kind.startswith("no_"):
            self._no.add((one, at, other))
        elif kind.startswith("only_") and any(other in ways for ways in self._stretches.values()):
            self._only[(one, at)] = other


def _directions(way: osmium.osm.Way) -> tuple[bool, bool]:
    """Tell whether cars may drive a way as it is drawn, and the other way."""
    tags = way.tags
    oneway = tags.get("oneway:motor_vehicle", tags.get("oneway", ""))
    if oneway in ("yes", "true", "1"):
        return _FORWARD
    if oneway in ("-1", "reverse"):
        return _BACKWARD
    around = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return _FORWARD if around and oneway != "no" else _BOTH


def _key(position: Position) -> tuple[int, int]:
    return math.floor(position.latitude * 1e6 + 0.5), math.floor(position.longitude * 1e6 + 0.5)
