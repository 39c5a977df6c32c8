"""Sentences that mean something only after what was done before: "a bit more", "the other side too", "undo that"."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from codriver.catalogue.model import Catalogue, Safety
from codriver.catalogue.relations import akin, direction, goes_on, sets, things
from codriver.turn import Context, IntentCall, Outcome, Source, Status, Thing, Understanding, Wish
from codriver.understanding.dialogue.asking_on import AskingOn
from codriver.understanding.dialogue.follow_up_grammar import FollowUpGrammars, Said
from codriver.understanding.dialogue.misheard import Misheard
from codriver.understanding.dialogue.own_words import OwnWords
from codriver.understanding.dialogue.placing import excepted, put_together
from codriver.understanding.dialogue.references import References
from codriver.understanding.dialogue.remarks import Remarks
from codriver.understanding.dialogue.resolving import Resolver
from codriver.understanding.dialogue.restating import Restater
from codriver.understanding.dialogue.supplying import Supplying
from codriver.understanding.dialogue.taking_back import TakingBack
from codriver.understanding.phrasing.parts import clauses_of
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import may_say_why, plain

_WISHES = {wish.value: wish for wish in Wish}
_TAKES_BACK = (Wish.UNDO_LAST, Wish.UNDO_TURN)
_MOST_CORRECTIONS = 5


class Follower:
    """Understands follow-ups of every language of a catalogue. It keeps nothing between sentences."""

    def __init__(self, catalogue: Catalogue, templates: Templates) -> None:
        """Compile the follow-ups. Raises ConfigurationError for a template that cannot be parsed."""
        self._catalogue = catalogue
        self._templates = templates
        self._references = References(catalogue, templates)
        self.restater = Restater(catalogue, self._references)
        self._remarks = Remarks(catalogue, templates, self._references, self.restater)
        self._resolver = Resolver(catalogue, self._references)
        self._asking_on = AskingOn(catalogue, self._references)
        self._said = FollowUpGrammars(catalogue)
        self._taking_back = TakingBack(catalogue)
        self._own_words = OwnWords(catalogue, templates, self._references)
        self._supplying = Supplying(catalogue, self._references, self._said)
        self._misheard = Misheard(catalogue, templates, self._said)

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
        corrects, beginning = False, ""
        if (rest := re.sub(words.follow_ups.only, "", said)) != said:
            said, corrects = rest, self._said.says_where(rest, language)
        for _ in range(_MOST_CORRECTIONS):
            if found := self._plain(said, language, context):
                return self.correcting(found, context, beginning, language) if corrects and found.calls else found
            correction = re.match(words.follow_ups.correction, said)
            if correction is None or not said[correction.end() :].strip():
                break
            beginning += correction.group()
            said, corrects = said[correction.end() :].strip(), True
            said = re.sub(words.follow_ups.not_that, "", said).strip() or said
            said = re.sub(words.follow_ups.only, "", said) or said
        if call := self._misheard.understand(text, language, context.calls):
            return Understanding((call,), Source.TEMPLATE)
        if both := self._reason_and_wish(text, language, context):
            return both
        if context.missing and len(clauses := clauses_of(text)) > 1:
            return self._after(clauses[-1], language, context)  # "fifty, no, make that sixty"
        if corrects and context.turns:
            calls = (
                self._references.alike(said, language, context.calls)
                or self._templates.understand(said, language)
                or self.elliptical(said, language, context)
            )
            found = Understanding(calls, Source.TEMPLATE)
            return self.correcting(found, context, beginning, language) if calls else None
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
        if language not in self._catalogue.vocabulary.languages:
            return ()
        said = self.core(text, language)
        found = (self._references.left_out(said, language, view) for view in self._views(context))
        return (
            next((calls for calls in found if calls), ())
            or self._references.alike(said, language, context.calls)
            or self._asking_on.understand(plain(text, language, self._catalogue.language(language)), language, context)
        )

    def placed(self, calls: Sequence[IntentCall], said: str, language: str, context: Context) -> tuple[IntentCall, ...]:
        """Let guessed calls act where the last turn did, as far as they have to do with it and no place was said."""
        return tuple(self._beside(call, said, language, context) for call in calls)

    def _beside(self, call: IntentCall, said: str, language: str, context: Context) -> IntentCall:
        text = self.core(said, language)
        for before in reversed(context.calls):
            if call.intent in akin(self._catalogue, [before.intent]):
                return self._references.there(call, before, text, language)
        return call

    def asked_after(self, text: str, calls: Sequence[IntentCall], language: str) -> tuple[Thing, ...]:
        """Name what a sentence asks after whose calls change nothing: "is the sunroof open?"."""
        if any(self._catalogue.intents[call.intent].safety is not Safety.STATUS for call in calls):
            return ()
        return self._references.things_in(plain(text, language, self._catalogue.language(language)), language)

    def drawn(self, language: str, choose: random.Random) -> str:
        """Draw a sentence that may mean something after another."""
        return self._said.drawn(language, choose)

    def _plain(self, said: str, language: str, context: Context) -> Understanding | None:
        if context.missing and (calls := self._supplying.understand(said, language, *context.missing)):
            return Understanding(calls, Source.TEMPLATE)
        relative = self._catalogue.vocabulary.relative
        counts_levels = re.search(self._catalogue.language(language).levels, said) is not None
        # "The rear one" is the one behind the one that was spoken of, before it is the whole row.
        ways = self._said.recognized(said, language)
        for found in sorted(ways, key=lambda each: (each.zone not in relative, -each.precision)):
            if counts_levels and found.kind in ("value", "zone_value"):
                continue  # they are choices of the thing, which its templates know
            steps = found.kind in ("higher", "lower") and not found.zone
            if steps and (quality := self._own_words.quality_in(said, language)):
                if calls := self._own_words.said_of_it(quality, said, language, context):
                    return Understanding(calls, Source.TEMPLATE)
                continue  # it is said of something else
            if found.kind == "undo_there":
                return self._taken_back(found.zone, context)
            if wish := _WISHES.get(found.kind):
                return Understanding(wish=wish, source=Source.TEMPLATE)
            if calls := self._resolver.resolved(found, context):
                calls = self._own_words.of_a_step(found, calls, said, language, context) or calls
                return Understanding(calls, Source.TEMPLATE, corrects=found.kind == "instead")
            if steps and (calls := self._own_words.said_of_it(self.bare(said, language), said, language, context)):
                return Understanding(calls, Source.TEMPLATE)
        if zone := self._references.same_place(said, language):
            calls = self._resolver.resolved(Said("zone", zone), context)
            return Understanding(calls, Source.TEMPLATE) if calls else None
        if calls := self._references.pointed_at(said, language, context):
            return Understanding(calls, Source.TEMPLATE)
        return None

    def _taken_back(self, place: str, context: Context) -> Understanding:
        """Take back what the last turn did in one place; where it did nothing there, nothing is asked for."""
        undone = self._taking_back.at(place, context)
        return Understanding(wish=Wish.UNDO_TURN, source=Source.TEMPLATE, undone=undone) if undone else Understanding()

    def core(self, text: str, language: str) -> str:
        """Bring a sentence into its plain form, without thanks and fillers at its beginning."""
        words = self._catalogue.language(language)
        said = plain(text, language, words)
        return re.sub(words.follow_ups.opening, "", said).strip() or said

    def _reason_and_wish(self, text: str, language: str, context: Context) -> Understanding | None:
        """Understand a follow-up with its reason: "that's too much, a bit less", "close it again, it's too loud"."""
        clauses = self._templates.clauses(text, language)
        words = self._catalogue.language(language)
        if len(clauses) > 2 and re.fullmatch(
            words.follow_ups.correction, self.core(clauses[0], language)
        ):  # "no, undo that, it's cold"
            clauses = clauses[1:]
            text = text[text.index(clauses[0]) :] if clauses[0] in text else text
        if len(clauses) == 2 and re.fullmatch(words.follow_ups.correction, self.core(clauses[1], language)):
            meant = self.clause(clauses[0], language, context)  # "down, I said it wrong"
            return self.correcting(meant, context, "", language) if meant and meant.calls else None
        found = [self._plain(self.core(clause, language), language, context) for clause in clauses]
        first_calls = bool(found and found[0] and found[0].calls)
        if len(found) == 2 and first_calls and found[1] and found[1].wish in _TAKES_BACK:
            return found[1]
        if len(found) == 2 and found[0] and found[0].wish in _TAKES_BACK and found[1] and found[1].calls:
            if self._names_a_number(clauses[1], language):
                return self.correcting(found[1], context, "", language)  # "you misheard, ninety"
            return found[0] if may_say_why(clauses[1], language, words) else None
        if len(clauses) == 2 and (there := self._placed_by(clauses, found, language, context)):
            return Understanding(there, Source.TEMPLATE)
        if len(found) != 2 or not all(each and each.calls for each in found):
            wishes = self._remarks.reasons(text, language, context)
            return next((meant for wish in wishes if (meant := self.clause(wish, language, context))), None)
        first, second = found
        steps = [each is not None and any(direction(self._catalogue, call) for call in each.calls) for each in found]
        return first if steps == [False, True] else second

    def names_an_amount(self, clause: str, language: str) -> bool:
        """Tell whether a clause says nothing but how much, or to what number or level, be there such a one or not."""
        said = self.core(clause, language)
        if re.fullmatch(self._catalogue.language(language).levels, said):
            return True
        return re.search(r"\d", said) is not None and self._names_a_number(clause, language)

    def _names_a_number(self, clause: str, language: str) -> bool:
        ways = self._said.recognized(self.core(clause, language), language)
        return any(each.kind in ("value", "zone_value") for each in ways)

    def leave_out_an_amount(self, calls: Sequence[IntentCall], text: str, language: str) -> bool:
        """Tell whether a clause only says how much, which no call does: it may be one that cannot be."""
        amounts = [value for call in calls for value in call.arguments.values() if isinstance(value, int | float)]
        return not amounts and any(self.names_an_amount(clause, language) for clause in clauses_of(text)[1:])

    def _placed_by(
        self, clauses: Sequence[str], found: Sequence[Understanding | None], language: str, context: Context
    ) -> tuple[IntentCall, ...]:
        """Put together a clause that says where and one that says how: "the passenger too, on full"."""
        first, second = (
            each.calls if each else self._references.left_out(self.core(clause, language), language, context)
            for clause, each in zip(clauses, found, strict=True)
        )
        return put_together(self._catalogue, first, second, context.calls) if first and second else ()

    def remarked(self, text: str, language: str, context: Context) -> Iterator[tuple[str, str]]:
        """Split what may be remarks from the clause at either end of a sentence, which may be a follow-up."""
        return self._remarks.beside(text, language, context)

    def clause(self, text: str, language: str, context: Context) -> Understanding | None:
        """Understand a clause as a follow-up that asks for something, which a mere "right" or "well" does not."""
        words = self._catalogue.language(language)
        said = plain(text, language, words)
        if not re.sub(words.follow_ups.opening, "", f"{said} -").strip(" -"):
            return None
        said = self.core(text, language)
        if (found := self._plain(said, language, context)) and (found.calls or found.wish in _TAKES_BACK):
            return found
        rest = re.sub(words.follow_ups.correction, "", said).strip()
        if rest and rest != said and (found := self._plain(rest, language, context)) and found.wish in _TAKES_BACK:
            return found
        calls = self._references.left_out(said, language, context)
        return Understanding(calls, Source.TEMPLATE) if calls else None

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
        done = Context(((Outcome(last[-1], Status.DONE),),)) if last else Context()
        after = self._plain(said, language, done) if last and not calls else None
        if after and self._said.says_where(said, language):
            calls = after.calls  # of "the right mirror's heating, the left one's too" a seat's heating is no part
        calls = calls or self._references.alike(bare, language, last)
        if not calls and last:
            calls = after.calls if after else self._references.left_out(said, language, done)
        return calls[0] if len(calls) == 1 else None

    def correcting(self, found: Understanding, context: Context, beginning: str, language: str) -> Understanding:
        """Let calls take the place of the last ones, unless they are an exception from them.

        What they set anew need not be set back before, nor what goes on from what the last ones did.
        """
        named = self._references.place_in(beginning, language)
        if but := excepted(self._catalogue, found.calls, context.calls, named):
            return Understanding(but, found.source)
        if any(goes_on(self._catalogue, call, last) for call in found.calls for last in context.calls):
            return found
        last = {(call.intent, call.arguments.get("zone")) for call in context.calls}
        anew = all(
            (call.intent, call.arguments.get("zone")) in last and sets(self._catalogue.intents[call.intent])
            for call in found.calls
        )
        return Understanding(found.calls, found.source, corrects=not anew)
