"""The thinker's process: ``python -m codriver.engines.thinker``."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Attribution, Describe, HandleModel, HandleProgram, Info
from wyoming.server import AsyncEventHandler

from codriver import errors
from codriver.engines.server import engine_arguments, serve
from codriver.engines.thinker.decoder import Cancelled
from codriver.engines.thinker.dialect import Dialect
from codriver.engines.thinker.embedding import Embedder
from codriver.engines.thinker.events import Embed, Embedded, Parse, Think, Tools
from codriver.engines.thinker.hermes import Hermes
from codriver.engines.thinker.minicpm3 import MiniCpm3
from codriver.engines.thinker.prefix import PrefixStore
from codriver.engines.thinker.runtime import LlamaModel
from codriver.engines.thinker.thinker import Thinker
from codriver.host import heap

_LOGGER = logging.getLogger("codriver.thinker")

DIALECTS: dict[str, Callable[[], Dialect]] = {
    "hermes": Hermes,
    "hermes-tagged": functools.partial(Hermes, tags=True),
    "minicpm3": MiniCpm3,
    "minicpm3-thoughtful": functools.partial(MiniCpm3, thoughtful=True),
}


class ThinkerHandler(AsyncEventHandler):
    """One client. All share the model; ``worker`` has one thread, so one thing is thought at a time."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        thinker: Thinker,
        embedder: Embedder,
        worker: ThreadPoolExecutor,
        info: Info,
    ) -> None:
        super().__init__(reader, writer)
        self._thinker = thinker
        self._embedder = embedder
        self._worker = worker
        self._info = info
        self._tools: Tools | None = None

    async def handle_event(self, event: Event) -> bool:
        """Answer one event; what cannot be done is answered with an Error and the connection stays."""
        try:
            await self._answer(event)
        except errors.CodriverError as error:
            await self.write_event(Error(str(error), error.code).event())
        except (Cancelled, ConnectionError):
            _LOGGER.info("client left before its answer")
            return False
        return True

    async def _answer(self, event: Event) -> None:
        loop = asyncio.get_running_loop()
        if Describe.is_type(event.type):
            await self.write_event(self._info.event())
        elif Tools.is_type(event.type):
            tools = Tools.from_event(event)
            ready = await loop.run_in_executor(self._worker, self._thinker.prepare, tools)
            self._tools = tools
            _LOGGER.info(
                "tools ready: %d tokens in %.0f ms, restored %s",
                ready.prefix_tokens,
                ready.milliseconds,
                ready.restored,
            )
            await self.write_event(ready.event())
        elif Think.is_type(event.type) or Parse.is_type(event.type):
            if self._tools is None:
                raise errors.InvalidRequest("The tools have to be sent first.")
            request = Think.from_event(event) if Think.is_type(event.type) else Parse.from_event(event)
            think = functools.partial(self._think, self._tools, request)
            thought = await loop.run_in_executor(self._worker, think)
            await self.write_event(thought)
            heap.give_back()
        elif Embed.is_type(event.type):
            texts = Embed.from_event(event).texts
            vectors = await loop.run_in_executor(self._worker, self._embedder.embed, texts)
            await self.write_event(Embedded(vectors.shape[1], vectors.astype("<f4").tobytes()).event())

    def _think(self, tools: Tools, request: Think | Parse) -> Event:
        """Run in the worker. Another client may have brought other tools meanwhile."""
        if self.reader.at_eof():
            raise Cancelled
        self._thinker.prepare(tools)
        if isinstance(request, Parse):
            return self._thinker.parse(request, self.reader.at_eof).event()
        return self._thinker.think(request, self.reader.at_eof).event()


def make_info(model: str, dialect: str) -> Info:
    """Describe the program as Wyoming clients expect it."""
    nobody = Attribution(name="codriver", url="")
    return Info(
        handle=[
            HandleProgram(
                name="codriver-thinker",
                attribution=nobody,
                installed=True,
                description="Turns sentences into tool calls",
                version=None,
                models=[
                    HandleModel(
                        name=model,
                        attribution=nobody,
                        installed=True,
                        description=f"GGUF, {dialect} dialect",
                        version=None,
                        languages=["en", "zh"],
                    )
                ],
            )
        ]
    )


def main() -> None:
    """Load the model and serve until SIGTERM."""
    parser = engine_arguments("The language model of codriver, behind the Wyoming protocol.")
    parser.add_argument("--model", type=Path, required=True, help="a GGUF file")
    parser.add_argument("--adapter", type=Path, help="a LoRA adapter that the model parses with")
    parser.add_argument("--dialect", choices=sorted(DIALECTS), required=True, help="how the model calls tools")
    parser.add_argument("--cache", type=Path, required=True, help="folder for evaluated prompts")
    parser.add_argument("--context", type=int, default=4096, help="tokens of prompt and answer together")
    parser.add_argument("--kv", choices=("f16", "q8_0"), default="f16", help="type of the key-value cache")
    arguments = parser.parse_args()
    try:
        model = LlamaModel(
            arguments.model,
            context=arguments.context,
            threads=arguments.threads,
            key_values=arguments.kv,
            adapter=arguments.adapter,
        )
    except errors.ModelError as error:
        parser.exit(1, f"{error}\n")
    thinker = Thinker(model, DIALECTS[arguments.dialect](), PrefixStore(arguments.cache))
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="model") as worker:
        serve(
            arguments,
            functools.partial(
                ThinkerHandler,
                thinker=thinker,
                embedder=Embedder(arguments.threads),
                worker=worker,
                info=make_info(arguments.model.stem, arguments.dialect),
            ),
        )


if __name__ == "__main__":
    main()
