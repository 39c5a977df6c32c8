"""The labelled sentences that a catalogue teaches."""

from __future__ import annotations

import re

import pytest
from codriver.catalogue import Catalogue
from codriver.catalogue.texts import text_parameters
from codriver.turn import IntentCall
from codriver.understanding.likeness.examples import LabelledSentence, labelled_sentences
from codriver.understanding.phrasing.templates import Templates


@pytest.fixture(scope="module")
def sentences(catalogue: Catalogue, templates: Templates) -> tuple[LabelledSentence, ...]:
    return labelled_sentences(catalogue, templates)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_intent_that_the_model_may_choose_is_taught(
    catalogue: Catalogue, sentences: tuple[LabelledSentence, ...], language: str
) -> None:
    taught = {each.call.intent for each in sentences if each.call and each.language == language}
    assert {name for name, intent in catalogue.intents.items() if intent.model} <= taught


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_example_of_the_catalogue_is_among_them(
    catalogue: Catalogue, sentences: tuple[LabelledSentence, ...], language: str
) -> None:
    taught = {(each.text, each.call.intent) for each in sentences if each.call and each.language == language}
    for name, intent in catalogue.intents.items():
        for phrasing in intent.examples.get(language, ()):
            assert {(text, name) for text in phrasing.say} <= taught


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_asks_for_nothing_is_among_them(
    catalogue: Catalogue, sentences: tuple[LabelledSentence, ...], language: str
) -> None:
    nothing = {each.text for each in sentences if each.call is None and each.language == language}
    assert nothing >= set(catalogue.unrelated[language])
    assert len(nothing) > 50


def test_numbers_that_are_said_are_not_taught(catalogue: Catalogue, sentences: tuple[LabelledSentence, ...]) -> None:
    for each in sentences:
        if each.call and re.search(r"\d", each.text):
            for name in each.call.arguments:
                assert catalogue[each.call.intent].parameters[name].type not in ("integer", "number")


def test_a_number_that_is_meant_and_not_said_is_taught(sentences: tuple[LabelledSentence, ...]) -> None:
    halfway = [each for each in sentences if "halfway" in each.text and each.call]
    windows = [each.call for each in halfway if each.call and each.call.intent == "set_window_position"]
    assert 50 in [call.arguments.get("position") for call in windows]


def test_the_choices_of_an_intent_are_taught(sentences: tuple[LabelledSentence, ...]) -> None:
    calls = [each.call for each in sentences if each.call]
    assert IntentCall("air_conditioning", {"state": "on"}) in calls
    assert IntentCall("air_conditioning", {"state": "off"}) in calls


def test_no_sentence_teaches_two_meanings(sentences: tuple[LabelledSentence, ...]) -> None:
    meanings: dict[str, set[str]] = {}
    for each in sentences:
        meanings.setdefault(each.text.lower(), set()).add(each.call.intent if each.call else "")
    assert {text: intents for text, intents in meanings.items() if len(intents) > 1} == {}


def test_a_drawn_sentence_means_what_its_template_says(
    catalogue: Catalogue, templates: Templates, sentences: tuple[LabelledSentence, ...]
) -> None:
    written = {
        text
        for intent in catalogue.intents.values()
        for phrasings in intent.examples.values()
        for phrasing in phrasings
        for text in phrasing.say
    }
    drawn = [each for each in sentences if each.call and each.text not in written]
    assert len(drawn) > 500
    for each in drawn[::20]:
        assert each.call is not None
        if text_parameters(catalogue[each.call.intent]):
            continue  # another kind of template, which this is not asked about
        [call] = templates.understand(each.text, each.language)
        assert call.intent == each.call.intent


def test_they_are_the_same_every_time(
    catalogue: Catalogue, templates: Templates, sentences: tuple[LabelledSentence, ...]
) -> None:
    assert labelled_sentences(catalogue, templates) == sentences


def test_everywhere_is_taught_where_no_word_says_it(sentences: tuple[LabelledSentence, ...]) -> None:
    assert IntentCall("open_window", {"zone": "all"}) in [each.call for each in sentences if each.drawn]


@pytest.mark.parametrize(
    ("language", "broken_off", "whole"), [("en", "turn on", "turn on the fan"), ("zh", "打开", "打开空调")]
)
def test_what_many_sentences_begin_with_asks_for_nothing_yet(
    sentences: tuple[LabelledSentence, ...], language: str, broken_off: str, whole: str
) -> None:
    nothing = {each.text for each in sentences if each.call is None and each.language == language}
    assert broken_off in nothing
    assert whole not in nothing
