"""Distances, durations and things to choose from, as people say them: about two and a half kilometres, six minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from codriver.speaking.language import Travel, language_table
from codriver.turn import Argument, Option

_FALLBACK = "en"


def said_distance(metres: float, language: str) -> str:
    """Say a distance: to 10 m up to 100 m, to 50 m up to 1 km, to half a kilometre up to 10 km, else to a kilometre."""
    words = _travel(language)
    step = 10 if metres < 95 else 50
    rounded = max(step, round(metres / step) * step)
    if rounded < 1000:
        return words.metres.format(n=rounded)
    halves = round(metres / 500) if metres < 9750 else 2 * round(metres / 1000)
    if halves % 2:
        return words.half.format(n=halves // 2)
    return words.kilometre if halves == 2 else words.kilometres.format(n=halves // 2)


def said_duration(seconds: float, language: str) -> str:
    """Say a duration to a minute, and from ten hours on to an hour."""
    words = _travel(language)
    minutes = round(seconds / 60)
    if minutes < 1:
        return words.moment
    hours, minutes = (round(minutes / 60), 0) if minutes >= 600 else divmod(minutes, 60)
    said_hours = words.hour if hours == 1 else words.hours.format(n=hours)
    said_minutes = words.minute if minutes == 1 else words.minutes.format(n=minutes)
    if not hours:
        return said_minutes
    return words.hours_and_minutes.format(hours=said_hours, minutes=said_minutes) if minutes else said_hours


def said_time(since_epoch: float, _language: str) -> str:
    """Say a time of day, in the local time zone."""
    return datetime.fromtimestamp(since_epoch).astimezone().strftime("%H:%M")


def said_options(options: Sequence[Option], language: str, last: str) -> str:
    """Read out what there is to choose from; ``last`` stands before the last. Of one name the addresses are said."""
    words = _travel(language)
    names = [option.name for option in options]
    said = [
        (words.option_at if option.address and names.count(option.name) > 1 else words.option).format(
            name=option.name, address=option.address, distance=said_distance(option.distance, language)
        )
        for option in options
    ]
    if len(said) < 2:
        return "".join(said)
    return f"{words.between.join(said[:-1])}{words.between.rstrip()}{last}{said[-1]}"


QUANTITIES: Mapping[str, Callable[[float, str], str]] = MappingProxyType(
    {"distance": said_distance, "reach": said_distance, "duration": said_duration, "arrival": said_time}
)
"""How the numbers are said that the navigation tells, by the name of the fact."""


def said_fact(name: str, value: Argument, language: str) -> str | None:
    """Say a fact of the navigation; None for one that is said as it is."""
    say = QUANTITIES.get(name)
    return None if say is None or isinstance(value, str) else say(float(value), language)


def _travel(language: str) -> Travel:
    """Give the words of a language; of one without them the English ones."""
    for code in (language, _FALLBACK):
        table = language_table(code)
        if table and table.travel:
            return table.travel
    raise LookupError(f"There are no words for distances in {_FALLBACK!r}.")
