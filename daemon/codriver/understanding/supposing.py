"""Ask back what is understood, but not surely: "Did you mean: open the window?"."""

from __future__ import annotations

from collections.abc import Sequence

from codriver.catalogue.model import SPEAKER, Catalogue, Safety
from codriver.turn import Context, IntentCall, Source, Understanding
from codriver.understanding.contradiction import contradict
from codriver.understanding.phrasing.saying import Saying
from codriver.understanding.phrasing.templates import Templates


class Supposing:
    """Words a question about calls that may be meant."""

    def __init__(self, catalogue: Catalogue, templates: Templates) -> None:
        self._catalogue = catalogue
        self._saying = Saying(catalogue, templates)

    def asked(self, calls: Sequence[IntentCall], language: str, context: Context) -> Understanding:
        """Ask whether these calls are meant; nothing where they contradict each other, or no words mean just them.

        Nor is there a question about what is never done. What only asks how things are is answered: that does
        nothing, and a question about a question is tiresome.
        """
        if all(self._catalogue.intents[call.intent].safety is Safety.STATUS for call in calls):
            return Understanding(tuple(calls), Source.MODEL)
        if contradict(calls, self._catalogue) or any(map(self._is_forbidden, calls)):
            return Understanding()
        meant = tuple(self._placed(call, context) for call in calls)
        wordings = [self._saying.sentence(call, language) for call in meant]
        if not all(wordings):
            return Understanding()
        return Understanding(supposed=meant, wording=self._catalogue.language(language).list_last.join(wordings))

    def _is_forbidden(self, call: IntentCall) -> bool:
        return self._catalogue.intents[call.intent].safety is Safety.FORBIDDEN

    def _placed(self, call: IntentCall, context: Context) -> IntentCall:
        """Name the speaker's own place as one says it to somebody else: not at all, or by its name."""
        if call.arguments.get("zone") != SPEAKER:
            return call
        there = {name: value for name, value in call.arguments.items() if name != "zone"}
        elsewhere = self._catalogue.intents[call.intent].parameters["zone"].default is not None
        return IntentCall(call.intent, {**there, "zone": context.zone} if elsewhere and context.zone else there)
