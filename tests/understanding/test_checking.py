"""Catalogues that say one thing and mean another."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from codriver.folders import intents_folder
from codriver.understanding.checking import check_catalogue
from codriver.understanding.phrasing.drawing import draw
from codriver.understanding.phrasing.templates import Templates

type Write = Callable[[str], Path]

LAMPS = """\
domain: lamps
intents:
  lamp:
    description: Switch the lamp.
    safety: comfort
    parameters:
      state: {type: switch, required: true}
      mode: {type: enum, values: {soft: {}, hard: {}}}
    effects:
      - {set: Vehicle.Lamp, to: "{state}"}
    sentences:
      en:
        - {say: "lamp on", given: {state: "on"}}
      zh:
        - {say: 开灯, given: {state: "on"}}
    answers:
      en: {done: "The lamp is {state}."}
      zh: {done: "灯已{state}。"}
  torch:
    description: Switch the torch.
    safety: comfort
    sentences:
      en: ["torch on"]
      zh: [手电筒]
    answers:
      en: {done: "The torch is on."}
      zh: {done: "手电筒已打开。"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(intents_folder() / "vocabulary.yaml", tmp_path)
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Write:
    def write(text: str) -> Path:
        path = folder / "lamps.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def faults_of(folder: Path) -> list[str]:
    return [str(fault) for fault in check_catalogue([folder])]


def test_the_real_catalogue_is_without_faults() -> None:
    assert [str(fault) for fault in check_catalogue([intents_folder()], samples=1)] == []


def test_a_small_catalogue_is_without_faults(folder: Path, write: Write) -> None:
    write(LAMPS)
    assert faults_of(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "text"),
    [
        ('"torch on"', '"[the] lamp on"', 23, "'lamp on' is taken by 'lamp': make one of the two templates narrower"),
        ("[手电筒]", "[开灯]", 24, "'开灯' is taken by 'lamp'"),
        ("{say: 开灯, ", "{say: 可以开那个灯, ", 14, "'可以开那个灯' is taken by 'nobody'"),
        ("      zh: [手电筒]\n", "", 22, "there is no way to say it in 'zh': add sentences"),
        ('      zh: {done: "手电筒已打开。"}\n', "", 25, "it has no answers in 'zh': add some"),
        ('- {say: "lamp on", given: {state', '- {say: "lamp on", given: {stat', 13, "there is no parameter 'stat'"),
        ('{state: "on"}}\n      zh', "{mode: bright}}\n      zh", 13, "mode is none of soft, hard, but 'bright'"),
        (
            "set: Vehicle.Lamp",
            'set: "Vehicle.{zone:garage}.Lamp"',
            10,
            "names a place that the vocabulary does not have",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(folder: Path, write: Write, old: str, new: str, line: int, text: str) -> None:
    assert old in LAMPS
    path = write(LAMPS.replace(old, new))
    faults = faults_of(folder)
    assert any(fault.startswith(f"{path}:{line}: ") and text in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"torch on"', '"torch (on"', 23),
        ('"torch on"', '"torch {nothing}"', 23),
        ('"torch on"', '"torch <nothing>"', 23),
        ("{type: switch, required: true}", '{type: switch, noun: {en: "(lamp"}}', 7),
        ("{soft: {}, hard", '{soft: {said: {en: "[soft"}}, hard', 8),
    ],
)
def test_a_template_that_cannot_be_parsed_is_named_with_its_line(
    folder: Path, write: Write, old: str, new: str, line: int
) -> None:
    path = write(LAMPS.replace(old, new))
    assert any(fault.startswith(f"{path}:{line}: ") for fault in faults_of(folder))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('to: "{state}"}', 'to: "{stat}"}', 10),
        ('{state: "on"}}\n      zh', '{state: "loud"}}\n      zh', 13),
        ('"The lamp is {state}."', '"The lamp is {stat}."', 17),
    ],
)
def test_a_name_that_is_none_is_found_where_it_is_used(
    folder: Path, write: Write, old: str, new: str, line: int
) -> None:
    assert old in LAMPS
    path = write(LAMPS.replace(old, new))
    assert any(fault.startswith(f"{path}:{line}: ") for fault in faults_of(folder))


