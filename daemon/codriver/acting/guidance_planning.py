"""From what an intent asks of the navigation to the exact order. No I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from codriver.catalogue.navigate import Action, Navigate
from codriver.catalogue.phrases import Scalar
from codriver.turn import Argument

_WHOLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class GuidanceOrder:
    """What the navigation shall do; ``to`` is the words of a place, a number, or on or off.

    ``options`` has what else was said: rank, along, open, avoid, prefer.
    """

    action: Action
    to: Argument | None = None
    options: Mapping[str, str] = field(default_factory=dict)


def guidance_order(effect: Navigate, arguments: Mapping[str, Argument]) -> GuidanceOrder:
    """Put arguments in the places of their names; what was not said is left out."""

    def said(template: Scalar) -> Argument | None:
        whole = _WHOLE.fullmatch(template) if isinstance(template, str) else None
        return template if whole is None else arguments.get(whole.group(1))

    found = {name: said(template) for name, template in effect if name != "navigate" and template is not None}
    options = {name: str(value) for name, value in found.items() if name != "to" and value is not None}
    return GuidanceOrder(effect.navigate, found.get("to"), options)
