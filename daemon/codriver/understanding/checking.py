"""Check a catalogue beyond its shape: templates that cannot be parsed, intents nobody can ask for, collisions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import SlotList, TextSlotList

from codriver.catalogue.loading import CatalogueError, Fault, load_catalogue, locate
from codriver.catalogue.model import Catalogue, ControlPlayer, Intent
from codriver.errors import ConfigurationError
from codriver.understanding.templates import Templates

_PLAIN_NUMBERS = ("20", "25", "60")


def check_catalogue(folders: Sequence[Path], samples: int = 3, seed: int = 1) -> list[Fault]:
    """Find every fault of the intent files in these folders.

    From each template ``samples`` sentences are drawn; one that another intent takes is a collision.
    """
    try:
        catalogue = load_catalogue(folders)
    except CatalogueError as error:
        return list(error.faults)
    faults = [Fault(*locate(folders, name, keys), text) for name, keys, text in _contradictions(catalogue)]
    try:
        templates = Templates(catalogue)
    except ConfigurationError as error:
        return [*faults, Fault(folders[0], 1, str(error))]
    for name, language, sentence, winner in _collisions(templates, catalogue, samples, random.Random(seed)):
        text = f"{sentence!r} is taken by {winner!r}: make one of the two templates narrower"
        faults.append(Fault(*locate(folders, name, ["sentences", language]), text))
    return faults


def _contradictions(catalogue: Catalogue) -> Iterator[tuple[str, list[str | int], str]]:
    """Name what an intent's parts say against each other, with the keys of the place."""
    for name, intent in catalogue.intents.items():
        for language in catalogue.vocabulary.languages:
            nouns = any(parameter.noun.get(language) for parameter in intent.parameters.values())
            if not intent.sentences.get(language) and not nouns:
                yield name, ["sentences"], f"there is no way to say it in {language!r}: add sentences"
            if language not in intent.answers:
                yield name, ["answers"], f"it has no answers in {language!r}: add some"
        yield from ((name, keys, text) for keys, text in _unknown_names(intent, catalogue))


def _unknown_names(intent: Intent, catalogue: Catalogue) -> Iterator[tuple[list[str | int], str]]:
    for language, phrasings in intent.sentences.items():
        for number, phrasing in enumerate(phrasings):
            for given in phrasing.given.keys() - intent.parameters.keys():
                yield ["sentences", language, number], f"there is no parameter {given!r}: add it to the parameters"
            for given, value in phrasing.given.items():
                parameter = intent.parameters.get(given)
                if parameter and parameter.type == "enum" and value not in parameter.values:
                    known = ", ".join(parameter.values)
                    yield ["sentences", language, number], f"{given} is none of {known}, but {value!r}"
    for number, effect in enumerate(intent.effects):
        if isinstance(effect, ControlPlayer):
            continue
        path = next(str(getattr(effect, key)) for key in ("set", "change", "read") if hasattr(effect, key))
        for place in catalogue.vocabulary.places:
            path = path.replace(f"{{zone:{place}}}", "").replace(f"{{each:{place}}}", "")
        if "{" in path:
            yield ["effects", number], f"{path!r} names a place that the vocabulary does not have"


def _collisions(
    templates: Templates, catalogue: Catalogue, samples: int, choose: random.Random
) -> Iterator[tuple[str, str, str, str]]:
    for language in catalogue.vocabulary.languages:
        for name, sentence in templates.sentences(language):
            for _ in range(samples):
                said = draw(sentence.template, sentence.lists, sentence.rules, choose)
                matches = templates.candidates(said, language)
                if not matches or matches[0].call.intent != name:
                    yield name, language, said, matches[0].call.intent if matches else "nobody"


def draw(
    sentence: Sentence, lists: Mapping[str, SlotList], rules: Mapping[str, Sentence], choose: random.Random
) -> str:
    """Draw one of the sentences that a template stands for."""

    def say(expression: Expression) -> str:
        match expression:
            case TextChunk():
                return expression.original_text
            case Alternative():
                return say(choose.choice(expression.items))
            case Permutation():
                return "".join(say(item) for item in choose.sample(expression.items, len(expression.items)))
            case Group():
                return "".join(say(item) for item in expression.items)
            case RuleReference():
                return say(rules[expression.rule_name].expression)
            case ListReference():
                values = lists[expression.list_name]
                if isinstance(values, TextSlotList):
                    return say(choose.choice(values.values).text_in)
                return choose.choice(_PLAIN_NUMBERS)
        raise ConfigurationError(f"A template holds a {type(expression).__name__}, which cannot be drawn.")

    return " ".join(say(sentence.expression).split())
