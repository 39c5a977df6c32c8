"""One turn from the command line: through the running daemon, or in a sandbox."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from codriver.acting.bus import Bus
from codriver.config import Configuration
from codriver.errors import AudioError, BusError, InvalidRequest, ServiceUnavailable
from codriver.hearing.audio import frames, read_wav
from codriver.services.assistant import ASSISTANT
from codriver.turn import Zone
from codriver.workshop.sandbox import sandbox

_TURN_WITHIN = 120.0

type Turn = dict[str, Any]


async def ask_once(config: Configuration, text: str, language: str, zone: Zone, *, sandboxed: bool) -> Turn:
    """Take a typed turn. Raises InvalidRequest for an unknown language, BusError without a daemon."""
    _check_language(config, language)
    if not sandboxed:
        return await _through_daemon(config, text, {"language": language, "zone": zone})
    async with sandbox(config) as box:
        return (await box.app.ask(text, language, zone)).as_json()


async def hear_once(config: Configuration, wav: Path, zone: Zone, *, sandboxed: bool) -> list[Turn]:
    """Take the spoken turns of a file. Raises AudioError where it is no sound or nobody speaks in it."""
    next(iter(read_wav(wav)), None)  # a file that cannot be read is told before anything is started
    if not sandboxed:
        absolute = await asyncio.to_thread(wav.resolve)
        return [await _through_daemon(config, "", {"wav": str(absolute), "zone": zone})]
    async with sandbox(config) as box:
        turns = [trace.as_json() async for trace in box.app.hear(frames(read_wav(wav)), zone)]
    if not turns:
        raise AudioError(f"Nobody says anything in {wav}.")
    return turns


async def say_once(config: Configuration, text: str, language: str) -> None:
    """Have the daemon speak. Raises InvalidRequest for an unknown language, BusError without a daemon."""
    _check_language(config, language)
    await _call_daemon(config, "Say", text, {"language": language})


def _check_language(config: Configuration, language: str) -> None:
    if language not in config.languages:
        raise InvalidRequest(f"The languages are {', '.join(config.languages)}, not {language}.")


async def _through_daemon(config: Configuration, text: str, options: dict[str, str]) -> Turn:
    [turn] = await _call_daemon(config, "Ask", text, options)
    return dict(turn)


async def _call_daemon(config: Configuration, member: str, text: str, options: dict[str, str]) -> list[Any]:
    try:
        async with Bus(config.bus.address or None, kind=config.bus.kind) as bus:
            return await bus.call(ASSISTANT, member, text, options, timeout=_TURN_WITHIN)
    except ServiceUnavailable as error:
        raise BusError(f"The daemon is not running ({error}); start codriver run, or use --sandbox.") from error
