"""A turn on the emulated board counts only if exactly the right things happened."""

from __future__ import annotations

from typing import Any

import pytest

from hardware.arm64.trials import Wanted, compare, judge

TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"


def set_signals(**values: float) -> dict[str, Any]:
    return {"interface": "org.codriver.Vehicle1", "member": "Set", "args": [values]}


def player(member: str) -> dict[str, Any]:
    return {"interface": "org.mpris.MediaPlayer2.Player", "member": member, "args": []}


def turn(*calls: dict[str, Any], source: str = "template", reply: str = "Okay, 22 degrees.") -> dict[str, Any]:
    return {"heard": "Set it to 22", "source": source, "calls": list(calls), "reply": reply}


WARM = Wanted({TEMPERATURE: 22.0}, reply="22 degrees")


@pytest.mark.parametrize(
    ("taken", "wanted", "faults"),
    [
        (turn(set_signals(**{TEMPERATURE: 22})), WARM, []),
        (turn(player("Next"), reply="Playing Open Road."), Wanted(calls=("Next",), reply="Open Road"), []),
        (turn(), WARM, [f"set nothing, not {{'{TEMPERATURE}': 22.0}}"]),
        (
            turn(set_signals(**{TEMPERATURE: 21})),
            WARM,
            [f"set {{'{TEMPERATURE}': 21.0}}, not {{'{TEMPERATURE}': 22.0}}"],
        ),
        (turn(set_signals(**{TEMPERATURE: 22}), player("Pause")), WARM, ["called Pause, not nothing"]),
        (turn(set_signals(**{TEMPERATURE: 22}), source="model"), WARM, ["understood by model, not by template"]),
        (turn(set_signals(**{TEMPERATURE: 22}), reply="Sorry."), WARM, ["said 'Sorry.'"]),
    ],
)
def test_a_turn_is_judged_by_what_it_did(taken: dict[str, Any], wanted: Wanted, faults: list[str]) -> None:
    assert judge(taken, wanted) == faults


def decision(call: str = "set_temperature", probability: float = 0.8, *vector: float) -> dict[str, Any]:
    return {"calls": [call], "probability": probability, "vector": vector or (0.6, 0.8)}


@pytest.mark.parametrize(
    ("board", "faults"),
    [
        (decision(), []),
        (decision("set_temperature", 0.75, 0.61, 0.79), []),
        (decision("set_fan"), ["decided for ['set_fan'], and here for ['set_temperature']"]),
        (decision("set_temperature", 0.4), ["is sure with 0.4, and here with 0.8"]),
        (decision("set_temperature", 0.8, 0.8, 0.6), ["the vector is not the same: cosine 0.960"]),
    ],
)
def test_the_model_on_the_board_has_to_decide_as_here(board: dict[str, Any], faults: list[str]) -> None:
    assert compare(board, decision()) == faults
