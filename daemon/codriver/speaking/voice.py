"""Has text spoken by voice processes, or by any other Wyoming servers: one for each language."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from wyoming.audio import AudioChunk, AudioChunkConverter, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.tts import Synthesize, SynthesizeVoice

from codriver.errors import EngineError
from codriver.speaking.sentences import split_sentences
from codriver.speaking.spoken import spoken_form

_LOG = logging.getLogger(__name__)

LONGEST_TEXT = 2000
"""Letters of one answer that are spoken, about two minutes; nobody listens to more while driving."""

_BLOCKS_AHEAD = 256
"""Blocks made before they are asked for: 12 s of a voice at 22 kHz."""


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """A piece of speech: int16 little-endian mono PCM at ``rate`` hertz."""

    pcm: bytes
    rate: int

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.pcm) / (2 * self.rate)


@dataclass(frozen=True, slots=True)
class VoiceEndpoint:
    """Where a voice is: a Wyoming URI, and the name of the voice there if it has several."""

    uri: str
    name: str | None = None


type _Made = AudioBlock | Exception | None


class Voices:
    """Speaks every language with the voice that is configured for it."""

    def __init__(
        self,
        endpoints: Mapping[str, VoiceEndpoint],
        *,
        default: str,
        connect_timeout: float = 2.0,
        sentence_timeout: float = 30.0,
    ) -> None:
        """Take the voice of each language; ``default`` is the language whose voice speaks all others.

        ``sentence_timeout`` is the longest silence of a server in seconds: it bounds a sentence, no answer.
        """
        self._endpoints = endpoints
        self._default = endpoints[default]
        self._connect_timeout = connect_timeout
        self._sentence_timeout = sentence_timeout
        self._makers: set[asyncio.Task[None]] = set()
        """Held until they have ended: one whose listener was cancelled too would be collected while it ends."""

    async def speak(self, text: str, language: str) -> AsyncGenerator[AudioBlock]:
        """Yield the sound of ``text``, sentence by sentence, as it is made.

        While one sentence is played the next is synthesised. Closing the iterator stops the voice before its
        next sentence. Raises EngineError when the voice can't be reached, fails, or falls silent; what was
        yielded before that was spoken. Text without anything to say yields nothing.
        """
        endpoint = self._endpoint(language)
        if len(text) > LONGEST_TEXT:
            _LOG.warning("Text cut short", extra={"letters": len(text), "spoken": LONGEST_TEXT})
        sentences = [
            sentence
            for sentence in split_sentences(spoken_form(text[:LONGEST_TEXT], language), language)
            if any(letter.isalnum() for letter in sentence)
        ]
        ready: asyncio.Queue[_Made] = asyncio.Queue(_BLOCKS_AHEAD)
        maker = asyncio.create_task(self._make(sentences, endpoint, ready), name="speech synthesis")
        self._makers.add(maker)
        maker.add_done_callback(self._makers.discard)
        try:
            while (made := await ready.get()) is not None:
                if isinstance(made, Exception):
                    raise made
                yield made
        finally:
            maker.cancel()
            await asyncio.gather(maker, return_exceptions=True)

    def _endpoint(self, language: str) -> VoiceEndpoint:
        endpoint = self._endpoints.get(language) or self._endpoints.get(language.split("-")[0])
        if endpoint is None:
            _LOG.warning("No voice speaks the language; the default voice does", extra={"language": language})
            return self._default
        return endpoint

    async def _make(self, sentences: Sequence[str], endpoint: VoiceEndpoint, ready: asyncio.Queue[_Made]) -> None:
        """Put the blocks of all sentences into the queue, and None or the error behind them."""
        try:
            if sentences:
                async with self._connection(endpoint) as client:
                    for sentence in sentences:
                        async with aclosing(self._sentence(client, sentence, endpoint)) as blocks:
                            async for block in blocks:
                                await ready.put(block)
        except Exception as error:  # noqa: BLE001 - `speak` raises it, behind what was made before it
            await ready.put(error)
        else:
            await ready.put(None)

    @asynccontextmanager
    async def _connection(self, endpoint: VoiceEndpoint) -> AsyncIterator[AsyncClient]:
        """Connect, and turn whatever goes wrong with the connection into an EngineError."""
        try:
            client = AsyncClient.from_uri(
                endpoint.uri, connect_timeout=self._connect_timeout, read_timeout=self._sentence_timeout
            )
            async with client:
                yield client
        except TimeoutError as error:
            raise EngineError(f"The voice at {endpoint.uri} did not answer in time.") from error
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise EngineError(f"The voice at {endpoint.uri} can't be used: {error}.") from error

    async def _sentence(
        self, client: AsyncClient, sentence: str, endpoint: VoiceEndpoint
    ) -> AsyncGenerator[AudioBlock]:
        voice = SynthesizeVoice(name=endpoint.name) if endpoint.name else None
        await client.write_event(Synthesize(text=sentence, voice=voice).event())
        to_mono = AudioChunkConverter(width=2, channels=1)
        while (event := await client.read_event()) is not None:
            if AudioChunk.is_type(event.type):
                chunk = to_mono.convert(AudioChunk.from_event(event))
                yield AudioBlock(chunk.audio, chunk.rate)
            elif AudioStop.is_type(event.type):
                return
            elif Error.is_type(event.type):
                raise EngineError(f"The voice at {endpoint.uri} failed: {Error.from_event(event).text}")
            elif not AudioStart.is_type(event.type):
                _LOG.debug("Event of the voice ignored", extra={"type": event.type})
        raise EngineError(f"The voice at {endpoint.uri} went away in the middle of a sentence.")
