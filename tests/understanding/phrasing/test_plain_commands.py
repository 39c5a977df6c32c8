"""Plain commands as people say them: any verb, any noun, either order, and what is around them means nothing."""

from __future__ import annotations

from itertools import product

import pytest
from codriver.turn import Argument
from codriver.understanding.phrasing.templates import Templates

SWITCHES = [
    ("AC", "air_conditioning"),
    ("front defrost", "front_defrost"),
    ("heated rear screen", "rear_defrost"),
    ("front fog lights", "fog_lights"),
    ("mood lights", "ambient_light"),
    ("lane assist", "lane_warning"),
]
PUT_ON = ["bung the {} on", "{} back on again", "we could do with the {}", "the {} needs to be on", "set the {} to on"]
PUT_OFF = ["knock off the {}", "the {} should go off now", "I'm done with the {}", "the {} isn't needed any longer"]
CHINESE_SWITCHES = [("空调", "air_conditioning"), ("前挡除雾", "front_defrost"), ("雾灯", "fog_lights")]
PUT_ON_IN_CHINESE = ["{}给整一下", "咱把{}开开", "{}给打开行不", "{}安排上", "该开{}了"]
PUT_OFF_IN_CHINESE = ["{}不要了", "{}甭开了", "把{}给关了呗", "{}没必要开了"]


def understood(templates: Templates, said: str, language: str) -> list[tuple[str, dict[str, Argument]]]:
    return [(call.intent, dict(call.arguments)) for call in templates.understand(said, language)]


@pytest.mark.parametrize(
    ("frames", "switches", "language", "state"),
    [
        (PUT_ON, SWITCHES, "en", "on"),
        (PUT_OFF, SWITCHES, "en", "off"),
        (PUT_ON_IN_CHINESE, CHINESE_SWITCHES, "zh", "on"),
        (PUT_OFF_IN_CHINESE, CHINESE_SWITCHES, "zh", "off"),
    ],
)
def test_whatever_can_be_put_on_and_off_is_so_in_the_same_words(
    templates: Templates, frames: list[str], switches: list[tuple[str, str]], language: str, state: str
) -> None:
    for frame, (noun, intent) in product(frames, switches):
        calls = understood(templates, frame.format(noun), language)
        assert [(name, arguments["state"]) for name, arguments in calls] == [(intent, state)], frame.format(noun)


@pytest.mark.parametrize(
    ("said", "language", "intent", "arguments"),
    [
        ("seat heater level two for the passenger", "en", "seat_heating", {"level": "medium", "zone": "passenger"}),
        ("massage please, strongest one you've got", "en", "seat_massage", {"level": "high"}),
        ("cooled seat on its coldest", "en", "seat_ventilation", {"level": "high"}),
        ("headlights on just the ordinary dipped ones", "en", "headlights", {"mode": "on"}),
        ("a tad less lumbar", "en", "lumbar_support", {"direction": "down"}),
        ("wheel a bit higher", "en", "wheel_height", {"direction": "up"}),
        ("make the charge limit a hundred", "en", "charge_limit", {"percent": 100}),
        ("mood lighting to red all over the car", "en", "ambient_color", {"color": "red", "zone": "all"}),
        ("passenger side nineteen", "en", "set_temperature", {"temperature": 19, "zone": "passenger"}),
        ("make it good and warm in here", "en", "make_warmer", {}),
        ("fan right up", "en", "set_fan_speed", {"percent": 100}),
        ("座椅加热整到最高那档", "zh", "seat_heating", {"level": "high"}),
        ("切成内循环", "zh", "recirculation", {"state": "on"}),
        ("风调猛点", "zh", "adjust_fan", {"direction": "up"}),
        ("温度整低点儿", "zh", "make_cooler", {}),
        ("音量拧大", "zh", "change_volume", {"direction": "up"}),
        ("can I have my light on", "en", "reading_light", {"state": "on"}),
        ("put the light on", "en", "interior_light", {"state": "on"}),
        ("my light off", "en", "reading_light", {"state": "off"}),
        ("后排左边那个阅读灯点亮", "zh", "reading_light", {"state": "on", "zone": "rear_left"}),
        ("后排都二十二", "zh", "set_temperature", {"temperature": 22, "zone": "rear"}),
        ("充到百分之百", "zh", "charge_limit", {"percent": 100}),
    ],
)
def test_values_and_places_stand_where_people_put_them(
    templates: Templates, said: str, language: str, intent: str, arguments: dict[str, Argument]
) -> None:
    [(name, found)] = understood(templates, said, language)
    assert name == intent
    assert {key: value for key, value in found.items() if key in arguments} == arguments


@pytest.mark.parametrize(
    "around", ["{} come on", "{}, cheers", "right, can you {}", "do one thing, {}", "{} right away"]
)
def test_exclamations_around_a_wish_mean_nothing(templates: Templates, around: str) -> None:
    for said in ("turn the fog lights on", "open the sunroof", "turn the music down"):
        assert understood(templates, around.format(said), "en") == understood(templates, said, "en") != []


@pytest.mark.parametrize("around", ["{}好不好", "{}哈", "那啥{}", "{}来着", "麻溜的{}", "{}成吗"])
def test_chinese_exclamations_mean_nothing(templates: Templates, around: str) -> None:
    for said in ("打开雾灯", "打开天窗", "关闭空调"):
        assert understood(templates, around.format(said), "zh") == understood(templates, said, "zh") != []


@pytest.mark.parametrize("said", ["open the right window", "window on the right up", "front right window down"])
def test_the_right_side_stays_a_side(templates: Templates, said: str) -> None:
    [(_, arguments)] = understood(templates, said, "en")
    assert arguments["zone"] in ("right", "passenger")


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("it's icy", "en"),
        ("it's frosty out there", "en"),
        ("the lights should have been on", "en"),
        ("do we need the lights on", "en"),
        ("I need a massage therapist", "en"),
        ("有雾", "zh"),
        ("空气好不好", "zh"),
        ("开个玩笑", "zh"),
    ],
)
def test_what_only_sounds_like_a_command_is_left_alone(templates: Templates, said: str, language: str) -> None:
    assert understood(templates, said, language) == []


@pytest.mark.parametrize(
    ("said", "language", "meant"),
    [
        ("turn my vent off", "en", ("set_fan_speed", {"percent": 0})),
        ("put the kids' seats on low", "en", ("seat_heating", {"zone": "rear", "level": "low"})),
        ("is my seat on as well?", "en", ("seat_status", {"zone": "speaker"})),
        ("I need directions", "en", ("navigate_to", {})),
        ("give the mood lights another color", "en", ("ambient_color", {})),
        ("氛围灯给我换个颜色", "zh", ("ambient_color", {})),
        ("slide my seat back some", "en", ("move_seat", {"direction": "back"})),
    ],
)
def test_short_for_what_it_is_about(
    templates: Templates, said: str, language: str, meant: tuple[str, dict[str, Argument]]
) -> None:
    assert understood(templates, said, language) == [meant]


def test_back_is_no_place_of_the_seat_that_moves_there(templates: Templates) -> None:
    moved = templates.part("", "slide my seat back some", "lean me back a little too", "en")
    assert moved is not None
    assert moved.arguments == {"direction": "back"}
