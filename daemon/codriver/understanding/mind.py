"""All that understanding one catalogue takes, built together, made ready together and closed together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from codriver.catalogue.model import Catalogue
from codriver.understanding.judging import Gates
from codriver.understanding.likeness.recalling import Recaller
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.thinking import Thinking
from codriver.understanding.toolbox import tools_of
from codriver.understanding.understander import Understander


@dataclass(frozen=True, slots=True)
class Ways:
    """Which ways to understand are open; evaluation closes one to measure the other."""

    templates: bool = True
    model: bool = True


class Mind:
    """The understander of a catalogue with the models that it asks."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        thinker: str = "",
        until_ready: Callable[[], Awaitable[int]],
        cache: Path,
        ways: Ways = Ways(),
        gates: Gates = Gates(),
    ) -> None:
        """Build it, which takes some seconds. Raises ConfigurationError for a template that cannot be parsed.

        ``thinker`` is where the language model is, or empty for none; ``cache`` the folder for what is learnt.
        """
        templates = Templates(catalogue)
        self._thinking: Thinking | None = None
        self._recaller: Recaller | None = None
        if thinker and ways.model:
            self._thinking = Thinking(thinker, tools_of(catalogue), until_ready=until_ready)
            self._recaller = Recaller(catalogue, templates, self._thinking.embed, cache)
        self.understander = Understander(
            catalogue, templates if ways.templates else None, self._recaller, self._thinking, gates
        )

    async def prepare(self) -> None:
        """Let the models learn the catalogue. Raises EngineError."""
        if self._thinking and self._recaller:
            await self._thinking.prepare()
            await self._recaller.prepare()

    async def close(self) -> None:
        """Leave the models."""
        if self._thinking:
            await self._thinking.close()
