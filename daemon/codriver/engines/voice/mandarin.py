"""Chinese text to the phonemes Kokoro was trained on; foreign words in it are left to another speller."""

from __future__ import annotations

import logging
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

with warnings.catch_warnings():
    # jieba 0.42 has invalid escape sequences, which Python reports once while compiling it.
    warnings.simplefilter("ignore", SyntaxWarning)
    import jieba
    from misaki.zh import ZHG2P

_RUNS = re.compile(r"[\u3400-\u9fff]+|[A-Za-z][A-Za-z'\- ]*[A-Za-z']|[A-Za-z]|[^\u3400-\u9fffA-Za-z]+")
_NUMERALS = "〇零一二三四五六七八九十百千万亿两幺"
_NUMBER = re.compile(rf"([{_NUMERALS}](?:点?[{_NUMERALS}])+)")
"""Kept whole: jieba cuts 二十二点五度 into 二, 十二点 and 五度."""

_RARE = 4
"""Words of jieba's dictionary seen less often are left out: it takes 12 MB so, and 56 whole. Of 436 sentences
about cars 74 are cut otherwise then, and no worse: 调到 and 设为 stay together, 打开天窗 becomes two words."""


class Mandarin:
    """misaki's phonemes of Chinese, word by word.

    misaki itself takes Latin letters between Chinese ones for phonemes, so such words are spelled by
    ``foreign`` (text to phonemes) here.
    """

    def __init__(self, foreign: Callable[[str], str]) -> None:
        self._foreign = foreign
        jieba.setLogLevel(logging.WARNING)
        self._words = _small_dictionary()

    def phonemes(self, text: str) -> str:
        """Spell ``text``. Digits must have been written out: Kokoro has no sound for them."""
        parts = []
        for run in _RUNS.findall(ZHG2P.map_punctuation(text)):
            if run[0].isascii() and run[0].isalpha():
                parts.append(f" {self._foreign(run)} ")
            elif "\u3400" <= run[0] <= "\u9fff":
                parts.append(" ".join(ZHG2P.word2ipa(word) for word in self._cut(run)))
            else:
                parts.append(run)
        # The voiceless mark (a combining ring) is not in Kokoro's alphabet.
        return re.sub(r" +(?=[,.!?:;])|(?<= ) +", "", "".join(parts).replace(chr(815), "")).strip()

    def _cut(self, run: str) -> Iterator[str]:
        for number, part in enumerate(_NUMBER.split(run)):
            if number % 2:
                yield part
            else:
                yield from self._words.cut(part)


def _small_dictionary() -> jieba.Tokenizer:
    with tempfile.TemporaryDirectory(prefix="codriver-voice-") as directory:
        common = Path(directory) / "common.txt"
        with jieba.dt.get_dict_file() as everything, common.open("wb") as kept:
            kept.writelines(line for line in everything if int(line.split()[1]) >= _RARE)
        words = jieba.Tokenizer(str(common))
        words.tmp_dir = directory
        words.initialize()
    return words
