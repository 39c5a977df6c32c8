"""The daemon: the stages, their microphone, and the assistant on the bus, until it is told to end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AsyncExitStack, aclosing, suppress
from functools import partial
from pathlib import Path
from typing import Any

from codriver import systemd
from codriver.acting.bus import Bus
from codriver.acting.car import VEHICLE
from codriver.app import App
from codriver.catalogue.configured import watched_folders
from codriver.catalogue.watching import stamps_of
from codriver.config import Configuration, engine_sockets, runtime_folder
from codriver.engines.fleet import SOUND, assemble
from codriver.engines.models import Store, default_root
from codriver.errors import AudioError, ConfigurationError
from codriver.hearing.audio import Samples, frames, read_wav
from codriver.hearing.microphone import Microphone
from codriver.readiness import CAR, ENGINES, MICROPHONE, Readiness
from codriver.reloading import Reloader, first_catalogue
from codriver.services.assistant import offer, tell_failed
from codriver.speaking.loudspeaker import SoundLoudspeaker
from codriver.trace import Trace
from codriver.turn import Zone

_LOG = logging.getLogger(__name__)

_LONGEST_WAIT = 30.0


class Running:
    """A daemon at work, as the D-Bus object sees it."""

    def __init__(self, app: App, config: Configuration, readiness: Readiness | None = None) -> None:
        self._muted = False
        self._readiness = readiness or Readiness()
        self._app = app
        self._config = config
        self._wanted = asyncio.Event()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are understood."""
        return self._config.languages

    @property
    def state(self) -> str:
        """What the assistant is doing."""
        return self._app.state.value

    @property
    def muted(self) -> bool:
        """Whether the microphone is closed."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        self._app.mute(muted)

    async def ask(self, text: str, language: str, zone: Zone) -> Trace:
        """Take a typed turn."""
        return await self._app.ask(text, language, zone)

    async def hear_file(self, path: Path, zone: Zone) -> Trace:
        """Take the first spoken turn of a WAV file. Raises AudioError when it is none or nobody speaks."""
        async with aclosing(self._app.hear(frames(read_wav(path)), zone)) as traces:
            async for trace in traces:
                return trace
        raise AudioError(f"Nobody says anything in {path}.")

    async def say(self, text: str, language: str) -> None:
        """Speak."""
        await self._app.say(text, language)

    def listen(self) -> None:
        """Listen as if the wake word had been said."""
        self._app.listen_now()

    def cancel(self) -> None:
        """Drop the turn and be silent."""
        self._app.silence()
        self._app.forget()

    def watch_state(self, watcher: Callable[[str], None]) -> None:
        """Tell ``watcher`` of each new state."""
        self._app.on_state = lambda state: watcher(state.value)

    async def listen_always(self, sound: Callable[[], AsyncGenerator[Samples]]) -> None:
        """Take turns from the microphone for ever; one that goes away is looked for again."""
        wait = 1.0
        while True:
            try:
                async with aclosing(self._attentively(sound())) as heard:
                    async for _ in self._app.listen(heard, self._config.zone):
                        wait = 1.0
            except AudioError as error:
                self._readiness.lacks(MICROPHONE, str(error))
                _LOG.warning("No microphone", extra={"reason": str(error), "again_in": wait})
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    async def _attentively(self, sound: AsyncGenerator[Samples]) -> AsyncGenerator[Samples]:
        """Pass frames on, except those of while it is muted or busy with a turn: it must not hear itself."""
        waiting: asyncio.Queue[Samples | AudioError] = asyncio.Queue()

        async def capture() -> None:
            try:
                async with aclosing(sound) as frames_in:
                    async for frame in frames_in:
                        self._readiness.has(MICROPHONE)
                        if not self.muted and not self._app.busy:
                            waiting.put_nowait(frame)
            except AudioError as error:
                waiting.put_nowait(error)

        capturing = asyncio.create_task(capture(), name="capture")
        try:
            while True:
                frame = await waiting.get()
                if isinstance(frame, AudioError):
                    raise frame
                yield frame
        finally:
            capturing.cancel()
            await asyncio.gather(capturing, return_exceptions=True)


async def run(config: Configuration) -> None:
    """Run until SIGTERM. Raises ModelError, BusError or ConfigurationError where it cannot start.

    systemd is told READY when the engines answer, the microphone gives sound and the car is on the bus.
    """
    working = asyncio.create_task(_work(config), name="daemon")
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    with suppress(asyncio.CancelledError):
        await working


async def _work(config: Configuration) -> None:
    sockets = await asyncio.to_thread(_private_folder, runtime_folder())
    known = stamps_of(watched_folders(config))
    catalogue, fault = first_catalogue(config)
    fleet = assemble(config, Store(default_root()), sockets, live=True, activated=engine_sockets())
    bus = Bus(config.bus.address or None, kind=config.bus.kind)
    microphone, speaker = Microphone(fleet.uris[SOUND]), SoundLoudspeaker(fleet.uris[SOUND])
    readiness = Readiness(lambda sentence: systemd.notify(f"STATUS={sentence}"))
    async with AsyncExitStack() as life:
        async with systemd.starting():
            app = await life.enter_async_context(App(config, fleet, bus, lambda trace: speaker, catalogue=catalogue))
            readiness.has(ENGINES)
            running = Running(app, config, readiness)
            app.on_turn = await offer(bus, running)
            reloader = Reloader(config, app, known, partial(tell_failed, bus))
            if fault:
                reloader.refuse(fault)
            await bus.watch_owner(VEHICLE.bus_name, partial(_note_car, readiness))
            _begin(reloader.run(), "reloading", life)
            listening = _begin(running.listen_always(partial(_of_one_zone, microphone)), "listening", life)
            complete = _begin(readiness.complete(), "readiness", life)
            await asyncio.wait({listening, complete}, return_when=asyncio.FIRST_COMPLETED)
        async with systemd.ready():
            _LOG.info("Ready")
            await listening


def _begin(work: Coroutine[Any, Any, None], name: str, life: AsyncExitStack) -> asyncio.Task[None]:
    """Do something beside, until the end of ``life``."""
    task = asyncio.create_task(work, name=name)

    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    life.push_async_callback(end)
    return task


def _note_car(readiness: Readiness, owner: str) -> None:
    if owner:
        readiness.has(CAR)
    else:
        readiness.lacks(CAR)


async def _of_one_zone(microphone: Microphone) -> AsyncGenerator[Samples]:
    async with aclosing(microphone.frames()) as frames_of_zones:
        async for _, samples in frames_of_zones:
            yield samples


def _private_folder(folder: Path) -> Path:
    """Make the folder of the sockets. Raises ConfigurationError where it belongs to somebody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise ConfigurationError(f"{folder} is open to others: set XDG_RUNTIME_DIR to a folder of your own.")
    return folder
