"""Which intents have to do with the same thing: found from their effects, so nobody has to write it down."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeGuard

from codriver.catalogue.model import Catalogue, ChangeSignal, ControlPlayer, Effect, Intent, ReadSignal, SetSignal
from codriver.numbers import tidy
from codriver.turn import ZONES, Argument, IntentCall

_MOST_TOLD = 2
_PLACE = re.compile(r"\{\w+:\w+\}")
_KIND_OF_PLACE = re.compile(r"\{zone:(\w+)\}")
_WHOLE = re.compile(r"\{(\w+)\}")
_SKIPS = ("next", "previous")
_OF_THE_PLAYER = {"change_volume": "volume", "play": "status", "pause": "status", "play_pause": "status"}


def things(intent: Intent) -> frozenset[str]:
    """Name what an intent acts on: the paths of its signals, with their places open, and what of the player.

    What only makes room for it, as the shade does for the sunroof ("at_least"), is left out.
    """
    return frozenset(thing for effect in intent.effects if (thing := _thing(effect)))


def sets(intent: Intent) -> bool:
    """Tell whether an intent sets all that it acts on to values of its own, whatever they were before."""
    acts = [effect for effect in intent.effects if _thing(effect)]
    return bool(acts) and all(
        isinstance(effect, SetSignal) or (isinstance(effect, ControlPlayer) and effect.to is not None)
        for effect in acts
    )


def goes_on(catalogue: Catalogue, call: IntentCall, before: IntentCall) -> bool:
    """Tell whether a call goes on from one that let the player play: what nobody wants to hear is skipped."""
    acts, acted = (catalogue.intents[each.intent].effects for each in (call, before))
    skips = bool(acts) and all(isinstance(act, ControlPlayer) and act.player in _SKIPS for act in acts)
    return skips and all(isinstance(act, ControlPlayer) and act.player == "play" for act in acted)


def puts_to_rest(intent: Intent) -> bool:
    """Tell whether all that an intent does is to set signals to 0 or off: doing it everywhere touches only the rest."""
    acts = [effect for effect in intent.effects if _thing(effect)]
    return bool(acts) and all(isinstance(effect, SetSignal) and effect.to in (0, False) for effect in acts)


def rests(catalogue: Catalogue, call: IntentCall) -> bool:
    """Tell whether all that a call does is to set signals to 0 or off, by its intent or as it says."""
    intent = catalogue.intents[call.intent]
    if puts_to_rest(intent):
        return True
    chosen = [
        choice.value if (choice := intent.parameters[name].values.get(str(value))) else value
        for name, value in call.arguments.items()
        if name != "zone" and name in intent.parameters
    ]
    return bool(chosen) and sets(intent) and all(value in (0, False, "off", "OFF") for value in chosen)


def fills(catalogue: Catalogue, call: IntentCall) -> bool:
    """Tell whether a call sets something to a number above nothing, by its intent or as it says."""
    intent = catalogue.intents[call.intent]
    fixed = (effect.to for effect in intent.effects if isinstance(effect, SetSignal) and not effect.at_least)
    said = (call.arguments.get(name) for name, each in intent.parameters.items() if each.numeric)
    return any(_above_nothing(number) for number in chain(fixed, said))


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _above_nothing(value: object) -> bool:
    return _is_number(value) and value > 0


def akin(catalogue: Catalogue, intents: Iterable[str]) -> frozenset[str]:
    """Name the intents that act on what these act on or tell of, or that speak of the same topic."""
    own = [catalogue.intents[name] for name in intents]
    about = frozenset[str]().union(*(things(intent) or _told(intent) for intent in own))
    topics = [dict(intent.topic) for intent in own if intent.topic]
    return frozenset(
        name
        for name, intent in catalogue.intents.items()
        if (acts := things(intent)) and (acts & about or dict(intent.topic) in topics)
    )


def kinds_of_place(intent: Intent) -> frozenset[str]:
    """Name the kinds of places, such as station or side, at which an intent acts on things."""
    return frozenset(kind for thing in things(intent) for kind in _KIND_OF_PLACE.findall(thing))


def is_anywhere(catalogue: Catalogue, name: str, zone: str) -> bool:
    """Tell whether what an intent acts on may be at a place; whose place is only relative is not known here."""
    intent, vocabulary = catalogue.intents[name], catalogue.vocabulary
    if "zone" not in intent.parameters:
        return False
    kinds = kinds_of_place(intent)
    zones = vocabulary.groups.get(zone, (zone,))
    known = [each for each in zones if each in ZONES]
    return not known or all(any(each in vocabulary.places.get(kind, {}) for each in known) for kind in kinds)


def tells_of_places(intent: Intent) -> bool:
    """Tell whether an intent tells of the same thing in several places, each time of all of them."""
    reads = [effect.read for effect in intent.effects if isinstance(effect, ReadSignal)]
    kinds = Counter((path.split(".")[:3][-1], path.rpartition(".")[2]) for path in reads)
    return any("{each:" in path for path in reads) or any(times > 1 for times in kinds.values())


def tells_of(catalogue: Catalogue, topic: str, language: str) -> tuple[str, ...]:
    """Name the intents that only tell, and of what this topic is about: first those that tell what is acted on."""
    about = [intent for intent in catalogue.intents.values() if intent.topic.get(language) == topic]
    acted = {_open(thing) for intent in about for thing in things(intent)}
    found = {
        name: {_open(effect.read) for effect in intent.effects if isinstance(effect, ReadSignal)}
        for name, intent in catalogue.intents.items()
        if not things(intent)
    }
    exactly = [name for name, told in found.items() if told & acted]
    beside = [
        name for name, told in found.items() if {_parent(each) for each in told} & {_parent(each) for each in acted}
    ]
    return tuple(dict.fromkeys([*exactly, *beside]))


def step(catalogue: Catalogue, call: IntentCall, sign: float, *, stronger: bool = False) -> IntentCall | None:
    """Find the call that changes what a call acted on by one step up (1) or down (-1), in the same place.

    With ``stronger`` up is more of the thing as it is spoken of, whatever that does to the signal: more ventilation.
    """
    for name, intent, _ in _related(catalogue, call):
        for effect in intent.effects:
            given = _steps(effect, intent, sign, stronger=stronger)
            if given is not None:
                return IntentCall(name, {**_place(call, intent), **given})
    return None


def with_value(catalogue: Catalogue, call: IntentCall, value: float, unit: str = "") -> IntentCall | None:
    """Find the call that sets what a call acted on to a number, of a ``unit`` if one is given, in the same place."""
    for name, intent, same in _related(catalogue, call):
        for effect in intent.effects:
            parameter = _number(effect, intent)
            if parameter and unit in ("", intent.parameters[parameter].unit):
                kept = dict(call.arguments) if same else _place(call, intent)
                return IntentCall(name, {**kept, parameter: value})
    return None


def to_end(catalogue: Catalogue, call: IntentCall, way: float) -> IntentCall | None:
    """Find the call that sets what a call acted on to its most (1), or to rest or its least (-1), in the same place."""
    for name, intent, same in _related(catalogue, call):
        if way < 0 and puts_to_rest(intent):
            return call if same else IntentCall(name, _place(call, intent))
    for name, intent, _ in _related(catalogue, call):
        for effect in intent.effects:
            if parameter := _number(effect, intent):
                limits = intent.parameters[parameter]
                end = limits.minimum if way < 0 else limits.maximum
                return None if end is None else IntentCall(name, {**_place(call, intent), parameter: tidy(end)})
    return None


def at_level(catalogue: Catalogue, call: IntentCall, value: float) -> IntentCall | None:
    """Find the call that sets what a call acted on to the named level of a number, in the same place."""
    for name, intent, _ in _related(catalogue, call):
        for effect in intent.effects:
            if level := _level(effect, intent, value):
                return IntentCall(name, {**_place(call, intent), **level})
    return None


def nth_level(catalogue: Catalogue, call: IntentCall, number: float) -> IntentCall | None:
    """Find the call that sets the same to its named level of this number, from 1: "three" after "on level one"."""
    intent = catalogue.intents[call.intent]
    for effect in intent.effects:
        name = _given(effect)
        parameter = intent.parameters.get(name)
        if parameter is None or parameter.type != "enum" or name not in call.arguments:
            continue
        numbers = [(choice.value, level) for level, choice in parameter.values.items() if _is_number(choice.value)]
        levels = sorted((abs(float(value)), level) for value, level in numbers if value)
        one_way = len({float(value) > 0 for value, _ in numbers if value}) == 1  # on low or high, not up or down
        if one_way and len(levels) > 1 and number in range(1, len(levels) + 1):
            return IntentCall(call.intent, {**call.arguments, name: levels[round(number) - 1][1]})
    return None


def direction(catalogue: Catalogue, call: IntentCall) -> float:
    """Tell whether a call is a step up (1) or down (-1), or neither (0)."""
    intent = catalogue.intents[call.intent]
    for sign in (1.0, -1.0):
        for effect in intent.effects:
            given = _steps(effect, intent, sign)
            if given is not None and given.items() <= call.arguments.items():
                return sign
    return 0.0


def _related(catalogue: Catalogue, call: IntentCall) -> Iterator[tuple[str, Intent, bool]]:
    """Give the intent of a call, then those that act on the same and nothing else, those of its topic first."""
    own = catalogue.intents[call.intent]
    yield call.intent, own, True
    about = things(own) or _told(own)
    for name, intent in sorted(catalogue.intents.items(), key=lambda each: each[1].topic != own.topic):
        if name != call.intent and things(intent) and things(intent) <= about:
            yield name, intent, False


def _told(intent: Intent) -> frozenset[str]:
    """Name the signals that a question is about, unless it is about the car as a whole."""
    told = frozenset(effect.read for effect in intent.effects if isinstance(effect, ReadSignal))
    return told if len(told) <= _MOST_TOLD else frozenset()


def _open(path: str) -> str:
    """Leave the place in a path open, whether one is said or each is told."""
    return _PLACE.sub("*", path)


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _thing(effect: Effect) -> str:
    match effect:
        case SetSignal():
            return "" if effect.at_least else effect.set
        case ChangeSignal():
            return effect.change
        case ControlPlayer():
            return f"player.{_OF_THE_PLAYER.get(effect.player, effect.player)}"
        case _:
            return ""


def _steps(effect: Effect, intent: Intent, sign: float, *, stronger: bool = False) -> dict[str, Argument] | None:
    """Give the arguments with which an effect is a step in a direction, or None if it never is."""
    if isinstance(effect, ControlPlayer) and effect.player != "change_volume":
        return None
    if not isinstance(effect, ChangeSignal | ControlPlayer) or effect.by is None:
        return None
    for factor in (effect.by, effect.times):
        named = _WHOLE.fullmatch(factor) if isinstance(factor, str) else None
        parameter = intent.parameters.get(named.group(1)) if named else None
        if parameter is None or named is None:
            continue
        if parameter.type == "direction":
            turned = sign if stronger else sign * (effect.times if isinstance(effect.times, float) else 1.0)
            return {named.group(1): "up" if turned > 0 else "down"}
        if parameter.type == "enum":
            for name, choice in parameter.values.items():
                if isinstance(choice.value, int | float) and choice.value * sign > 0:
                    return {named.group(1): name}
    fixed = effect.times if isinstance(effect.times, float) else 1.0
    return {} if fixed * sign > 0 else None


def _number(effect: Effect, intent: Intent) -> str:
    """Name the parameter of a number that an effect sets, if it does."""
    name = _given(effect)
    return name if name in intent.parameters and intent.parameters[name].numeric else ""


def _given(effect: Effect) -> str:
    """Name the parameter whose value an effect sets something to, if it does."""
    to = effect.to if isinstance(effect, SetSignal | ControlPlayer) else None
    named = _WHOLE.fullmatch(to) if isinstance(to, str) else None
    return named.group(1) if named else ""


def _level(effect: Effect, intent: Intent, value: float) -> dict[str, Argument]:
    """Give the argument of a named level that an effect sets and that is this number, if there is one."""
    name = _given(effect) if isinstance(effect, SetSignal) else ""
    parameter = intent.parameters.get(name)
    for level, choice in parameter.values.items() if parameter and parameter.type == "enum" else ():
        number = choice.value
        if isinstance(number, int | float) and not isinstance(number, bool) and abs(number - value) < 1:
            return {name: level}
    return {}


def _place(call: IntentCall, intent: Intent) -> dict[str, Argument]:
    zone = call.arguments.get("zone")
    return {"zone": zone} if zone is not None and "zone" in intent.parameters else {}
