"""The catalogue as the language model sees it: one tool an intent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from codriver.catalogue.model import LONGEST_TEXT, PATTERNED, Catalogue, Intent, Parameter
from codriver.engines.thinker.events import Example, Tool, Tools
from codriver.turn import IntentCall


def tools_of(catalogue: Catalogue) -> Tools:
    """Make the request that gives the model its instructions, its tools and a few examples."""
    prompt = catalogue.vocabulary.thinking
    places = [*next(iter(catalogue.vocabulary.places.values())), *catalogue.vocabulary.groups]
    return Tools(
        instructions=prompt.instructions,
        tools=tuple(_tool(name, intent, places) for name, intent in catalogue.intents.items()),
        examples=tuple(
            Example(
                example.said,
                tuple(IntentCall(call.intent, dict(call.arguments)) for call in example.calls),
                example.reply,
            )
            for example in prompt.examples
            if all(call.intent in catalogue.intents for call in example.calls)
        ),
    )


def _tool(name: str, intent: Intent, zones: Iterable[str]) -> Tool:
    parameters = {key: parameter for key, parameter in intent.parameters.items() if parameter.model}
    schema = {
        "type": "object",
        "properties": {key: _schema(parameter, zones) for key, parameter in parameters.items()},
        "required": [key for key, parameter in parameters.items() if parameter.required],
    }
    return Tool(name, intent.description, schema, listed=intent.model)


def _schema(parameter: Parameter, zones: Iterable[str]) -> dict[str, Any]:
    described = {"description": parameter.description} if parameter.description else {}
    match parameter.type:
        case "zone":
            return {"type": "string", "enum": [zone for zone in zones if _exists(zone, parameter)], **described}
        case "enum":
            return {"type": "string", "enum": list(parameter.values), **described}
        case "switch" | "direction":
            return {"type": "string", "enum": list(PATTERNED[parameter.type]), **described}
        case "text":
            return {"type": "string", "maxLength": LONGEST_TEXT, **described}
        case _:
            limits = {"minimum": parameter.minimum, "maximum": parameter.maximum}
            return {"type": parameter.type, **described, **{key: v for key, v in limits.items() if v is not None}}


def _exists(zone: str, parameter: Parameter) -> bool:
    return not parameter.zones or zone in parameter.zones
