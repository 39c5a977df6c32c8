"""Whether a place is open: its opening hours, read in the time and with the holidays of where it is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opening_hours import OpeningHours, ParserError, State, UnknownCountryError  # type: ignore[attr-defined]


def is_open(hours: str, timezone: str, country: str, at: datetime) -> bool | None:
    """Say whether a place with these opening hours is open at a time; None where nobody knows.

    ``at`` without a time zone is what the clocks show there. The library is not told the position: to find a time
    zone for it, it would load 107 MB.
    """
    if not hours or (at.tzinfo and not timezone):
        return None
    try:
        there = at.astimezone(ZoneInfo(timezone)) if at.tzinfo else at
        state, _ = OpeningHours(hours, country=country or None).state(there.replace(tzinfo=None))
    except (ParserError, UnknownCountryError, ZoneInfoNotFoundError):
        return None
    return {State.OPEN: True, State.CLOSED: False}.get(state)
