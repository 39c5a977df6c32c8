from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from codriver.engines.thinker.dialect import compile_tools
from codriver.engines.thinker.events import Parse, Tool, Tools
from codriver.engines.thinker.hermes import Hermes
from codriver.engines.thinker.parser import Parser, shape, tokenized, written
from codriver.engines.thinker.prefix import PrefixStore
from codriver.engines.thinker.runtime import LlamaModel, Logits
from codriver.engines.thinker.thinker import Thinker
from codriver.engines.thinker.vocabulary import Vocabulary
from codriver.errors import ModelError
from codriver.turn import IntentCall

ZONE = {"type": "string", "enum": ["driver", "rear_left"]}
SENT = (
    Tool("set_temperature", "", {"properties": {"degrees": {"type": "number"}, "zone": ZONE}}),
    Tool("open_window", "", {"properties": {"zone": ZONE}}),
    Tool("open_windows", "", listed=False),
    Tool("play", "", {"properties": {"query": {"type": "string"}}}),
)
TOOLS = compile_tools(SENT)
MARKS = ["<|im_start|>", "<|im_end|>"]
PIECES = MARKS + ["\n"] + [chr(code) for code in range(32, 127)]


def _tokens(text: str, parse_special: bool) -> list[int]:
    found, place = [], 0
    while place < len(text):
        mark = next((each for each in MARKS if parse_special and text.startswith(each, place)), text[place])
        found.append(PIECES.index(mark))
        place += len(mark)
    return found


class Trained:
    """A model that writes ``answer`` after any prompt, if its adapter is on, and is ``sure`` of each token."""

    def __init__(self, answer: str, known: Sequence[str], sure: float = 20.0) -> None:
        special = np.array([index < len(MARKS) for index in range(len(PIECES))])
        self.vocabulary = Vocabulary([each.encode() for each in PIECES], special, _tokens, frozenset({1}))
        self.answer, self.known, self.sure = answer + "<|im_end|>", known, sure
        self.tokens: list[int] = []
        self.on = False
        self.identity = "trained"

    @property
    def length(self) -> int:
        return len(self.tokens)

    @property
    def text(self) -> str:
        return "".join(PIECES[token] for token in self.tokens)

    def adapt(self, *, on: bool) -> None:
        self.on = on

    def adapter_says(self, key: str) -> str:
        return json.dumps(self.known)

    def save(self, path: Path, tokens: Sequence[int]) -> None:
        path.write_text(json.dumps(tokens))

    def restore(self, path: Path, tokens: Sequence[int]) -> bool:
        self.tokens = json.loads(path.read_text())
        return self.tokens == tokens

    def truncate(self, length: int) -> None:
        del self.tokens[length:]

    def evaluate(self, tokens: Sequence[int], rows: int = 1) -> Logits:
        assert self.on
        logits = []
        for token in tokens:
            self.tokens.append(token)
            row = [0.0] * len(PIECES)
            said = self.text.partition("assistant\n")[2]
            if self.answer.startswith(said) and said != self.answer:
                row[_tokens(self.answer[len(said) :], True)[0]] = self.sure
            logits.append(row)
        return np.array(logits[-rows:], np.float32)


def parse(answer: str, *, most_calls: int = 3, sure: float = 20.0) -> tuple[list[IntentCall], float, Trained]:
    model = Trained(answer, [shape(tool) for tool in TOOLS], sure)
    parser = Parser(model)
    draft, _ = parser.parse(Parse("whatever", most_calls=most_calls), parser.known(TOOLS), lambda: False)
    return [IntentCall(call.name, call.arguments) for call in draft.calls], draft.call_probability, model


@pytest.mark.parametrize(
    ("answer", "calls"),
    [
        ("none()", []),
        ("open_windows()", [IntentCall("open_windows", {})]),
        ("open_window()", [IntentCall("open_window", {})]),
        ('open_window(zone="rear_left")', [IntentCall("open_window", {"zone": "rear_left"})]),
        (
            'set_temperature(degrees=21.5, zone="driver")\nplay(query="jazz")',
            [IntentCall("set_temperature", {"degrees": 21.5, "zone": "driver"}), IntentCall("play", {"query": "jazz"})],
        ),
    ],
)
def test_what_the_model_writes_is_read_as_calls(answer: str, calls: list[IntentCall]) -> None:
    found, probability, _ = parse(answer)
    assert found == calls
    assert probability == pytest.approx(1.0 if calls else 0.0, abs=1e-3)


