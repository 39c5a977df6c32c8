from __future__ import annotations

import ast

import pytest
from codriver.engines.thinker.dialect import compile_tools
from codriver.engines.thinker.events import Example, PastTurn, Tool
from codriver.engines.thinker.minicpm3 import MiniCpm3
from codriver.errors import InvalidRequest
from codriver.turn import IntentCall

ZONE = {"type": "string", "enum": ["driver", "all"]}
TOOLS = compile_tools(
    [
        Tool(
            "set_temperature",
            "Set the cabin temperature",
            {
                "type": "object",
                "properties": {
                    "celsius": {"type": "number", "minimum": 16, "maximum": 28, "description": "degrees"},
                    "zone": ZONE,
                },
                "required": ["celsius"],
            },
        ),
        Tool(
            "set_drive",
            "Set how the car drives",
            {
                "type": "object",
                "properties": {"mode": {"type": "string", "enum": ["eco", "sport"], "description": "how"}},
                "required": ["mode"],
            },
        ),
        Tool(
            "set_wipers",
            "Set the wipers",
            {
                "type": "object",
                "properties": {"mode": {"type": "string", "enum": ["off", "fast"]}, "zone": ZONE},
                "required": ["mode"],
            },
        ),
        Tool("set_fan", "Fan", {"type": "object", "properties": {"on": {"type": "boolean"}}, "required": ["on"]}),
        Tool("open_boot", "Open the boot"),
    ]
)

PROMPT = '''<|im_start|>system
You are a car.
# Functions
Here is a list of functions that you can invoke:
```python
from enum import Enum
from typing import List, Dict, Optional
from pydantic import BaseModel, Field



class Zone(Enum):
    enum_0 = "driver"
    enum_1 = "all"


def set_temperature(celsius, zone=None):
    """Set the cabin temperature

    Args:
        celsius: float = Field(..., description="degrees, 16 to 28")
        zone: Optional[Zone] = None
    """


class Mode(Enum):
    enum_0 = "eco"
    enum_1 = "sport"


def set_drive(mode):
    """Set how the car drives

    Args:
        mode: Mode = Field(..., description="how")
    """


class Set_Wipers_Mode(Enum):
    enum_0 = "off"
    enum_1 = "fast"


def set_wipers(mode, zone=None):
    """Set the wipers

    Args:
        mode: Set_Wipers_Mode
        zone: Optional[Zone] = None
    """


def set_fan(on):
    """Fan

    Args:
        on: bool
    """


def open_boot():
    """Open the boot
    """

```

# Function Call Rule and Output Format
- If the user's question can be answered without calling any function, please answer the user's question directly. In this situation, you should return your thought and answer the user's question directly.
- If the user cannot be answered without calling any function, and the user does not provide enough information to call functions, please ask the user for more information. In this situation, you should return your thought and ask the user for more information.
- If the user's question cannot be answered without calling any function, and the user has provided enough information to call functions to solve it, you should call the functions. In this situation, the assistant should return your thought and call the functions.
- Use default parameters unless the user has specified otherwise.
- You should answer in the following format:

<|thought_start|>
{explain why the user's question can be answered without calling a function or why you should ask the user for more information or why you should call one or more functions and your plan to solve the user's question.}
<|thought_end|>
<|tool_call_start|>
```python
func1(params_name=params_value, params_name2=params_value2...)
func2(params)
```
<|tool_call_end|>
{answer the user's question directly or ask the user for more information}<|im_end|>
<|im_start|>user
22 for all, and the boot<|im_end|>
<|im_start|>assistant
<|tool_call_start|>
```python
set_temperature(celsius=22,zone="all")
open_boot()
```
<|tool_call_end|>
<|im_end|>
<|im_start|>user
'''  # noqa: E501 - the model's own words


def test_the_prompt_is_rendered_as_written_here() -> None:
    example = Example(
        "22 for all, and the boot",
        (IntentCall("set_temperature", {"celsius": 22, "zone": "all"}), IntentCall("open_boot")),
    )
    assert MiniCpm3().prefix("You are a car.", TOOLS, (example,)) == PROMPT


def test_the_stubs_are_python_with_each_class_once() -> None:
    code = PROMPT.partition("```python\n")[2].partition("\n```")[0]
    classes = [node.name for node in ast.parse(code).body if isinstance(node, ast.ClassDef)]
    assert classes == ["Zone", "Mode", "Set_Wipers_Mode"]


def test_results_come_back_in_a_turn_of_the_tool() -> None:
    past = PastTurn("boot", (IntentCall("open_boot"),), ("open",), "The boot is open.")
    assert (
        "".join(segment.text for segment in MiniCpm3().turn("close it", (past,)))
        == """boot<|im_end|>
<|im_start|>assistant
<|tool_call_start|>
```python
open_boot()
```
<|tool_call_end|>
<|im_end|>
<|im_start|>tool
open<|im_end|>
<|im_start|>assistant
The boot is open.<|im_end|>
<|im_start|>user
close it<|im_end|>
<|im_start|>assistant
"""
    )


def answer(code: str) -> str:
    return f"<|thought_start|>\nhm\n<|thought_end|>\n<|tool_call_start|>\n```python\n{code}\n```\n<|tool_call_end|>\n"


@pytest.mark.parametrize(
    ("code", "calls"),
    [
        ('set_temperature(celsius=22, zone="all")', [("set_temperature", {"celsius": 22, "zone": "all"})]),
        ('set_temperature(21.5, "driver")', [("set_temperature", {"celsius": 21.5, "zone": "driver"})]),
        ("set_temperature(celsius=-3)\nopen_boot()", [("set_temperature", {"celsius": -3}), ("open_boot", {})]),
        ("set_fan(on=True)", [("set_fan", {"on": True})]),
        ("set_fan(false)", [("set_fan", {"on": False})]),
        ("set_drive(mode=Mode.enum_1)", [("set_drive", {"mode": "sport"})]),
        ("set_wipers('fast', zone=None)", [("set_wipers", {"mode": "fast"})]),
    ],
)
def test_calls_are_read(code: str, calls: list[tuple[str, dict[str, object]]]) -> None:
    read, text = MiniCpm3().parse(answer(code) + "Done.<|im_end|>", TOOLS)
    assert [(call.intent, call.arguments) for call in read] == calls
    assert text == "Done."


def test_words_without_a_call_are_text() -> None:
    spoken = "<|thought_start|>\nno call\n<|thought_end|>\nHello!<|im_end|>"
    assert MiniCpm3().parse(spoken, TOOLS) == ((), "Hello!")


@pytest.mark.parametrize(
    "code",
    [
        "__import__('os').system('true')",
        "set_fan(on=__import__('os'))",
        "set_fan(on=1 if True else 2)",
        "set_fan(on=[True])",
        "set_fan(on=Mode.enum_9)",
        "set_fan(True, False)",
        "set_fan(True, on=False)",
        "set_fan(**{'on': True})",
        "set_fan(speed=3)",
        "fly()",
        "x = 1",
        "set_fan(",
        "set_fan(" + "(" * 5000,
    ],
)
def test_anything_but_plain_calls_is_refused(code: str) -> None:
    with pytest.raises(InvalidRequest):
        MiniCpm3().parse(answer(code), TOOLS)
