"""The daemon: the stages, their microphone, and the assistant on the bus, until it is told to end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path

from codriver.acting.bus import Bus
from codriver.app import App
from codriver.catalogue.configured import watched_folders
from codriver.catalogue.watching import stamps_of
from codriver.config import Configuration, runtime_folder
from codriver.engines.fleet import SOUND, assemble
from codriver.engines.models import Store, default_root
from codriver.errors import AudioError, ConfigurationError
from codriver.hearing.audio import Samples, frames, read_wav
from codriver.hearing.microphone import Microphone
from codriver.reloading import Reloader, first_catalogue
from codriver.services.assistant import offer, tell_failed
from codriver.speaking.loudspeaker import SoundLoudspeaker
from codriver.trace import Trace
from codriver.turn import Zone

_LOG = logging.getLogger(__name__)

_LONGEST_WAIT = 30.0


class Running:
    """A daemon at work, as the D-Bus object sees it."""

    def __init__(self, app: App, config: Configuration) -> None:
        self._muted = False
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
    """Run until SIGTERM. Raises ModelError, BusError or ConfigurationError where it cannot start."""
    sockets = await asyncio.to_thread(_private_folder, runtime_folder())
    known = stamps_of(watched_folders(config))
    catalogue, fault = first_catalogue(config)
    fleet = assemble(config, Store(default_root()), sockets, live=True)
    bus = Bus(config.bus.address or None, kind=config.bus.kind)
    microphone, speaker = Microphone(fleet.uris[SOUND]), SoundLoudspeaker(fleet.uris[SOUND])
    async with App(config, fleet, bus, lambda trace: speaker, catalogue=catalogue) as app:
        running = Running(app, config)
        app.on_turn = await offer(bus, running)
        reloader = Reloader(config, app, known, partial(tell_failed, bus))
        if fault:
            reloader.refuse(fault)
        reloading = asyncio.create_task(reloader.run(), name="reloading")
        notify("READY=1")
        _LOG.info("Ready")
        listening = asyncio.create_task(running.listen_always(partial(_of_one_zone, microphone)), name="listening")
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, listening.cancel)
        with suppress(asyncio.CancelledError):
            await listening
        notify("STOPPING=1")
        reloading.cancel()
        await asyncio.gather(reloading, return_exceptions=True)


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


def notify(state: str) -> None:
    """Tell systemd about the daemon, where systemd started it."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.send(state.encode())
