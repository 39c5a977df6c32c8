"""The catalogue as the language model's tools."""

from __future__ import annotations

import jsonschema
import pytest
from codriver.catalogue import Catalogue
from codriver.engines.thinker.events import Tools
from codriver.understanding.toolbox import tools_of

ZONES = ["driver", "passenger", "rear_left", "rear_right", "front", "rear", "all"]


@pytest.fixture(scope="module")
def tools(catalogue: Catalogue) -> Tools:
    return tools_of(catalogue)


def test_every_intent_is_a_tool(tools: Tools, catalogue: Catalogue) -> None:
    assert [tool.name for tool in tools.tools] == list(catalogue.intents)
    assert all(tool.description for tool in tools.tools)
    assert tools.instructions == catalogue.vocabulary.thinking.instructions


def test_an_intent_that_the_model_is_not_told_of_is_not_listed(tools: Tools, catalogue: Catalogue) -> None:
    boot = catalogue["open_boot"].model_copy(update={"model": False})
    without = tools_of(catalogue.model_copy(update={"intents": {**catalogue.intents, "open_boot": boot}}))
    assert "open_boot" in {tool.name for tool in without.tools}
    assert "open_boot" not in {tool.name for tool in without.listed.tools}
    assert len(without.listed.tools) == len(tools.listed.tools) - 1


@pytest.mark.parametrize(
    ("name", "properties", "required"),
    [
        (
            "set_temperature",
            {
                "temperature": {"type": "number", "minimum": 16, "maximum": 28},
                "zone": {"type": "string", "enum": ZONES},
            },
            ["temperature"],
        ),
        ("set_fan_speed", {"percent": {"type": "integer", "minimum": 0, "maximum": 100}}, ["percent"]),
        ("air_conditioning", {"state": {"type": "string", "enum": ["on", "off"]}}, ["state"]),
        ("adjust_fan", {"direction": {"type": "string", "enum": ["up", "down"]}}, ["direction"]),
        (
            "drive_mode",
            {"mode": {"type": "string", "enum": ["normal", "sport", "eco", "snow", "rain"]}},
            ["mode"],
        ),
        ("seat_heating", {"level": {"type": "string", "enum": ["off", "low", "medium", "high"]}}, []),
        ("open_boot", {}, []),
    ],
)
def test_the_schema_of_a_tool(tools: Tools, name: str, properties: dict[str, object], required: list[str]) -> None:
    schema = next(tool for tool in tools.tools if tool.name == name).parameters
    assert (schema["type"], schema["required"]) == ("object", required)
    assert {key: schema["properties"][key] for key in properties} == properties


def test_a_description_of_a_parameter_is_passed_on(tools: Tools) -> None:
    schema = next(tool for tool in tools.tools if tool.name == "make_warmer").parameters
    assert schema["properties"]["amount"]["description"] == "by how many degrees"


def test_only_the_zones_that_there_are_can_be_chosen(tools: Tools) -> None:
    schema = next(tool for tool in tools.tools if tool.name == "seat_massage").parameters
    assert schema["properties"]["zone"]["enum"] == ["driver", "passenger"]


def test_every_schema_is_one(tools: Tools) -> None:
    for tool in tools.tools:
        jsonschema.Draft202012Validator.check_schema(dict(tool.parameters))
        assert set(tool.parameters["required"]) <= tool.parameters["properties"].keys()


def test_every_example_calls_a_tool_as_its_schema_says(tools: Tools) -> None:
    schemas = {tool.name: dict(tool.parameters) for tool in tools.tools}
    assert tools.examples
    for example in tools.examples:
        assert bool(example.calls) != bool(example.reply)
        for call in example.calls:
            assert set(call.arguments) <= schemas[call.intent]["properties"].keys()
            jsonschema.validate(dict(call.arguments), schemas[call.intent])


def test_the_tools_survive_the_wire(tools: Tools) -> None:
    assert Tools.from_event(tools.event()) == tools
