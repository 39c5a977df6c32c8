"""Words that sound alike."""

from __future__ import annotations

import pytest
from codriver.understanding.phrasing.homophones import FOLDS, pinyin_fold


@pytest.mark.parametrize(
    ("meant", "heard", "apart"),
    [
        ("打开天窗", "大开天床", ""),
        ("打开主驾车门", "搭开主架车们", ""),
        ("座椅加热", "做以家热", ""),
        ("导航到最近的充电站", "刀行到最近的重电站", "航行充重"),
    ],
)
def test_what_sounds_alike_becomes_the_same(meant: str, heard: str, apart: str) -> None:
    """Characters of two readings keep the first one: 行 is xing and 重 is zhong, whatever was said."""
    fold = pinyin_fold()
    different = [
        pair for pair, a, b in zip(zip(meant, heard, strict=True), fold(meant), fold(heard), strict=True) if a != b
    ]
    assert "".join(a + b for a, b in different) == apart


def test_other_sounds_other_words_and_what_is_no_han_stay_apart() -> None:
    fold = pinyin_fold()
    assert fold("打开") != fold("关闭")
    assert fold("车窗 22.5度 AC").endswith(" 22.5度 AC")
    assert len(fold("打开车窗")) == 4


def test_folding_is_settled_once_for_a_fold() -> None:
    fold = pinyin_fold()
    assert fold("驾") == "驾"
    assert fold("架家") == "驾驾"
    assert pinyin_fold()("架家") == "架架"


def test_a_language_may_do_without() -> None:
    assert FOLDS["none"] is None
