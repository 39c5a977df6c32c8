"""Wishes as tersely as they are said: a thing and how, who it is for, a share of a whole, one thing for another."""

from __future__ import annotations

import pytest
from codriver.acting.planning import resolve
from codriver.catalogue import Catalogue
from codriver.turn import Argument, IntentCall, Zone
from codriver.understanding.phrasing.free_text import FreeTexts
from codriver.understanding.phrasing.templates import Templates

type Calls = list[tuple[str, dict[str, Argument]]]


def understood(templates: Templates, said: str) -> Calls:
    language = "en" if said.isascii() else "zh"
    return [(call.intent, dict(call.arguments)) for call in templates.understand(said, language)]


@pytest.mark.parametrize(
    ("said", "intent", "arguments"),
    [
        ("them wing mirrors in", "fold_mirrors", {"position": "folded"}),
        ("mirrors away", "fold_mirrors", {"position": "folded"}),
        ("mirrors demisted", "mirror_heating", {"state": "on"}),
        ("lock the lot", "lock_doors", {}),
        ("blind across", "sunshade", {"position": "closed"}),
        ("sunshade halfway", "sunshade", {"position": "half"}),
        ("wipers up a notch", "wipers", {"mode": "fast"}),
        ("wipers on number two", "wipers", {"mode": "medium"}),
        ("a bit of aircon wouldn't go amiss", "air_conditioning", {"state": "on"}),
        ("put on the AC na", "air_conditioning", {"state": "on"}),
        ("some cooling would be lovely", "air_conditioning", {"state": "on"}),
        ("screen up full", "display_brightness", {"percent": 100}),
        ("volume up full", "set_volume", {"percent": 100}),
        ("seat back as far as it goes", "move_seat", {"direction": "all_back"}),
        ("window down on my side", "open_window", {"zone": "speaker"}),
        ("ambient purple", "ambient_color", {"color": "purple"}),
        ("雨刷刷起来", "wipers", {"mode": "medium"}),
        ("雨刮来个最快的", "wipers", {"mode": "fast"}),
        ("雨刷间歇那种", "wipers", {"mode": "interval"}),
        ("座椅加热来个最大的", "seat_heating", {"level": "high"}),
        ("座椅通风来一个", "seat_ventilation", {}),
        ("后视镜掰进来", "fold_mirrors", {"position": "folded"}),
        ("全给锁上", "lock_doors", {}),
        ("前挡风除个雾", "front_defrost", {"state": "on"}),
        ("氛围灯换个紫色", "ambient_color", {"color": "purple"}),
        ("切到运动", "drive_mode", {"mode": "sport"}),
        ("副驾调到二十四", "set_temperature", {"zone": "passenger", "temperature": 24}),
    ],
)
def test_a_thing_and_how_it_shall_be_is_an_order(
    templates: Templates, said: str, intent: str, arguments: dict[str, Argument]
) -> None:
    assert understood(templates, said) == [(intent, arguments)]


@pytest.mark.parametrize(
    ("said", "intent", "arguments"),
    [
        ("window down a third of the way", "set_window_position", {"position": 33}),
        ("let it charge right up to a hundred", "charge_limit", {"percent": 100}),
        ("from now on no charging past ninety", "charge_limit", {"percent": 90}),
        ("charge no further than 80", "charge_limit", {"percent": 80}),
        ("screen on night colours", "display_mode", {"mode": "night"}),
        ("左后窗降三成", "set_window_position", {"zone": "rear_left", "position": 30}),
        ("风量开到八成", "set_fan_speed", {"percent": 80}),
        ("屏幕亮度五成半", "display_brightness", {"percent": 55}),
        ("以后别充超过九十", "charge_limit", {"percent": 90}),
        ("换个深色主题", "display_mode", {"mode": "night"}),
    ],
)
def test_shares_and_limits_are_values(
    templates: Templates, said: str, intent: str, arguments: dict[str, Argument]
) -> None:
    assert understood(templates, said) == [(intent, arguments)]


@pytest.mark.parametrize(
    ("said", "intent", "zone"),
    [
        ("seat heating on for both of us", "seat_heating", "us_two"),
        ("heated seats on for both of us up front", "seat_heating", "front"),
        ("twenty-three all round", "set_temperature", "all"),
        ("24 up front", "set_temperature", "front"),
        ("my wife's window down", "open_window", "neighbour"),
        ("fan up on her side", "adjust_fan", "neighbour"),
        ("twenty for him next to me", "set_temperature", "neighbour"),
        ("some heat for the kids in the back", "make_warmer", "rear"),
        ("turn the fan down for the little ones", "adjust_fan", "rear"),
        ("我们俩都二十二度", "set_temperature", "us_two"),
        ("我这儿二十二度", "set_temperature", "speaker"),
        ("后头的窗户关上", "close_window", "rear"),
        ("副驾那位的座椅加热打开", "seat_heating", "passenger"),
        ("后排给二十五", "set_temperature", "rear"),
        ("旁边那位的座椅加热打开", "seat_heating", "neighbour"),
        ("四个座位都二十三度", "set_temperature", "all"),
    ],
)
def test_people_and_corners_are_places(templates: Templates, said: str, intent: str, zone: str) -> None:
    [(name, arguments)] = understood(templates, said)
    assert (name, arguments.get("zone")) == (intent, zone)


