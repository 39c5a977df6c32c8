"""The words of instructions, in every language that there are words for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from codriver.services.navigation.faults import NavigationFault, NoMap
from codriver.services.navigation.guidance.guide import Tell
from codriver.services.navigation.guidance.moments import Stage
from codriver.services.navigation.guidance.wording import instruction, instructions, said_distance
from codriver.services.navigation.routing.routes import Maneuver, ManeuverKind, Route, Saying
from codriver.services.navigation.words import languages, words_for

from tests.services.navigation.guidance.roads import HOME

KINDS = list(ManeuverKind)
RIGHT = Maneuver(
    ManeuverKind.RIGHT,
    0,
    1,
    400.0,
    40.0,
    ("Mannerheimintie", "E 12"),
    {
        "en": Saying(
            "Turn right onto Mannerheimintie.", "Turn right onto Mannerheimintie, E 12.", "Continue for 400 meters."
        )
    },
)
ARRIVAL = Maneuver(
    ManeuverKind.DESTINATION_LEFT,
    1,
    1,
    0.0,
    0.0,
    (),
    {"en": Saying("Kiasma will be on the left.", "Kiasma is on the left.", "")},
    stop="Kiasma",
)


def one(maneuver: Maneuver, *more: Maneuver) -> Route:
    return Route((HOME, HOME), (maneuver, *more), 400.0, 40.0)


@pytest.mark.parametrize(
    ("maneuver", "stage", "distance", "english", "chinese"),
    [
        (
            RIGHT,
            Stage.FAR,
            512,
            "In 500 meters, turn right onto Mannerheimintie.",
            "前方500米，右转，进入Mannerheimintie。",
        ),
        (
            RIGHT,
            Stage.NEAR,
            118,
            "In 120 meters, turn right onto Mannerheimintie.",
            "前方120米，右转，进入Mannerheimintie。",
        ),
        (RIGHT, Stage.NOW, 20, "Turn right onto Mannerheimintie, E 12.", "右转，进入Mannerheimintie。"),
        (RIGHT, Stage.AFTER, 2030, "Continue for 400 meters.", "沿Mannerheimintie行驶2公里。"),
        (ARRIVAL, Stage.NEAR, 90, "In 90 meters, Kiasma will be on the left.", "前方90米，Kiasma在您的左侧。"),
        (ARRIVAL, Stage.NOW, 0, "Kiasma is on the left.", "您已到达，Kiasma在您的左侧。"),
        (replace(ARRIVAL, stop=""), Stage.NOW, 0, "Kiasma is on the left.", "您已到达，目的地在您的左侧。"),
        (replace(RIGHT, streets=()), Stage.NOW, 0, "Turn right onto Mannerheimintie, E 12.", "右转。"),
    ],
)
def test_a_maneuver_is_said_at_each_stage(
    maneuver: Maneuver, stage: Stage, distance: float, english: str, chinese: str
) -> None:
    text, texts = instructions(one(maneuver), Tell(0, stage, distance), "zh-CN")
    assert texts == {"en": english, "zh": chinese}
    assert text == chinese


def test_in_chinese_what_follows_closely_is_said_with_it() -> None:
    both = one(replace(RIGHT, combined=True), ARRIVAL)
    assert instruction(both, 0, Stage.NOW, 10, "zh") == "右转，进入Mannerheimintie，然后Kiasma在您的左侧。"


@pytest.mark.parametrize(
    ("changes", "chinese"),
    [
        (
            {"kind": ManeuverKind.ROUNDABOUT_ENTER, "count": 3, "leaving": "Mäkelänkatu"},
            "进入环岛，从第3个出口驶出，进入Mäkelänkatu。",
        ),
        ({"kind": ManeuverKind.ROUNDABOUT_ENTER, "count": 2}, "进入环岛，从第2个出口驶出。"),
        ({"kind": ManeuverKind.ROUNDABOUT_ENTER}, "进入环岛。"),
        ({"kind": ManeuverKind.EXIT_RIGHT, "exit": "7B", "toward": "Tampere"}, "从右侧7B号出口驶出，往Tampere方向。"),
        ({"kind": ManeuverKind.RAMP_LEFT, "toward": "Turku"}, "从左侧进入匝道，往Turku方向。"),
        ({"kind": ManeuverKind.FERRY_ENTER, "streets": ("Suomenlinnan",)}, "登上Suomenlinnan渡轮。"),
        ({"kind": ManeuverKind.MERGE_LEFT}, "向左并入主路。"),
    ],
)
def test_chinese_names_exits_roundabouts_ramps_and_ferries(changes: dict[str, object], chinese: str) -> None:
    assert instruction(one(replace(RIGHT, **({"streets": ()} | changes))), 0, Stage.NOW, 0, "zh") == chinese  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)
@pytest.mark.parametrize("stage", list(Stage), ids=lambda stage: stage.name)
def test_every_kind_of_maneuver_has_chinese_words(kind: ManeuverKind, stage: Stage) -> None:
    bare = replace(RIGHT, kind=kind, streets=())
    text = instruction(one(bare), 0, stage, 150, "zh")
    assert text.endswith("。")
    assert not set("{}") & set(text)


@pytest.mark.parametrize("language", languages())
def test_every_language_has_words_for_every_fault(language: str) -> None:
    kinds = {NavigationFault.code, *(kind.code for kind in NavigationFault.__subclasses__())}
    assert set(words_for(language).faults) == kinds


def test_a_fault_is_told_in_the_language_asked_for() -> None:
    assert str(NoMap().in_language("zh")) == "车上没有地图，请先安装地图。"
    assert str(NoMap().in_language("xx")) == str(NoMap())


@pytest.mark.parametrize(
    ("metres", "english", "chinese"),
    [
        (3, "10 meters", "10米"),
        (87, "90 meters", "90米"),
        (263, "260 meters", "260米"),
        (420, "400 meters", "400米"),
        (960, "1 kilometer", "1公里"),
        (1540, "1.5 kilometers", "1.5公里"),
        (12_400, "12 kilometers", "12公里"),
    ],
)
def test_distances_are_rounded_as_people_say_them(metres: float, english: str, chinese: str) -> None:
    assert said_distance(metres, words_for("en").distances) == english
    assert said_distance(metres, words_for("zh").distances) == chinese


def test_a_street_name_with_braces_is_only_a_name() -> None:
    odd = replace(RIGHT, streets=("{street} {0} %s",))
    assert instruction(one(odd), 0, Stage.NOW, 0, "zh") == "右转，进入{street} {0} %s。"
