"""From a call to exact orders, over the real catalogue and the reference car's signals."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import pytest
from codriver.acting.planning import ImpossibleRequest, Plan, PlayerOrder, plan, resolve, signals_needed
from codriver.acting.policy import SITUATION_SIGNALS
from codriver.acting.signals import INTEGERS, check_value
from codriver.catalogue import Catalogue, Intent, Parameter, load_catalogue
from codriver.catalogue.model import (
    PATTERNED,
    SPEAKER,
    Answers,
    ChangeSignal,
    Choice,
    ControlPlayer,
    Effect,
    ReadSignal,
    Safety,
    SetSignal,
)
from codriver.catalogue.navigate import Navigate
from codriver.folders import intents_folder
from codriver.services.vehicle.signals import reference_car
from codriver.services.vehicle.simulator import SimulatedCar
from codriver.turn import ZONES, Argument, IntentCall, SignalValue, Zone

CATALOGUE = load_catalogue([intents_folder()])
CAR = reference_car()
STATION = "Vehicle.Cabin.HVAC.Station."
WINDOW = "Vehicle.Cabin.Door.{}.Window.Position"
SHADE = "Vehicle.Cabin.Sunroof.Shade.Position"
ROOF = "Vehicle.Cabin.Sunroof.Position"
LIMIT = "Vehicle.Powertrain.TractionBattery.Charging.ChargeLimit"


@pytest.fixture
def at_rest() -> dict[str, SignalValue]:
    car = SimulatedCar()
    return {path: value for path in CAR if (value := car.value(path)) is not None}


def catalogue_of(*effects: Effect, **parameters: Parameter) -> Catalogue:
    intent = Intent(
        description="", safety=Safety.COMFORT, parameters=parameters, effects=effects, answers={"en": Answers()}
    )
    return CATALOGUE.model_copy(update={"intents": {"it": intent}})


def planned(
    catalogue: Catalogue, values: Mapping[str, SignalValue], speaker: Zone = "driver", /, **arguments: Argument
) -> Plan:
    return plan(resolve(IntentCall("it", arguments), catalogue, speaker), catalogue, values)


def real(name: str, values: Mapping[str, SignalValue], speaker: Zone = "driver", /, **arguments: Argument) -> Plan:
    return plan(resolve(IntentCall(name, arguments), CATALOGUE, speaker), CATALOGUE, values)


# Settling the arguments


@pytest.mark.parametrize(
    ("said", "speaker", "zone", "zones"),
    [
        ({}, "driver", "driver", ("driver",)),
        ({}, "rear_left", "rear_left", ("rear_left",)),
        ({}, "all", "driver", ("driver",)),
        ({"zone": SPEAKER}, "passenger", "passenger", ("passenger",)),
        ({"zone": "rear_right"}, "driver", "rear_right", ("rear_right",)),
        ({"zone": "front"}, "rear_left", "front", ("driver", "passenger")),
        ({"zone": "rear"}, "driver", "rear", ("rear_left", "rear_right")),
        ({"zone": "all"}, "driver", "all", ("driver", "passenger", "rear_left", "rear_right")),
    ],
)
def test_the_zone_of_a_request(said: dict[str, Argument], speaker: Zone, zone: str, zones: tuple[str, ...]) -> None:
    request = resolve(IntentCall("open_window", said), CATALOGUE, speaker)
    assert (request.arguments, request.zones) == ({"zone": zone}, zones)


@pytest.mark.parametrize(
    ("zone", "zones"),
    [("all", ("driver", "passenger")), ("front", ("driver", "passenger")), ("passenger", ("passenger",))],
)
def test_a_group_means_those_of_its_places_that_there_are(zone: str, zones: tuple[str, ...]) -> None:
    assert resolve(IntentCall("seat_massage", {"zone": zone}), CATALOGUE, "driver").zones == zones


def test_defaults_are_filled_in_and_unknown_arguments_left_out() -> None:
    request = resolve(IntentCall("lock_doors", {"speed": 90}), CATALOGUE, "passenger")
    assert request.arguments == {"zone": "all"}
    assert resolve(IntentCall("make_warmer"), CATALOGUE, "driver").arguments == {"amount": 2, "zone": "driver"}


@pytest.mark.parametrize(
    ("intent", "arguments", "reason", "facts"),
    [
        ("fly", {}, "not_understood", {}),
        ("", {}, "not_understood", {}),
        ("set_temperature", {}, "missing", {"parameter": "temperature"}),
        ("set_temperature", {"temperature": "warm"}, "missing", {"parameter": "temperature"}),
        ("set_temperature", {"temperature": True}, "missing", {"parameter": "temperature"}),
        ("air_conditioning", {}, "missing", {"parameter": "state"}),
        ("air_conditioning", {"state": "up"}, "missing", {"parameter": "state"}),
        ("air_conditioning", {"state": True}, "missing", {"parameter": "state"}),
        ("adjust_fan", {"direction": "on"}, "missing", {"parameter": "direction"}),
        ("drive_mode", {"mode": "ludicrous"}, "missing", {"parameter": "mode"}),
        ("drive_mode", {"mode": "SPORT"}, "missing", {"parameter": "mode"}),
        (
            "set_temperature",
            {"temperature": 15.9},
            "out_of_range",
            {"parameter": "temperature", "value": 15.9, "minimum": 16, "maximum": 28, "unit": "°C"},
        ),
        (
            "set_fan_speed",
            {"percent": 101},
            "out_of_range",
            {"parameter": "percent", "value": 101, "minimum": 0, "maximum": 100, "unit": "%"},
        ),
        (
            "charge_limit",
            {"percent": -1},
            "out_of_range",
            {"parameter": "percent", "value": -1, "minimum": 50, "maximum": 100, "unit": "%"},
        ),
        ("seat_massage", {"zone": "rear_left"}, "no_such_place", {"zone": "rear_left"}),
        ("seat_massage", {"zone": "rear"}, "no_such_place", {"zone": "rear"}),
        pytest.param(
            *("open_window", {"zone": "middle"}, "no_such_place", {"zone": "middle"}),
        ),
        pytest.param(
            *("set_fan_speed", {"percent": float("nan")}, "missing", {"parameter": "percent"}),
        ),
        pytest.param(
            *("set_temperature", {"temperature": float("nan")}, "missing", {"parameter": "temperature"}),
        ),
    ],
)
def test_what_cannot_be_done(
    intent: str, arguments: dict[str, Argument], reason: str, facts: dict[str, Argument]
) -> None:
    with pytest.raises(ImpossibleRequest) as caught:
        resolve(IntentCall(intent, arguments), CATALOGUE, "driver")
    assert (caught.value.reason, caught.value.facts) == (reason, facts)


def test_an_effect_that_needs_an_argument_that_may_be_left_out_asks_for_it() -> None:
    level = Parameter(type="integer", minimum=0, maximum=100)
    with pytest.raises(ImpossibleRequest) as caught:
        planned(
            catalogue_of(SetSignal(set="Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed", to="{level}"), level=level),
            {},
        )
    assert (caught.value.reason, caught.value.facts) == ("missing", {"parameter": "level"})


def test_somebody_in_the_back_has_no_massage() -> None:
    with pytest.raises(ImpossibleRequest, match="no_such_place"):
        resolve(IntentCall("seat_massage"), CATALOGUE, "rear_left")


@pytest.mark.parametrize(("value", "settled"), [(22, 22), (22.5, 22.5), (16, 16), (28.0, 28.0)])
def test_a_number_within_its_limits_is_kept(value: float, settled: float) -> None:
    request = resolve(IntentCall("set_temperature", {"temperature": value}), CATALOGUE, "driver")
    assert request.arguments["temperature"] == settled


def test_an_integer_is_rounded_to_one() -> None:
    percent = resolve(IntentCall("set_fan_speed", {"percent": 49.6}), CATALOGUE, "driver").arguments["percent"]
    assert (percent, type(percent)) == (50, int)


# What must be read first


@pytest.mark.parametrize(
    ("call", "paths"),
    [
        (IntentCall("open_window"), {WINDOW.format("Row1.DriverSide")}),
        (
            IntentCall("open_window", {"zone": "rear"}),
            {WINDOW.format("Row2.DriverSide"), WINDOW.format("Row2.PassengerSide")},
        ),
        (IntentCall("open_sunroof"), {SHADE, ROOF}),
        (IntentCall("play_music"), set()),
        (IntentCall("drive_the_car"), set()),
        (
            IntentCall("lock_status"),
            {
                f"Vehicle.Cabin.Door.{row}.{side}.IsLocked"
                for row in ("Row1", "Row2")
                for side in ("DriverSide", "PassengerSide")
            },
        ),
    ],
)
def test_the_signals_that_a_request_needs(call: IntentCall, paths: set[str]) -> None:
    assert signals_needed(resolve(call, CATALOGUE, "driver"), CATALOGUE) == paths


# Setting


def test_a_signal_that_is_so_already_is_left_alone(at_rest: dict[str, SignalValue]) -> None:
    assert real("close_window", at_rest) == Plan(facts={"zone": "driver"}, settled=1)
    at_rest[WINDOW.format("Row2.DriverSide")] = 30
    assert real("close_window", at_rest, zone="all") == Plan(
        ({WINDOW.format("Row2.DriverSide"): 0},), facts={"zone": "all"}, settled=3
    )


def test_nearly_so_is_so_for_floats_and_a_wider_gap_is_not(at_rest: dict[str, SignalValue]) -> None:
    path = STATION + "Row1.Driver.Temperature"
    assert real("set_temperature", {**at_rest, path: 22.04}, temperature=22).settled == 1
    assert real("set_temperature", {**at_rest, path: 22.06}, temperature=22).batches == ({path: 22},)


def test_a_signal_without_a_value_is_set_all_the_same(at_rest: dict[str, SignalValue]) -> None:
    del at_rest[WINDOW.format("Row1.DriverSide")]
    assert real("close_window", at_rest).batches == ({WINDOW.format("Row1.DriverSide"): 0},)


@pytest.mark.parametrize(
    ("shade", "roof", "wanted", "batches", "settled"),
    [
        (0, 0, 100, ({SHADE: 100}, {ROOF: 100}), 0),
        (0, 0, 40, ({SHADE: 40}, {ROOF: 40}), 0),
        (40, 0, 40, ({ROOF: 40},), 1),
        (100, 0, 40, ({ROOF: 40},), 1),
        (100, 100, 40, ({ROOF: 40},), 1),
        (100, 100, 100, (), 2),
    ],
)
def test_the_shade_opens_before_the_roof_and_never_closes_for_it(
    at_rest: dict[str, SignalValue],
    shade: int,
    roof: int,
    wanted: int,
    batches: tuple[dict[str, int], ...],
    settled: int,
) -> None:
    orders = real("open_sunroof", {**at_rest, SHADE: shade, ROOF: roof}, position=wanted)
    assert (orders.batches, orders.settled) == (batches, settled)


def test_the_light_is_switched_on_before_it_gets_its_colour(at_rest: dict[str, SignalValue]) -> None:
    place = "Vehicle.Cabin.Light.AmbientLight.Row1.PassengerSide."
    orders = real("ambient_color", at_rest, "passenger", zone=SPEAKER, color="blue")
    assert orders.batches == ({place + "IsLightOn": True}, {place + "Color": "#0000FF"})


@pytest.mark.parametrize(
    ("intent", "arguments", "path", "value"),
    [
        ("air_conditioning", {"state": "on"}, "Vehicle.Cabin.HVAC.IsAirConditioningActive", True),
        ("rear_wiper", {"state": "on"}, "Vehicle.Body.Windshield.Rear.Wiping.Mode", "MEDIUM"),
        ("wheel_heating", {"state": "on"}, "Vehicle.Chassis.SteeringWheel.HeatingCooling", 100),
        ("drive_mode", {"mode": "eco"}, "Vehicle.Powertrain.Transmission.PerformanceMode", "ECONOMY"),
        ("headlights", {"mode": "on"}, "Vehicle.Body.Lights.LightSwitch", "BEAM"),
        ("seat_ventilation", {"level": "low"}, "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling", -33),
        ("seat_heating", {}, "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling", 66),
        ("sunshade", {"position": "open"}, SHADE, 100),
        ("charge_limit", {"percent": 95}, LIMIT, 95),
        ("air_direction", {"direction": "feet"}, STATION + "Row1.Driver.AirDistribution", "DOWN"),
    ],
)
def test_what_is_said_becomes_what_the_car_takes(
    at_rest: dict[str, SignalValue], intent: str, arguments: dict[str, Argument], path: str, value: SignalValue
) -> None:
    [batch] = real(intent, at_rest, **arguments).batches
    assert batch == {path: value}
    assert type(batch[path]) is type(value)


@pytest.mark.parametrize(("state", "value"), [("on", True), ("off", False)])
def test_a_switch_is_true_or_false(state: str, value: bool) -> None:
    catalogue = catalogue_of(SetSignal(set="X", to="{state}"), state=Parameter(type="switch"))
    [batch] = planned(catalogue, {"X": not value}, state=state).batches
    assert batch == {"X": value}


def test_the_choice_off_of_an_enum_stays_a_word() -> None:
    mode = Parameter(type="enum", values={"off": Choice(), "on": Choice(value="HIGH")})
    catalogue = catalogue_of(SetSignal(set="X", to="{mode}"), mode=mode)
    assert planned(catalogue, {}, mode="off").batches == ({"X": "off"},)
    assert planned(catalogue, {}, mode="on").batches == ({"X": "HIGH"},)


def test_a_choice_may_stand_for_false_or_zero() -> None:
    choices = {"no": Choice(value=False), "none": Choice(value=0)}
    catalogue = catalogue_of(SetSignal(set="X", to="{mode}"), mode=Parameter(type="enum", values=choices))
    assert planned(catalogue, {"X": True}, mode="no").batches == ({"X": False},)
    assert planned(catalogue, {"X": 7}, mode="none").batches == ({"X": 0},)


def test_true_is_not_one_and_a_word_is_not_a_number() -> None:
    assert planned(catalogue_of(SetSignal(set="X", to=1)), {"X": "1"}).batches == ({"X": 1},)
    assert planned(catalogue_of(SetSignal(set="X", to="a")), {"X": "a"}).settled == 1


# Changing


@pytest.mark.parametrize(
    ("present", "by", "minimum", "maximum", "goal"),
    [
        (40, 20, 0, 100, 60),
        (95, 20, 0, 100, 100),
        (100, 20, 0, 100, 100),
        (10, -20, 0, 100, 0),
        (21.0, 2.5, 16, 28, 23.5),
        (27.0, 2, 16, 28, 28),
        (50, 20, None, None, 70),
    ],
)
def test_a_change_starts_from_what_is_and_ends_at_the_limits(
    present: float, by: float, minimum: float | None, maximum: float | None, goal: float
) -> None:
    catalogue = catalogue_of(ChangeSignal(change="X", by=by, minimum=minimum, maximum=maximum))
    orders = planned(catalogue, {"X": present})
    assert orders.facts == {"value": goal}
    assert orders.batches == (({"X": goal},) if goal != present else ())
    assert orders.settled == (goal == present)
    assert type(orders.facts["value"]) is (int if isinstance(present, int) else type(orders.facts["value"]))


def test_an_int_stays_an_int_when_it_is_changed_by_a_fraction() -> None:
    value = planned(catalogue_of(ChangeSignal(change="X", by=0.5, times=3)), {"X": 40}).facts["value"]
    assert (value, type(value)) == (42, int)


@pytest.mark.parametrize(("direction", "goal"), [("up", 60), ("down", 20)])
def test_a_direction_is_a_sign(direction: str, goal: int) -> None:
    parameter = Parameter(type="direction")
    catalogue = catalogue_of(ChangeSignal(change="X", by="{direction}", times=20), direction=parameter)
    assert planned(catalogue, {"X": 40}, direction=direction).batches == ({"X": goal},)


def test_each_zone_changes_from_where_it_is(at_rest: dict[str, SignalValue]) -> None:
    at_rest[STATION + "Row1.Passenger.FanSpeed"] = 90
    orders = real("adjust_fan", at_rest, zone="front", direction="up")
    assert orders.batches == ({STATION + "Row1.Driver.FanSpeed": 60, STATION + "Row1.Passenger.FanSpeed": 100},)


@pytest.mark.parametrize("present", [None, True, "40"])
def test_what_has_no_number_cannot_be_changed(present: SignalValue | None) -> None:
    values = {} if present is None else {"X": present}
    with pytest.raises(ImpossibleRequest, match="no_value"):
        planned(catalogue_of(ChangeSignal(change="X", by=1)), values)


# Reading


@pytest.mark.parametrize(
    ("value", "times", "digits", "fact"),
    [
        (70.04, 1.0, 0, 70),
        (280_400, 0.001, 0, 280),
        (250, 0.01, 1, 2.5),
        (21.0, 1.0, 1, 21),
        (True, 1.0, 0, "true"),
        (False, 1.0, 0, "false"),
        ("SPORT", 1.0, 0, "SPORT"),
    ],
)
def test_what_is_read_is_tidied_for_the_answer(value: SignalValue, times: float, digits: int, fact: Argument) -> None:
    orders = planned(catalogue_of(ReadSignal(read="X", name="it", times=times, digits=digits)), {"X": value})
    assert orders == Plan(facts={"it": fact})
    assert type(orders.facts["it"]) is type(fact)


def test_each_names_the_places_where_it_is_so(at_rest: dict[str, SignalValue]) -> None:
    assert real("openings_status", at_rest).facts["windows"] == ""
    at_rest["Vehicle.Cabin.Door.Row1.DriverSide.Window.IsOpen"] = True
    at_rest["Vehicle.Cabin.Door.Row2.PassengerSide.Window.IsOpen"] = True
    facts = real("openings_status", at_rest, "passenger").facts
    assert facts == {"doors": "", "windows": "driver,rear_right", "boot": "false", "roof": 0}


def test_what_cannot_be_read_cannot_be_told(at_rest: dict[str, SignalValue]) -> None:
    del at_rest["Vehicle.Speed"]
    with pytest.raises(ImpossibleRequest, match="no_value"):
        real("speed", at_rest)


# The player


@pytest.mark.parametrize(
    ("intent", "arguments", "order"),
    [
        ("play_music", {}, PlayerOrder("play")),
        ("set_volume", {"percent": 30}, PlayerOrder("volume", 30)),
        ("change_volume", {"direction": "up"}, PlayerOrder("change_volume", 10.0)),
        ("change_volume", {"direction": "down", "amount": 25}, PlayerOrder("change_volume", -25.0)),
        ("shuffle", {"state": "on"}, PlayerOrder("shuffle", "on")),
        ("repeat", {"mode": "song"}, PlayerOrder("repeat", "Track")),
        ("repeat", {"mode": "none"}, PlayerOrder("repeat", "None")),
        ("what_is_playing", {}, PlayerOrder("what")),
    ],
)
def test_orders_to_the_player(intent: str, arguments: dict[str, Argument], order: PlayerOrder) -> None:
    orders = real(intent, {}, **arguments)
    assert (orders.player, orders.batches) == ((order,), ())


# Every intent of the catalogue fits the car


def everything_that_can_be_asked(name: str) -> Iterator[dict[str, Argument]]:
    """Every combination of the values of an intent's parameters; of numbers both ends and the middle."""
    parameters = CATALOGUE[name].parameters
    for values in itertools.product(*(plausible(parameter) for parameter in parameters.values())):
        yield dict(zip(parameters, values, strict=True))


