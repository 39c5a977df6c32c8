from __future__ import annotations

import pytest
from codriver.engines.voice.mandarin import Mandarin


@pytest.fixture(scope="module")
def mandarin() -> Mandarin:
    return Mandarin(foreign=lambda text: f"<{text}>")


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("打开车窗。", "ta↓kʰai→ ꭧʰɤ→ꭧʰwa→ŋ."),
        ("银行，重庆", "i↗nxa↗ŋ, ꭧʰʊ↗ŋʨʰi↘ŋ"),
        ("好的Hello世界", "xau↓ tɤ <Hello> ʂɨ↘ʨje↘"),
        ("Hey Jarvis，打开GPS。", "<Hey Jarvis>, ta↓kʰai→ <GPS>."),
        ("二十二点五度", "ɚ↘ʂɨ↗ɚ↘tjɛ↓nu↓ tu↘"),
        ("", ""),
    ],
)
def test_chinese_is_spelled_and_foreign_words_are_not_taken_for_phonemes(
    mandarin: Mandarin, text: str, phonemes: str
) -> None:
    assert mandarin.phonemes(text) == phonemes
