"""From effects on services to exact orders."""

from __future__ import annotations

from typing import Any

import pytest
from codriver.acting.dbus.connection import Destination
from codriver.acting.planning import ImpossibleRequest, Plan, plan, properties_needed, resolve
from codriver.acting.service_planning import Member, ServiceOrder, fact_of, same
from codriver.catalogue import Catalogue, Intent, Parameter, load_catalogue
from codriver.catalogue.model import Answers, CallMethod, Choice, Effect, ReadProperty, Safety, SetProperty
from codriver.folders import intents_folder
from codriver.turn import Argument, IntentCall

CATALOGUE = load_catalogue([intents_folder()])
LAMP = Destination("org.example.Lamp1", "/org/example/Lamp1", "org.example.Lamp1")
BRIGHTNESS = Member(LAMP, "Brightness")


def call(*args: Any, **more: Any) -> CallMethod:
    return CallMethod(call="org.example.Lamp1.Blink", on=LAMP.bus_name, at=LAMP.path, args=args, **more)


def write(to: Any, **more: Any) -> SetProperty:
    return SetProperty(set="org.example.Lamp1.Brightness", on=LAMP.bus_name, at=LAMP.path, to=to, **more)


def read(**more: Any) -> ReadProperty:
    return ReadProperty(read="org.example.Lamp1.Brightness", on=LAMP.bus_name, at=LAMP.path, name="light", **more)


def catalogue_of(*effects: Effect) -> Catalogue:
    parameters = {
        "zone": Parameter(type="zone"),
        "state": Parameter(type="switch", default="on"),
        "times": Parameter(type="integer"),
        "seconds": Parameter(type="number", default=2),
        "colour": Parameter(type="enum", default="red", values={"red": Choice(value=1), "blue": Choice(value=2)}),
    }
    intent = Intent(
        description="", safety=Safety.COMFORT, parameters=parameters, effects=effects, answers={"en": Answers()}
    )
    return CATALOGUE.model_copy(update={"intents": {"it": intent}})


def planned(effect: Effect, properties: dict[Member, Any] | None = None, /, **arguments: Argument) -> Plan:
    catalogue = catalogue_of(effect)
    return plan(resolve(IntentCall("it", arguments), catalogue, "driver"), catalogue, {}, properties or {})


@pytest.mark.parametrize(
    ("effect", "arguments", "args", "signature"),
    [
        (call(), {}, (), ""),
        (call("{state}", "{seconds}", "{colour}"), {}, (True, 2.0, 1), "bdi"),
        (call("{state}", values={"on": 100, "off": 0}), {"state": "off"}, (0,), "i"),
        (call("{times}", signature="u"), {"times": 3}, (3,), "u"),
        (call("{seconds}", signature="d"), {"seconds": 3}, (3.0,), "d"),
        (call("blink {times} times"), {"times": 3}, ("blink 3 times",), "s"),
        (call({"colour": "{colour}"}, ("a", "b"), signature="a{sv}as"), {}, ({"colour": 1}, ("a", "b")), "a{sv}as"),
        (call("{zone}"), {"zone": "passenger"}, ("passenger",), "s"),
        (call("{zone}", values={"passenger": 2}), {"zone": "passenger"}, (2,), "i"),
    ],
)
def test_a_call(effect: CallMethod, arguments: dict[str, Argument], args: tuple[Any, ...], signature: str) -> None:
    [order] = planned(effect, **arguments).services
    assert order == ServiceOrder(Member(LAMP, "Blink"), args, signature)


def test_a_call_that_names_the_zone_is_sent_once_for_each() -> None:
    orders = planned(call("{zone}", "{state}"), zone="rear").services
    assert [order.args for order in orders] == [("rear_left", True), ("rear_right", True)]
    assert len(planned(call("{state}"), zone="rear").services) == 1


def test_a_call_without_its_argument_asks_for_it() -> None:
    with pytest.raises(ImpossibleRequest, match="missing") as missing:
        planned(call("{times}"))
    assert missing.value.facts == {"parameter": "times"}


def test_a_property_that_has_its_value_is_left_alone() -> None:
    effect = write("{colour}", signature="y")
    order = ServiceOrder(BRIGHTNESS, (2,), "y", writes=True)
    assert planned(effect, {BRIGHTNESS: 1}, colour="blue").services == (order,)
    assert planned(effect, {}, colour="blue").services == (order,)
    settled = planned(effect, {BRIGHTNESS: 2}, colour="blue")
    assert (settled.services, settled.settled) == ((), 1)


def test_properties_are_named_before_they_are_read() -> None:
    catalogue = catalogue_of(call(), write(1), read())
    assert properties_needed(resolve(IntentCall("it"), catalogue, "driver")) == {BRIGHTNESS}


def test_what_is_read_is_a_fact_and_what_is_not_there_is_none() -> None:
    assert planned(read(times=100), {BRIGHTNESS: 0.426}).facts["light"] == 43
    with pytest.raises(ImpossibleRequest, match="no_value"):
        planned(read())


@pytest.mark.parametrize(
    ("effect", "value", "fact"),
    [
        (read(), True, "true"),
        (read(), 41.6, 42),
        (read(digits=1), 41.64, 41.6),
        (read(), "red\n{zone}\x1b", "red {zone}"),
        (read(), ["a", "b"], "a, b"),
        (read(), {"a": 1}, ""),
    ],
)
def test_a_fact(effect: ReadProperty, value: object, fact: Argument) -> None:
    assert fact_of(effect, value) == fact


@pytest.mark.parametrize(
    ("value", "goal", "is_same"),
    [
        (1, 1.0, True),
        (0.1 + 0.2, 0.3, True),
        (True, True, True),
        (True, 1, False),
        ("a", "a", True),
        ([1, 2], (1, 2.0), True),
        ([1], (1, 2), False),
        (None, 0, False),
        ({"a": 1}, {"a": 1}, True),
    ],
)
def test_same(value: object, goal: object, is_same: bool) -> None:
    assert same(value, goal) is is_same
