"""The daemon: the stages, their microphone, and the assistant on the bus, until it is told to end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, aclosing, suppress
from functools import partial
from pathlib import Path
from typing import Any

from codriver.acting.bus import Bus
from codriver.acting.car import VEHICLE
from codriver.acting.ducking import Ducking
from codriver.app import App
from codriver.catalogue.configured import watched_folders
from codriver.catalogue.watching import stamps_of
from codriver.config import Configuration
from codriver.conversation.happenings import State
from codriver.engines.fleet import SOUND, assemble
from codriver.engines.models import Store, default_root
from codriver.errors import AudioError, ConfigurationError
from codriver.folders import engine_sockets, runtime_folder
from codriver.hearing.audio import frames, read_wav
from codriver.hearing.microphone import Microphone, MicrophoneState, MicrophoneStatus
from codriver.hearing.microphone_news import MicrophoneNews
from codriver.host import systemd
from codriver.running.readiness import CAR, ENGINES, MICROPHONE, Readiness
from codriver.running.reloading import Reloader, first_catalogue
from codriver.running.surroundings import surroundings
from codriver.services.assistant import offer, tell_failed
from codriver.speaking.chimes import Chimes
from codriver.speaking.earcons import Earcon
from codriver.speaking.loudspeaker import SoundLoudspeaker
from codriver.trace import Trace
from codriver.turn import Zone

_LOG = logging.getLogger(__name__)


class Running:
    """A daemon at work, as the D-Bus object sees it."""

    def __init__(
        self,
        app: App,
        config: Configuration,
        microphone: Microphone | None = None,
        readiness: Readiness | None = None,
    ) -> None:
        """Take the microphone that is muted and listened to, if there is one, and who is told whether it can hear."""
        self._muted = self._asleep = False
        self._readiness = readiness or Readiness()
        self._app = app
        self._config = config
        self._microphone = microphone
        self._news = MicrophoneNews()
        self._switching: set[asyncio.Task[None]] = set()
        if microphone:
            microphone.on_status = self._told
            app.watch_state(self._hurry)
            self._hurry(app.state)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are understood."""
        return self._config.languages

    @property
    def state(self) -> str:
        """What the assistant is doing."""
        return self._app.state.value

    @property
    def wake_checks(self) -> Mapping[str, int]:
        """How many wake words were doubtful, by what was found out about them."""
        return self._app.wake_checks

    @property
    def muted(self) -> bool:
        """Whether the microphone is closed."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        self._switch()

    def sleep(self, asleep: bool) -> None:
        """Close the microphone and be silent while the car is off, or wake up as it was: muted or not."""
        if asleep is self._asleep:
            return
        self._asleep = asleep
        if asleep:
            self._app.cancel()
        self._switch()

    @property
    def _deaf(self) -> bool:
        return self._muted or self._asleep

    def _switch(self) -> None:
        self._app.mute(self._deaf)
        self._go(self._switch_devices())

    def _hurry(self, state: State) -> None:
        """Have sound at once while there is a conversation; what waits for the wake word alone may take its time."""
        if self._microphone:
            self._go(self._microphone.hurry(state not in (State.IDLE, State.MUTED)))

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="microphone")
        self._switching.add(task)
        task.add_done_callback(self._switching.discard)

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

    def listen(self, zone: Zone | None = None) -> None:
        """Listen as if the wake word had been said. Raises AudioError when there is nothing to listen with."""
        if self._deaf:
            raise AudioError("The microphone is muted." if self._muted else "The car is off.")
        if self._microphone and self._microphone.state in (MicrophoneState.LOST, MicrophoneState.CLOSED):
            raise AudioError("There is no microphone at the moment; `codriver doctor` says why.")
        self._app.listen_now(zone)

    def cancel(self) -> None:
        """Drop the turn and be silent."""
        self._app.cancel()

    def be_patient(self) -> None:
        """Follow who is listened to through all pauses, until `finish_listening`."""
        self._app.be_patient()

    def finish_listening(self) -> None:
        """Take what was said up to now for all of it."""
        self._app.finish_listening()

    def watch_state(self, watcher: Callable[[str], None]) -> Callable[[], None]:
        """Tell ``watcher`` of each new state, until what is returned is called."""
        return self._app.watch_state(lambda state: watcher(state.value))

    async def _switch_devices(self) -> None:
        """Close the devices, or open them again, as they are to be by now."""
        if self._microphone is None:
            return
        try:
            await (self._microphone.close() if self._deaf else self._microphone.open())
        except AudioError as error:
            _LOG.error("The microphone cannot be switched", extra={"deaf": self._deaf, "reason": str(error)})

    def _told(self, status: MicrophoneStatus) -> None:
        """Take note of what a microphone does now."""
        self._note_readiness(status)
        if status.state is MicrophoneState.LOST:
            self._app.lose_sound(status.zone)
        if news := self._news.take(status, apologising=self._app.apologises):
            self._app.tell(news)

    def _note_readiness(self, status: MicrophoneStatus) -> None:
        assert self._microphone
        best = self._microphone.state
        if best in (MicrophoneState.LOST, MicrophoneState.SILENT):
            self._readiness.lacks(MICROPHONE, status.reason)
        elif best is not MicrophoneState.CLOSED or self._deaf:
            self._readiness.has(MICROPHONE)


async def run(config: Configuration, file: Path | None = None) -> None:
    """Run until SIGTERM; at SIGHUP read the configuration's ``file`` again.

    systemd is told READY when the engines answer, the microphone gives sound and the car is on the bus. Raises
    ModelError, BusError or ConfigurationError where it cannot start.
    """
    working = asyncio.create_task(_work(config, file), name="daemon")
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    with suppress(asyncio.CancelledError):
        await working


async def _work(config: Configuration, file: Path | None) -> None:
    sockets = await asyncio.to_thread(_private_folder, runtime_folder())
    known = stamps_of(watched_folders(config))
    fleet = assemble(config, Store(default_root()), sockets, live=True, activated=engine_sockets())
    bus = Bus(config.bus.address or None, kind=config.bus.kind)
    sound = fleet.uris[SOUND]
    microphone, loudspeaker = Microphone(sound), SoundLoudspeaker(sound)
    chimes = Chimes(SoundLoudspeaker(sound), [Earcon(tone) for tone in config.dialogue.earcons])
    share = config.dialogue.ducking
    ducking = Ducking(bus, sockets / "ducked.json", share) if share < 1 else None
    readiness = Readiness(lambda sentence: systemd.notify(f"STATUS={sentence}"))
    app_of = partial(App, *(config, fleet, bus, lambda trace: loudspeaker), chimes=chimes, ducking=ducking)
    async with AsyncExitStack() as life:
        async with systemd.starting():
            life.push_async_callback(fleet.stop)
            fleet.start(fleet.senses)  # while they load their models, what can be said is read
            catalogue, fault = await asyncio.to_thread(first_catalogue, config)
            app = await asyncio.to_thread(app_of, catalogue=catalogue)
            await life.enter_async_context(app)
            readiness.has(ENGINES)
            running = Running(app, config, microphone, readiness)
            app.on_turn = await offer(bus, running)
            reloader = Reloader(app, known, partial(tell_failed, bus))
            if fault:
                reloader.refuse(fault)
            await bus.watch_owner(VEHICLE.bus_name, partial(_note_car, readiness))
            _begin(reloader.run(), "reloading", life)
            await life.enter_async_context(surroundings(file, running, app, fleet, partial(tell_failed, bus)))
            listening = _begin(app.attend(microphone.frames()), "listening", life)
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


def _private_folder(folder: Path) -> Path:
    """Make the folder of the sockets. Raises ConfigurationError where it belongs to somebody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise ConfigurationError(f"{folder} is open to others: set XDG_RUNTIME_DIR to a folder of your own.")
    return folder
