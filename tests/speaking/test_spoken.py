from __future__ import annotations

from pathlib import Path

import pytest
from codriver.errors import ConfigurationError
from codriver.speaking.language import parse_table, read_table
from codriver.speaking.spoken import Speller, spoken_form


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("22", "twenty-two"),
        ("22.5", "twenty-two point five"),
        ("22.0 °C", "twenty-two degrees Celsius"),
        ("2.05", "two point zero five"),
        ("-3", "minus three"),
        ("It is -0.5 °C.", "It is minus zero point five degrees Celsius."),
        ("−10°", "minus ten degrees"),
        ("1,234", "one thousand two hundred thirty-four"),
        ("1,000,000", "one million"),
        ("50 %", "fifty percent"),
        ("50%.", "fifty percent."),
        ("3 km", "three kilometers"),
        ("1 km", "one kilometer"),
        ("350 m", "three hundred fifty meters"),
        ("2.4 bar", "two point four bar"),
        ("15 kWh", "fifteen kilowatt hours"),
        ("17.2 kWh/100 km", "seventeen point two kilowatt hours per hundred kilometers"),
        ("120 km/h", "one hundred twenty kilometers per hour"),
        ("5 min. left", "five minutes. left"),
        ("$12.50", "twelve point five dollars"),
        ("16 to 28", "sixteen to twenty-eight"),
        ("16-28 °C", "sixteen to twenty-eight degrees Celsius"),
        ("20%–80%", "twenty percent to eighty percent"),
        ("8:05", "eight oh five"),
        ("8:00", "eight o'clock"),
        ("8:00 a.m.", "eight A M"),
        ("8:30pm", "eight thirty P M"),
        ("20:30", "eight thirty P M"),
        ("20:00", "eight P M"),
        ("0:05", "twelve oh five A M"),
        ("12:15", "twelve fifteen"),
        ("the 2nd and the 21st", "the second and the twenty-first"),
        ("since 1999", "since nineteen ninety nine"),
        ("in 2026", "in twenty twenty six"),
        ("2025-03-14", "March fourteenth, twenty twenty five"),
        ("0170 1234567", "zero one seven zero, one two three four five six seven"),
        ("+49 170 1234567", "plus four nine, one seven zero, one two three four five six seven"),
        ("555-123-4567", "five five five, one two three, four five six seven"),
        ("007", "zero zero seven"),
        ("A4", "A four"),
        ("A/C", "air conditioning"),
        ("the EV's GPS", "the E V's G P S"),
        ("Dr. Smith", "Doctor Smith"),
        ("Main St. and St. Mary", "Main Street and Saint Mary"),
        ("**bold**, `code`", "bold , code"),
        ("bell\x07 and\u200b zero width", "bell and zero width"),
        ("Nothing to change.", "Nothing to change."),
        ("", ""),
    ],
)
def test_english(written: str, said: str) -> None:
    assert spoken_form(written, "en") == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("22度", "二十二度"),
        ("22.5 °C", "二十二点五度"),
        ("-3°C", "零下三度"),
        ("50%", "百分之五十"),
        ("2.5", "二点五"),
        ("2个", "两个"),
        ("12个", "十二个"),
        ("2 km", "两公里"),
        ("200米", "两百米"),
        ("2%", "百分之二"),
        ("2档", "二档"),
        ("第2首", "第二首"),
        ("2到3分钟", "两到三分钟"),
        ("16-28度", "十六到二十八度"),
        ("20%～80%", "百分之二十到百分之八十"),
        ("8:05", "八点零五分"),
        ("20:30", "二十点三十分"),
        ("2:00", "两点"),
        ("2点30分", "两点三十分"),
        ("2026年", "二零二六年"),
        ("2025-03-14", "二零二五年三月十四日"),
        ("3月2日", "三月二日"),
        ("15 kWh", "十五千瓦时"),
        ("120 km/h", "一百二十公里每小时"),
        ("胎压2.4 bar", "胎压二点四巴"),
        ("打开 A/C", "打开空调"),
        ("电话13812345678", "电话幺三八幺二三四五六七八"),
        ("剩余电量70%，可行驶312公里。", "剩余电量百分之七十，可行驶三百一十二公里。"),
        ("２２度", "二十二度"),
    ],
)
def test_chinese(written: str, said: str) -> None:
    assert spoken_form(written, "zh") == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("22,5 °C", "zweiundzwanzig Komma fünf Grad"),
        ("1 km", "ein Kilometer"),
        ("1.234 m", "eintausendzweihundertvierunddreißig Meter"),
        ("um 20:30", "um zwanzig Uhr dreißig"),
        ("16-28 °C", "sechzehn bis achtundzwanzig Grad"),
    ],
)
def test_another_language_is_a_table_and_no_code(written: str, said: str) -> None:
    german = read_table(Path(__file__).with_name("german.yaml"))
    assert Speller(german).spell(written) == said


def test_a_region_speaks_its_language() -> None:
    assert spoken_form("22", "en-US") == "twenty-two"
    assert spoken_form("22", "zh_CN") == "二十二"


@pytest.mark.parametrize("language", ["xx", "../en", ""])
def test_a_language_without_a_table_keeps_its_figures(language: str) -> None:
    assert spoken_form("22 *km*", language) == "22 km"


def test_a_wrong_table_is_named_with_the_field() -> None:
    with pytest.raises(ConfigurationError, match=r"de\.yaml.*between"):
        parse_table("rules: de", "de.yaml")


@pytest.mark.parametrize("text", ["1" * 100_000, "-" * 100_000, "1,111" * 20_000, "1-1 , " * 15_000, "A/ " * 30_000])
def test_odd_text_of_any_length_comes_to_an_end(text: str) -> None:
    assert isinstance(spoken_form(text, "en"), str)
    assert isinstance(spoken_form(text, "zh"), str)
