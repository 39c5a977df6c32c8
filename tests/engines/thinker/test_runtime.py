from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from codriver.engines.thinker.runtime import KeyValueType, LlamaModel
from codriver.errors import InvalidRequest


def tokens(count: int) -> list[int]:
    return [300 + index % 50 for index in range(count)]


@pytest.mark.parametrize("key_values", ["f16", "q8_0"])
def test_what_is_evaluated_stays_when_more_room_is_needed(tiny_minicpm3: Path, key_values: KeyValueType) -> None:
    large = LlamaModel(tiny_minicpm3, context=2048, threads=1, key_values=key_values)
    whole = large.evaluate(tokens(1400))
    small = LlamaModel(tiny_minicpm3, context=2048, threads=1, key_values=key_values)
    for begin in range(0, 1400, 100):
        last = small.evaluate(tokens(1400)[begin : begin + 100])
    assert small.length == 1400
    np.testing.assert_allclose(last, whole, rtol=5e-2, atol=5e-2)
    for model in (large, small):
        with pytest.raises(InvalidRequest, match="2048 tokens"):
            model.evaluate(tokens(700))
        model.close()


def test_an_adapter_stays_as_it_was_when_more_room_is_needed(tiny_minicpm3: Path, tiny_adapter: Path) -> None:
    model = LlamaModel(tiny_minicpm3, context=2048, threads=1, adapter=tiny_adapter)
    rows = []
    for on in (False, True):
        model.adapt(on=on)
        model.truncate(0)
        model.evaluate(tokens(700))
        rows.append(model.evaluate([301]))
    assert json.loads(model.adapter_says("codriver.tools")) == ["play(查: text)"]
    again = LlamaModel(tiny_minicpm3, context=2048, threads=1, adapter=tiny_adapter)
    again.adapt(on=True)
    again.evaluate(tokens(500))
    again.evaluate(tokens(700)[500:])
    np.testing.assert_allclose(again.evaluate([301]), rows[1], rtol=5e-2, atol=5e-2)
    assert np.abs(rows[0] - rows[1]).max() > 0.1
    for each in (model, again):
        each.close()
