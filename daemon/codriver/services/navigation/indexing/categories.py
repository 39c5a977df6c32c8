"""What can be looked for by kind: the tags that belong to a category, and the words that mean it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from codriver.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Condition:
    """What is asked of one tag: one of these values, or none of them; no values at all stand for any value."""

    key: str
    values: frozenset[str]
    wanted: bool = True

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Whether an object with these tags fulfils it."""
        value = tags.get(self.key)
        if value is None:
            return not self.wanted
        if not self.values:
            return self.wanted
        return any(one in self.values for one in _values(value)) is self.wanted


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of place. ``words`` are by language, the first of each as codriver says it."""

    name: str
    rules: tuple[tuple[Condition, ...], ...]
    words: Mapping[str, tuple[str, ...]]


class Categories:
    """All categories, in the order in which the first that fits gives a place its name."""

    def __init__(self, categories: Iterable[Category]) -> None:
        self.all = tuple(categories)
        self.numbers: Mapping[str, int] = {category.name: number for number, category in enumerate(self.all)}
        # The rules by the tag that they begin with, so that only a few are tried on each of millions of objects.
        self._rules: dict[tuple[str, str], list[_Rule]] = {}
        for number, category in enumerate(self.all):
            for first, *others in category.rules:
                for value in first.values or {_ANY}:
                    self._rules.setdefault((first.key, value), []).append((number, tuple(others)))
        self.keys = frozenset(key for key, _ in self._rules)
        """The tags without which nothing belongs to any category."""

    def of(self, tags: Mapping[str, str]) -> list[int]:
        """List the numbers of the categories of an object with these tags, in order."""
        found = {
            number
            for key in self.keys & tags.keys()
            for value in (_ANY, *_values(tags[key]))
            for number, others in self._rules.get((key, value), ())
            if all(condition.holds(tags) for condition in others)
        }
        return sorted(found)


type _Rule = tuple[int, tuple[Condition, ...]]

_ANY = "*"


def _values(value: str) -> Iterable[str]:
    """Give the values of a tag, which may list several with semicolons between."""
    return [one.strip() for one in value.split(";")] if ";" in value else (value,)


@cache
def load_categories() -> Categories:
    """Read the categories that codriver ships."""
    return parse_categories(resources.files(__package__).joinpath("categories.yaml").read_text("utf-8"))


def parse_categories(text: str) -> Categories:
    """Read categories from YAML. Raises ConfigurationError with the category that is wrong."""
    return Categories(_parsed(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))))  # noqa: S506


def _parsed(data: object) -> Iterator[Category]:
    if not isinstance(data, dict):
        raise ConfigurationError("The categories are no mapping of names.")
    for name, entry in data.items():
        try:
            rules = tuple(tuple(map(_condition, rule.split("&"))) for rule in entry["tags"])
            words = {language: tuple(map(str, said)) for language, said in entry.items() if language != "tags"}
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ConfigurationError(f"The category {name} has no proper tags: {error}.") from error
        if not all(rules) or not all(rule[0].wanted for rule in rules):
            raise ConfigurationError(f"The category {name} has a rule that does not begin with a tag to have.")
        yield Category(name, rules, words)


def _condition(text: str) -> Condition:
    wanted = "!=" not in text
    key, sign, values = text.strip().partition("=" if wanted else "!=")
    if not (key and sign and values):
        raise ValueError(f"{text.strip()} is no KEY=VALUE")
    return Condition(key, frozenset() if values == "*" else frozenset(values.split("|")), wanted)
