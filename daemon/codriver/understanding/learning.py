"""Learn what examples mean, once for each state of the catalogue; only new sentences are embedded again."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import numpy as np

from codriver.understanding.examples import LabelledSentence
from codriver.understanding.network import Vectors
from codriver.understanding.recall import Recall, read_archive

_LOG = logging.getLogger(__name__)

_AT_ONCE = 64
_SENTENCES = "sentences.npz"

type Embed = Callable[[Sequence[str]], Awaitable[Vectors]]
type Progress = Callable[[int, int], None]


def learnt_before(name: str, folder: Path) -> Recall | None:
    """Give what was learnt under a name, or None where that is not there or damaged."""
    try:
        return Recall.load(folder / f"{name}.npz")
    except (OSError, ValueError, KeyError):
        return None


async def learn(
    sentences: Sequence[LabelledSentence],
    embed: Embed,
    folder: Path,
    progress: Progress = lambda done, of: None,
    *,
    name: str = "",
) -> Recall:
    """Give what was learnt from these sentences before, or learn it and keep it in ``folder``.

    ``embed`` turns sentences into vectors, shape (sentences, dimension). Raises what it raises. It is kept under
    ``name``, which stands for these sentences; by default one made from them.
    """
    name = name or _identity(sentences)
    if known := learnt_before(name, folder):
        return known
    _LOG.info("Learning what the examples mean", extra={"sentences": len(sentences)})
    path = folder / f"{name}.npz"
    texts = [sentence.text for sentence in sentences]
    vectors = await _embedded(texts, embed, folder / _SENTENCES, progress)
    recall = await asyncio.to_thread(Recall.fit, vectors, [sentence.call for sentence in sentences])
    await asyncio.to_thread(_replace_all, folder, path, recall)
    return recall


def _replace_all(folder: Path, path: Path, recall: Recall) -> None:
    """Keep what was learnt, and drop what was learnt from an earlier catalogue."""
    for stale in folder.glob("*.npz"):
        if stale.name != _SENTENCES:
            stale.unlink(missing_ok=True)
    _keep(path, recall.save)


async def _embedded(texts: Sequence[str], embed: Embed, path: Path, progress: Progress) -> Vectors:
    known = _known(path)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    for first in range(0, len(new), _AT_ONCE):
        batch = new[first : first + _AT_ONCE]
        known.update(zip(batch, await embed(batch), strict=True))
        progress(min(first + _AT_ONCE, len(new)), len(new))
    used = list(dict.fromkeys(texts))
    vectors = np.stack([known[text] for text in used]).astype(np.float16)

    def save(target: Path) -> None:
        with target.open("wb") as file:
            np.savez(file, texts=np.array(used), vectors=vectors)

    if new:
        _keep(path, save)
    return np.stack([known[text] for text in texts]).astype(np.float32)


def _known(path: Path) -> dict[str, Vectors]:
    try:
        kept = read_archive(path)
        return dict(zip((str(text) for text in kept["texts"]), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError):
        return {}


def _keep(path: Path, save: Callable[[Path], None]) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save(part)
    part.replace(path)


def _identity(sentences: Sequence[LabelledSentence]) -> str:
    said = "\n".join(f"{each.text}\t{each.call}" for each in sentences)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
