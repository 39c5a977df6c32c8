"""The effect by which an intent asks something of the navigation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from codriver.catalogue.phrases import Entry, Scalar

type Action = Literal[
    "go",
    "find",
    "add_stop",
    "distance",
    "choose",
    "tell",
    "stop",
    "remaining",
    "destination",
    "next",
    "repeat",
    "where",
    "mute",
    "reroute",
]

NAVIGATION_FACTS = frozenset({"name", "address", "distance", "duration", "arrival", "reach", "text", "options"})
"""What answers may name after it: of a place, of a route, of the next manoeuvre."""


class Navigate(Entry):
    """Do something with the navigation. A ``{parameter}`` that was not said leaves its key out."""

    navigate: Action = Field(description="What the navigation shall do.")
    to: Scalar | None = Field(
        None, description="The words of a place; for choose and tell its number, for mute and avoid on or off."
    )
    rank: str | None = Field(None, description="nearest: the first of those that are found, without asking.")
    along: str | None = Field(None, description="on: look along the route.")
    open: str | None = Field(None, description="on: only places that are open now.")
    avoid: str | None = Field(None, description="tolls, motorways or ferries.")
    prefer: str | None = Field(None, description="fastest or shortest.")
