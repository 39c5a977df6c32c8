"""All that understanding takes, built together: which ways are open, and what closing one leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from codriver.catalogue import Catalogue
from codriver.errors import EngineError
from codriver.turn import Source, Understanding
from codriver.understanding.mind import Mind, Ways

NOWHERE = "unix:///nowhere/at/all"


@pytest.fixture(scope="module")
def few(catalogue: Catalogue) -> Catalogue:
    """Two intents, since examples are drawn of each."""
    return catalogue.model_copy(update={"intents": {name: catalogue[name] for name in ("open_sunroof", "open_boot")}})


async def at_once() -> int:
    return 1


def mind(catalogue: Catalogue, cache: Path, thinker: str = "", ways: Ways = Ways()) -> Mind:
    return Mind(catalogue, thinker=thinker, until_ready=at_once, cache=cache, ways=ways)


@pytest.mark.parametrize(("thinker", "ways"), [("", Ways()), (NOWHERE, Ways(model=False))])
async def test_without_a_model_templates_understand_and_nothing_is_asked(
    catalogue: Catalogue, tmp_path: Path, thinker: str, ways: Ways
) -> None:
    here = mind(catalogue, tmp_path, thinker, ways)
    await here.prepare()
    assert (await here.understander.understand("open the sunroof", "en")).source is Source.TEMPLATE
    assert await here.understander.understand("my toes are ice cubes", "en") == Understanding()
    await here.close()


async def test_a_thinker_that_is_not_there_is_told_and_templates_still_understand(
    few: Catalogue, tmp_path: Path
) -> None:
    here = mind(few, tmp_path, NOWHERE)
    with pytest.raises(EngineError, match="cannot be reached"):
        await here.prepare()
    with pytest.raises(EngineError):
        await here.understander.understand("my toes are ice cubes", "en")
    assert (await here.understander.understand("open the sunroof", "en")).source is Source.TEMPLATE
    await here.close()


async def test_without_templates_every_sentence_is_for_the_model(few: Catalogue, tmp_path: Path) -> None:
    here = mind(few, tmp_path, NOWHERE, Ways(templates=False))
    with pytest.raises(EngineError):
        await here.understander.understand("open the sunroof", "en")
    await here.close()
    closed = mind(few, tmp_path, NOWHERE, Ways(templates=False, model=False))
    assert await closed.understander.understand("open the sunroof", "en") == Understanding()
