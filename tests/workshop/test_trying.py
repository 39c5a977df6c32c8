"""What can be seen of a sentence that is tried: candidates, conclusions, and what the policy says."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence

import pytest
from codriver.catalogue import Catalogue, load_catalogue
from codriver.config import Configuration
from codriver.config import Thinking as ThinkingSection
from codriver.engines.thinker.events import Candidate as Tool
from codriver.engines.thinker.events import ProposedCall, Ready, Thought, TokenCount, Tools
from codriver.errors import InvalidRequest
from codriver.folders import intents_folder
from codriver.turn import Argument, IntentCall, Source, Zone
from codriver.understanding.judging import Gates
from codriver.understanding.likeness.recall import Recalled
from codriver.understanding.likeness.recalling import Recaller
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.thinking import Thinking
from codriver.understanding.understander import Understander
from codriver.workshop.trying.drawing import draw
from codriver.workshop.trying.gathering import SITUATIONS, Attempt, Workbench, rule, workbench
from codriver.workshop.trying.ways import (
    Candidate,
    ExampleWay,
    Finding,
    ModelWay,
    ParserWay,
    Remembering,
    TemplateWay,
    Way,
)
from rich.console import Console

READY = Ready(2073, restored=True, milliseconds=12.0)
WARMER = Thought(
    (ProposedCall("make_warmer", {"zone": "rear"}, 0.9), ProposedCall("open_sunroof", {}, 0.7)),
    "",
    0.9,
    call_probability=0.95,
    candidates=(Tool("make_warmer", 0.93), Tool("make_cooler", 0.05)),
    tokens=TokenCount(8, 3, 13, 6),
)
CHATTER = Thought((), "How nice.", 0.8, call_probability=0.2, candidates=())


class Model(Thinking):
    """A language model that has one thought, and counts how often it was asked."""

    def __init__(self, answer: Thought) -> None:
        super().__init__("unix:///nowhere", Tools("", ()))
        self.answer = answer
        self.asked = 0

    async def think(self, text: str, most_calls: int = 3, among: Sequence[str] = ()) -> Thought:
        self.asked += 1
        return self.answer


class Examples(Recaller):
    """Examples that are alike to every sentence in one way."""

    def __init__(self, *recalled: Recalled) -> None:
        self.recalled = recalled

    async def recall(self, text: str, language: str, most: int = 5) -> Sequence[Recalled]:
        return self.recalled


NONE_ALIKE = Examples()
COLD = Examples(
    Recalled(IntentCall("make_warmer"), 0.5), Recalled(None, 0.3), Recalled(IntentCall("open_sunroof"), 0.2)
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue([intents_folder()])


@pytest.fixture(scope="module")
def templates(catalogue: Catalogue) -> Templates:
    return Templates(catalogue)


def bench(catalogue: Catalogue, templates: Templates, answer: Thought, gate: float = 0.5) -> Workbench:
    model = Model(answer)
    gates = Gates(joint=gate)
    ways: list[Way] = [TemplateWay(templates), ModelWay(model, READY, gates, NONE_ALIKE)]
    return Workbench(catalogue, Understander(catalogue, templates, NONE_ALIKE, model, gates), ways)


def shown(attempt: Attempt) -> str:
    console = Console(record=True, width=160, file=io.StringIO())
    draw(console, attempt)
    return console.export_text()


async def test_the_template_that_wins_comes_first_and_says_why(templates: Templates) -> None:
    finding = await TemplateWay(templates).look("open the sunroof", "en")
    first, *others = finding.candidates
    assert (first.intent, first.note, first.unit) == ("open_sunroof", "the best", "letters")
    assert all(other.score is not None and first.score is not None for other in others)
    assert finding.conclusion == "open_sunroof fits the whole sentence best"


async def test_each_part_of_a_sentence_is_shown(templates: Templates) -> None:
    finding = await TemplateWay(templates).look("open the sunroof and pause the music", "en")
    assert [(found.intent, found.note) for found in finding.candidates] == [
        ("open_sunroof", "fits part 1 of 2"),
        ("pause_music", "fits part 2 of 2"),
    ]


async def test_no_template_is_said(templates: Templates) -> None:
    finding = await TemplateWay(templates).look("fly me to the moon", "en")
    assert finding == Finding("template", (), "no template fits")


async def test_a_sentence_with_a_name_shows_the_name(templates: Templates) -> None:
    finding = await TemplateWay(templates).look("take me to the Old Mill", "en")
    [found] = finding.candidates
    assert (found.intent, found.arguments) == ("navigate_to", {"place": "Old Mill"})


async def test_the_model_shows_its_calls_and_the_tools_that_it_did_not_take() -> None:
    finding = await ModelWay(Model(WARMER), READY, Gates(), NONE_ALIKE).look("my toes are ice cubes", "en")
    assert finding.candidates == (
        Candidate("model", "make_warmer", {"zone": "rear"}, 0.9, "call 1 of 2, 93.0% without its arguments"),
        Candidate("model", "open_sunroof", {}, 0.7, "call 2 of 2"),
        Candidate("model", "make_cooler", None, 0.05, "in the running for the first call"),
    )
    assert finding.conclusion == "66.5% certain with the examples, which passes the gate of 50%"
    assert finding.figures["prompt_tokens"] == 2073
    assert finding.figures["call_probability"] == 0.95


async def test_the_examples_show_what_they_are_alike_to() -> None:
    finding = await ExampleWay(COLD, Gates(certain=0.6)).look("my toes are ice cubes", "en")
    assert [(found.intent, found.score) for found in finding.candidates] == [
        ("make_warmer", 0.5),
        ("nothing", 0.3),
        ("open_sunroof", 0.2),
    ]
    assert finding.conclusion == "the examples are unsure"
    assert finding.figures == {"certain_gate": 0.6, "nothing_gate": Gates().nothing}
    sure = Examples(Recalled(IntentCall("make_warmer"), 0.9))
    assert (await ExampleWay(sure, Gates()).look("brr", "en")).conclusion == "the examples are certain"
    assert (await ExampleWay(sure, Gates()).look(" \x07", "en")).candidates == ()


async def test_the_model_is_as_sure_as_it_and_the_examples_are_together() -> None:
    finding = await ModelWay(Model(WARMER), READY, Gates(), COLD).look("my toes are ice cubes", "en")
    assert finding.conclusion == "68.2% certain with the examples, which passes the gate of 50%"
    assert finding.figures["certainty"] == pytest.approx(0.665)


@pytest.mark.parametrize(
    ("answer", "gate", "conclusion"),
    [
        (WARMER, 0.8, "66.5% certain with the examples, which does not pass the gate of 80%"),
        (CHATTER, 0.0, "the model would call nothing: 20.0% for any call at all"),
    ],
)
async def test_the_model_says_what_kept_it(answer: Thought, gate: float, conclusion: str) -> None:
    assert (
        await ModelWay(Model(answer), READY, Gates(joint=gate), NONE_ALIKE).look("hello", "en")
    ).conclusion == conclusion


async def test_the_model_is_not_asked_about_nothing() -> None:
    model = Model(WARMER)
    assert (await ModelWay(model, READY, Gates(), NONE_ALIKE).look(" \x07 ", "en")).candidates == ()
    assert model.asked == 0


async def test_a_sentence_is_thought_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def think(self: Thinking, text: str, most_calls: int = 3, among: Sequence[str] = ()) -> Thought:
        asked.append(text)
        return WARMER

    monkeypatch.setattr(Thinking, "think", think)
    thinking = Remembering("unix:///nowhere", Tools("", ()))
    for text in ("one", "one", "two"):
        assert await thinking.think(text) is WARMER
    assert asked == ["one", "two"]
    await thinking.think("two", among=("open_boot",))
    assert asked == ["one", "two", "two"]


async def test_a_template_is_chosen_while_the_model_is_shown(catalogue: Catalogue, templates: Templates) -> None:
    attempt = await bench(catalogue, templates, WARMER).attempt("open the boot", "en", "driver")
    assert (attempt.source, [chosen.intent for chosen in attempt.chosen]) == (Source.TEMPLATE, ["open_boot"])
    assert [finding.way for finding in attempt.findings] == ["template", "model"]
    text = shown(attempt)
    for words in ("open_boot", "make_cooler", "prompt tokens 2073", "confirm", "refuse while_driving", "by template"):
        assert words in text


async def test_the_model_is_chosen_where_no_template_fits(catalogue: Catalogue, templates: Templates) -> None:
    attempt = await bench(catalogue, templates, WARMER).attempt("my toes are ice cubes", "en", "driver")
    assert attempt.source is Source.MODEL
    assert [chosen.intent for chosen in attempt.chosen] == ["make_warmer", "open_sunroof"]


async def test_nothing_understood_is_shown(catalogue: Catalogue, templates: Templates) -> None:
    attempt = await bench(catalogue, templates, CHATTER).attempt("[/b] fly me to the moon", "en", "driver")
    assert attempt.chosen == ()
    assert "[/b] fly me to the moon" in shown(attempt)
    assert "How nice." in shown(attempt)


async def test_what_is_asked_back_is_shown(catalogue: Catalogue, templates: Templates) -> None:
    attempt = await bench(catalogue, templates, CHATTER).attempt("open and close the window", "en", "driver")
    assert attempt.chosen == ()
    assert attempt.remark.startswith('it asks "')
    assert "it asks" in shown(attempt)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("open " * 6, "the same words come over and over"),
        ("a b " * 120, "it has more than 400 characters"),
        ("\x07", "there are no words in it"),
        ("my toes are ice cubes", ""),
    ],
)
async def test_what_nobody_says_to_a_car_is_remarked_on(
    catalogue: Catalogue, templates: Templates, text: str, remark: str
) -> None:
    attempt = await bench(catalogue, templates, CHATTER if not remark else WARMER).attempt(text, "en", "driver")
    assert (attempt.chosen, attempt.remark) == ((), remark)
    assert remark in shown(attempt)


async def test_tools_that_the_model_did_not_tell_apart_are_named() -> None:
    tools = (Tool("seat_heating", 0.4), Tool("make_warmer", 0.2), Tool("make_cooler", 0.2), Tool("open_boot", 0.1))
    finding = await ModelWay(Model(Thought((), "", 0.0, 0.3, tools)), READY, Gates(), NONE_ALIKE).look("hm", "en")
    notes = [candidate.note.partition(", ")[2] for candidate in finding.candidates]
    assert notes == ["", "not told apart from make_cooler", "not told apart from make_warmer", ""]


async def test_a_plain_yes_is_shown(catalogue: Catalogue, templates: Templates) -> None:
    attempt = await bench(catalogue, templates, CHATTER).attempt("yes", "en", "driver")
    assert attempt.consent is True
    assert "a clear yes" in shown(attempt)


async def test_an_attempt_is_plain_data(catalogue: Catalogue, templates: Templates) -> None:
    attempt = await bench(catalogue, templates, WARMER).attempt("open the boot", "en", "driver")
    assert json.loads(json.dumps(attempt.as_json()))["chosen"][0]["rulings"].keys() == SITUATIONS.keys()


async def test_an_unknown_language_is_refused(catalogue: Catalogue, templates: Templates) -> None:
    with pytest.raises(InvalidRequest, match="en, zh, not tlh"):
        await bench(catalogue, templates, WARMER).attempt("hello", "tlh", "driver")


@pytest.mark.parametrize(
    ("intent", "arguments", "speaker", "parked", "driving"),
    [
        ("open_boot", {}, "driver", ("confirm", "confirm"), ("refuse", "while_driving")),
        ("open_boot", {}, "rear_left", ("refuse", "only_driver"), ("refuse", "while_driving")),
        ("open_sunroof", {}, "driver", ("allow", ""), ("allow", "")),
        ("set_temperature", {"temperature": 60}, "driver", *[("impossible", "out_of_range")] * 2),
        ("set_temperature", {}, "driver", *[("impossible", "missing")] * 2),
        ("no_such_intent", {}, "driver", *[("impossible", "not_understood")] * 2),
    ],
)
def test_a_call_is_held_against_the_policy(
    catalogue: Catalogue,
    intent: str,
    arguments: Mapping[str, Argument],
    speaker: Zone,
    parked: tuple[str, str],
    driving: tuple[str, str],
) -> None:
    chosen = rule(IntentCall(intent, arguments), catalogue, speaker, "en")
    assert [(ruling.verdict, ruling.reason) for ruling in chosen.rulings.values()] == [parked, driving]
    assert all(bool(ruling.sentence) is (ruling.verdict != "allow") for ruling in chosen.rulings.values())


async def test_another_way_needs_no_more_than_its_candidates(catalogue: Catalogue, templates: Templates) -> None:
    class Guess:
        async def look(self, text: str, language: str) -> Finding:
            return Finding("guess", (Candidate("guess", "open_boot", {}, 0.125),), "a guess")

    attempt = await Workbench(catalogue, Understander(catalogue, templates, None, None), [Guess()]).attempt(
        "hm", "en", "driver"
    )
    assert "12.5%" in shown(attempt)


async def test_templates_alone_start_no_engine() -> None:
    async with workbench(Configuration(), templates_only=True) as here:
        attempt = await here.attempt("把温度调到二十三度", "zh", "passenger")
    [chosen] = attempt.chosen
    assert (chosen.intent, chosen.arguments["zone"]) == ("set_temperature", "passenger")


@pytest.mark.models
@pytest.mark.parametrize(("adapter", "least", "most"), [("none", 500, 5000), ("", 10, 100)])
async def test_the_real_model_says_how_large_its_prompt_is(adapter: str, least: int, most: int) -> None:
    async with workbench(Configuration(thinking=ThinkingSection(adapter=adapter))) as here:
        attempt = await here.attempt("I am freezing back here", "en", "rear_left")
    [_, examples, model] = attempt.findings
    assert examples.candidates
    assert least < float(model.figures["prompt_tokens"]) < most
    assert model.candidates


class Trained(Model):
    """A model that parses, too."""

    async def parse(self, text: str, before: Sequence[IntentCall], most_calls: int = 3) -> Thought | None:
        return self.answer


async def test_the_parser_shows_its_calls_and_how_sure_it_is_of_them() -> None:
    finding = await ParserWay(Trained(WARMER)).look("my toes are ice cubes", "en")
    assert finding.candidates[:2] == (
        Candidate("model", "make_warmer", {"zone": "rear"}, 0.9, "call 1 of 2"),
        Candidate("model", "open_sunroof", {}, 0.7, "call 2 of 2"),
    )
    assert finding.conclusion == "the parser is 75.4% sure of these calls"
    nothing = await ParserWay(Trained(CHATTER)).look("nice weather", "en")
    assert nothing.conclusion == "the parser is 80.0% sure that nothing is asked for"
    assert (await ParserWay(Trained(WARMER)).look(" \x07 ", "en")).candidates == ()
