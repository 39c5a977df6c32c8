"""What the navigation says by itself: its instructions, spoken when nobody else is speaking or being heard."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codriver.acting.strangers import one_line

_STALE = 8.0  # seconds that an instruction may wait: the turn it speaks of is passed by then
_ECHO = 3.0  # seconds in which the same words are not said again
_MOST_WAITING = 4


@dataclass(frozen=True, slots=True)
class Instruction:
    """Words to say, in their language, and the manoeuvre that they are about; ``lasting`` ones do not go stale."""

    text: str
    language: str
    about: str = ""
    lasting: bool = False


class Backlog:
    """The instructions that wait to be said. Pure: times in seconds come in, and never go back."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[float, Instruction]] = deque(maxlen=_MOST_WAITING)
        self._said: tuple[float, str] = (float("-inf"), "")

    def add(self, instruction: Instruction, now: float) -> None:
        """Take an instruction in. A newer one about the same manoeuvre takes the place of the older."""
        if not instruction.text:
            return
        older = [entry for entry in self._waiting if entry[1].about != instruction.about]
        self._waiting = deque((*older, (now, instruction)), maxlen=_MOST_WAITING)

    def take(self, now: float) -> Instruction | None:
        """Give what is to be said next; what is stale, or was just said, is dropped."""
        while self._waiting:
            since, instruction = self._waiting.popleft()
            at, text = self._said
            if (instruction.lasting or now - since <= _STALE) and not (instruction.text == text and now - at <= _ECHO):
                self._said = (now, instruction.text)
                return instruction
        return None


def read_instruction(text: str, details: Mapping[str, Any], languages: Sequence[str]) -> Instruction:
    """Read the signal ``Instruction``: in the language of the route where that is spoken here, else in another."""
    texts = {str(code): one_line(said) for code, said in dict(details.get("texts", {})).items()}
    own = [code for code, said in texts.items() if said == one_line(text)]
    spoken = [code for code in (*own, *languages) if code in languages and texts.get(code)]
    about = f"{one_line(details.get('kind'))} {one_line(details.get('street'))}"
    arrival = details.get("arrival") is True
    if not spoken:
        return Instruction(one_line(text), languages[0], about, arrival)
    return Instruction(texts[spoken[0]], spoken[0], about, arrival)


class Announcer:
    """Says instructions one after the other, as soon as it is quiet."""

    def __init__(self, say: Callable[[str, str], Awaitable[None]], until_quiet: Callable[[], Awaitable[None]]) -> None:
        """Take what speaks a text in a language, and what waits until nobody speaks and nobody is listened to."""
        self._say = say
        self._until_quiet = until_quiet
        self._backlog = Backlog()
        self._news = asyncio.Event()

    def announce(self, instruction: Instruction) -> None:
        """Have an instruction said."""
        self._backlog.add(instruction, asyncio.get_running_loop().time())
        self._news.set()

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Say what there is to say for as long as the block lasts."""
        working = asyncio.create_task(self._work(), name="announcing")
        try:
            yield
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await self._until_quiet()
            while instruction := self._backlog.take(asyncio.get_running_loop().time()):
                await self._say(instruction.text, instruction.language)
                await self._until_quiet()
