from __future__ import annotations

from collections.abc import Iterator

import pytest
from codriver.catalogue import Catalogue
from codriver.catalogue.model import PATTERNED, Parameter
from codriver.turn import Argument, IntentCall
from codriver.understanding.phrasing.saying import Saying
from codriver.understanding.phrasing.templates import Templates


@pytest.fixture(scope="module")
def saying(catalogue: Catalogue, templates: Templates) -> Saying:
    return Saying(catalogue, templates)


@pytest.mark.parametrize(
    ("call", "en", "zh"),
    [
        (IntentCall("open_window", {"zone": "passenger"}), "open the passenger window", "打开副驾车窗"),
        (IntentCall("set_temperature", {"temperature": 22.0}), "set the temperature to 22", "温度调到22"),
        (IntentCall("set_temperature", {"temperature": 22.5}), "set the temperature to 22.5", "温度调到22.5"),
        (IntentCall("seat_heating", {"level": "off"}), "turn off the seat heating", "关闭座椅加热"),
        (IntentCall("wheel_heating", {"state": "on"}), "turn on the wheel heating", "打开方向盘加热"),
        (IntentCall("adjust_fan", {"direction": "down"}), "turn the fan down", "调低风量"),
        (IntentCall("next_track"), "the next song", "下一首"),
        (IntentCall("set_window_position", {"position": 30}), "open the window 30 %", "车窗开到30%"),
    ],
)
def test_a_call_is_put_into_words(saying: Saying, call: IntentCall, en: str, zh: str) -> None:
    assert saying.sentence(call, "en") == en
    assert saying.sentence(call, "zh") == zh


def _values(parameter: Parameter) -> tuple[Argument, ...]:
    if parameter.type in PATTERNED:
        return PATTERNED[parameter.type]
    if parameter.type == "enum":
        return tuple(parameter.values)
    if parameter.numeric:
        return (20,)
    return ()


def _calls(catalogue: Catalogue) -> Iterator[IntentCall]:
    for name, intent in catalogue.intents.items():
        needed = {key: each for key, each in intent.parameters.items() if each.required}
        if any(each.type == "text" for each in needed.values()):
            continue
        for key, parameter in intent.parameters.items():
            if needed.keys() <= {key}:
                yield from (IntentCall(name, {key: value}) for value in _values(parameter))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nearly_every_value_of_every_intent_has_a_sentence_that_means_it(
    catalogue: Catalogue, templates: Templates, saying: Saying, language: str
) -> None:
    calls = list(_calls(catalogue))
    said = {sentence: call for call in calls if (sentence := saying.sentence(call, language))}
    assert len(said) > 0.8 * len(calls)
    for sentence, call in said.items():
        (meant,) = templates.understand(sentence, language)
        assert meant.intent == call.intent
        assert call.arguments.items() <= meant.arguments.items() | _defaults(catalogue, call)


def _defaults(catalogue: Catalogue, call: IntentCall) -> set[tuple[str, Argument]]:
    parameters = catalogue.intents[call.intent].parameters
    return {(name, each.default) for name, each in parameters.items() if each.default is not None}


def test_what_templates_cannot_say_has_no_words(saying: Saying) -> None:
    assert saying.sentence(IntentCall("navigate_to", {"place": "Kamppi"}), "en") == ""
    assert saying.sentence(IntentCall("wipers", {"mode": "sideways"}), "zh") == ""
