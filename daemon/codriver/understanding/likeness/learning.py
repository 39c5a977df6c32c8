"""Learn what examples mean, once for each state of the catalogue; only new sentences are embedded again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from codriver.catalogue.model import Catalogue
from codriver.understanding.likeness.asking import Asking, runs_of
from codriver.understanding.likeness.examples import LabelledSentence
from codriver.understanding.likeness.network import Vectors
from codriver.understanding.likeness.recall import Recall

_LOG = logging.getLogger(__name__)

_AT_ONCE = 64
_SENTENCES = "sentences.npz"
_KEPT = 3
"""Catalogues that are remembered: going back to the one before costs nothing."""

type Embed = Callable[[Sequence[str]], Awaitable[Vectors]]
type Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What examples taught: which call a sentence is like, and whether its words ask for anything."""

    recall: Recall
    asking: Asking


def learnt_before(name: str, folder: Path) -> Learnt | None:
    """Give what was learnt under a name, or None where that is not there or damaged."""
    try:
        kept = _read_archive(folder / f"{name}.npz")
        return Learnt(Recall.of(kept), Asking.of(kept))
    except (OSError, ValueError, KeyError):
        return None


async def learn(
    sentences: Sequence[LabelledSentence],
    catalogue: Catalogue,
    embed: Embed,
    folder: Path,
    progress: Progress = lambda done, of: None,
    *,
    name: str,
) -> Learnt:
    """Learn from the sentences of a catalogue, and keep that in ``folder`` under ``name``, which stands for them.

    ``embed`` turns sentences into vectors, shape (sentences, dimension). Raises what it raises.
    """
    _LOG.info("Learning what the examples mean", extra={"sentences": len(sentences)})
    texts = [sentence.text for sentence in sentences]
    vectors = await _embedded(texts, embed, folder / _SENTENCES, progress)
    learnt = await asyncio.to_thread(_fit, sentences, catalogue, vectors)
    await asyncio.to_thread(_replace_all, folder, folder / f"{name}.npz", learnt)
    return learnt


def _fit(sentences: Sequence[LabelledSentence], catalogue: Catalogue, vectors: Vectors) -> Learnt:
    recall = Recall.fit(vectors, [sentence.call for sentence in sentences])
    runs = [runs_of(each.text, each.language, catalogue.language(each.language)) for each in sentences]
    nothing = [sentence.call is None for sentence in sentences]
    return Learnt(recall, Asking.fit(runs, nothing, [sentence.drawn for sentence in sentences]))


def _replace_all(folder: Path, path: Path, learnt: Learnt) -> None:
    """Keep what was learnt, and drop what was learnt from catalogues before the last."""
    learnt_earlier = [kept for kept in folder.glob("*.npz") if kept.name != _SENTENCES]
    for stale in sorted(learnt_earlier, key=lambda kept: kept.stat().st_mtime, reverse=True)[_KEPT - 1 :]:
        stale.unlink(missing_ok=True)
    _keep(path, {**learnt.recall.arrays(), **learnt.asking.arrays()})


async def _embedded(texts: Sequence[str], embed: Embed, path: Path, progress: Progress) -> Vectors:
    known = _known(path)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    for first in range(0, len(new), _AT_ONCE):
        batch = new[first : first + _AT_ONCE]
        known.update(zip(batch, await embed(batch), strict=True))
        progress(min(first + _AT_ONCE, len(new)), len(new))
    used = list(dict.fromkeys(texts))
    if new:
        _keep(path, {"texts": np.array(used), "vectors": np.stack([known[text] for text in used]).astype(np.float16)})
    return np.stack([known[text] for text in texts]).astype(np.float32)


def _known(path: Path) -> dict[str, Vectors]:
    try:
        kept = _read_archive(path)
        return dict(zip((str(text) for text in kept["texts"]), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError):
        return {}


def _keep(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write an archive whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, **arrays)
    part.replace(path)


def _read_archive(path: Path) -> Mapping[str, NDArray[Any]]:
    """Read all arrays of a NumPy archive. Raises OSError, or ValueError for a file that is none or is cut off."""
    with path.open("rb") as file:
        try:
            with np.load(file, allow_pickle=False) as kept:
                return dict(kept)
        except (BadZipFile, EOFError) as error:
            raise ValueError(f"{path} is no archive") from error
