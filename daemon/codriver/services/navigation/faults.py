"""What a driver must be told when navigation cannot do what was asked, in the driver's language."""

from __future__ import annotations

from typing import ClassVar, Self

from codriver.errors import CodriverError
from codriver.services.navigation.words import words_for


class NavigationFault(CodriverError):
    """Navigation cannot do it. ``code`` says why; the sentence for it is in the words of each language."""

    code: ClassVar[str] = "RoutingFailed"

    def __init__(self, language: str = "en") -> None:
        super().__init__(words_for(language).faults[self.code])

    def in_language(self, language: str) -> Self:
        """Return the same fault with its sentence in another language."""
        return type(self)(language)


class NoMap(NavigationFault):
    """No map is installed, or none of those that are can be read."""

    code = "NoMap"


class NoPosition(NavigationFault):
    """The car has not said yet where it is."""

    code = "NoPosition"


class OffMap(NavigationFault):
    """A place is on none of the installed maps."""

    code = "OffMap"


class CarOffMap(NavigationFault):
    """The car itself is on none of the installed maps."""

    code = "CarOffMap"


class ApartMaps(NavigationFault):
    """The stops are on different maps, and routes do not lead from one to another."""

    code = "ApartMaps"


class NoRoad(NavigationFault):
    """There is no road for a car anywhere near a stop."""

    code = "NoRoad"


class Unreachable(NavigationFault):
    """There are roads at both ends, and no way for a car between them."""

    code = "Unreachable"


class TooFar(NavigationFault):
    """The way is longer than routes are reckoned."""

    code = "TooFar"


class NotGuiding(NavigationFault):
    """There is no active route."""

    code = "NotGuiding"
