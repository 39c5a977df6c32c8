"""How many places and addresses of the demo map are found again: typed, and spoken by many voices and heard."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import osmium

from codriver.config import Configuration
from codriver.engines.fleet import TRANSCRIBER, alone
from codriver.engines.models import Store
from codriver.hearing.transcription import Transcriber
from codriver.services.navigation.indexing.words import words
from codriver.services.navigation.maps import MapFolder
from codriver.services.navigation.places import Kind, Place, Position
from codriver.services.navigation.searching import Searcher, SearchRequest
from codriver.workshop.bench.hearing import cut
from codriver.workshop.bench.rows import Row
from codriver.workshop.samples import Sample, render, samples_directory

PLACES, ADDRESSES = 200, 100
_SEED = 2026

_CARRIER = "Take me to {}."
_HEARD_CARRIER = re.compile(r"^\W*\w+ (?:me|meat) to\b\W*", re.IGNORECASE)
_PLACE_KEYS = ("amenity", "shop", "tourism", "leisure", "office", "historic", "craft", "healthcare")
_NO_PLACES = frozenset(
    {"route", "boundary", "restriction", "route_master", "street", "public_transport", "network", "site"}
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A place or an address of an extract: what it is called there, and its id."""

    text: str
    id: str
    is_address: bool


def draw(extract: Path, places: int, addresses: int, seed: int) -> list[Drawn]:
    """Draw named places and streets, and addresses, out of an OpenStreetMap file itself, in random order."""
    found: dict[bool, dict[str, Drawn]] = {False: {}, True: {}}
    for drawn in _candidates(extract):
        found[drawn.is_address].setdefault(drawn.id, drawn)
    chance = random.Random(seed)
    chosen = [
        *chance.sample([found[False][key] for key in sorted(found[False])], places),
        *chance.sample([found[True][key] for key in sorted(found[True])], addresses),
    ]
    chance.shuffle(chosen)
    return chosen


def finds(searcher: Searcher, near: Position, drawn: Drawn, text: str) -> bool:
    """Whether a text finds what was drawn, or another of the same name or address, among the first three places."""
    return any(_is(place, drawn) for place in searcher.search(SearchRequest(text, near, limit=3)))


def typed_row(demo: MapFolder, extract: Path) -> Row:
    """Search for what was drawn as it is written."""
    drawn = draw(extract, PLACES, ADDRESSES, _SEED)
    with Searcher([demo]) as searcher:
        share = sum(finds(searcher, _middle(demo), one, one.text) for one in drawn) / len(drawn)
    return _row(
        "recall_typed", f"of {PLACES} places and {ADDRESSES} addresses, typed: among the first three", share, 99.0
    )


async def spoken_row(config: Configuration, store: Store, demo: MapFolder, extract: Path) -> Row:
    """Have some of what was drawn spoken, each by one of 28 voices, hear it, and search for what was heard."""
    drawn = draw(extract, PLACES, ADDRESSES, _SEED)
    voices = sorted(path.stem for path in (store.path("kokoro-82m") / "voices").glob("[ab]*.bin"))
    samples = [
        Sample(
            id=f"recall-{number}", language="en", text=_CARRIER.format(one.text), engine="kokoro",
            voice=voices[number % len(voices)], wake=False,
        )
        for number, one in enumerate(drawn)
    ]  # fmt: skip
    paths = await render(samples, samples_directory(), store)
    heard = await _transcribed(config, store, samples, [paths[sample.id] for sample in samples])
    with Searcher([demo]) as searcher:
        near = _middle(demo)
        right = [
            finds(searcher, near, one, _HEARD_CARRIER.sub("", text)) for one, text in zip(drawn, heard, strict=True)
        ]
    what = f"of the same {len(drawn)}, spoken by {len(voices)} voices and heard: among the first three"
    return _row("recall_spoken", what, sum(right) / len(right), 80.0)


async def _transcribed(
    config: Configuration, store: Store, samples: Sequence[Sample], paths: Sequence[Path]
) -> list[str]:
    async with alone(TRANSCRIBER, config, store) as uri:
        transcriber = Transcriber(uri)
        utterances = [cut(sample, path) for sample, path in zip(samples, paths, strict=True)]
        return [(await transcriber.transcribe(each.audio, "en", each.called)).text for each in utterances]


def _candidates(extract: Path) -> Iterator[Drawn]:
    things: Iterable[Any] = osmium.FileProcessor(extract)
    for thing in things:
        tags = {tag.k: tag.v for tag in thing.tags}
        identity = f"{thing.type_str()}{thing.id}"
        name = tags.get("name", "")
        if name and tags.get("type") not in _NO_PLACES:
            if "highway" in tags:
                yield Drawn(name, f"street {name}", is_address=False)
            elif any(key in tags for key in _PLACE_KEYS):
                yield Drawn(name, identity, is_address=False)
        street, number = tags.get("addr:street", ""), tags.get("addr:housenumber", "")
        if street and number and "," not in street:
            yield Drawn(f"{street} {number}", identity, is_address=True)


def _is(place: Place, drawn: Drawn) -> bool:
    """Whether a place is what was drawn; names may be written in one word or two, and a floor may be left out."""
    if drawn.is_address:
        return place.kind is Kind.ADDRESS and _joined(place.address) == _joined(drawn.text)
    return place.id == drawn.id or _joined(drawn.text) in {
        _joined(name) for name in (place.name, *place.names.values())
    }


def _joined(text: str) -> str:
    return "".join(words(text.partition(",")[0]))


def _middle(demo: MapFolder) -> Position:
    bounds = demo.manifest.bounds
    return Position((bounds.south + bounds.north) / 2, (bounds.west + bounds.east) / 2)


def _row(name: str, what: str, share: float, least: float) -> Row:
    return Row(name, what, 100 * share, None, "%", None, f"at least {least:g}", 100 * share >= least)
