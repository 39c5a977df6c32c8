from __future__ import annotations

from typing import Any

import pytest
from codriver.engines.thinker.schema import Number, OneOf, Parameter, Truth, Value, Words, compile_schema
from codriver.errors import InvalidRequest


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"type": "string", "enum": ["a", "b"]}, OneOf(("a", "b"))),
        ({"enum": [1, 2.5]}, OneOf((1, 2.5))),
        ({"type": "boolean"}, Truth()),
        ({"type": "integer", "minimum": 0, "maximum": 100}, Number(whole=True, least=0, most=100)),
        ({"type": "number"}, Number(whole=False)),
        ({"type": "string", "maxLength": 20}, Words(20)),
    ],
)
def test_each_kind_of_value_is_compiled(field: dict[str, Any], value: Value) -> None:
    assert compile_schema({"type": "object", "properties": {"x": field}}) == (Parameter("x", value),)


def test_parameters_keep_their_order_and_know_whether_they_are_required() -> None:
    schema = {"properties": {"b": {"type": "boolean"}, "a": {"type": "boolean"}}, "required": ["a"]}
    assert [(parameter.name, parameter.required) for parameter in compile_schema(schema)] == [
        ("b", False),
        ("a", True),
    ]


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"type": "array"}, "tool: only objects"),
        ({"properties": {"x": {"type": "array"}}}, "tool.properties.x.type"),
        ({"properties": {"x": {"type": "object"}}}, "tool.properties.x.type"),
        ({"properties": {"x": {"enum": []}}}, "tool.properties.x.enum"),
        ({"properties": {"x": {"enum": ["a", 1]}}}, "tool.properties.x.enum"),
        ({"properties": {"x": {"enum": [True]}}}, "tool.properties.x.enum"),
        ({"properties": {"x": {"enum": ["a", "a"]}}}, "tool.properties.x.enum"),
        ({"properties": {"x": 3}}, "tool.properties.x"),
        ({"properties": {'x": 1': {"type": "boolean"}}}, "tool.properties"),
        ({"properties": {}, "required": ["y"]}, "tool.required"),
        ({"properties": []}, "tool.properties"),
    ],
)
def test_what_is_not_supported_is_named_with_its_path(schema: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidRequest, match=path.replace(".", r"\.")):
        compile_schema(schema, "tool")
