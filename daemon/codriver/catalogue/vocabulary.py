"""What the domains share: languages, zones and the prompt, as pydantic models of the vocabulary file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from codriver.catalogue.phrases import ByLanguage, Entry, Phrases, Phrasings, Scalar


class FollowUps(Entry):
    """How one language refers to what was done before. Templates may hold {zone} and {value}, a number."""

    undo_turn: Phrasings = Field((), description="Take back all that was done last.")
    undo_last: Phrasings = Field((), description="Take back the last thing only.")
    undo_there: Phrasings = Field((), description="Take back what was done in one {zone}.")
    tell: Phrasings = Field((), description="Say again what was done.")
    again: Phrasings = Field((), description="Do the same once more.")
    more: Phrasings = Field((), description="Go on in the direction of the last change.")
    less: Phrasings = Field((), description="Go a bit back again.")
    higher: Phrasings = Field((), description="A step up, whatever the direction was.")
    lower: Phrasings = Field((), description="A step down.")
    qualities: str = Field(
        "(?!)",
        description="A regular expression: a step in words that are said of some things only, 'warmer', with the group "
        "'quality' for these.",
    )
    units: Mapping[str, str] = Field(
        default_factory=dict,
        description="How a value's unit is said, as a regular expression, by the unit as parameters write it.",
    )
    likewise: str = Field("(?!)", description="A regular expression: words that ask for the same, for somebody else.")
    zone: Phrasings = Field((), description="The same for another {zone}.")
    value: Phrasings = Field((), description="Another {value} for the same.")
    fully: Phrasings = Field((), description="To the end of the way on which it is: closed, where it was being closed.")
    scaled: Phrasings = Field((), description="So many times the value; the {factor} is given.")
    zone_value: Phrasings = Field((), description="The same for another {zone} with another {value}.")
    instead: Phrasings = Field((), description="It was the wrong place: {zone} is the right one.")
    opening: str = Field("(?!)", description="A regular expression: thanks and fillers before what is wanted.")
    only: str = Field(
        "(?!)", description="A regular expression: how a sentence begins that keeps part of what was done."
    )
    both: str = Field("(?!)", description="A regular expression: words that mean all that was spoken of last.")
    plural: str = Field("(?!)", description="A regular expression: words that may stand for more than one thing.")
    plural_name: str = Field("", description="A regular expression: what is in the name of a thing that is several.")
    supplied: str = Field("{value}", description="A template: how a choice is given in answer to a question.")
    correction: str = Field(
        "(?!)", description="A regular expression: how a sentence begins that corrects the last one."
    )
    misheard: str = Field(
        "(?!)",
        description="A regular expression: how a sentence begins that goes on with a name that was heard wrong, with "
        "the group 'not' for what it is said not to be.",
    )
    not_that: str = Field("(?!)", description="A regular expression: what a correction says at its end was not meant.")
    same: str = Field(
        "(?!)",
        description="A regular expression: how the same is asked for elsewhere, with the group 'where' for that.",
    )
    asks_on: str = Field(
        "(?!)", description="A regular expression: what is said around a name to ask how that thing is, too."
    )
    nth: Mapping[str, int] = Field(
        default_factory=dict,
        description="Regular expressions of words for one of several things that were done, and its place: 1, 2, -1.",
    )
    it: str = Field("", description="The word that stands for a single thing that was spoken of.")
    pronouns: Mapping[str, str] = Field(
        default_factory=dict,
        description="Regular expressions of words that stand for what was named before, and their places with {topic}.",
    )
    determiners: str = Field(
        "(?!)", description="A regular expression: words that elsewhere stand for what was named, but not here."
    )
    redundant: str = Field("(?!)", description="A regular expression: words such as 'again', which change nothing.")
    ellipsis: tuple[str, ...] = Field(
        (), description="How a sentence without its object gets it back: {topic} and {said} in their order."
    )
    carried_on: tuple[str, ...] = Field(
        (), description="The same with a verb of its own, for what opens no door: 'a bit more' after 'open my window'."
    )


class FreeTextWords(Entry):
    """What one language says around words of the speaker's own, such as a name. Regular expressions."""

    before: str = Field("", description="Politeness and fillers at the beginning of a sentence.")
    after: str = Field("", description="The same at its end.")
    nameless: str = Field("(?!)", description="Words that name nothing, such as 'it': they are no free text.")


class Choices(Entry):
    """How one of several that were read out is chosen. Templates."""

    pick: Phrasings = Field((), description="By its number, with {which} given; 0 is the one after the last.")
    named: Phrases = Field((), description="What may stand around its {name}.")
    another: Phrasings = Field((), description="How one asks for the one after the last, in words that say no more.")
    about: Phrasings = Field((), description="How one asks what one of them is, with {which} given as for pick.")
    there: Phrasings = Field((), description="How one goes to what was read out last, in words that say no more.")
    how_far: Phrasings = Field((), description="How one asks how far away that is.")
    on_the_way: Phrasings = Field((), description="How one makes a stop of it.")


class Interjections(Entry):
    """What one language says into an answer: regular expressions of all that is said, in lower case, unpunctuated."""

    stop: str = Field("(?!)", description="Words that end an answer and ask for nothing else.")
    hum: str = Field("(?!)", description="Sounds that say nothing: an answer goes on after them.")
    nod: str = Field("(?!)", description="Words that only say that one listens.")


