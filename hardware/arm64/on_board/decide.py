"""Runs on the board and beside it: prints what the small language model makes of a sentence, and its vector."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

from codriver.catalogue.configured import read_catalogue
from codriver.config import load_configuration
from codriver.engines.fleet import THINKER, alone
from codriver.engines.models import Store, default_root
from codriver.understanding.thinking import Thinking
from codriver.understanding.toolbox import tools_of


async def decide(config: Path, sentence: str) -> dict[str, object]:
    """Ask the thinker of a configuration. Raises ModelError and EngineError."""
    configuration = load_configuration(config)
    tools = tools_of(read_catalogue(configuration))
    async with alone(THINKER, configuration, Store(default_root())) as uri:
        thinking = Thinking(uri, tools)
        ready = await thinking.prepare()
        thought = await thinking.think(sentence)
        [vector] = await thinking.embed([sentence])
        await thinking.close()
    return {
        "restored": ready.restored,
        "tokens": asdict(thought.tokens),
        "calls": [f"{call.name}{dict(call.arguments)}" for call in thought.calls],
        "probability": round(thought.call_probability, 4),
        "vector": [round(float(value), 5) for value in vector],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(decide(Path(sys.argv[1]), sys.argv[2]))) + "\n")