def test_nothing_stays_in_the_model_and_its_adapter_is_off_again() -> None:
    *_, model = parse("open_window()")
    assert not model.on
    assert model.length == 0


def test_no_more_calls_are_written_than_asked_for() -> None:
    found, _, _ = parse("open_window()\nopen_windows()\nplay()", most_calls=2)
    assert [call.intent for call in found] == ["open_window", "open_windows"]


def test_a_call_is_as_sure_as_its_least_sure_word() -> None:
    model = Trained('open_window(zone="driver")', [shape(tool) for tool in TOOLS], sure=1.0)
    draft, _ = Parser(model).parse(Parse("whatever"), TOOLS, lambda: False)
    assert 0.0 < draft.calls[0].confidence < 0.5


def test_a_tool_that_has_changed_since_is_not_known() -> None:
    changed = compile_tools([Tool("open_window", "", {"properties": {"side": ZONE}}), Tool("play_radio", "")])
    assert Parser(Trained("", [shape(tool) for tool in TOOLS])).known(changed) == ()
    assert Parser(Trained("", [shape(tool) for tool in TOOLS])).known(TOOLS) == TOOLS


def test_who_was_trained_for_all_tools_evaluates_no_prompt_with_them(tmp_path: Path) -> None:
    model = Trained("open_window()", [shape(tool) for tool in TOOLS])
    thinker = Thinker(model, Hermes(), PrefixStore(tmp_path))
    ready = thinker.prepare(Tools("Do it.", SENT))
    assert (ready.parses, model.length) == (tuple(tool.name for tool in TOOLS), 0)
    assert [call.name for call in thinker.parse(Parse("whatever")).calls] == ["open_window"]
    assert list(tmp_path.iterdir()) == []


def test_a_prompt_with_tools_that_nobody_was_trained_for_is_kept(tmp_path: Path) -> None:
    model = Trained("open_window()", [shape(tool) for tool in TOOLS])
    model.on = True  # this one cannot be asked without it
    thinker = Thinker(model, Hermes(), PrefixStore(tmp_path))
    for tools in ((*SENT, Tool("fly", "")), (Tool("swim", ""),)):
        ready = thinker.prepare(Tools("Do it.", tools))
        assert ready.prefix_tokens == model.length > 0
        assert not ready.restored
    assert len(list(tmp_path.iterdir())) == 2


def test_what_was_done_before_stands_before_the_sentence_and_is_data() -> None:
    model = Trained("", [])
    before = [IntentCall("play", {"query": "<|im_end|>"})]
    tokens = tokenized(model, "a bit <|im_start|> more", before)
    text = "".join(PIECES[token] for token in tokens)
    assert text == (
        '<|im_start|>user\n# play(query="<|im_end|>")\na bit <|im_start|> more<|im_end|>\n<|im_start|>assistant\n'
    )
    assert [token for token in tokens if token < len(MARKS)] == [0, 1, 0]


def test_arguments_are_written_in_the_order_of_the_tool() -> None:
    call = IntentCall("set_temperature", {"zone": "driver", "degrees": 21, "mood": "good"})
    assert written(call, TOOLS[0]) == 'set_temperature(degrees=21, zone="driver")'


def test_an_adapter_changes_what_a_real_model_computes_only_while_it_is_on(
    tiny_minicpm3: Path, tiny_adapter: Path
) -> None:
    model = LlamaModel(tiny_minicpm3, context=64, threads=1, adapter=tiny_adapter)
    assert json.loads(model.adapter_says("codriver.tools")) == ["play(查: text)"]
    assert model.adapter_says("something else") == ""
    rows = {}
    for turn, on in enumerate((False, True, False)):
        model.truncate(0)
        model.adapt(on=on)
        rows[turn] = model.evaluate([301, 302])
    model.close()
    np.testing.assert_allclose(rows[0], rows[2], rtol=1e-3, atol=1e-3)
    assert np.abs(rows[0] - rows[1]).max() > 0.1


def test_what_is_no_adapter_of_the_model_is_refused_with_a_sentence(tiny_minicpm3: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not exist"):
        LlamaModel(tiny_minicpm3, context=64, adapter=tmp_path / "missing.gguf")
    with pytest.raises(ModelError, match="no adapter of this model"):
        LlamaModel(tiny_minicpm3, context=64, adapter=tiny_minicpm3)
