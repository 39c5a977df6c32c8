"""Reading intent files: every fault is named with its file, its line and what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from codriver.catalogue.loading import CatalogueError, load_catalogue, locate
from codriver.folders import intents_folder

type Write = Callable[[str, str], Path]


LAMP = """\
domain: lamps
intents:
  lamp:
    description: Switch the lamp.
    safety: comfort
    parameters:
      state: {type: switch, required: true, noun: {en: lamp, zh: 灯}}
    effects:
      - {set: Vehicle.Lamp, to: "{state}"}
    answers:
      en: {done: "The lamp is {state}."}
      zh: {done: "灯已{state}。"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the real vocabulary and no intents."""
    shutil.copy(intents_folder() / "vocabulary.yaml", tmp_path)
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Write:
    def write(name: str, text: str) -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def faults_of(*folders: Path) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folders)
    return [str(fault) for fault in caught.value.faults]


def test_the_real_catalogue_has_at_least_forty_intents_in_eight_domains() -> None:
    catalogue = load_catalogue([intents_folder()])
    assert len(catalogue.intents) >= 40
    domains = {"climate", "drive", "lights", "media", "navigation", "openings", "seats", "status"}
    assert set(catalogue.domains.values()) == domains
    assert set(catalogue.domains) == set(catalogue.intents)


def test_an_intent_is_read_as_it_stands(folder: Path, write: Write) -> None:
    write("lamps.yaml", LAMP)
    lamp = load_catalogue([folder])["lamp"]
    assert lamp.description == "Switch the lamp."
    assert lamp.parameters["state"].noun == {"en": ("lamp",), "zh": ("灯",)}
    assert lamp.answers["en"].done == ("The lamp is {state}.",)


def test_an_unknown_language_is_answered_in_the_first() -> None:
    catalogue = load_catalogue([intents_folder()])
    assert catalogue.language("xx").name == "English"
    assert catalogue.language("zh").name == "中文"


def test_on_off_yes_and_no_are_words_and_true_and_false_are_not(folder: Path, write: Write) -> None:
    text = LAMP.replace('to: "{state}"}', "to: {state}, values: {on: true, off: No}}").replace(
        "{state}", '"{state}"', 1
    )
    write("lamps.yaml", text)
    [effect] = load_catalogue([folder])["lamp"].effects
    assert effect.model_dump()["values"] == {"on": True, "off": "No"}


@pytest.mark.parametrize(
    ("old", "new", "line", "text"),
    [
        ("safety: comfort", "safety: cosy", 5, "intents.lamp.safety: Input should be 'status', 'comfort'"),
        ("safety: comfort", "safety: comfort\n    safe: true", 6, "intents.lamp.safe: there is no such key"),
        ("    description: Switch the lamp.\n", "", 3, "intents.lamp.description: this key is missing"),
        ("required: true", "required: [1]", 7, "required: Input should be a valid boolean"),
        ("type: switch", "type: swich", 7, "type: Input should be 'zone', 'integer'"),
        ("type: switch", "type: enum", 7, "an enum needs 'values', and only an enum has them"),
        ("type: switch", "type: zone", 7, "a zone has no 'noun'"),
        ("required: true", "minimum: 1", 7, "only an integer or a number has a minimum and a maximum"),
        (", noun: {en: lamp, zh: 灯}", "}\n      n: {type: integer, minimum: 3, maximum: 2", 8, "minimum is greater"),
        (
            ", noun: {en: lamp, zh: 灯}",
            "}\n      e: {type: enum, default: x, values: {a: {}}",
            8,
            "is none of the values",
        ),
        (
            "- {set: Vehicle.Lamp,",
            "- {sett: Vehicle.Lamp,",
            9,
            "an effect starts with one of the keys set, change, read",
        ),
        ("- {set: Vehicle.Lamp,", "- {player: dance,", 9, "Input should be 'play', 'pause'"),
        ("{set: Vehicle.Lamp,", "{set: Vehicle.Lamp, after: 3,", 9, "after: there is no such key"),
        ("domain: lamps", "domain: lights", 1, "the domain must be named 'lamps', as its file"),
        ("    safety: comfort\n", "    safety: comfort\n    safety: media\n", 6, "'safety' stands on line 5 already"),
        ("intents:\n  lamp:\n", "intents:\n  lamp: {}\n  lamp:\n", 4, "'lamp' stands on line 3 already"),
        ("  lamp:\n", "  lamp: [\n", 5, "no YAML: "),
        ("domain: lamps\n", "domain: lamps\n\ttab: 1\n", 2, "no YAML: "),
    ],
)
def test_a_fault_is_named_with_its_line(folder: Path, write: Write, old: str, new: str, line: int, text: str) -> None:
    assert old in LAMP
    path = write("lamps.yaml", LAMP.replace(old, new, 1))
    first = faults_of(folder)[0]
    assert first.startswith(f"{path}:{line}: ")
    assert text in first


def test_an_intent_may_not_stand_in_two_files(folder: Path, write: Write) -> None:
    write("lamps.yaml", LAMP)
    other = write("more.yaml", LAMP.replace("domain: lamps", "domain: more"))
    assert faults_of(folder) == [f"{other}:3: 'lamp' is in lamps.yaml too: give one of them another name"]


def test_another_folder_adds_intents_and_overrides_those_of_the_same_name(
    folder: Path, write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lamps = write("lamps.yaml", LAMP)
    other = tmp_path_factory.mktemp("own")
    bulbs = other / "bulbs.yaml"
    bulbs.write_text(LAMP.replace("lamp:", "bulb:").replace("lamps", "bulbs"), encoding="utf-8")
    added = load_catalogue([folder, other])
    assert added.homes == {"lamp": lamps, "bulb": bulbs}
    mine = LAMP.replace("lamps", "bulbs").replace("Switch the lamp", "Switch my own").replace("comfort", "parked")
    bulbs.write_text(mine, encoding="utf-8")
    overridden = load_catalogue([folder, other])
    assert overridden["lamp"].description == "Switch my own."
    assert (overridden["lamp"].safety, overridden.domains) == ("parked", {"lamp": "bulbs"})
    assert locate([folder, other], "lamp") == (bulbs, 3)


def test_an_override_names_its_safety_class_again(
    folder: Path, write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write("lamps.yaml", LAMP)
    other = tmp_path_factory.mktemp("own")
    (other / "lamps.yaml").write_text(LAMP.replace("    safety: comfort\n", ""), encoding="utf-8")
    assert faults_of(folder, other) == [f"{other / 'lamps.yaml'}:3: intents.lamp.safety: this key is missing"]


def test_a_repeat_within_the_other_folder_is_a_fault(
    folder: Path, write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write("lamps.yaml", LAMP)
    other = tmp_path_factory.mktemp("own")
    for name in ("one", "two"):
        (other / f"{name}.yaml").write_text(LAMP.replace("lamps", name), encoding="utf-8")
    assert faults_of(folder, other) == [
        f"{other / 'two.yaml'}:3: 'lamp' is in one.yaml too: give one of them another name"
    ]


def test_an_editors_hidden_file_is_left_out(folder: Path, write: Write) -> None:
    write("lamps.yaml", LAMP)
    (folder / ".#lamps.yaml").symlink_to("nowhere")
    assert list(load_catalogue([folder]).intents) == ["lamp"]


def test_a_folder_without_vocabulary_says_so(tmp_path: Path) -> None:
    (tmp_path / "lamps.yaml").write_text(LAMP, encoding="utf-8")
    missing = "the file that names the languages and zones is missing"
    assert faults_of(tmp_path) == [f"{tmp_path / 'vocabulary.yaml'}:1: {missing}"]


def test_no_folder_at_all_says_so() -> None:
    [fault] = faults_of()
    assert "vocabulary.yaml:1:" in fault


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n"])
def test_an_empty_file_says_so(folder: Path, write: Write, text: str) -> None:
    path = write("lamps.yaml", text)
    assert faults_of(folder) == [f"{path}:1: the file is empty"]


@pytest.mark.parametrize("text", ["just words", "- a\n- list\n", "42\n", "null\n"])
def test_a_file_that_is_no_mapping_says_so(folder: Path, write: Write, text: str) -> None:
    path = write("lamps.yaml", text)
    [fault] = faults_of(folder)
    assert fault.startswith(f"{path}:1: ")


def test_a_file_that_is_no_text_says_so(folder: Path) -> None:
    path = folder / "lamps.yaml"
    path.write_bytes(b"\xff\xfe\x00domain")
    [fault] = faults_of(folder)
    assert fault.startswith(f"{path}:1: cannot be read: ")


@pytest.mark.parametrize(
    "text",
    [
        "domain: lamps\nintents: &a [*b]\n",
        pytest.param("domain: lamps\nintents: \x00\n"),
        pytest.param("domain: lamps\nintents: !!python/object:os.system x\n"),
        pytest.param("domain: lamps\nintents:\n  ? [a, b]\n  : c\n"),
    ],
)
def test_what_yaml_itself_cannot_take_says_so(folder: Path, write: Write, text: str) -> None:
    path = write("lamps.yaml", text)
    assert faults_of(folder)[0].startswith(f"{path}:")


def test_all_faults_of_all_files_are_named_at_once(folder: Path, write: Write) -> None:
    one = write("lamps.yaml", LAMP.replace("safety: comfort", "safety: cosy").replace("type: switch", "type: swich"))
    two = write("more.yaml", "")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue([folder])
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [(one, 5), (one, 7), (two, 1)]
    assert str(caught.value).endswith("(and 2 more)")
    assert "\n" not in str(caught.value)


def test_an_intent_is_found_again(folder: Path, write: Write) -> None:
    path = write("lamps.yaml", LAMP)
    assert locate([folder], "lamp") == (path, 3)
    assert locate([folder], "lamp", ["answers", "zh"]) == (path, 12)
    assert locate([folder], "lamp", ["sentences", "en", 3]) == (path, 3)
    assert locate([folder], "nobody") == (folder, 1)


def test_what_asks_for_nothing_is_gathered_from_all_files(folder: Path, write: Write) -> None:
    write("lamps.yaml", LAMP + "unrelated: {en: [a bright idea], zh: [灯会真好看]}\n")
    write("chatter.yaml", "domain: chatter\nintents: {}\nunrelated: {en: [hello there, who are you]}\n")
    catalogue = load_catalogue([folder])
    assert sorted(catalogue.unrelated["en"]) == ["a bright idea", "hello there", "who are you"]
    assert catalogue.unrelated["zh"] == ("灯会真好看",)


def test_examples_and_topics_are_read(folder: Path, write: Write) -> None:
    example = "{say: [I can see nothing], given: {state: 'on'}}"
    write("lamps.yaml", f"{LAMP}    topic: {{en: lamp}}\n    examples: {{en: [{example}]}}\n    model: false\n")
    lamp = load_catalogue([folder])["lamp"]
    [phrasing] = lamp.examples["en"]
    assert (phrasing.say, phrasing.given) == (("I can see nothing",), {"state": "on"})
    assert (lamp.topic, lamp.model) == ({"en": "lamp"}, False)
