"""Learning what the examples mean: once for each state of them, and only what is new."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from codriver.catalogue import Catalogue, load_catalogue
from codriver.errors import EngineError
from codriver.folders import intents_folder
from codriver.turn import IntentCall
from codriver.understanding.likeness.asking import runs_of
from codriver.understanding.likeness.examples import LabelledSentence
from codriver.understanding.likeness.learning import Embed, Learnt, Progress, learn, learnt_before
from codriver.understanding.likeness.network import Vectors

type Learn = Callable[..., Awaitable[Learnt]]

COLD = IntentCall("make_warmer")
SKY = IntentCall("open_sunroof")
SENTENCES = (
    LabelledSentence("my toes are ice cubes", "en", COLD),
    LabelledSentence("my fingers are ice", "en", COLD),
    LabelledSentence("some sky above us", "en", SKY),
    LabelledSentence("show us the sky", "en", SKY),
    LabelledSentence("what is for dinner", "en", None),
    LabelledSentence("who won the match", "en", None),
)


class WordHashes:
    """Embeds a sentence as the sum of its words' hashes, and remembers the sentences that it was given."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    @property
    def embedded(self) -> list[str]:
        return [text for batch in self.batches for text in batch]

    async def __call__(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        return np.stack([self.vector(text) for text in texts])

    @staticmethod
    def vector(text: str) -> Vectors:
        words = [np.random.default_rng(zlib.crc32(word.encode())).normal(size=64) for word in text.split()]
        total = np.sum(words, axis=0)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


@pytest.fixture
def embed() -> WordHashes:
    return WordHashes()


def meant(learnt: Learnt, text: str) -> IntentCall | None:
    return learnt.recall.recall(WordHashes.vector(text))[0].call


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue([intents_folder()])


@pytest.fixture
def learnt(catalogue: Catalogue) -> Learn:
    """Learn sentences under a name that stands for them, unless that was done before."""

    async def under_a_name(
        sentences: Sequence[LabelledSentence], embed: Embed, folder: Path, progress: Progress = lambda done, of: None
    ) -> Learnt:
        name = f"{zlib.crc32(repr(sentences).encode()):08x}"
        return learnt_before(name, folder) or await learn(sentences, catalogue, embed, folder, progress, name=name)

    return under_a_name


async def test_what_was_learnt_is_recalled(learnt: Learn, embed: WordHashes, tmp_path: Path) -> None:
    taught = await learnt(SENTENCES, embed, tmp_path)
    assert meant(taught, "my toes are ice") == COLD
    assert meant(taught, "show some sky") == SKY
    assert meant(taught, "who won") is None


async def test_the_same_examples_are_not_learnt_twice(learnt: Learn, embed: WordHashes, tmp_path: Path) -> None:
    first = await learnt(SENTENCES, embed, tmp_path / "not there yet")
    embed.batches.clear()
    again = await learnt(SENTENCES, embed, tmp_path / "not there yet")
    assert embed.batches == []
    vector = WordHashes.vector("some sky")
    assert again.recall.recall(vector) == first.recall.recall(vector)


async def test_only_new_sentences_are_embedded(learnt: Learn, embed: WordHashes, tmp_path: Path) -> None:
    await learnt(SENTENCES, embed, tmp_path)
    embed.batches.clear()
    taught = await learnt((*SENTENCES, LabelledSentence("pop the lid", "en", IntentCall("open_boot"))), embed, tmp_path)
    assert embed.embedded == ["pop the lid"]
    assert meant(taught, "pop the lid") == IntentCall("open_boot")


async def test_another_meaning_is_learnt_without_embedding_again(
    learnt: Learn, embed: WordHashes, tmp_path: Path
) -> None:
    await learnt(SENTENCES, embed, tmp_path)
    embed.batches.clear()
    changed = [
        LabelledSentence(each.text, each.language, IntentCall("sunshade")) if each.call == SKY else each
        for each in SENTENCES
    ]
    assert meant(await learnt(changed, embed, tmp_path), "show us the sky") == IntentCall("sunshade")
    assert embed.batches == []


async def test_a_sentence_that_stands_twice_is_embedded_once(learnt: Learn, embed: WordHashes, tmp_path: Path) -> None:
    await learnt((*SENTENCES, *SENTENCES), embed, tmp_path)
    assert embed.embedded == [sentence.text for sentence in SENTENCES]


async def test_what_early_catalogues_taught_is_dropped(learnt: Learn, embed: WordHashes, tmp_path: Path) -> None:
    await learnt(SENTENCES, embed, tmp_path)
    await learnt(SENTENCES[:4], embed, tmp_path)
    await learnt(SENTENCES[:3], embed, tmp_path)
    await learnt(SENTENCES[1:], embed, tmp_path)
    kept = {path.name for path in files(tmp_path)}
    assert "sentences.npz" in kept
    assert len(kept) == 4


async def test_progress_is_told_in_sentences(learnt: Learn, embed: WordHashes, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    many = [LabelledSentence(f"sentence {number}", "en", COLD if number % 2 else SKY) for number in range(150)]
    await learnt(many, embed, tmp_path, lambda done, of: told.append((done, of)))
    assert told == [(64, 150), (128, 150), (150, 150)]
    assert [len(batch) for batch in embed.batches] == [64, 64, 22]


@pytest.mark.parametrize("damage", [b"", b"no archive", b"PK\x03\x04", b"PK\x03\x04 half of one"])
async def test_damaged_files_are_learnt_anew(learnt: Learn, embed: WordHashes, tmp_path: Path, damage: bytes) -> None:
    await learnt(SENTENCES, embed, tmp_path)
    embed.batches.clear()
    for path in files(tmp_path):
        path.write_bytes(damage)
    assert meant(await learnt(SENTENCES, embed, tmp_path), "show us the sky") == SKY
    assert len(embed.embedded) == len(SENTENCES)
    embed.batches.clear()
    await learnt(SENTENCES, embed, tmp_path)
    assert embed.batches == []


async def test_an_engine_that_fails_leaves_nothing_behind(learnt: Learn, embed: WordHashes, tmp_path: Path) -> None:
    async def fail(texts: Sequence[str]) -> Vectors:
        raise EngineError("The language model vanished.")

    with pytest.raises(EngineError, match="vanished"):
        await learnt(SENTENCES, fail, tmp_path)
    assert files(tmp_path) == []
    assert meant(await learnt(SENTENCES, embed, tmp_path), "show us the sky") == SKY


async def test_words_that_ask_for_nothing_are_told_from_those_that_ask(
    learnt: Learn, catalogue: Catalogue, embed: WordHashes, tmp_path: Path
) -> None:
    english = catalogue.language("en")
    taught = await learnt(SENTENCES, embed, tmp_path)
    assert taught.asking.nothing(runs_of("who won the cup", "en", english)) > 0.5
    assert taught.asking.nothing(runs_of("show us some sky", "en", english)) < 0.5


async def test_drawn_sentences_teach_less_of_how_people_ask_than_written_ones(
    learnt: Learn, catalogue: Catalogue, embed: WordHashes, tmp_path: Path
) -> None:
    runs = runs_of("who would fancy sky", "en", catalogue.language("en"))
    written, drawn = ([LabelledSentence("who would fancy sky", "en", SKY, drawn=each)] * 20 for each in (False, True))
    with_written = await learnt((*SENTENCES, *written), embed, tmp_path / "written")
    with_drawn = await learnt((*SENTENCES, *drawn), embed, tmp_path / "drawn")
    without = await learnt(SENTENCES, embed, tmp_path / "without")
    asked = [each.asking.nothing(runs) for each in (with_written, with_drawn, without)]
    assert asked == sorted(asked)
    assert len(set(asked)) == 3
