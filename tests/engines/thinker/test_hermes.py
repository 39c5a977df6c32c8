from __future__ import annotations

import pytest
from codriver.engines.thinker.dialect import Segment, compile_tools
from codriver.engines.thinker.events import Example, PastTurn, Tool
from codriver.engines.thinker.hermes import Hermes
from codriver.errors import InvalidRequest
from codriver.turn import IntentCall

TOOLS = compile_tools(
    [
        Tool(
            "set_temperature",
            "Set the cabin temperature",
            {
                "type": "object",
                "properties": {
                    "celsius": {"type": "number", "minimum": 16, "maximum": 28},
                    "zone": {"type": "string", "enum": ["driver", "all"], "description": "where"},
                },
                "required": ["celsius"],
            },
        ),
        Tool("play", "Play music", {"type": "object", "properties": {"query": {"type": "string"}}}),
        Tool("open_boot", "Open the boot"),
    ]
)
EXAMPLES = (
    Example("22 degrees and open the boot", (IntentCall("set_temperature", {"celsius": 22}), IntentCall("open_boot"))),
    Example("你好", (), "你好！"),
)

TAGGED = """<|im_start|>system
You are a car.

# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
set_temperature(celsius: 16..28, zone?: driver|all (where)) - Set the cabin temperature
play(query?: text) - Play music
open_boot() - Open the boot
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call><|im_end|>
<|im_start|>user
22 degrees and open the boot<|im_end|>
<|im_start|>assistant
<tool_call>
{"name": "set_temperature", "arguments": {"celsius": 22}}
</tool_call>
<tool_call>
{"name": "open_boot", "arguments": {}}
</tool_call><|im_end|>
<|im_start|>user
你好<|im_end|>
<|im_start|>assistant
你好！<|im_end|>
<|im_start|>user
"""

PLAIN = """<|im_start|>system
You are a car.

# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
set_temperature(celsius: 16..28, zone?: driver|all (where)) - Set the cabin temperature
play(query?: text) - Play music
open_boot() - Open the boot
</tools>

For each function call, return a json object with function name and arguments on a line of its own:
{"name": <function-name>, "arguments": <args-json-object>}<|im_end|>
<|im_start|>user
22 degrees and open the boot<|im_end|>
<|im_start|>assistant
{"name": "set_temperature", "arguments": {"celsius": 22}}
{"name": "open_boot", "arguments": {}}<|im_end|>
<|im_start|>user
你好<|im_end|>
<|im_start|>assistant
你好！<|im_end|>
<|im_start|>user
"""


@pytest.mark.parametrize(("tags", "prompt"), [(True, TAGGED), (False, PLAIN)])
def test_the_prompt_is_rendered_as_written_here(tags: bool, prompt: str) -> None:
    assert Hermes(tags=tags).prefix("You are a car.", TOOLS, EXAMPLES) == prompt


def test_a_turn_after_another_is_rendered_as_written_here() -> None:
    past = PastTurn("boot", (IntentCall("open_boot"),), ("open",), "The boot is open.")
    segments = Hermes(tags=True).turn("close it", (past,))
    assert (
        "".join(segment.text for segment in segments)
        == """boot<|im_end|>
<|im_start|>assistant
<tool_call>
{"name": "open_boot", "arguments": {}}
</tool_call><|im_end|>
<|im_start|>user
<tool_response>
open
</tool_response><|im_end|>
<|im_start|>assistant
The boot is open.<|im_end|>
<|im_start|>user
close it<|im_end|>
<|im_start|>assistant
"""
    )


def test_what_was_said_is_never_trusted() -> None:
    past = PastTurn("said", (IntentCall("play", {"query": "argument"}),), ("result",), "reply")
    segments = Hermes().turn("now", (past,))
    for words in ("said", "argument", "result", "reply", "now"):
        assert [segment.trusted for segment in segments if words in segment.text] == [False]
    assert segments[-1] == Segment("<|im_end|>\n<|im_start|>assistant\n")


@pytest.mark.parametrize(
    ("answer", "calls", "text"),
    [
        (
            '<tool_call>\n{"name": "play", "arguments": {"query": "jazz"}}\n</tool_call><|im_end|>',
            (IntentCall("play", {"query": "jazz"}),),
            "",
        ),
        (
            'Sure.\n<tool_call>{"name": "open_boot"}</tool_call>\n<tool_call>{"name": "open_boot", "arguments": {}}',
            (IntentCall("open_boot"), IntentCall("open_boot")),
            "Sure.",
        ),
        (
            '{"name": "open_boot", "arguments": {}}\n{"name": "play", "arguments": {}}',
            (IntentCall("open_boot"), IntentCall("play")),
            "",
        ),
        ("I can't do that.<|im_end|>", (), "I can't do that."),
    ],
)
def test_an_answer_is_read(answer: str, calls: tuple[IntentCall, ...], text: str) -> None:
    assert Hermes().parse(answer, TOOLS) == (calls, text)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ('{"name": "open_boot", "argu', "no JSON"),
        ('{"arguments": {}}', "names no tool"),
        ('{"name": "fly", "arguments": {}}', "no tool 'fly'"),
        ('{"name": "open_boot", "arguments": []}', "no mapping"),
        ('{"name": "open_boot", "arguments": {"fast": true}}', "no argument 'fast'"),
        ('{"name": "play", "arguments": {"query": ["a"]}}', "must be texts"),
    ],
)
def test_a_broken_answer_is_refused(answer: str, fault: str) -> None:
    with pytest.raises(InvalidRequest, match=fault):
        Hermes().parse(answer, TOOLS)