class Language(Entry):
    """How one language speaks to a car: the words that every domain shares."""

    name: str = Field(description="The language's own name.")
    words: Literal["spaced", "joined"] = Field("spaced", description="Whether words are set apart by spaces.")
    numbers: Literal["text2num", "cn2an", "none"] = Field(
        "none", description="Which reader turns number words to digits."
    )
    endings: tuple[str, ...] = Field((), description="Endings that make no difference to what a word means to a car.")
    homophones: Literal["pinyin", "none"] = Field("none", description="Whether sentences also match by sound, and how.")
    skip: tuple[str, ...] = Field((), description="Words of politeness that mean nothing to a car.")
    replace: Mapping[str, str] = Field(default_factory=dict, description="Regular expressions to mend before matching.")
    rules: Mapping[str, str] = Field(default_factory=dict, description="Template fragments, used as <name>.")
    articles: tuple[str, ...] = Field(
        (),
        description="Rules that may be left out and that codriver says, by their first choice, where it words a wish.",
    )
    patterns: ByLanguage = Field(
        description="How anything is switched 'on' and 'off', turned 'up' and 'down', 'open'ed and 'close'd, and how "
        "one asks to set it without saying to what ('ask'): templates in which <noun> stands for it."
    )
    zones: ByLanguage = Field(description="Ways to say each zone.")
    place_hints: ByLanguage = Field(
        default_factory=dict,
        description="What places a free sentence somewhere, beyond the zones: the kids are in the back.",
    )
    vague_places: tuple[str, ...] = Field(
        (), description="Ways to say a zone that mean too much else in a free sentence."
    )
    zone_names: Mapping[str, str] = Field(description="How each zone is named in an answer.")
    answers: Mapping[str, Phrases] = Field(
        description="Answers that any intent can need: refusals, failures, questions."
    )
    follow_ups: FollowUps = Field(FollowUps(), description="How this language refers to what was done before.")
    free_text: FreeTextWords = Field(FreeTextWords(), description="What is said around a free text.")
    choices: Choices = Field(Choices(), description="How one of several is chosen.")
    interjections: Interjections = Field(Interjections(), description="What is said into an answer.")
    separator: str = Field(
        r"[,;，；、]", description="A regular expression without groups: where one wish ends and the next begins."
    )
    pauses: tuple[str, ...] = Field(
        (". ", ", "), description="What may be written between two parts of a sentence, an end of a sentence first."
    )
    joins: tuple[str, ...] = Field((), description="What may be said between two wishes, with its spaces.")
    unmeant: tuple[Annotated[str, Field(pattern=r"^[^{}]*\{order\}[^{}]*$")], ...] = Field(
        (),
        description="What may be said around an order so that it asks for nothing, with {order} in it: to learn from.",
    )
    conjunction: str = Field(
        "(?!)", description="A regular expression without groups: what joins two things of one wish."
    )
    question: str = Field("(?!)", description="A regular expression: how a sentence ends or begins that only asks.")
    caution: str = Field("(?!)", description="A regular expression: words that may turn a sentence's meaning around.")
    takes_back: str = Field(
        "(?!)", description="A regular expression: how a sentence takes back what it just said and begins anew."
    )
    lets_be: str = Field(
        "(?!)", description="A regular expression: how a part of a sentence begins that says what is to stay as it is."
    )
    reason: str = Field(
        "(?!)", description="A regular expression: how a part of a sentence begins that may only say why."
    )
    levels: str = Field(
        "(?!)",
        description="A regular expression: a number that counts levels, and is none of percent, degrees, minutes.",
    )
    yes: Phrases = Field(description="Templates of a clear yes.")
    no: Phrases = Field(description="Templates of a no or never mind.")
    nothing: str = Field(description="The word for none of several things.")
    states: Mapping[str, str] = Field(description="How on, off, up and down are said in an answer.")
    list_last: str = Field(description="The word before the last of several things, with its spaces.")


class ExampleCall(Entry):
    """A call in an example."""

    intent: str
    arguments: Mapping[str, Scalar] = Field(default_factory=dict)


class ThinkingExample(Entry):
    """A sentence and what it means, shown to the language model: calls, or a reply in words."""

    said: str
    calls: tuple[ExampleCall, ...] = ()
    reply: str = ""


class ThinkingPrompt(Entry):
    """What the language model is told before the tools."""

    instructions: str
    examples: tuple[ThinkingExample, ...] = ()


class Vocabulary(Entry):
    """What the domains share: languages, and where the zones are in the car's signal tree."""

    thinking: ThinkingPrompt
    languages: Mapping[str, Language]
    places: Mapping[str, Mapping[str, str]] = Field(
        description="For each kind of place (station, seat, ...) the part of a VSS path that each zone stands for."
    )
    relative: Mapping[str, Mapping[str, str]] = Field(
        default_factory=dict, description="Zones said from the speaker's seat, such as left: the zone for each seat."
    )
    personal: frozenset[str] = Field(
        frozenset(), description="Zones of these that are the speaker's even where another place was spoken of."
    )
    unclear: Mapping[str, str] = Field(
        default_factory=dict,
        description="Zones that are asked about (one of the back ones) and the seat from which left is seen then.",
    )
    kin: tuple[frozenset[str], ...] = Field(
        (), description="Domains of which one may be the reason for a wish in another: rain, for closing the roof."
    )
    groups: Mapping[str, tuple[str, ...]] = Field(description="Zones that stand for several zones.")
