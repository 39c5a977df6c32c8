"""The words of instructions: Valhalla's own where it speaks the language, else after the kind of maneuver."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping

from codriver.services.navigation.guidance.guide import Tell
from codriver.services.navigation.guidance.moments import Stage
from codriver.services.navigation.routing.routes import Maneuver, Route
from codriver.services.navigation.words import FALLBACK, Distances, Words, languages, words_for

_FORMATTER = string.Formatter()


def instructions(route: Route, tell: Tell, language: str) -> tuple[str, dict[str, str]]:
    """Say a maneuver of a route: in ``language``, or English where there are no words for it, and in every language."""
    spoken = {one: instruction(route, tell.maneuver, tell.stage, tell.distance, one) for one in languages()}
    return _chosen(spoken, language)


def remark(say: Callable[[Words], str], language: str) -> tuple[str, dict[str, str]]:
    """Say something that is not about a maneuver, likewise."""
    return _chosen({one: say(words_for(one)) for one in languages()}, language)


def instruction(route: Route, number: int, stage: Stage, distance: float, language: str) -> str:
    """Say a maneuver of a route in one language, or nothing where there are no words for it."""
    words = words_for(language)
    maneuver = route.maneuvers[number]
    if words.maneuvers:
        following = route.maneuvers[number + 1] if maneuver.combined and number + 1 < len(route.maneuvers) else None
        return _phrased(maneuver, following, stage, distance, words)
    return _spoken(maneuver, stage, distance, language, words)


def said_distance(metres: float, distances: Distances) -> str:
    """Say a distance as a driver wants it: the nearer the finer."""
    if metres < 950:
        step = 50 if metres >= 275 else 10
        return distances.metres.format(n=max(10, round(metres / step) * step))
    kilometres = f"{metres / 1000:.1f}".removesuffix(".0") if metres < 9_950 else str(round(metres / 1000))
    return distances.kilometre if kilometres == "1" else distances.kilometres.format(n=kilometres)


def _chosen(spoken: Mapping[str, str], language: str) -> tuple[str, dict[str, str]]:
    texts = {one: text for one, text in spoken.items() if text}
    return texts.get(language.partition("-")[0].lower(), texts.get(FALLBACK, "")), texts


def _spoken(maneuver: Maneuver, stage: Stage, distance: float, language: str, words: Words) -> str:
    saying = maneuver.sayings.get(language)
    if saying is None:
        return ""
    if stage is Stage.NOW:
        return saying.before
    if stage is Stage.AFTER:
        return saying.after
    text = saying.alert
    names = (*maneuver.streets, maneuver.stop)
    if words.frames.lower_case and not any(name and text.startswith(name) for name in names):
        text = text[:1].lower() + text[1:]
    return words.frames.ahead.format(distance=said_distance(distance, words.distances), instruction=text)


def _phrased(maneuver: Maneuver, following: Maneuver | None, stage: Stage, distance: float, words: Words) -> str:
    frames = words.frames
    far = said_distance(distance, words.distances)
    if stage is Stage.AFTER:
        frame = frames.follow_street if maneuver.street else frames.follow
        return frame.format(street=maneuver.street, distance=far) + frames.end
    text = _phrase(maneuver, words, now=stage is Stage.NOW)
    if stage is Stage.NOW and following is not None:
        text = frames.then.format(first=text, second=_phrase(following, words, now=False))
    elif stage is not Stage.NOW:
        text = frames.ahead.format(distance=far, instruction=text)
    return text + frames.end


def _phrase(maneuver: Maneuver, words: Words, *, now: bool) -> str:
    known: Mapping[str, str] = {
        "street": " / ".join(maneuver.streets[:1]),
        "exit": maneuver.exit,
        "toward": maneuver.toward,
        "count": str(maneuver.count or ""),
        "leaving": maneuver.leaving,
        "stop": maneuver.stop,
    }
    phrase = words.maneuvers[maneuver.kind.word]
    for pattern in (*(phrase.now if now else ()), *phrase.soon):
        names = [name for _, name, _, _ in _FORMATTER.parse(pattern) if name]
        if all(known[name] for name in names):
            return pattern.format_map(known)
    return ""
