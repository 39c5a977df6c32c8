"""Sentences in the one form in which they are matched."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.understanding.phrasing.wording import comparable, plain, printable


@pytest.mark.parametrize(
    ("said", "matched"),
    [
        ("Turn the temperature to twenty two degrees!", "turn the temperature to 22 degrees"),
        ("make it twenty-one.", "make it 21"),
        ("Set it to 22.5 degrees, please", "set it to 22.5 degrees please"),
        ("set it to twenty one and a half degrees", "set it to 21.5 degrees"),
        ("fifty per cent", "50 %"),
        ("a hundred percent", "100 %"),
        ("brightness to minus forty", "brightness to -40"),
        ("two degrees warmer", "2 degrees warmer"),
        ("one notch", "1 notch"),
        ("volume to one", "volume to 1"),
        ("one more", "one more"),
        ("this one", "this one"),
        ("What’s the A/C at?", "what is the ac at"),
        ("turn the air conditioning on", "turn the ac on"),
        ("Aircon on", "ac on"),
        ("HOW'S\tit\x00going", "how is it going"),
        ("the tyres of my colour", "the tires of my color"),
        ("clear the wind screen", "clear the windshield"),
        ("“open” (the) window…", "open the window"),
        ("22 degrees Celsius", "22 degrees"),
        ("ｏｐｅｎ　ｔｈｅ　ｂｏｏｔ", "open the boot"),
        ("", ""),
        ("?!", ""),
        pytest.param(
            *("two and a half degrees", "2.5 degrees"),
        ),
    ],
)
def test_english(catalogue: Catalogue, said: str, matched: str) -> None:
    assert plain(said, "en", catalogue.language("en")) == matched


@pytest.mark.parametrize(
    ("said", "matched"),
    [
        ("把溫度調到二十三度。", "把温度调到23度"),
        ("打開後車窗！", "打开后车窗"),
        ("百分之五十", "50%"),
        ("音量调到三十", "音量调到30"),
        ("二十二点五度", "22.5度"),
        ("二十二度半", "22.5度"),
        ("两百公里", "200公里"),
        ("两档", "2档"),
        pytest.param("三挡", "3档"),
        ("调高一点", "调高一点"),
        ("开一半", "开一半"),
        ("第二首", "第二首"),
        ("２２度", "22度"),
        ("能不能打开天窗", "打开天窗"),
        ("请问可以打开后备厢吗", "打开后备箱"),
        ("前挡风玻璃起雾了", "前挡风起雾了"),
        ("副驾驶的座椅", "副驾的座椅"),
        ("打开主驾驶车窗", "打开主驾车窗"),
        pytest.param(
            *("可以", "可以"),
        ),
        ("", ""),
        ("。。。", ""),
    ],
)
def test_chinese(catalogue: Catalogue, said: str, matched: str) -> None:
    assert plain(said, "zh", catalogue.language("zh")) == matched


@pytest.mark.parametrize("code", ["en", "zh"])
def test_what_is_plain_stays_so(catalogue: Catalogue, code: str) -> None:
    for said in ("Set the temperature to twenty two degrees!", "把溫度調到二十三度。", "fifty percent", "百分之五十"):
        once = plain(said, code, catalogue.language(code))
        assert plain(once, code, catalogue.language(code)) == once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("open\x00the\x1b[31m door\r\n", "open the [31m door"),
        ("zero\u200bwidth\u202eoverride", "zero width override"),
        ("\ud800", ""),
        ("cafe\u0301", "café"),
        ("  a \t b  ", "a b"),
    ],
)
def test_what_cannot_be_printed_is_a_space(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Set it to twenty-two degrees!", ["set", "it", "to", "22", "degrees"]),
        ("It's 22.5 %", ["it's", "22.5", "percent"]),
        ("打開車窗", ["打", "开", "车", "窗"]),
        ("调到二十三度", ["调", "到", "23", "度"]),
        ("播放Open Road", ["播", "放", "open", "road"]),
        ("", []),
    ],
)
def test_the_units_in_which_hearing_is_counted(text: str, units: list[str]) -> None:
    assert comparable(text) == units
