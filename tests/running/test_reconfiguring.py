"""A configuration is read again while the daemon runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from codriver.config import Bus, Configuration, Dialogue, Hearing, Metrics, Thinking, Traces, WakeWord
from codriver.errors import CodriverError, ConfigurationError
from codriver.running.reconfiguring import Changes, Reconfigurer, changes, taken_over


@pytest.mark.parametrize(
    ("new", "live", "waiting"),
    [
        (Configuration(), (), ()),
        (Configuration(hearing=Hearing(silence=0.5)), ("hearing.silence",), ()),
        (Configuration(hearing=Hearing(wake_words=(WakeWord(model="alexa"),))), ("hearing.wake_words",), ()),
        (Configuration(thinking=Thinking(gate=0.6, threads=2)), ("thinking.gate",), ("thinking.threads",)),
        (Configuration(languages=("en",), bus=Bus(kind="session")), (), ("languages", "bus.kind")),
        (Configuration(metrics=Metrics(listen="127.0.0.1:9091"), zone="passenger"), ("metrics.listen",), ("zone",)),
        (Configuration(intents=(Path("/a"),), profile="small"), ("intents",), ("profile",)),
    ],
    ids=["same", "one-key", "a-list", "both-kinds-in-a-table", "restart-only", "both", "outside-of-tables"],
)
def test_what_can_change_at_once_and_what_waits(
    new: Configuration, live: tuple[str, ...], waiting: tuple[str, ...]
) -> None:
    found = changes(Configuration(), new)
    assert (set(found.live), set(found.waiting)) == (set(live), set(waiting))
    taken = taken_over(Configuration(), new)
    assert changes(Configuration(), taken) == Changes(found.live)
    assert changes(taken, new) == Changes((), found.waiting)


@dataclass
class Daemon:
    """Takes configurations, and what is told of them."""

    path: Path
    used: list[Configuration] = field(default_factory=list)
    told: list[CodriverError] = field(default_factory=list)
    refuses: str = ""

    async def use(self, config: Configuration) -> None:
        if self.refuses:
            raise ConfigurationError(self.refuses)
        self.used.append(config)

    def write(self, text: str) -> None:
        self.path.write_text(text, encoding="utf-8")


@pytest.fixture
def daemon(tmp_path: Path) -> Daemon:
    return Daemon(tmp_path / "codriver.toml")


@pytest.fixture
def reconfigurer(daemon: Daemon) -> Reconfigurer:
    return Reconfigurer(daemon.path, Configuration(), daemon.use, daemon.told.append)


async def test_what_can_be_taken_over_is_and_the_rest_is_told(daemon: Daemon, reconfigurer: Reconfigurer) -> None:
    daemon.write('languages = ["en"]\n[dialogue]\nconfirm_within = 20\n[traces]\nkeep = 3\n')
    await reconfigurer.reload()
    assert daemon.used == [Configuration(dialogue=Dialogue(confirm_within=20), traces=Traces(keep=3))]
    assert [str(error) for error in daemon.told] == ["These keys need a restart of codriver: languages."]
    assert not (await reconfigurer.reload()).live


async def test_a_file_that_is_wrong_changes_nothing(daemon: Daemon, reconfigurer: Reconfigurer) -> None:
    daemon.write("[dialogue]\nconfirm_within = 9000\n")
    assert not await reconfigurer.reload()
    assert daemon.used == []
    [error] = daemon.told
    assert f"{daemon.path}:2: dialogue.confirm_within" in str(error)
    daemon.write("[dialogue]\nconfirm_within = 20\n")
    await reconfigurer.reload()
    assert daemon.used[-1].dialogue.confirm_within == 20


async def test_a_file_that_is_gone_changes_nothing(daemon: Daemon, reconfigurer: Reconfigurer) -> None:
    assert not await reconfigurer.reload()
    assert "cannot be read" in str(daemon.told[0])


async def test_what_the_daemon_refuses_stays_to_be_taken_over(daemon: Daemon, reconfigurer: Reconfigurer) -> None:
    daemon.write('intents = ["/nowhere"]\n')
    daemon.refuses = "/nowhere is no folder."
    assert not await reconfigurer.reload()
    daemon.refuses = ""
    assert (await reconfigurer.reload()).live == ("intents",)


async def test_an_unchanged_file_is_no_news(daemon: Daemon, reconfigurer: Reconfigurer) -> None:
    daemon.write("# nothing yet\n")
    assert not await reconfigurer.reload()
    assert (daemon.used, daemon.told) == ([], [])
