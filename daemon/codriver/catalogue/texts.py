"""Which parameters take free text, words of the speaker's own, and which templates have a place for it."""

from __future__ import annotations

from codriver.catalogue.model import Intent
from codriver.catalogue.phrases import Phrasing


def text_parameters(intent: Intent) -> frozenset[str]:
    """Name the parameters of an intent that take free text."""
    return frozenset(name for name, parameter in intent.parameters.items() if parameter.type == "text")


def holds_text(template: str, intent: Intent) -> bool:
    """Tell whether a template has a place for free text. Rules have none."""
    return any(f"{{{name}}}" in template for name in text_parameters(intent))


def without_text(phrasing: Phrasing, intent: Intent) -> Phrasing:
    """Leave out the templates of a phrasing that have a place for free text."""
    return Phrasing(say=tuple(said for said in phrasing.say if not holds_text(said, intent)), given=phrasing.given)
