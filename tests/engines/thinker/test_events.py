from __future__ import annotations

import json
from typing import Any

import pytest
from codriver.engines.thinker.events import (
    Candidate,
    Embed,
    Embedded,
    Example,
    PastTurn,
    ProposedCall,
    Ready,
    Think,
    Thought,
    TokenCount,
    Tool,
    Tools,
)
from codriver.errors import InvalidRequest
from codriver.turn import IntentCall
from wyoming.event import Event, Eventable

OPEN = IntentCall("open_window", {"zone": "driver", "percent": 50})


@pytest.mark.parametrize(
    "message",
    [
        Tools("Be brief.", (Tool("open_boot", "Open the boot", {"type": "object"}),), (Example("开窗", (OPEN,)),)),
        Ready(1040, restored=True, milliseconds=44.2),
        Think("and the other one", 2, (PastTurn("open the window", (OPEN,), ("done",), "The window is open."),), 0),
        Thought(
            (ProposedCall("open_boot", {}, 0.9),),
            "",
            0.8,
            0.85,
            (Candidate("open_boot", 0.9),),
            TokenCount(16, 3, 21, 5),
            612.5,
        ),
        Think("some sky please", among=("open_sunroof", "sunshade")),
        Thought((), "I can't do that.", 0.7, 0.3),
        Embed(()),
        Embed(("some sky please", "我的脚冻僵了")),
        Embedded(2, bytes(range(16))),
    ],
)
def test_a_message_survives_the_wire(message: Eventable) -> None:
    event = message.event()
    assert type(message).is_type(event.type)
    read = Event(event.type, json.loads(json.dumps(event.data)), event.payload)
    assert type(message).from_event(read) == message


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({}, "codriver-think: text must be text"),
        ({"text": 3}, "codriver-think: text must be text"),
        ({"text": "x", "most_calls": "many"}, "most_calls must be a whole number"),
        ({"text": "x", "context": "y"}, "context must be a list"),
        ({"text": "x", "among": "open_boot"}, "among must be a list"),
        ({"text": "x", "among": [1]}, "among must be a list of texts"),
        ({"text": "x", "context": [{"text": "y", "calls": [{"arguments": {}}]}]}, "intent must be text"),
    ],
)
def test_a_faulty_message_is_refused_with_the_field_named(data: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidRequest, match=fault):
        Think.from_event(Event("codriver-think", data))
