"""The naive chain in the place of understanding: llama-cpp-python's own tool calling and nothing before it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from codriver.catalogue import Catalogue
from codriver.turn import IntentCall, Source, Understanding
from codriver.understanding.toolbox import tools_of
from codriver.workshop.naive import ChatmlFunctionCalling


class NaiveUnderstander:
    """Understands as one would who only reads llama-cpp-python's documentation."""

    def __init__(self, model: Path, catalogue: Catalogue) -> None:
        self._caller = ChatmlFunctionCalling(model, tools_of(catalogue), context=8192)

    async def understand(self, text: str, language: str) -> Understanding:
        """Take whatever calls the model answers with."""
        calls = await asyncio.to_thread(self._caller.call, text)
        found = tuple(IntentCall(name, dict(arguments)) for name, arguments in calls)
        return Understanding(found, Source.MODEL if found else Source.NONE)
