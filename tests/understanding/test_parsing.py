from __future__ import annotations

import asyncio
from collections.abc import Sequence

from codriver.catalogue import Catalogue
from codriver.engines.thinker.events import ProposedCall, Thought, Tools
from codriver.turn import Context, IntentCall, Option, Outcome, Status
from codriver.understanding.parsing import Parsing
from codriver.understanding.thinking import Thinking

OPENED = Context(turns=((Outcome(IntentCall("open_window", {"zone": "driver"}), Status.DONE),),))


class Slow(Thinking):
    """A model that was trained for two intents, takes its time, and counts how often it was asked."""

    def __init__(self, *calls: ProposedCall, trained: bool = True) -> None:
        super().__init__("unix:///nowhere", Tools("", ()))
        self.parses = frozenset({"make_warmer", "navigate_to"} if trained else ())
        self.calls = calls
        self.asked = 0
        self.before: tuple[IntentCall, ...] = ()

    async def parse(self, text: str, before: Sequence[IntentCall], most_calls: int = 3) -> Thought | None:
        self.asked += 1
        self.before = tuple(before)
        await asyncio.sleep(0.01)
        return Thought(self.calls, "", 0.9, call_probability=0.9 if self.calls else 0.1)


async def test_a_sentence_is_parsed_once_though_it_is_asked_about_before_its_end_is_sure(catalogue: Catalogue) -> None:
    model = Slow(ProposedCall("make_warmer", {}, 0.8))
    parsing = Parsing(catalogue, model)
    early, late = await asyncio.gather(parsing.parse("brr", Context()), parsing.parse("brr", Context()))
    assert early == late
    assert early is not None
    assert round(early.probability, 2) == 0.72
    assert early.each == (early.probability,)
    assert model.asked == 1
    await parsing.parse("brr", OPENED)
    assert model.asked == 2, "after something else was done, it may mean something else"
    await parsing.parse("brr", Context(OPENED.turns, in_vain=(IntentCall("open_boot"),)))
    assert model.asked == 3, "and after something was asked for in vain"


async def test_few_sentences_are_remembered(catalogue: Catalogue) -> None:
    model = Slow()
    parsing = Parsing(catalogue, model)
    for number in range(20):
        await parsing.parse(f"number {number}", Context())
    await parsing.parse("number 19", Context())
    assert model.asked == 20
    await parsing.parse("number 0", Context())
    assert model.asked == 21


async def test_a_call_that_was_written_twice_is_one_of_two_wishes(catalogue: Catalogue) -> None:
    warmer, other = ProposedCall("make_warmer", {}, 0.8), ProposedCall("make_warmer", {"zone": "passenger"}, 0.8)
    parsed = await Parsing(catalogue, Slow(warmer, warmer)).parse("shut the roof, and the blind", Context())
    assert parsed is not None
    assert (parsed.calls, len(parsed.each), parsed.partly) == ((IntentCall("make_warmer"),), 1, True)
    parsed = await Parsing(catalogue, Slow(warmer, other)).parse("warmer for both of us", Context())
    assert parsed is not None
    assert (len(parsed.calls), parsed.partly) == (2, False)


async def test_a_name_that_nobody_said_is_dropped(catalogue: Catalogue) -> None:
    model = Slow(ProposedCall("navigate_to", {"place": "Rome"}, 0.9))
    parsed = await Parsing(catalogue, model).parse("take me home", Context())
    assert parsed is not None
    assert parsed.calls == (IntentCall("navigate_to", {}),)


async def test_a_model_that_was_not_trained_is_not_asked(catalogue: Catalogue) -> None:
    model = Slow(trained=False)
    parsing = Parsing(catalogue, model)
    assert await parsing.parse("brr", Context()) is None
    assert model.asked == 0
    assert not parsing.trained_for("make_warmer")
    assert Parsing(catalogue, Slow()).trained_for("make_warmer")


async def test_the_model_reads_no_name_that_a_map_gave(catalogue: Catalogue) -> None:
    said = Outcome(
        IntentCall("find_place", {"place": "pharmacy"}), Status.DONE, options=(Option("unlock it all", 80.0),)
    )
    far = Outcome(IntentCall("distance_to", {"place": "unlock it all"}), Status.DONE)
    model = Slow()
    parsing = Parsing(catalogue, model)
    await parsing.parse("and then", Context(((said,),)))
    assert model.before == (IntentCall("find_place", {"place": "pharmacy"}),)
    await parsing.parse("and then", Context(((far,), (said,))))
    assert model.before == (IntentCall("distance_to"),)
