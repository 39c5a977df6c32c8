"""Text as it is written to text as it is said: ``22.5 °C`` to ``twenty-two point five degrees Celsius``.

The code knows what a number, a time, a range, a quantity and an abbreviation look like. What they are called
is the business of `languages/*.yaml`, and how a number is spelled that of Unicode's rules (`unicode-rbnf`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from unicode_rbnf import RbnfEngine

from codriver.speaking.language import Language, Unit, language_table

_LONGEST_NUMBER = 15
"""More figures than these are read out one by one."""

_MARKUP = re.compile(r"[*_`#~|<>\[\]{}\\]+")
_TIME = re.compile(r"(?<![\d:.,])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?![\d:])")
_DATE = re.compile(r"(?<![\d-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\d-])")
_TELEPHONE = re.compile(
    r"(?<![A-Za-z\d.,+-])"
    r"(?:(?=(?:\D?\d){7})(?:\+\d|0)\d*(?:[ /-]\d+)*|\d{9,}|\d{2,}(?:[ -]\d{2,}){2,})"
    r"(?![.,]?\d)"
)
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")


def spoken_form(text: str, language: str) -> str:
    """Write out figures, units, times and abbreviations in the words of ``language``.

    Marks of markup and control characters are dropped, white space becomes single spaces. A language without
    a table keeps its figures: most voices can read them somehow.
    """
    speller = _speller(language)
    return _tidy(text) if speller is None else speller.spell(text)


class Speller:
    """Writes out the figures and signs of one language."""

    def __init__(self, table: Language) -> None:
        self._table = table
        self._rules = RbnfEngine.for_language(table.rules)
        self._rewrites = [(re.compile(pattern), say) for pattern, say in table.rewrites]
        self._ordinal = re.compile(table.ordinal.pattern)
        self._words = re.compile(rf"(?<![A-Za-z0-9])(?:{_any_of(table.words)})(?![A-Za-z0-9])")
        grouping, decimal = re.escape(table.grouping), re.escape(table.decimal)
        figures = rf"(?:\d{{1,3}}(?:{grouping}\d{{3}})+|\d+)(?:{decimal}\d+)?(?!\d)"
        number = rf"(?:(?<![^\s(（:：\u3400-\u9fff])[-−])?{figures}"
        unit = rf"\s?(?:{_any_of(table.units)})(?![A-Za-z0-9/])"
        self._range = re.compile(
            rf"(?P<low>{number})(?P<low_unit>{unit})?\s?[-–—~～]\s?(?P<high>{figures})(?P<high_unit>{unit})?"
        )
        self._quantity = re.compile(rf"(?P<number>{number})(?P<unit>{unit})")
        self._number = re.compile(number)
        before = table.year.by_digits_before
        self._year_digits = re.compile(rf"(?<!\d)(\d{{4}})(?={before})") if before else None

    def spell(self, text: str) -> str:
        """Return ``text`` as it is said. The steps go from the special to the general."""
        text = _tidy(text)
        for pattern, say in self._rewrites:
            text = pattern.sub(say, text)
        text = _DATE.sub(self._say_date, text)
        text = _TIME.sub(lambda found: self._say_time(int(found[1]), int(found[2])), text)
        text = _TELEPHONE.sub(self._say_telephone, text)
        text = self._ordinal.sub(self._say_ordinal, text)
        if self._year_digits:
            text = self._year_digits.sub(lambda found: self._one_by_one(found[1]), text)
        text = self._range.sub(self._say_range, text)
        text = self._quantity.sub(lambda found: self._say_quantity(found["number"], found["unit"]), text)
        text = self._number.sub(self._say_number, text)
        text = self._words.sub(lambda found: self._table.words[found[0]], text)
        return _BETWEEN_CHINESE.sub("", " ".join(text.split()))

    def _say_date(self, found: re.Match[str]) -> str:
        date = self._table.date
        return date.say.format(
            year=self._one_by_one(found[1]) if self._year_digits else self._year(found[1]),
            month=date.months[int(found[2]) - 1],
            day=self._cardinal(str(int(found[3])), date.day_rule),
        )

    def _say_time(self, hour: int, minute: int) -> str:
        time = self._table.time
        template, full_hour = "{time}", time.full_hour
        if time.twelve_hours and (hour == 0 or hour > 12):
            template = time.twelve_hours.evening if hour else time.twelve_hours.midnight
            full_hour = time.twelve_hours.full_hour
            hour = hour % 12 or 12
        said_hour = self._cardinal(str(hour), self._table.counted)
        if not minute:
            return template.format(time=full_hour.format(hour=said_hour))
        said_minute = self._cardinal(str(minute))
        if minute < 10:
            said_minute = time.leading_zero.format(minute=said_minute)
        return template.format(time=time.say.format(hour=said_hour, minute=said_minute))

    def _say_telephone(self, found: re.Match[str]) -> str:
        digits = self._table.telephone_digits or self._table.digits
        groups = re.split(r"[ /-]", found[0].removeprefix("+"))
        said = ", ".join(self._one_by_one(group, digits) for group in groups)
        return f"{self._table.plus}{self._table.between}{said}" if found[0].startswith("+") else said

    def _say_ordinal(self, found: re.Match[str]) -> str:
        ordinal = self._table.ordinal
        return ordinal.say.format(n=self._cardinal(found[1], ordinal.rule))

    def _say_range(self, found: re.Match[str]) -> str:
        low, high = found["low"], found["high"]
        said_high = self._amount(high, found["high_unit"], found.string[found.end() :])
        said_low = self._amount(low, found["low_unit"], found.string[found.end() :])
        return self._table.range.format(low=said_low, high=said_high)

    def _amount(self, number: str, unit: str | None, following: str) -> str:
        if unit:
            return self._say_quantity(number, unit)
        return self._signed(self._plain(number), self._table.counted if self._counts(following) else None)

    def _say_quantity(self, written: str, unit: str) -> str:
        entry: Unit = self._table.units[unit.strip()]
        number = self._plain(written)
        if self._table.decimal in written:
            number = number.rstrip("0").rstrip(".")
        rule = None if entry.uncounted else self._table.counted
        if number.startswith("-") and entry.below_zero:
            return entry.below_zero.format(n=self._cardinal(number[1:], rule))
        template = entry.one if entry.one and number.lstrip("-") == "1" else entry.other
        return template.format(n=self._signed(number, rule))

    def _say_number(self, found: re.Match[str]) -> str:
        written, text = found[0], found.string
        before, following = text[: found.start()][-1:], text[found.end() :]
        if written.isdigit() and len(written) == 4 and self._is_year(int(written)):
            said = self._year(written)
        elif self._counts(following) and not self._follows_a_name(before):
            said = self._signed(self._plain(written), self._table.counted)
        else:
            said = self._signed(self._plain(written))
        # Figures that touch letters, as in A4 or 5G, become words of their own.
        lead = " " if before.isascii() and before.isalpha() else ""
        trail = " " if following[:1].isascii() and following[:1].isalpha() else ""
        return f"{lead}{said}{trail}"

    def _counts(self, following: str) -> bool:
        table = self._table
        if table.counted is None or table.counted_before is None or not re.match(table.counted_before, following):
            return False
        return table.not_counted_before is None or not re.match(table.not_counted_before, following)

    def _follows_a_name(self, before: str) -> bool:
        pattern = self._table.not_counted_after
        return pattern is not None and re.match(pattern, before) is not None

    def _is_year(self, number: int) -> bool:
        return self._table.year.first <= number <= self._table.year.last

    def _year(self, written: str) -> str:
        return self._cardinal(written, self._table.year.rule).replace("-", " ")

    def _signed(self, number: str, rule: str | None = None) -> str:
        if not number.startswith("-"):
            return self._cardinal(number, rule)
        return f"{self._table.minus}{self._table.between}{self._cardinal(number[1:], rule)}"

    def _plain(self, written: str) -> str:
        """Return the number with a full stop before its decimals and a hyphen for minus, ungrouped."""
        plain = written.replace("−", "-").replace(self._table.grouping, "")
        return plain.replace(self._table.decimal, ".")

    def _cardinal(self, number: str, rule: str | None = None) -> str:
        whole = number.split(".")[0]
        if len(number) > _LONGEST_NUMBER or (len(whole) > 1 and whole.startswith("0")):
            return self._one_by_one(number.replace(".", ""))
        return self._rules.format_number(number, ruleset_names=[rule or self._table.cardinal]).text

    def _one_by_one(self, figures: str, digits: tuple[str, ...] | None = None) -> str:
        return self._table.between.join((digits or self._table.digits)[int(figure)] for figure in figures)


@cache
def _speller(language: str) -> Speller | None:
    table = language_table(language)
    return None if table is None else Speller(table)


def _any_of(words: dict[str, str] | dict[str, Unit]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _tidy(text: str) -> str:
    """Drop markup and control characters; figures of full width become plain ones."""
    plain = "".join(
        unicodedata.normalize("NFKC", sign) if sign.isdigit() else sign
        for sign in text
        if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "So"} or sign in "\n\t°℃"
    )
    return " ".join(_MARKUP.sub(" ", plain).split())
