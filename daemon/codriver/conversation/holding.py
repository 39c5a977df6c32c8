"""Holds the answer that sounds while somebody may be speaking into it, and lets it go on where nobody was."""

from __future__ import annotations

from codriver.conversation.mouth import Mouth
from codriver.hearing.interrupting import Act, Interjection, Interrupt, Interrupting
from codriver.turn import Zone


class Holding:
    """Does to the mouth what its rules say of interruptions; one call may be suspected by the ears of several zones.

    Times are seconds of the loop's clock. What may hold the answer tells whether it does.
    """

    def __init__(self, rules: Interrupting, mouth: Mouth) -> None:
        self._rules = rules
        self._mouth = mouth
        self._suspecting: set[Zone] = set()

    @property
    def holds(self) -> bool:
        """Whether the answer is held."""
        return self._rules.holding

    @property
    def attentive(self) -> bool:
        """Whether speech may interrupt an answer, so that it is listened to while one sounds."""
        return self._rules.attentive

    @property
    def deaf(self) -> bool:
        """Whether nothing may interrupt an answer, not even the wake word."""
        return self._rules.by is Interrupt.OFF

    def follow(self, rules: Interrupting) -> None:
        """Go by other rules from now on."""
        self._rules = rules

    def suspect(self, zone: Zone, now: float, *, faint: bool) -> bool:
        """Take note that a zone may be hearing the wake word."""
        self._suspecting.add(zone)
        return self._hold(self._rules.suspect(now, faint=faint))

    def begin(self, now: float) -> bool:
        """Take note that somebody speaks."""
        return self._hold(self._rules.begin(now))

    def lift(self, zone: Zone) -> None:
        """Take note that it was no wake word."""
        if self._is_the_last(zone):
            self._go_on(self._rules.lift())

    def dismiss(self, zone: Zone) -> None:
        """Take note that it was none, though it was found like one."""
        if self._is_the_last(zone):
            self._go_on(self._rules.dismiss())

    def wait(self, now: float) -> None:
        """Let time pass: nobody is waited for without end."""
        self._go_on(self._rules.wait(now))

    def decide(self, said: Interjection) -> Act | None:
        """Say what comes of what was said into the answer; it goes on where that is nothing."""
        act = self._rules.decide(said)
        if act is Act.GO_ON:
            self._mouth.go_on()
        return act

    def release(self) -> None:
        """Let the answer go on, whatever was suspected."""
        if self._rules.holding:
            self._mouth.go_on()
        self.drop()

    def silence(self) -> None:
        """End the answer."""
        self._mouth.silence()
        self.drop()

    def drop(self) -> None:
        """Forget what was suspected."""
        self._rules.drop()
        self._suspecting.clear()

    def _hold(self, act: Act | None) -> bool:
        if act:
            self._mouth.hold()
        return act is not None

    def _go_on(self, act: Act | None) -> None:
        if act:
            self._mouth.go_on()

    def _is_the_last(self, zone: Zone) -> bool:
        """Tell whether a zone suspected a call that no other one suspects any more."""
        suspected = zone in self._suspecting
        self._suspecting.discard(zone)
        return suspected and not self._suspecting