def plausible(parameter: Parameter) -> list[Argument]:
    match parameter.type:
        case "zone":
            known = [*CATALOGUE.vocabulary.groups, *CATALOGUE.vocabulary.places["side"], SPEAKER]
            return [z for z in known if not parameter.zones or z in parameter.zones or z in ("front", "all", SPEAKER)]
        case "enum":
            return list(parameter.values)
        case "switch" | "direction":
            return list(PATTERNED[parameter.type])
        case "text":
            return ["Central Station"]
        case _:
            assert parameter.minimum is not None
            assert parameter.maximum is not None
            return [parameter.minimum, (parameter.minimum + parameter.maximum) / 2, parameter.maximum]


@pytest.mark.parametrize("name", CATALOGUE.intents)
def test_every_signal_of_an_intent_exists_and_takes_every_planned_value(
    name: str, at_rest: dict[str, SignalValue]
) -> None:
    for arguments in everything_that_can_be_asked(name):
        request = resolve(IntentCall(name, arguments), CATALOGUE, "driver")
        needed = signals_needed(request, CATALOGUE)
        assert needed <= CAR.keys()
        signals = any(not isinstance(effect, ControlPlayer | Navigate) for effect in request.intent.effects)
        assert bool(needed) == signals, "its zones have no place in the car"
        for batch in plan(request, CATALOGUE, at_rest).batches:
            for path, value in batch.items():
                description = CAR[path].description
                assert check_value(description, value) == value
                assert not (description.datatype in INTEGERS and isinstance(value, float))