def test_a_collision_is_told_once(folder: Path, write: Write) -> None:
    write(LAMPS.replace('"torch on"', '"lamp on"'))
    assert len(faults_of(folder)) == 1


def test_faults_of_shape_come_alone(folder: Path, write: Write) -> None:
    path = write(LAMPS.replace("safety: comfort", "safety: cosy"))
    assert [fault.split(": ")[0] for fault in faults_of(folder)] == [f"{path}:5", f"{path}:21"]


def test_what_is_drawn_from_a_template_is_understood(templates: Templates) -> None:
    choose = random.Random(7)
    drawn = [(name, draw(s.template, s.lists, s.rules, choose)) for name, s in templates.sentences("en")]
    assert len({name for name, _ in drawn}) >= 75
    assert not [said for _, said in drawn if set(said) & set("[]{}<>|()")]
    understood = sum(any(m.call.intent == name for m in templates.candidates(said, "en")) for name, said in drawn)
    assert understood >= 0.99 * len(drawn)


@pytest.mark.parametrize(
    ("effect", "line", "text"),
    [
        ('{call: org.example.Lamp1.Blink, args: ["{stat}"]', 10, "there is no parameter 'stat'"),
        ('{call: org.example.Lamp1.Blink, args: [["{stat}"]]', 10, "there is no parameter 'stat'"),
        ('{call: org.example.Lamp1.Blink, args: ["{zone:seat}"]', 10, "there is no parameter 'zone:seat'"),
        ('{call: org.example.Lamp1.Blink, args: ["{state}"], signature: u', 10, "does not fit the D-Bus type 'u'"),
        ('{set: org.example.Lamp1.Light, to: "{state}", signature: s', 10, "does not fit the D-Bus type 's'"),
        ("{call: Blink", 10, "'Blink' is not an interface and its member"),
        ("{call: org.example.Lamp1.Blink, signature: s", 10, "has 1 types, and args has 0 values"),
    ],
)
def test_a_fault_of_a_service_is_named_with_its_line(
    folder: Path, write: Write, effect: str, line: int, text: str
) -> None:
    place = "on: org.example.Lamp1, at: /org/example/Lamp1}"
    path = write(LAMPS.replace('{set: Vehicle.Lamp, to: "{state}"}', f"{effect}, {place}"))
    faults = faults_of(folder)
    assert any(fault.startswith(f"{path}:{line}: ") and text in fault for fault in faults), faults


def test_an_answer_may_name_what_is_read_of_a_service(folder: Path, write: Write) -> None:
    read = "{read: org.example.Lamp1.Light, name: light, on: org.example.Lamp1, at: /org/example/Lamp1}"
    changed = LAMPS.replace('{set: Vehicle.Lamp, to: "{state}"}', read).replace("is {state}", "is {light}")
    write(changed)
    assert faults_of(folder) == []


def test_the_intents_of_a_user_may_do_with_one_language(tmp_path_factory: pytest.TempPathFactory) -> None:
    users = tmp_path_factory.mktemp("users")
    path = users / "lamps.yaml"
    english = LAMPS.replace('      zh:\n        - {say: 开灯, given: {state: "on"}}\n', "")
    english = english.replace('      zh: {done: "灯已{state}。"}\n', "").replace("      zh: [手电筒]\n", "")
    path.write_text(english, encoding="utf-8")
    assert [str(fault) for fault in check_catalogue([intents_folder(), users], samples=1)] == []
    path.write_text(english.replace('      en: {done: "The torch is on."}\n', ""), encoding="utf-8")
    faults = [str(fault) for fault in check_catalogue([intents_folder(), users], samples=1)]
    assert faults == [f"{path}:21: it has no answers in 'en': add some"]


def test_the_fragrance_dispenser_is_without_faults_beside_the_real_catalogue() -> None:
    fragrance = Path(__file__).parents[1] / "fragrance"
    assert [str(fault) for fault in check_catalogue([intents_folder(), fragrance], samples=1)] == []
