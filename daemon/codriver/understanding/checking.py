"""Check a catalogue beyond its shape: templates that cannot be parsed, intents nobody can ask for, collisions."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from codriver.catalogue.loading import CatalogueError, Fault, load_catalogue, locate
from codriver.catalogue.model import (
    PATTERNED,
    CallMethod,
    Catalogue,
    ChangeSignal,
    ControlPlayer,
    Intent,
    ReadProperty,
    ReadSignal,
    SetProperty,
)
from codriver.catalogue.navigate import NAVIGATION_FACTS, Navigate
from codriver.catalogue.phrases import Phrasing
from codriver.catalogue.wire import names_in, type_faults, wire_values
from codriver.understanding.phrasing.drawing import draw
from codriver.understanding.phrasing.grammar import template_fault
from codriver.understanding.phrasing.templates import Match, Templates

_NAME = re.compile(r"\{(\w+)\}")


def check_catalogue(folders: Sequence[Path], samples: int = 3, seed: int = 1) -> list[Fault]:
    """Find every fault of the intent files in these folders.

    From each template ``samples`` sentences are drawn; one that another intent takes is a collision.
    """
    try:
        catalogue = load_catalogue(folders)
    except CatalogueError as error:
        return list(error.faults)
    if faults := catalogue_faults(catalogue, folders):
        return faults
    for name, language, sentence, winner in _collisions(Templates(catalogue), catalogue, samples, seed):
        text = f"{sentence!r} is taken by {winner!r}: make one of the two templates narrower"
        faults.append(Fault(*locate(folders, name, ["sentences", language]), text))
    return list(dict.fromkeys(faults))


def catalogue_faults(catalogue: Catalogue, folders: Sequence[Path]) -> list[Fault]:
    """Find what is wrong in a catalogue that was read from these folders, collisions aside; that takes no second."""
    found = [*_contradictions(catalogue, folders[0]), *_unparsed(catalogue)]
    return [Fault(*locate(folders, name, keys), text) for name, keys, text in found]


def _contradictions(catalogue: Catalogue, own: Path) -> Iterator[tuple[str, list[str | int], str]]:
    """Name what an intent's parts say against each other, with the keys of the place.

    The intents of codriver's ``own`` folder speak every language; a user's may do with one.
    """
    every = tuple(catalogue.vocabulary.languages)
    for name, intent in catalogue.intents.items():
        spoken = [language for language in every if _is_said(intent, language)]
        if not spoken:
            yield name, ["sentences"], "there is no way to say it: add sentences"
        required = every if catalogue.homes[name].parent == own else spoken
        for language in required:
            if spoken and language not in spoken:
                yield name, ["sentences"], f"there is no way to say it in {language!r}: add sentences"
            if language not in intent.answers:
                yield name, ["answers"], f"it has no answers in {language!r}: add some"
        yield from ((name, keys, text) for keys, text in _unknown_names(intent, catalogue))


def _is_said(intent: Intent, language: str) -> bool:
    return bool(intent.sentences.get(language)) or any(
        parameter.noun.get(language) for parameter in intent.parameters.values()
    )


def _unknown_names(intent: Intent, catalogue: Catalogue) -> Iterator[tuple[list[str | int], str]]:
    for section, by_language in (("sentences", intent.sentences), ("examples", intent.examples)):
        for language, phrasings in by_language.items():
            for number, phrasing in enumerate(phrasings):
                for text in _unknown_values(intent, phrasing):
                    yield [section, language, number], text
    for language, answers in intent.answers.items():
        for key, phrases in answers:
            for named in _named(phrases) - _answerable(intent):
                yield ["answers", language, key], f"there is nothing named {named!r} to say"
    for number, effect in enumerate(intent.effects):
        if isinstance(effect, CallMethod | SetProperty | ReadProperty):
            for key, text in _service_faults(effect, intent):
                yield ["effects", number, key], text
            continue
        for key, value in effect:
            for named in _named([value]) - intent.parameters.keys() if isinstance(value, str) else ():
                yield ["effects", number, key], f"there is no parameter {named!r}"
        if isinstance(effect, ControlPlayer | Navigate):
            continue
        path = next(str(getattr(effect, key)) for key in ("set", "change", "read") if hasattr(effect, key))
        for place in catalogue.vocabulary.places:
            path = path.replace(f"{{zone:{place}}}", "").replace(f"{{each:{place}}}", "")
        if "{" in path:
            yield ["effects", number], f"{path!r} names a place that the vocabulary does not have"


def _service_faults(effect: CallMethod | SetProperty | ReadProperty, intent: Intent) -> Iterator[tuple[str, str]]:
    if isinstance(effect, ReadProperty):
        return
    key = "args" if isinstance(effect, CallMethod) else "to"
    unknown = names_in(wire_values(effect)) - intent.parameters.keys()
    yield from ((key, f"there is no parameter {name!r}") for name in sorted(unknown))
    if not unknown:
        yield from ((key, text) for text in type_faults(effect, intent.parameters))


def _unknown_values(intent: Intent, phrasing: Phrasing) -> Iterator[str]:
    for given in phrasing.given.keys() - intent.parameters.keys():
        yield f"there is no parameter {given!r}: add it to the parameters"
    for given, value in phrasing.given.items():
        parameter = intent.parameters.get(given)
        if parameter and parameter.type == "enum" and value not in parameter.values:
            yield f"{given} is none of {', '.join(parameter.values)}, but {value!r}"
        if parameter and parameter.type in PATTERNED and value not in PATTERNED[parameter.type]:
            yield f"{given} is {' or '.join(PATTERNED[parameter.type])}, not {value!r}"


def _named(phrases: Iterable[str]) -> set[str]:
    """Find the names in braces, but not those of places such as {zone:seat}."""
    return {name for phrase in phrases for name in _NAME.findall(phrase)}


def _answerable(intent: Intent) -> set[str]:
    """Give the names that an answer of the intent may use."""
    read = {effect.name for effect in intent.effects if isinstance(effect, ReadSignal | ReadProperty)}
    changed = {"value"} if any(isinstance(effect, ChangeSignal) for effect in intent.effects) else set()
    played = {"title", "artist", "value"} if any(isinstance(e, ControlPlayer) for e in intent.effects) else set()
    guided = NAVIGATION_FACTS if any(isinstance(effect, Navigate) for effect in intent.effects) else frozenset()
    return {*intent.parameters, *read, *changed, *played, *guided, "reason"}


def _unparsed(catalogue: Catalogue) -> Iterator[tuple[str, list[str | int], str]]:
    """Name the templates that cannot be parsed or that name a list or a rule which is not there."""
    for code in catalogue.vocabulary.languages:
        for name, intent in catalogue.intents.items():
            rules = {**catalogue.language(code).rules, **catalogue.rules_of(name, code)}
            for keys, template in _templates(intent, code):
                fault = template_fault(template, {*intent.parameters, "zone"}, rules.keys())
                if fault:
                    yield name, keys, f"{template!r} is no template: {fault}"


def _templates(intent: Intent, code: str) -> Iterator[tuple[list[str | int], str]]:
    """Give every template of an intent in one language, with the keys of its place."""
    for number, phrasing in enumerate(intent.sentences.get(code, ())):
        for template in phrasing.say:
            yield ["sentences", code, number], template
    for name, parameter in intent.parameters.items():
        for noun in parameter.noun.get(code, ()):
            yield ["parameters", name, "noun", code], noun
        for value, choice in parameter.values.items():
            for said in choice.said.get(code, ()):
                yield ["parameters", name, "values", value, "said", code], said
        for template in parameter.answered.get(code, ()):
            yield ["parameters", name, "answered", code], template
    for number, template in enumerate(intent.around.get(code, ())):
        yield ["around", code, number], template


def _collisions(
    templates: Templates, catalogue: Catalogue, samples: int, seed: int
) -> Iterator[tuple[str, str, str, str]]:
    for language in catalogue.vocabulary.languages:
        chances = {name: random.Random(f"{seed} {language} {name}") for name in catalogue.intents}
        for name, sentence in (*templates.sentences(language), *templates.texts.sentences(language)):
            for _ in range(samples):
                said = draw(sentence.template, sentence.lists, sentence.rules, chances[name])
                free = templates.texts.best(said, language)
                matches = templates.candidates(said, language) or ([Match(free.call, free.literal)] if free else [])
                winner = _winner(matches, name)
                if winner != name:
                    yield name, language, said, winner


def _winner(matches: Sequence[Match], name: str) -> str:
    """Name the intent that takes a sentence; of several that fit equally well, another than ``name``."""
    if not matches:
        return "nobody"
    best = [match.call.intent for match in matches if match.rank == matches[0].rank]
    return next((intent for intent in best if intent != name), name)