@pytest.mark.parametrize(
    ("zone", "speaker", "meant"),
    [
        ("neighbour", "driver", ("passenger",)),
        ("neighbour", "passenger", ("driver",)),
        ("us_two", "passenger", ("driver", "passenger")),
        ("us_two", "rear_left", ("rear_left", "rear_right")),
    ],
)
def test_who_is_meant_depends_on_who_speaks(
    catalogue: Catalogue, zone: str, speaker: Zone, meant: tuple[str, ...]
) -> None:
    assert resolve(IntentCall("seat_heating", {"zone": zone}), catalogue, speaker).zones == meant


@pytest.mark.parametrize(
    ("said", "calls"),
    [
        ("boot down and lock the lot", [("close_boot", {}), ("lock_doors", {})]),
        (
            "方向盘和座椅的加热统统关掉",
            [("wheel_heating", {"state": "off"}), ("seat_heating", {"level": "off"})],
        ),
        ("座椅别加热了换成通风", [("seat_heating", {"level": "off"}), ("seat_ventilation", {})]),
    ],
)
def test_several_wishes_are_told_apart(templates: Templates, said: str, calls: Calls) -> None:
    assert understood(templates, said) == calls


@pytest.mark.parametrize(
    "said",
    [
        "那还能跑多远呢",
        "will we make it on this charge",
        "do we need to charge soon",
    ],
)
def test_the_range_is_asked_for_in_many_words(templates: Templates, said: str) -> None:
    assert understood(templates, said) == [("range", {})]


@pytest.mark.parametrize("said", ["tyre pressure front right", "pressure of the rear left tyre", "轮胎气压看一下"])
def test_one_tyre_is_asked_after(templates: Templates, said: str) -> None:
    assert understood(templates, said) == [("tyre_pressure", {})]


@pytest.mark.parametrize(
    "said",
    [
        "my wife is a good driver",
        "my wife told me to open the window",
        "don't open my wife's window",
        "leave my husband's seat alone",
        "his window of opportunity",
        "both of us are hungry",
        "some new wipers would be nice",
        "heated seats would be nice",
        "did you lock the lot",
        "charge my phone no further than 80",
        "no charging past midnight",
        "are the mirrors in",
        "the screen is full",
        "back to normal",
        "the kids are asleep",
        "他八成不来了",
        "十成把握",
        "别超过九十迈",
        "最多开到九十",
        "手机充到百分之九十",
        "后排的孩子睡着了",
        "后排给孩子坐",
        "座椅加热能换成通风吗",
        "我老婆是医生",
        "换成运动鞋",
        "雨刷刷不干净",
        "氛围灯是蓝的",
    ],
)
def test_what_only_sounds_terse_is_left_alone(templates: Templates, said: str) -> None:
    assert understood(templates, said) == []


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("路上再放点音乐听", "zh"),
        ("路上听听新闻", "zh"),
        ("顺便打开空调", "zh"),
        ("导航去公司，路上听听新闻", "zh"),
    ],
)
def test_what_is_to_be_done_on_the_way_is_no_place(catalogue: Catalogue, said: str, language: str) -> None:
    assert FreeTexts(catalogue).best(said, language) is None


@pytest.mark.parametrize(
    ("said", "place"), [("导航到来福士", "来福士"), ("导航到听雨轩", "听雨轩"), ("路上在放生桥停一下", "放生桥")]
)
def test_places_may_begin_like_a_verb(catalogue: Catalogue, said: str, place: str) -> None:
    match = FreeTexts(catalogue).best(said, "zh")
    assert match is not None
    assert match.call.arguments["place"] == place


@pytest.mark.parametrize(
    ("said", "intent", "arguments"),
    [
        ("fan at sixty for the kids in the back, thirty for me", "set_fan_speed", {"percent": 30, "zone": "speaker"}),
        ("temperature 22 for me and 20 for the back", "set_temperature", {"temperature": 20, "zone": "rear"}),
        ("volume at 40 and 20 degrees for me", "set_temperature", {"temperature": 20, "zone": "speaker"}),
        ("driver's window down, passenger's up", "close_window", {"zone": "passenger"}),
        ("driver's seat heating on three, passenger's on one", "seat_heating", {"zone": "passenger", "level": "low"}),
        ("主驾座椅加热三档，副驾一档", "seat_heating", {"zone": "passenger", "level": "low"}),
        ("前排车窗打开，后排关上", "close_window", {"zone": "rear"}),
        ("主驾风量六成，后排三成", "set_fan_speed", {"zone": "rear", "percent": 30}),
    ],
)
def test_a_place_and_a_value_go_on_with_what_was_named_before(
    templates: Templates, said: str, intent: str, arguments: dict[str, Argument]
) -> None:
    assert understood(templates, said)[1:] == [(intent, arguments)]


@pytest.mark.parametrize(
    "said", ["driver's window down, passenger is asleep", "前排车窗打开，后排有人", "front fan at 60, back in 20"]
)
def test_what_is_told_of_a_place_is_no_wish(templates: Templates, said: str) -> None:
    assert understood(templates, said) == []
