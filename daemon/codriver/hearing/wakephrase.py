"""Takes the wake phrase, or what Whisper made of its end, off the beginning of a transcript."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import pairwise

_GREETINGS = frozenset({"hey", "hay", "hi", "okay", "ok", "a"})
_CHINESE_GREETING = "(?:嘿|嗨|喂|黑|海|好的?)?"
_CHINESE_NAMES = {
    "jarvis": "[贾加扎查佳家甲][维韦威微唯][斯思司]",
    "mycroft": "[迈麦][克]?[罗洛][夫弗]特?",
    "nabu": "[纳娜那][布不]",
    "alexa": "(?:亚历克[莎萨]|阿?[莱来]克[莎萨])",
}
_WORD = re.compile(r"[^\w]*([A-Za-z']+)([^\w]*)")
_LOOSE = 0.6
_CLOSE = 0.8
_RESEMBLING = 0.6
"""Of 138 sounds that a model took for "Hey Jarvis" Whisper wrote nothing more like its name than 0.57 ("Radaries")."""


def strip_wake_phrase(text: str, phrases: Iterable[str]) -> str:
    """Return ``text`` without a leading wake phrase ("Hey Jarvis, "), name ("Jarvis") or fragment ("vis, ").

    A word that only resembles the name goes if a greeting stands before it or a comma behind it; otherwise it
    has to be close, as it may be the first word of the wish. The text may come back empty.
    """
    for phrase in phrases:
        name = phrase.lower().split()[-1]
        rest = _without_phrase(text, name)
        if rest is not None:
            return rest
    return text


def after_wake_phrase(text: str, phrase: str) -> str:
    """Return what follows a wake phrase that is known to have been said; nothing where nothing like it is there.

    Of what Whisper makes of the greeting before the name ("Pay Jarvis", "Paige Jarvis"), or of what others said before
    it, nothing is asked.
    """
    name = phrase.lower().split()[-1]
    for word in _WORD.finditer(text):
        if _likeness(word[1], name) >= _CLOSE:
            return text[word.end() :]
    return _without_phrase(text, name) or ""


def names_wake_phrase(text: str, phrases: Iterable[str]) -> bool:
    """Tell whether a text holds the name of a wake phrase ("Jarvis"): who speaks it aloud may wake somebody."""
    return any(phrase.lower().split()[-1] in text.lower() for phrase in phrases)


def resembles_wake_phrase(text: str, phrase: str) -> bool:
    """Tell whether a text may be what Whisper made of the wake phrase: "Hey, Charvis", "Hey Jar Vis".

    It is for a sound that is like the phrase, so that a word, or two in one, has to be like its name only roughly.
    """
    name = phrase.lower().split()[-1]
    if names_wake_phrase(text, [phrase]) or re.search(_CHINESE_NAMES.get(name, "(?!)"), text):
        return True
    words = re.findall(r"[a-z']+", text.lower())
    joined = [first + second for first, second in pairwise(words)]
    return any(_likeness(each, name) >= _RESEMBLING for each in (*words, *joined))


def _without_phrase(text: str, name: str) -> str | None:
    chinese = _CHINESE_NAMES.get(name)
    if chinese and (spoken := re.match(rf"\W*{_CHINESE_GREETING}\W*{chinese}\W*", text)):
        return text[spoken.end() :]
    first = _WORD.match(text)
    if first is None:
        return None
    second = _WORD.match(text, first.end())
    if first[1].lower() in _GREETINGS and second and _likeness(second[1], name) >= _LOOSE:
        return text[second.end() :]
    word, separated = first[1].lower(), bool(first[2].strip()) or first.end() == len(text)
    if _likeness(word, name) >= (_LOOSE if separated else _CLOSE) or _is_fragment(word, name):
        return text[first.end() :]
    return None


def _is_fragment(word: str, name: str) -> bool:
    """Whether the word is the sounding end of the name: at least half of its letters, and three."""
    return len(word) >= 3 and 2 * len(word) >= len(name) and name.endswith(word)


def _likeness(word: str, name: str) -> float:
    return SequenceMatcher(None, word.lower(), name, autojunk=False).ratio()
