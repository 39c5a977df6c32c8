"""What the catalogue says about meaning, as labelled sentences: its examples, and some drawn from its templates."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codriver.catalogue.model import Catalogue
from codriver.turn import Argument, IntentCall
from codriver.understanding.likeness.slots import EVERYWHERE, Slots, numbers_in
from codriver.understanding.phrasing.drawing import draw
from codriver.understanding.phrasing.free_text import FreeTexts
from codriver.understanding.phrasing.grammar import ParsedTemplate
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import plain, without_spaces

_DRAWN_PER_INTENT = 40
_USUAL_PER_INTENT = 60
_DRAWN_PER_TEMPLATE = 12
_USUAL_PER_TEMPLATE = 24
_LONGEST_BEGINNING = 4
_SHARED_BY = 20


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence and the call that it means, without what differs from one sentence to the next; None for nothing.

    What differs are numbers that are said, which are read out of the sentence, and places, unless an example gives
    one. A number that is meant and not said ("halfway") stays, and so does everywhere ("windows down"). ``drawn`` are
    those that nobody wrote: a template stands for them.
    """

    text: str
    language: str
    call: IntentCall | None
    drawn: bool = False


def labelled_sentences(catalogue: Catalogue, templates: Templates, seed: int = 1) -> tuple[LabelledSentence, ...]:
    """Gather a catalogue's examples, what asks for nothing, and a few sentences of each intent's templates."""
    slots = Slots(catalogue, templates.texts)
    found: list[LabelledSentence] = []
    for language in catalogue.vocabulary.languages:
        drawn = [*_drawn(catalogue, templates, slots, language, seed)]
        drawn += _drawn(catalogue, templates, slots, language, seed, usual=True)
        found += drawn
        found += _broken_off(drawn, templates, language, catalogue.language(language).words)
        found += _drawn_with_text(templates.texts, language, seed)
        found += _written(catalogue, language)
        found += (LabelledSentence(text, language, None) for text in catalogue.unrelated.get(language, ()))
    return tuple(found)


def _written(catalogue: Catalogue, language: str) -> Iterator[LabelledSentence]:
    for name, intent in catalogue.intents.items():
        for phrasing in intent.examples.get(language, ()):
            for text in phrasing.say:
                said = numbers_in(plain(text, language, catalogue.language(language)))
                given: dict[str, Argument] = {
                    key: value for key, value in phrasing.given.items() if not (said and intent.parameters[key].numeric)
                }
                yield LabelledSentence(text, language, IntentCall(name, given))


def _drawn(
    catalogue: Catalogue, templates: Templates, slots: Slots, language: str, seed: int, *, usual: bool = False
) -> Iterator[LabelledSentence]:
    """Draw sentences of templates, and keep those that mean the intent they were drawn from.

    Those drawn evenly hold every way to say something, and hardly one that people say: they choose among the longest
    lists most. The ``usual`` ones are short and of the words that stand first.
    """
    most = _USUAL_PER_INTENT if usual else _DRAWN_PER_INTENT
    chance = f"{seed} {language} {{name}}{' usual' if usual else ''}"
    for name, candidates in _candidates(templates.sentences(language), chance, usual=usual):
        parameters = catalogue.intents[name].parameters
        kept = 0
        for text in candidates[: 3 * most]:
            best = next(iter(templates.candidates(text, language)), None)
            if best is None or best.call.intent != name:
                continue
            said = numbers_in(plain(text, language, catalogue.language(language)))
            arguments = {
                key: value
                for key, value in best.call.arguments.items()
                if key in parameters and not (said and parameters[key].numeric) and parameters[key].type != "zone"
            }
            if best.call.arguments.get("zone") == EVERYWHERE and not slots.place(text, language):
                arguments["zone"] = EVERYWHERE
            yield LabelledSentence(text, language, IntentCall(name, arguments), drawn=True)
            kept += 1
            if kept == most:
                break


def _broken_off(
    drawn: Iterable[LabelledSentence], templates: Templates, language: str, words: str
) -> Iterator[LabelledSentence]:
    """Give the beginnings that sentences of many intents share: alone, each asks for nothing yet ("turn on the")."""
    means: dict[str, set[str]] = {}
    for sentence in drawn:
        each = list(without_spaces(sentence.text)) if words == "joined" else sentence.text.split()
        for length in range(1, min(_LONGEST_BEGINNING, len(each) - 1) + 1):
            beginning = ("" if words == "joined" else " ").join(each[:length])
            means.setdefault(beginning, set()).add(sentence.call.intent if sentence.call else "")
    for beginning, intents in means.items():
        if len(intents) >= _SHARED_BY and not templates.candidates(beginning, language):
            yield LabelledSentence(beginning, language, None)


def _drawn_with_text(texts: FreeTexts, language: str, seed: int) -> Iterator[LabelledSentence]:
    """Draw sentences with free text in them: the text and how it is meant differ, the intent is what is learnt."""
    for name, candidates in _candidates(texts.sentences(language), f"{seed} {language} {{name}} text"):
        for text in candidates[:_DRAWN_PER_INTENT]:
            yield LabelledSentence(text, language, IntentCall(name), drawn=True)


def _candidates(
    templates: Iterable[tuple[str, ParsedTemplate]], chance: str, *, usual: bool = False
) -> Iterator[tuple[str, list[str]]]:
    """Draw sentences of each intent, in an order by chance, once each.

    Every intent has a ``chance`` of its own, {name} standing for it, so that a change of one does not draw all others
    anew.
    """
    drawn: dict[str, set[str]] = {}
    chances: dict[str, random.Random] = {}
    times = _USUAL_PER_TEMPLATE if usual else _DRAWN_PER_TEMPLATE
    for name, template in templates:
        choose = chances.setdefault(name, random.Random(chance.format(name=name)))
        drawn.setdefault(name, set()).update(
            draw(template.template, template.lists, template.rules, choose, usual=usual) for _ in range(times)
        )
    for name, sentences in drawn.items():
        candidates = sorted(sentences)
        chances[name].shuffle(candidates)
        yield name, candidates
