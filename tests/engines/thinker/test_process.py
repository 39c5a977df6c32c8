"""The thinker as the daemon meets it: a process behind a socket, here with a tiny MiniCPM3 of random weights."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from codriver.engines.thinker.events import Embed, Embedded, Ready, Think, Thought, Tool, Tools
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.info import Describe, Info

TOOLS = Tools(
    "You are a car.",
    (
        Tool(
            "set_temperature",
            "Set it",
            {
                "type": "object",
                "properties": {
                    "celsius": {"type": "integer", "minimum": 16, "maximum": 28},
                    "zone": {"type": "string", "enum": ["driver", "all"]},
                },
                "required": ["celsius"],
            },
        ),
        Tool("open_boot", "Open the boot"),
        Tool("play", "Play", {"type": "object", "properties": {"query": {"type": "string", "maxLength": 12}}}),
    ),
)


@pytest.fixture
async def uri(tiny_minicpm3: Path, tmp_path: Path) -> AsyncIterator[str]:
    """A running thinker."""
    socket = tmp_path / "thinker.socket"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "codriver.engines.thinker", "--uri", f"unix://{socket}", "--threads", "1",
        "--model", str(tiny_minicpm3), "--dialect", "minicpm3", "--cache", str(tmp_path / "cache"),
        "--kv", "q8_0", "--exit-with-parent",
    )  # fmt: skip
    for _ in range(1200):
        if socket.exists() or process.returncode is not None:
            break
        await asyncio.sleep(0.05)
    yield f"unix://{socket}"
    process.terminate()
    assert await process.wait() == 0


async def ask(
    client: AsyncClient, message: Tools | Think | Embed | Describe
) -> Ready | Thought | Embedded | Error | Info:
    await client.write_event(message.event())
    event = await asyncio.wait_for(client.read_event(), 60)
    assert event is not None
    for kind in (Ready, Thought, Embedded, Error, Info):
        if kind.is_type(event.type):
            return kind.from_event(event)
    raise AssertionError(event.type)


async def test_a_tool_call_comes_out_of_llama_cpps_own_minicpm3(uri: str) -> None:
    async with AsyncClient.from_uri(uri) as client:
        ready = await ask(client, TOOLS)
        assert isinstance(ready, Ready)
        assert not ready.restored
        thought = await ask(client, Think("make it 22 degrees", most_calls=2))
        assert isinstance(thought, Thought)
        assert 1 <= len(thought.calls) <= 2
        assert thought.call_probability > 0.5
        for call in thought.calls:
            allowed = {"set_temperature": {"celsius", "zone"}, "open_boot": set(), "play": {"query"}}[call.name]
            assert set(call.arguments) <= allowed
            assert "celsius" in call.arguments or call.name != "set_temperature"
            assert call.arguments.get("zone", "all") in ("driver", "all")
            assert isinstance(call.arguments.get("celsius", 0), int)
        assert thought.candidates[0].name == thought.calls[0].name
        again = await ask(client, Think("make it 22 degrees", most_calls=2))
        assert isinstance(again, Thought)
        assert again.calls == thought.calls


async def test_the_tools_are_evaluated_once_for_all_connections(uri: str) -> None:
    for restored in (False, True):
        async with AsyncClient.from_uri(uri) as client:
            ready = await ask(client, TOOLS)
            assert isinstance(ready, Ready)
            assert ready.restored is restored


async def test_clients_with_other_tools_do_not_disturb_each_other(uri: str) -> None:
    only_boot = Tools("", (TOOLS.tools[1],))
    async with AsyncClient.from_uri(uri) as one, AsyncClient.from_uri(uri) as other:
        await ask(one, only_boot)
        await ask(other, TOOLS)
        thought = await ask(one, Think("anything", most_calls=1))
        assert isinstance(thought, Thought)
        assert [call.name for call in thought.calls] == ["open_boot"]


async def test_only_the_tools_that_come_into_question_are_called(uri: str) -> None:
    async with AsyncClient.from_uri(uri) as client:
        await ask(client, TOOLS)
        for tool in ("open_boot", "set_temperature", "play"):
            thought = await ask(client, Think("anything", most_calls=1, among=(tool, "no_such_tool")))
            assert isinstance(thought, Thought)
            assert [call.name for call in thought.calls] == [tool]
            assert {candidate.name for candidate in thought.candidates} <= {tool}


async def test_sentences_become_vectors_without_any_tools(uri: str) -> None:
    async with AsyncClient.from_uri(uri) as client:
        embedded = await ask(client, Embed(("some sky please", "我的脚冻僵了", "some sky please")))
        assert isinstance(embedded, Embedded)
        vectors = np.frombuffer(embedded.vectors, dtype="<f4").reshape(3, embedded.dimension)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-3)
        assert float(vectors[0] @ vectors[2]) > 0.999 > float(vectors[0] @ vectors[1])


@pytest.mark.parametrize("texts", [(), ("",), ("x " * 20_000,), ("\x00\ud7ff",)])
async def test_embedding_odd_texts_leaves_the_thinker_alive(uri: str, texts: tuple[str, ...]) -> None:
    async with AsyncClient.from_uri(uri) as client:
        assert isinstance(await ask(client, Embed(texts)), Embedded | Error)
        assert isinstance(await ask(client, Embed(("some sky please",))), Embedded)


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (Think("x" * 100_000), "The text has 100000 characters"),
        (Think(" \n "), "empty"),
        (Tools("", ()), "no tool"),
        (Think("open the boot", among=("no_such_tool",)), "None of the tools"),
        (Tools("", (Tool("a b", ""),)), "not a plain identifier"),
        (Tools("", (Tool("a", "", {"properties": {"x": {"type": "array"}}}),)), "tool a: parameters.properties.x"),
        (Tools("long " * 4000, TOOLS.tools), "does not fit"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_the_next_request_works(
    uri: str, message: Tools | Think, sentence: str
) -> None:
    async with AsyncClient.from_uri(uri) as client:
        await ask(client, TOOLS)
        error = await ask(client, message)
        assert isinstance(error, Error)
        assert sentence in error.text
        assert error.code == "InvalidRequest"
        assert isinstance(await ask(client, Think("open the boot")), Thought)


async def test_thinking_needs_tools_and_describing_does_not(uri: str) -> None:
    async with AsyncClient.from_uri(uri) as client:
        error = await ask(client, Think("open the boot"))
        assert isinstance(error, Error)
        info = await ask(client, Describe())
        assert isinstance(info, Info)
        assert info.handle[0].models[0].name == "tiny-minicpm3"


async def test_a_client_that_leaves_does_not_keep_the_next_one_waiting_forever(uri: str) -> None:
    async with AsyncClient.from_uri(uri) as client:
        await ask(client, TOOLS)
        await client.write_event(Think("open the boot").event())
    async with AsyncClient.from_uri(uri) as client:
        await ask(client, TOOLS)
        assert isinstance(await ask(client, Think("open the boot")), Thought)


async def test_a_missing_model_is_told_in_one_line(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "codriver.engines.thinker", "--uri", f"unix://{tmp_path}/socket",
        "--model", str(tmp_path / "none.gguf"), "--dialect", "hermes", "--cache", str(tmp_path),
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, stderr = await process.communicate()
    assert process.returncode == 1
    assert stderr.decode().splitlines() == [f"The model file {tmp_path}/none.gguf does not exist."]
