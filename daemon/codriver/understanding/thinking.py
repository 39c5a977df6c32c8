"""Ask the language model what a sentence means that no template covers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence

import numpy as np
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.event import Event

from codriver.engines.messages import Message
from codriver.engines.thinker.events import Embed, Embedded, Parse, Ready, Think, Thought, Tools
from codriver.errors import EngineError, InvalidRequest
from codriver.turn import IntentCall
from codriver.understanding.likeness.network import Vectors

LONGEST = 400
"""Characters of a sentence that the model is asked about."""

_LEAST_LIKELY = 1e-6
_NO_REPLY = 0
_NO_SENSE = "The language model gave an answer that makes no sense."


async def _at_once() -> int:
    return 0


class Thinking:
    """The client of the thinker at ``uri``; the connection and the tools stay there between sentences."""

    def __init__(
        self, uri: str, tools: Tools, timeout: float = 30.0, until_ready: Callable[[], Awaitable[int]] = _at_once
    ) -> None:
        """Take where the thinker is and its tools. ``timeout`` is in seconds, for one sentence.

        Preparing the tools may take ten times as long. ``until_ready`` waits for the thinker's process and counts
        its starts; after a new one the connection is made anew. It may raise EngineError.
        """
        self._until_ready = until_ready
        self._start = 0
        self._uri = uri
        self._tools = tools
        self._timeout = timeout
        self._client: AsyncClient | None = None
        self._turn = asyncio.Lock()
        self.parses: frozenset[str] = frozenset()
        """The intents that the model was trained for, as far as it is known."""

    async def prepare(self) -> Ready:
        """Connect and give the model its tools. Raises EngineError."""
        async with self._turn:
            return await self._prepare()

    async def think(self, text: str, most_calls: int = 3, among: Sequence[str] = ()) -> Thought:
        """Ask for the calls of a sentence, of these tools only if ``among`` names some.

        Raises EngineError when the thinker fails, vanishes or is too slow.
        """
        async with self._turn:
            await self._be_connected()
            request = Think(text[:LONGEST], most_calls=most_calls, longest_reply=_NO_REPLY, among=tuple(among))
            answer = await self._exchange(request.event(), self._timeout)
            return _read(Thought, answer)

    async def parse(self, text: str, before: Sequence[IntentCall], most_calls: int = 3) -> Thought | None:
        """Ask for the calls of a sentence after those of the last turn; None of a model that was not trained for it.

        Raises EngineError like ``think``.
        """
        async with self._turn:
            await self._be_connected()
            if not self.parses:
                return None
            request = Parse(text[:LONGEST], tuple(before), most_calls)
            return _read(Thought, await self._exchange(request.event(), self._timeout))

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Turn sentences into vectors, shape (sentences, dimension). Raises EngineError like ``think``."""
        async with self._turn:
            await self._be_connected()
            answer = _read(Embedded, await self._exchange(Embed(tuple(texts)).event(), self._timeout))
            if answer.dimension < 1 or len(answer.vectors) != 4 * answer.dimension * len(texts):
                raise EngineError(_NO_SENSE)
            vectors = np.frombuffer(answer.vectors, dtype="<f4").reshape(len(texts), answer.dimension)
            return vectors.astype(np.float32)

    async def close(self) -> None:
        """Leave the thinker."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(OSError):
                await client.disconnect()

    async def _be_connected(self) -> None:
        """Connect to a thinker that was started anew, or for the first time."""
        if await self._until_ready() != self._start or self._client is None:
            await self._prepare()

    async def _prepare(self) -> Ready:
        await self.close()
        self._start = await self._until_ready()
        self._client = AsyncClient.from_uri(self._uri)
        try:
            await asyncio.wait_for(self._client.connect(), self._timeout)
        except (OSError, TimeoutError) as error:
            await self.close()
            raise EngineError("The language model cannot be reached.") from error
        ready = _read(Ready, await self._exchange(self._tools.event(), 10 * self._timeout))
        self.parses = frozenset(ready.parses)
        return ready

    async def _exchange(self, request: Event, timeout: float) -> Event:
        """Send an event and wait for its answer. A connection on which that failed is not used again."""
        assert self._client is not None
        try:
            async with asyncio.timeout(timeout):
                await self._client.write_event(request)
                answer = await self._client.read_event()
        except TimeoutError as error:
            await self.close()
            raise EngineError("The language model did not answer in time.") from error
        except (OSError, EOFError, ValueError, asyncio.CancelledError) as error:
            await self.close()
            if isinstance(error, asyncio.CancelledError):
                raise
            raise EngineError("The language model cannot be reached.") from error
        if answer is None:
            await self.close()
            raise EngineError("The language model vanished.")
        if Error.is_type(answer.type):
            raise EngineError(f"The language model failed: {Error.from_event(answer).text}")
        return answer


def _read[Kind: Message](kind: type[Kind], event: Event) -> Kind:
    """Read an answer of the kind that was asked for. Raises EngineError for any other."""
    try:
        if kind.is_type(event.type):
            return kind.from_event(event)
    except InvalidRequest as error:
        raise EngineError(_NO_SENSE) from error
    raise EngineError(_NO_SENSE)


def certainty(thought: Thought) -> float:
    """Say how sure the model was that something is asked for, and of the weakest of its calls: 0 to 1."""
    return thought.call_probability * min((call.confidence for call in thought.calls), default=0.0)


def likelihoods(thought: Thought) -> tuple[float, ...]:
    """Say of each of a parser's calls how likely it was: above 0, so that they have a geometric mean, to 1."""
    return tuple(max(_LEAST_LIKELY, thought.call_probability * call.confidence) for call in thought.calls)


def describe(thought: Thought) -> Mapping[str, float]:
    """Give the tools that the model thought of, with their probabilities: for showing why one won."""
    return {candidate.name: candidate.probability for candidate in thought.candidates}