@pytest.mark.parametrize("name", CATALOGUE.intents)
def test_every_change_of_an_intent_ends_at_a_value_that_the_car_takes(
    name: str, at_rest: dict[str, SignalValue]
) -> None:
    for effect in CATALOGUE[name].effects:
        if not isinstance(effect, ChangeSignal):
            continue
        for arguments in everything_that_can_be_asked(name):
            request = resolve(IntentCall(name, arguments), CATALOGUE, "driver")
            values = at_rest
            for _ in range(60):  # more steps than any range has
                batches = plan(request, CATALOGUE, values).batches
                for path, value in (item for batch in batches for item in batch.items()):
                    assert check_value(CAR[path].description, value) == value
                values = {**values, **{path: value for batch in batches for path, value in batch.items()}}
            assert plan(request, CATALOGUE, values).batches == ()


def test_the_car_tells_what_the_policy_looks_at() -> None:
    assert set(SITUATION_SIGNALS) <= CAR.keys()


@pytest.mark.parametrize("speaker", ZONES)
def test_every_intent_can_be_asked_for_from_every_seat_or_says_why_not(
    speaker: Zone, at_rest: dict[str, SignalValue]
) -> None:
    reasons = set()
    for name in CATALOGUE.intents:
        for arguments in everything_that_can_be_asked(name):
            try:
                plan(resolve(IntentCall(name, arguments), CATALOGUE, speaker), CATALOGUE, at_rest)
            except ImpossibleRequest as impossible:
                reasons.add(impossible.reason)
    assert reasons == ({"no_such_place"} if speaker in ("rear_left", "rear_right") else set())
