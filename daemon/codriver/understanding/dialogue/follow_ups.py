"""Sentences that mean something only after what was done before: "a bit more", "the other side too", "undo that"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codriver.catalogue.model import Catalogue
from codriver.catalogue.relations import akin, direction, sets, step, things, with_value
from codriver.numbers import tidy
from codriver.turn import Context, IntentCall, Outcome, Source, Status, Thing, Understanding, Wish
from codriver.understanding.dialogue.follow_up_grammar import FollowUpGrammars, Said
from codriver.understanding.dialogue.references import References
from codriver.understanding.dialogue.restating import Restated, Restater
from codriver.understanding.phrasing.grammar import Grammar, spoken_values
from codriver.understanding.phrasing.parts import clauses_of
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import plain

_WISHES = {wish.value: wish for wish in Wish}
_MOST_CORRECTIONS = 5
_LEAST_PERCENT = 3
"""Nobody means one percent: "one more" is a step."""


class Follower:
    """Understands follow-ups of every language of a catalogue. It keeps nothing between sentences."""

    def __init__(self, catalogue: Catalogue, templates: Templates) -> None:
        """Compile the follow-ups. Raises ConfigurationError for a template that cannot be parsed."""
        self._catalogue = catalogue
        self._templates = templates
        self._references = References(catalogue, templates)
        self.restater = Restater(catalogue, self._references)
        self._said = FollowUpGrammars(catalogue)

    def understand(self, text: str, language: str, context: Context) -> Understanding | None:
        """Give what a sentence means after what was done, or None where it can stand alone or means nothing."""
        if language not in self._catalogue.vocabulary.languages:
            return None
        views = self._views(context)
        if found := next((found for each in views if (found := self._after(text, language, each))), None):
            return found
        said, one = self._one_of_several(text, language, context)
        return self._after(said, language, one) if said else None

    def _one_of_several(self, text: str, language: str, context: Context) -> tuple[str, Context]:
        """Take "the second one" for "it" and give the context with that one alone; an empty text if it is not said."""
        words = self._catalogue.language(language).follow_ups
        said = self.core(text, language)
        several = context.turns[0] if context.turns else ()
        for pattern, place in words.nth.items():
            number = place - 1 if place > 0 else len(several) + place
            if len(several) > 1 and 0 <= number < len(several) and re.search(pattern, said):
                return re.sub(pattern, words.it, said), Context(((several[number],),))
        return "", context

    def _after(self, text: str, language: str, context: Context) -> Understanding | None:
        words = self._catalogue.language(language)
        said = self.core(text, language)
        corrects = False
        if (rest := re.sub(words.follow_ups.only, "", said)) != said:
            said, corrects = rest, any(found.kind == "zone" for found in self._said.recognized(rest, language))
        for _ in range(_MOST_CORRECTIONS):
            if found := self._plain(said, language, context):
                return self._correcting(found, context) if corrects and found.calls else found
            beginning = re.match(words.follow_ups.correction, said)
            if beginning is None or not said[beginning.end() :].strip():
                break
            said, corrects = said[beginning.end() :].strip(), True
            said = re.sub(words.follow_ups.not_that, "", said).strip() or said
        if both := self._reason_and_wish(text, language, context):
            return both
        if context.missing and len(clauses := clauses_of(text)) > 1:
            return self._after(clauses[-1], language, context)  # "fifty, no, make that sixty"
        if corrects and context.turns:
            calls = self._templates.understand(said, language) or self.elliptical(said, language, context)
            return self._correcting(Understanding(calls, Source.TEMPLATE), context) if calls else None
        return None

    def _views(self, context: Context) -> Iterator[Context]:
        """Give what a sentence may refer to: what was done last, also before a question about how things are."""
        yield context
        if context.calls and not any(things(self._catalogue.intents[call.intent]) for call in context.calls):
            yield Context(context.turns[1:])

    def corrects(self, text: str, language: str, context: Context) -> bool:
        """Tell whether a sentence begins as one that takes back the last: "no, I meant ..."."""
        pattern = self._catalogue.language(language).follow_ups.correction
        return bool(context.turns) and re.match(pattern, self.core(text, language)) is not None

    def bare(self, said: str, language: str) -> str:
        """Leave out words such as "then" and "instead" at either end, which change nothing."""
        return self._references.bare(said, language)

    def elliptical(self, text: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Understand a sentence without the thing it is about, or without what to do: "close again", "the sunroof"."""
        said = self.core(text, language)
        found = (self._references.left_out(said, language, view) for view in self._views(context))
        return next((calls for calls in found if calls), ()) or self._references.alike(said, language, context.calls)

    def placed(self, calls: Sequence[IntentCall], said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Let guessed calls act where the last turn did, as far as they have to do with it and no place was said."""
        return tuple(self._beside(call, said, language, context) for call in calls)

    def _beside(self, call: IntentCall, said: str, language: str, context: Context) -> IntentCall:
        text = self.core(said, language)
        for before in reversed(context.calls):
            if call.intent in akin(self._catalogue, [before.intent]):
                there = self.restater.there(call, Restated(text, frozenset(), (before,)), text, language)
                return there[0]
        return call

    def asked_after(self, text: str, calls: Sequence[IntentCall], language: str) -> tuple[Thing, ...]:
        """Name what a sentence asks after whose calls change nothing: "is the sunroof open?"."""
        if any(things(self._catalogue.intents[call.intent]) for call in calls):
            return ()
        return self._references.things_in(plain(text, language, self._catalogue.language(language)), language)

    def _plain(self, said: str, language: str, context: Context) -> Understanding | None:
        if context.missing and (calls := self._supplied(said, language, *context.missing)):
            return Understanding(calls, Source.TEMPLATE)
        relative = self._catalogue.vocabulary.relative
        counts_levels = re.search(self._catalogue.language(language).levels, said) is not None
        # "The rear one" is the one behind the one that was spoken of, before it is the whole row.
        for found in sorted(self._said.recognized(said, language), key=lambda each: each.zone not in relative):
            if counts_levels and found.kind in ("value", "zone_value"):
                continue  # they are choices of the thing, which its templates know
            if wish := _WISHES.get(found.kind):
                return Understanding(wish=wish, source=Source.TEMPLATE)
            if calls := self._resolved(found, context):
                return Understanding(calls, Source.TEMPLATE, corrects=found.kind == "instead")
        if zone := self._references.same_place(said, language):
            calls = self._resolved(Said("zone", zone), context)
            return Understanding(calls, Source.TEMPLATE) if calls else None
        if calls := self._references.pointed_at(said, language, context):
            return Understanding(calls, Source.TEMPLATE)
        return None

    def core(self, text: str, language: str) -> str:
        """Bring a sentence into its plain form, without thanks and fillers at its beginning."""
        words = self._catalogue.language(language)
        said = plain(text, language, words)
        return re.sub(words.follow_ups.opening, "", said).strip() or said

    def _reason_and_wish(self, text: str, language: str, context: Context) -> Understanding | None:
        """Understand a follow-up with its reason: "that's too much, a bit less", "close it again, it's too loud"."""
        clauses = self._templates.clauses(text, language)
        found = [self._plain(self.core(clause, language), language, context) for clause in clauses]
        if len(found) != 2 or not all(each and each.calls for each in found):
            return next(self._with_reasons(text, language, context), None)
        first, second = found
        steps = [each is not None and any(direction(self._catalogue, call) for call in each.calls) for each in found]
        return first if steps == [False, True] else second

    def _with_reasons(self, text: str, language: str, context: Context) -> Iterator[Understanding]:
        """Understand a follow-up beside words that only say why, which mean nothing themselves: "it's too loud"."""
        words = self._catalogue.language(language)
        for remark, wish in self.remarked(text, language, context):
            if re.match(words.reason, plain(remark, language, words)) and (
                found := self.clause(wish, language, context)
            ):
                yield found

    def remarked(self, text: str, language: str, context: Context) -> Iterator[tuple[str, str]]:
        """Split what may be remarks from the clause at either end of a sentence, which may be a follow-up.

        What names a thing, or plainly hints at what has nothing to do with what was spoken of, is no mere remark.
        """
        clauses = clauses_of(text)
        if len(clauses) < 2 or not (context.calls or context.about):
            return
        for remarks, wish in ((clauses[:-1], clauses[-1]), (clauses[1:], clauses[0])):
            if self._has_to_do_with_it(" ".join(remarks), language, context):
                yield " ".join(remarks), wish

    def clause(self, text: str, language: str, context: Context) -> Understanding | None:
        """Understand a clause as a follow-up that asks for something."""
        said = self.core(text, language)
        if (found := self._plain(said, language, context)) and found.calls:
            return found
        calls = self._references.left_out(said, language, context)
        return Understanding(calls, Source.TEMPLATE) if calls else None

    def _has_to_do_with_it(self, remark: str, language: str, context: Context) -> bool:
        words = self._catalogue.language(language)
        said = plain(remark, language, words)
        if re.search(words.caution, said) or self._references.things_in(said, language):
            return False
        hinted = {self._catalogue.domains[call.intent] for call in self._templates.understand(remark, language)}
        likely = self.restater.likely(language, context)
        done = {self._catalogue.domains[name] for name in likely}
        akin = done.union(*(kin for kin in self._catalogue.vocabulary.kin if kin & done))
        return hinted <= akin

    def _resolved(self, said: Said, context: Context) -> tuple[IntentCall, ...]:
        """Give the calls that a follow-up stands for after those that were done last; empty where there are none."""
        resolved = [self._apply(said, call, context) for call in context.calls]
        return tuple(call for call in resolved if call)

    def _apply(self, said: Said, call: IntentCall, context: Context) -> IntentCall | None:
        match said.kind:
            case "again":
                return call
            case "more" | "less" | "higher" | "lower":
                stepped = self._stepped(said.kind, call, context)
                if stepped is None or said.value is None:
                    return stepped
                return self._by(stepped, said.value) or self._changed_by(said, call, context)
            case "zone" | "instead":
                return self._moved_to(said.zone, call)
            case "scaled":
                value = _value(call, context)
                return None if value is None else with_value(self._catalogue, call, tidy(value * said.factor))
            case _:
                there = self._moved_to(said.zone, call) if said.kind == "zone_value" else call
                return None if there is None or said.value is None else with_value(self._catalogue, there, said.value)

    def _stepped(self, kind: str, call: IntentCall, context: Context) -> IntentCall | None:
        """Give the next step: on or back in the direction of the last change, or up or down whatever that was."""
        if kind in ("higher", "lower"):
            return step(self._catalogue, call, 1.0 if kind == "higher" else -1.0, stronger=True)
        own = direction(self._catalogue, call)
        if own and kind == "more":
            return call
        sign = own or _moved(call, context)
        return step(self._catalogue, call, sign if kind == "more" else -sign) if sign else None

    def _moved_to(self, zone: str, call: IntentCall) -> IntentCall | None:
        if "zone" not in self._catalogue.intents[call.intent].parameters:
            return None
        return IntentCall(call.intent, {**call.arguments, "zone": self._references.seen_from(zone, call)})

    def _by(self, call: IntentCall, amount: int | float) -> IntentCall | None:
        """Give a step the size that was said, where its intent takes one."""
        parameters = self._catalogue.intents[call.intent].parameters.items()
        for name, parameter in parameters:
            if parameter.numeric:
                tiny = parameter.unit == "%" and amount <= _LEAST_PERCENT
                return call if tiny else IntentCall(call.intent, {**call.arguments, name: amount})
        return call if amount <= _LEAST_PERCENT else None

    def _changed_by(self, said: Said, call: IntentCall, context: Context) -> IntentCall | None:
        """Set anew what has a number and no steps of any size: "drop it by twenty"."""
        now = _value(call, context)
        if now is None or said.value is None or said.kind not in ("higher", "lower"):
            return None
        return with_value(self._catalogue, call, tidy(now + said.value * (1 if said.kind == "higher" else -1)))

    def within(self, part: str, before: str, last: Sequence[IntentCall], language: str) -> IntentCall | None:
        """Understand a wish about what the same sentence named before, or asked for in its ``last`` call.

        "The boot is open, close it"; "turn the music down a notch and my fan as well".
        """
        words = self._catalogue.language(language)
        said, named = plain(part, language, words), plain(before, language, words)
        if call := self._references.named_before(said, named, last, language):
            return call
        bare = self._references.bare(self.core(part, language), language)
        calls = self._templates.understand(bare, language) if bare != said else ()
        calls = calls or self._references.alike(bare, language, last)
        if not calls and last:
            done = Context(((Outcome(last[-1], Status.DONE),),))
            after = self._plain(said, language, done)
            calls = after.calls if after else self._references.left_out(said, language, done)
        return calls[0] if len(calls) == 1 else None

    def _correcting(self, found: Understanding, context: Context) -> Understanding:
        """Let calls take the place of the last ones. What they set anew need not be set back before."""
        last = {(call.intent, call.arguments.get("zone")) for call in context.calls}
        anew = all(
            (call.intent, call.arguments.get("zone")) in last and sets(self._catalogue.intents[call.intent])
            for call in found.calls
        )
        return Understanding(found.calls, found.source, corrects=not anew)

    def _supplied(self, said: str, language: str, call: IntentCall, name: str) -> tuple[IntentCall, ...]:
        """Take a sentence as the argument that was asked for."""
        parameter = self._catalogue.intents[call.intent].parameters.get(name)
        if parameter is None:
            return ()
        if parameter.type == "zone":
            zones = (found.zone for found in self._said.recognized(said, language) if found.kind == "zone")
            seen = [self._references.seen_from(zone, call) for zone in zones]
            return tuple(IntentCall(call.intent, {**call.arguments, name: zone}) for zone in seen[:1])
        if parameter.numeric:
            for found in self._said.recognized(said, language):
                if found.kind == "value" and found.value is not None:
                    return (IntentCall(call.intent, {**call.arguments, name: found.value}),)
        words = self._catalogue.language(language)
        for value, choice in parameter.values.items():
            fits = Grammar(
                {
                    "language": language,
                    "skip_words": list(words.skip),
                    "intents": {"value": {"data": [{"sentences": [words.follow_ups.supplied]}]}},
                    "lists": {"value": {"values": spoken_values({value: choice.said.get(language, ())})}},
                },
                words,
                language,
            )
            if fits.recognized(said, by_sound=False)[0]:
                return (IntentCall(call.intent, {**call.arguments, name: value}),)
        return ()


def _value(call: IntentCall, context: Context) -> float | None:
    """Give the number that a call came to, where it changed one."""
    return next((after for _, after in _numbers(call, context)), None)


def _moved(call: IntentCall, context: Context) -> float:
    """Tell in which direction a call changed its first number: 1, -1, or 0 where it did not."""
    moves = (after - before for before, after in _numbers(call, context) if before is not None and before != after)
    return next((1.0 if move > 0 else -1.0 for move in moves), 0.0)


def _numbers(call: IntentCall, context: Context) -> Iterator[tuple[float | None, float]]:
    """Give what a call changed in the last turn, as far as it is a number: before, where it is known, and after."""
    for outcome in context.turns[0] if context.turns else ():
        for change in outcome.changes if outcome.call == call else ():
            if not isinstance(change.after, bool | str):
                yield (None if isinstance(change.before, bool | str) else change.before), change.after
