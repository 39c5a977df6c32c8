"""What a follow-up stands for: the calls that do to what was done last what "a bit more" or "mine to 21" asks."""

from __future__ import annotations

from collections.abc import Iterator

from codriver.catalogue.model import GRAVE, Catalogue
from codriver.catalogue.relations import (
    akin,
    at_level,
    direction,
    fills,
    is_anywhere,
    nth_level,
    rests,
    step,
    tells_of_places,
    to_end,
    with_value,
)
from codriver.numbers import tidy
from codriver.turn import Context, IntentCall
from codriver.understanding.dialogue.follow_up_grammar import Said
from codriver.understanding.dialogue.references import References

_LEAST_PERCENT = 3
"""Nobody means one percent: "one more" is a step."""


class Resolver:
    """Finds the calls that recognised follow-ups stand for. Pure."""

    def __init__(self, catalogue: Catalogue, references: References) -> None:
        self._catalogue = catalogue
        self._references = references

    def resolved(self, said: Said, context: Context) -> tuple[IntentCall, ...]:
        """Give the calls that a follow-up stands for after those that were done last; empty where there are none."""
        resolved = [self._apply(said, call, context) for call in context.calls]
        return tuple(call for call in resolved if call)

    def _apply(self, said: Said, call: IntentCall, context: Context) -> IntentCall | None:
        match said.kind:
            case "again":
                return call
            case "more" | "less" | "higher" | "lower":
                there = self._moved_to(said.zone, call) if said.zone else call
                stepped = self._stepped(self._literally(said, call), call, context)
                if there is None or stepped is None:
                    return None
                if said.zone:
                    stepped = IntentCall(stepped.intent, {**stepped.arguments, "zone": there.arguments["zone"]})
                if said.value is None:
                    return stepped
                return self._by(stepped, said.value) or self._changed_by(said, call, context)
            case "zone" if tells_of_places(self._catalogue.intents[call.intent]):
                return call
            case "zone":
                return self._as_it_became(self._moved_to(said.zone, call), call, context)
            case "instead":
                return self._moved_to(said.zone, call)
            case "fully":
                return self._to_the_end(call, context)
            case "scaled":
                value = _value(call, context)
                return None if value is None else with_value(self._catalogue, call, tidy(value * said.factor))
            case _:
                there = self._moved_to(said.zone, call) if said.kind == "zone_value" else call
                if there is None or said.value is None:
                    return None
                level = None if said.unit else nth_level(self._catalogue, there, said.value)
                return level or with_value(self._catalogue, there, said.value, said.unit)

    def _stepped(self, kind: str, call: IntentCall, context: Context) -> IntentCall | None:
        """Give the next step: on or back in the direction of the last change, or up or down whatever that was."""
        if kind in ("higher", "lower"):
            return step(self._catalogue, call, 1.0 if kind == "higher" else -1.0, stronger=True)
        own = direction(self._catalogue, call)
        if own and kind == "more":
            return call
        sign = own or _moved(call, context)
        return step(self._catalogue, call, sign if kind == "more" else -sign) if sign else None

    def _to_the_end(self, call: IntentCall, context: Context) -> IntentCall | None:
        """Go on to the end on the way on which a call was: what was being closed is closed, what was rising is full.

        Nothing where no way is known, or where it would be another thing's or the locks'.
        """
        intent = self._catalogue.intents[call.intent]
        if intent.safety in GRAVE:
            return None
        if rests(self._catalogue, call):
            return call
        way = direction(self._catalogue, call) or _moved(call, context) or float(fills(self._catalogue, call))
        end = to_end(self._catalogue, call, way) if way else None
        return end if end and self._catalogue.intents[end.intent].topic == intent.topic else None

    def _literally(self, said: Said, call: IntentCall) -> str:
        """Take "one degree more" than a number that was said for what it says, wherever the number went from."""
        if said.value is None or not self._names_a_number(call):
            return said.kind
        return {"more": "higher", "less": "lower"}.get(said.kind, said.kind)

    def _names_a_number(self, call: IntentCall) -> bool:
        """Tell whether a call set something to a number."""
        value = next((value for value in call.arguments.values() if isinstance(value, int | float)), None)
        return value is not None and with_value(self._catalogue, call, value) == call

    def _names_a_level(self, call: IntentCall) -> bool:
        """Tell whether a call set something to a number, or to a level with a name: "on low"."""
        parameters = self._catalogue.intents[call.intent].parameters
        chosen = (
            parameters[name].values.get(str(value)) for name, value in call.arguments.items() if name in parameters
        )
        levels = (each.value for each in chosen if each)
        named = any(isinstance(level, int | float) and not isinstance(level, bool) for level in levels)
        return self._names_a_number(call) or (named and not direction(self._catalogue, call))

    def _as_it_became(self, there: IntentCall | None, call: IntentCall, context: Context) -> IntentCall | None:
        """Let the same as a step on from what was set be what it came to: "20 degrees", "one less", "hers too"."""
        if there is None or not direction(self._catalogue, call):
            return there
        value = _value(call, context)
        place = call.arguments.get("zone")
        kin = akin(self._catalogue, [call.intent])
        before = (outcome.call for turn in context.turns[1:] for outcome in turn if outcome.came_to_something)
        was_set = any(
            each.intent in kin and each.arguments.get("zone") == place and self._names_a_level(each) for each in before
        )
        if not was_set or value is None:
            return there
        return at_level(self._catalogue, there, value) or with_value(self._catalogue, there, value)

    def _moved_to(self, zone: str, call: IntentCall) -> IntentCall | None:
        there = self._references.seen_from(zone, call)
        if not is_anywhere(self._catalogue, call.intent, there):
            return None  # of a mirror's heating "the rear window too" is another one
        return IntentCall(call.intent, {**call.arguments, "zone": there})

    def _by(self, call: IntentCall, amount: int | float) -> IntentCall | None:
        """Give a step the size that was said, where its intent takes one."""
        parameters = self._catalogue.intents[call.intent].parameters.items()
        for name, parameter in parameters:
            if parameter.numeric:
                tiny = parameter.unit == "%" and amount <= _LEAST_PERCENT
                return call if tiny else IntentCall(call.intent, {**call.arguments, name: amount})
        return call if amount <= _LEAST_PERCENT else None

    def _changed_by(self, said: Said, call: IntentCall, context: Context) -> IntentCall | None:
        """Set anew what has a number and no steps of any size: "drop it by twenty"."""
        now = _value(call, context)
        if now is None or said.value is None or said.kind not in ("higher", "lower"):
            return None
        return with_value(self._catalogue, call, tidy(now + said.value * (1 if said.kind == "higher" else -1)))


def _value(call: IntentCall, context: Context) -> float | None:
    """Give the number that a call came to, where it changed one."""
    return next((after for _, after in _numbers(call, context)), None)


def _moved(call: IntentCall, context: Context) -> float:
    """Tell in which direction a call changed its first number: 1, -1, or 0 where it did not."""
    moves = (after - before for before, after in _numbers(call, context) if before is not None and before != after)
    return next((1.0 if move > 0 else -1.0 for move in moves), 0.0)


def _numbers(call: IntentCall, context: Context) -> Iterator[tuple[float | None, float]]:
    """Give what a call changed in the last turn, as far as it is a number: before, where it is known, and after."""
    for outcome in context.turns[0] if context.turns else ():
        for change in outcome.changes if outcome.call == call else ():
            if not isinstance(change.after, bool | str):
                yield (None if isinstance(change.before, bool | str) else change.before), change.after
