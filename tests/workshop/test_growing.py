"""The catalogues that the bench makes."""

from __future__ import annotations

import asyncio

from codriver.catalogue import load_catalogue
from codriver.folders import intents_folder
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.understander import Understander
from codriver.workshop.bench.growing import FEW, MANY, made_catalogue, sentences

VOCABULARY = load_catalogue([intents_folder()]).vocabulary


def test_a_catalogue_has_as_many_intents_as_asked_for() -> None:
    few, many = made_catalogue(VOCABULARY, FEW), made_catalogue(VOCABULARY, MANY)
    assert (len(few.intents), len(many.intents)) == (FEW, MANY)
    assert dict(few.intents).items() <= dict(many.intents).items()


def test_the_sentences_of_the_bench_are_wishes_and_other_talk() -> None:
    catalogue = made_catalogue(VOCABULARY, FEW)
    understander = Understander(catalogue, Templates(catalogue), None, None)
    numbers = [len(asyncio.run(understander.understand(*said)).calls) for said in sentences()]
    assert numbers == [1, 1, 2, 0, 1, 1, 2, 0] * (len(numbers) // 8)
