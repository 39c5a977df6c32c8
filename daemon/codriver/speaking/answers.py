"""The words of an answer: what became of each wish, in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import Formatter

from codriver.catalogue.model import PATTERNED, Catalogue, Intent
from codriver.catalogue.navigate import Navigate
from codriver.speaking.travel import said_fact, said_options
from codriver.turn import Answer, Argument, Outcome, Refusal, Status

_FALLBACKS: Mapping[Status, tuple[str, ...]] = {
    Status.DONE: ("done",),
    Status.MOVING: ("moving", "done"),
    Status.ALREADY: ("already",),
    Status.CONFIRM: ("ask",),
}

_ASKING = (Status.CONFIRM, Status.MISSING, Status.OFFERED)


class Answers:
    """Finds the words for what was done. Variants take turns by the turn's number, so nothing is random."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def use(self, catalogue: Catalogue) -> None:
        """Take the words of another catalogue from the next answer."""
        self._catalogue = catalogue

    def compose(self, outcomes: Sequence[Outcome], language: str, number: int = 0, *, partly: bool = False) -> Answer:
        """Answer for all outcomes of a turn, in their order, and say if there was more (``partly``).

        A question comes last and waits for a reply.
        """
        language = self._known(language)
        if not outcomes:
            return self.say("not_understood", language, number)
        ordered = sorted(outcomes, key=lambda outcome: outcome.status in _ASKING)
        sentences = list(dict.fromkeys(self._sentence(outcome, language, number) for outcome in ordered))
        asks = ordered[-1].status in _ASKING
        if partly:
            sentences.insert(len(sentences) - asks, self.say("not_all", language, number).text)
        joint = "" if self._catalogue.language(language).words == "joined" else " "
        return Answer(joint.join(sentences), language, expects_reply=asks, partly=partly)

    def say(self, key: str, language: str, number: int = 0, *, asks: bool = False) -> Answer:
        """Give one of the answers that every intent shares, such as "engine_failed"."""
        language = self._known(language)
        phrases = self._catalogue.language(language).answers[key]
        return Answer(phrases[number % len(phrases)], language, expects_reply=asks)

    def suppose(self, wording: str, language: str, number: int = 0) -> Answer:
        """Ask whether something is meant, in the words with which it may be asked for: "open the window"."""
        asked = self.say("supposed", language, number, asks=True)
        return replace(asked, text=asked.text.replace("{wish}", wording))

    def refusals(self, outcomes: Sequence[Outcome], language: str) -> tuple[Refusal, ...]:
        """Give the reason for each intent that was refused or failed, in the language of the request."""
        language = self._known(language)
        return tuple(
            Refusal(outcome.call.intent, self._sentence(outcome, language, 0))
            for outcome in outcomes
            if outcome.status in (Status.REFUSED, Status.FAILED)
        )

    def _known(self, language: str) -> str:
        """Give the language itself, or the one that stands in for those that nobody wrote answers in."""
        languages = self._catalogue.vocabulary.languages
        return language if language in languages else next(iter(languages))

    def _sentence(self, outcome: Outcome, language: str, number: int) -> str:
        intent = self._catalogue.intents.get(outcome.call.intent)
        facts = self._named(outcome.facts, intent, language)
        if outcome.options:
            last = self._catalogue.language(language).list_last
            facts["options"] = said_options(outcome.options, language, last)
        phrases = [phrase for phrase in self._phrases(outcome, intent, language) if _complete(phrase, facts)]
        phrases = phrases or list(self._catalogue.language(language).answers["done"])
        filled = phrases[number % len(phrases)].format_map(_Facts(facts))
        return filled[:1].upper() + filled[1:]

    def _phrases(self, outcome: Outcome, intent: Intent | None, language: str) -> Sequence[str]:
        shared = self._catalogue.language(language).answers
        own = intent.answers.get(language) if intent else None
        if own and outcome.status is Status.REFUSED and own.refused:
            return own.refused
        asked = intent.parameters.get(str(outcome.facts.get("parameter"))) if intent else None
        if asked and outcome.reason == "missing" and language in asked.ask:
            return asked.ask[language]
        if outcome.status is Status.DONE and outcome.reason:
            return shared[outcome.reason]
        keys = _FALLBACKS.get(outcome.status, ())
        found = next((phrases for key in keys if own and (phrases := getattr(own, key))), None)
        # A question or a track without an answer of its own for "so already" was still answered by its facts.
        if own and outcome.status is Status.ALREADY and not own.already:
            found = own.done
        return found or shared[outcome.reason or outcome.status.value]

    def _named(self, facts: Mapping[str, Argument], intent: Intent | None, language: str) -> dict[str, str]:
        return {name: self._name(name, value, intent, language) for name, value in facts.items()}

    def _name(self, name: str, value: Argument, intent: Intent | None, language: str) -> str:
        words = self._catalogue.language(language)
        guides = any(isinstance(effect, Navigate) for effect in intent.effects) if intent else False
        if guides and (said := said_fact(name, value, language)):
            return said
        parameter = intent.parameters.get(name) if intent else None
        if parameter and parameter.type == "zone":
            return words.zone_names.get(str(value), str(value))
        if parameter and parameter.type in PATTERNED:
            return words.states.get(str(value), str(value))
        if parameter and parameter.type == "enum" and str(value) in parameter.values:
            choice = parameter.values[str(value)]
            return choice.spoken.get(language) or next(iter(choice.said.get(language, ())), str(value))
        for effect in intent.effects if intent else ():
            if getattr(effect, "name", None) != name:
                continue
            if "{each:" in getattr(effect, "read", ""):
                zones = [words.zone_names.get(zone, zone) for zone in str(value).split(",") if zone]
                return words.list_last.join(zones) or words.nothing
            spoken: Mapping[str, str] = getattr(effect, "say", {}).get(language, {})
            return spoken.get(str(value), _spoken(value))
        return _spoken(value)


class _Facts(dict[str, str]):
    """Facts of an answer; one that is not there is left out rather than read as a brace."""

    def __missing__(self, key: str) -> str:
        return ""


def _complete(phrase: str, facts: Mapping[str, str]) -> bool:
    """Tell whether nothing that the phrase names is known to be empty, such as the title of an untitled song."""
    return all(facts.get(name, name) for _, name, _, _ in Formatter().parse(phrase) if name)


def _spoken(value: Argument) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)
