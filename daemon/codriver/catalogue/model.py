"""The shape of an intent file, as pydantic models: the YAML, the JSON Schema and the code share this one definition."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from codriver.catalogue.dbus_texts import BusName, MemberName, ObjectPath, Signature, complete_types
from codriver.catalogue.navigate import Navigate
from codriver.catalogue.phrases import ByLanguage, Entry, Phrases, Phrasings, Scalar
from codriver.catalogue.vocabulary import Language, Vocabulary

SPEAKER = "speaker"
"""The zone value for "my": it becomes the zone from which the sentence came."""


PATTERNED: Mapping[str, tuple[str, str]] = MappingProxyType({"switch": ("on", "off"), "direction": ("up", "down")})
"""The two values of the parameter types for which each language has sentence patterns."""

LONGEST_TEXT = 60
"""Characters of a text parameter: no name or address that somebody says is longer."""


type ServiceValue = Scalar | tuple[ServiceValue, ...] | Mapping[str, ServiceValue]


class Safety(StrEnum):
    """What kind of thing an intent does; the policy decides by it when it may be done."""

    STATUS = "status"
    COMFORT = "comfort"
    NAVIGATION = "navigation"
    MEDIA = "media"
    VIEW = "view"
    WINDOWS = "windows"
    LIGHTS = "lights"
    PARKED = "parked"
    SEATING = "seating"
    MIRRORS = "mirrors"
    OPENING = "opening"
    LOCKING = "locking"
    DRIVER = "driver"
    DRIVING = "driving"
    FORBIDDEN = "forbidden"


GRAVE = frozenset({Safety.OPENING, Safety.LOCKING, Safety.MIRRORS, Safety.DRIVING})
"""What must not come of a misunderstanding. What is only done in a parked car is not among it: it is harmless there."""


class Choice(Entry):
    """One value of an enum parameter: how it is said, what it stands for, how it is named in an answer."""

    said: ByLanguage = Field(
        default_factory=dict, description="Ways to say this value, by language; templates are allowed."
    )
    value: Scalar | None = Field(None, description="What an effect receives; the choice's own name by default.")
    spoken: Mapping[str, str] = Field(
        default_factory=dict, description="Its name in answers, by language; the first way to say it by default."
    )


class Parameter(Entry):
    """One typed parameter of an intent."""

    type: Literal["zone", "integer", "number", "enum", "switch", "direction", "text"] = Field(
        description="What kind of value it takes: a switch is on or off, a direction is up or down, a text any words."
    )
    description: str = Field("", description="What the language model should know about it.")
    required: bool = Field(False, description="Whether the intent makes no sense without it.")
    default: Scalar | None = Field(None, description="The value when it was not said.")
    minimum: float | None = Field(None, description="The smallest value that is accepted.")
    maximum: float | None = Field(None, description="The largest value that is accepted.")
    unit: str = Field("", description="The unit in which it is said.")
    values: Mapping[str, Choice] = Field(default_factory=dict, description="The choices of an enum.")
    noun: ByLanguage = Field(
        default_factory=dict,
        description="What is switched, turned up and down, or set, by language: the language's patterns are used with "
        "it, for a value those that ask to set it without saying to what.",
    )
    zones: tuple[str, ...] = Field((), description="The zones that exist for this intent; all of them by default.")
    ask: ByLanguage = Field(default_factory=dict, description="How it is asked for where it was not said.")
    answered: ByLanguage = Field(
        default_factory=dict, description="How the question for it may be answered: templates around the text."
    )
    model: bool = Field(
        True, description="Whether the language model is told of it; if not, it is only looked for in the sentence."
    )
    such_as: ByLanguage = Field(
        default_factory=dict, description="A few of the texts that may be said, for checking and learning templates."
    )

    @property
    def numeric(self) -> bool:
        """Whether it takes a number."""
        return self.type in ("integer", "number")

    @model_validator(mode="after")
    def _fits_its_type(self) -> Parameter:
        if (self.type == "enum") != bool(self.values):
            raise ValueError("an enum needs 'values', and only an enum has them")
        if self.noun and self.type == "zone":
            raise ValueError("a zone has no 'noun'")
        if not self.numeric and (self.minimum is not None or self.maximum is not None):
            raise ValueError("only an integer or a number has a minimum and a maximum")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("minimum is greater than maximum")
        if (self.such_as or self.answered) and self.type != "text":
            raise ValueError("only a text has 'such_as' and 'answered'")
        if self.type == "enum" and self.default is not None and self.default not in self.values:
            raise ValueError(f"the default {self.default!r} is none of the values")
        return self


class SetSignal(Entry):
    """Set a vehicle signal to a value. ``{name}`` in either stands for a parameter."""

    set: str = Field(description="A VSS path; {zone:seat} and the like are looked up in the vocabulary's places.")
    to: Scalar = Field(description="The value, or {parameter}.")
    values: Mapping[str, Scalar] = Field(
        default_factory=dict, description="What each value of the parameter stands for, where it is not itself."
    )
    at_least: bool = Field(False, description="Leave the signal alone where it is higher already.")


class ChangeSignal(Entry):
    """Change a numeric vehicle signal by an amount, from what it is now, within its range."""

    change: str = Field(description="A VSS path, as in 'set'.")
    by: float | str = Field(description="The amount, or {parameter}; with 'times' for the direction and scale.")
    times: float = Field(1.0, description="A factor on the amount; -1 to lower.")
    minimum: float | None = Field(None, description="Never below this value.")
    maximum: float | None = Field(None, description="Never above this value.")


class ReadSignal(Entry):
    """Read a vehicle signal for the answer."""

    read: str = Field(description="A VSS path, as in 'set'; {each:seat} names the zones where it is true.")
    name: str = Field(description="The name of the value in the answers.")
    times: float = Field(1.0, description="A factor, such as 0.001 to say metres as kilometres.")
    digits: int = Field(0, description="How many decimals are said.")
    say: Mapping[str, Mapping[str, str]] = Field(
        default_factory=dict, description="Words for values, by language: {'true': 'open', 'false': 'closed'}."
    )


class ControlPlayer(Entry):
    """Do something with the media player that is in use."""

    player: Literal[
        "play", "pause", "play_pause", "next", "previous", "volume", "change_volume", "shuffle", "repeat", "what"
    ] = Field(description="What the player shall do.")
    to: Scalar | None = Field(None, description="The value for volume (0 to 100), shuffle or repeat.")
    by: float | str | None = Field(None, description="The amount, in percent, for change_volume.")
    times: float | str = Field(1.0, description="A factor on the amount: -1 to lower, or a direction's {parameter}.")


class _OnService(Entry):
    on: BusName = Field(description="The service's name on the bus.")
    at: ObjectPath = Field(description="The path of its object.")


class CallMethod(_OnService):
    """Call a method of any service on the bus; once for each zone where the arguments name {zone}."""

    call: MemberName = Field(description="The method: its interface, a dot, its name.")
    args: tuple[ServiceValue, ...] = Field((), description="Its arguments, in order; {name} stands for a parameter.")
    signature: Signature | None = Field(
        None, description="The D-Bus types of the arguments; by default s, i, d and b, as the values are."
    )
    values: Mapping[str, Scalar] = Field(
        default_factory=dict, description="What each value of a parameter stands for, where it is not itself."
    )
    timeout: float = Field(2.0, gt=0, le=30, description="How many seconds to wait for the answer.")

    @model_validator(mode="after")
    def _has_a_type_for_each_argument(self) -> CallMethod:
        if self.signature is not None and (types := len(complete_types(self.signature))) != len(self.args):
            raise ValueError(
                f"the signature {self.signature!r} has {types} types, and args has {len(self.args)} values"
            )
        return self


class SetProperty(_OnService):
    """Set a property of any service on the bus, and read it back."""

    set: MemberName = Field(description="The property: its interface, a dot, its name.")
    to: ServiceValue = Field(description="The value, or {parameter}.")
    signature: Signature | None = Field(
        None, description="The property's D-Bus type; by default s, i, d or b, as the value is."
    )
    values: Mapping[str, Scalar] = Field(
        default_factory=dict, description="What each value of the parameter stands for, where it is not itself."
    )

    @model_validator(mode="after")
    def _has_one_type(self) -> SetProperty:
        if self.signature is not None and len(complete_types(self.signature)) != 1:
            raise ValueError(f"the signature {self.signature!r} must be one type, that of the property")
        return self


class ReadProperty(_OnService):
    """Read a property of any service on the bus for the answer."""

    read: MemberName = Field(description="The property: its interface, a dot, its name.")
    name: str = Field(description="The name of the value in the answers.")
    times: float = Field(1.0, description="A factor, such as 0.001 to say metres as kilometres.")
    digits: int = Field(0, description="How many decimals are said.")
    say: Mapping[str, Mapping[str, str]] = Field(
        default_factory=dict, description="Words for values, by language: {'true': 'open', 'false': 'closed'}."
    )


def _kind_of_effect(value: Any) -> str | None:
    keys = value if isinstance(value, Mapping) else vars(value)
    kind = next((kind for kind in ("set", "change", "read", "player", "navigate", "call") if kind in keys), None)
    return f"{kind} on" if kind in ("set", "read") and ("on" in keys or "at" in keys) else kind


type Effect = Annotated[
    Annotated[SetSignal, Tag("set")]
    | Annotated[ChangeSignal, Tag("change")]
    | Annotated[ReadSignal, Tag("read")]
    | Annotated[ControlPlayer, Tag("player")]
    | Annotated[Navigate, Tag("navigate")]
    | Annotated[CallMethod, Tag("call")]
    | Annotated[SetProperty, Tag("set on")]
    | Annotated[ReadProperty, Tag("read on")],
    Discriminator(
        _kind_of_effect,
        custom_error_type="unknown_effect",
        custom_error_message="an effect starts with one of the keys set, change, read, player, navigate, call",
    ),
]


class Answers(Entry):
    """What is said after the intent, in one language; several phrases are variants of one another."""

    done: Phrases = Field((), description="It is so now.")
    moving: Phrases = Field((), description="It is on its way; 'done' by default.")
    already: Phrases = Field((), description="It was so before.")
    refused: Phrases = Field((), description="It is never done, and this says why.")
    ask: Phrases = Field((), description="Whether it shall really be done.")


class Intent(Entry):
    """Something that can be asked for."""

    description: str = Field(description="One sentence for the language model: when to choose this intent.")
    safety: Safety = Field(description="Its class in the safety policy.")
    parameters: Mapping[str, Parameter] = Field(default_factory=dict)
    effects: tuple[Effect, ...] = Field((), description="What is done, in this order.")
    sentences: Mapping[str, Phrasings] = Field(
        default_factory=dict, description="How it is asked for, by language: templates in hassil's syntax."
    )
    around: ByLanguage = Field(
        default_factory=dict,
        description="What may stand around a text in sentences that mean this by their examples: templates, as above.",
    )
    topic: Mapping[str, str] = Field(
        default_factory=dict, description="What 'it' means after this, by language, without an article: sunroof."
    )
    examples: Mapping[str, Phrasings] = Field(
        default_factory=dict,
        description="Whole sentences that mean this in other words; what is said is compared with them by meaning.",
    )
    answers: Mapping[str, Answers] = Field(description="What is said, by language.")
    model: bool = Field(True, description="Whether the language model may choose it.")


class IntentFile(Entry):
    """One domain: a file of the intents folder."""

    domain: str = Field(description="The name of the domain; it equals the file's name.")
    rules: Mapping[str, Mapping[str, str]] = Field(
        default_factory=dict, description="Template fragments of this domain by language, used as <name>."
    )
    intents: Mapping[str, Intent]
    unrelated: ByLanguage = Field(
        default_factory=dict,
        description="Whole sentences near this domain that ask for nothing it can do, by language.",
    )


class Catalogue(BaseModel):
    """Every intent by name, and the vocabulary they are written in."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    vocabulary: Vocabulary
    intents: Mapping[str, Intent]
    domains: Mapping[str, str] = Field(default_factory=dict, description="The domain of each intent.")
    homes: Mapping[str, Path] = Field(default_factory=dict, description="The file of each intent.")
    rules: Mapping[str, Mapping[str, Mapping[str, str]]] = Field(
        default_factory=dict,
        description="The template fragments of each domain, by language; no domain sees another's.",
    )
    unrelated: ByLanguage = Field(default_factory=dict, description="Sentences that ask for nothing, by language.")

    def __getitem__(self, name: str) -> Intent:
        return self.intents[name]

    def rules_of(self, intent: str, code: str) -> Mapping[str, str]:
        """Give the template fragments of an intent's domain in a language."""
        return self.rules.get(self.domains.get(intent, ""), {}).get(code, {})

    def language(self, code: str) -> Language:
        """Give the language, or the first one of the vocabulary where it is unknown."""
        languages = self.vocabulary.languages
        return languages.get(code) or next(iter(languages.values()))
