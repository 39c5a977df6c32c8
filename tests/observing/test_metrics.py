"""The numbers, asked for as Prometheus does."""

from __future__ import annotations

import asyncio
import http.client
import logging
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from codriver.config import Configuration
from codriver.config import Metrics as MetricsSettings
from codriver.engines.fleet import SOUND, Fleet
from codriver.errors import ConfigurationError
from codriver.observing.metrics import Metrics, Readings
from codriver.observing.observer import observing
from codriver.observing.serving import serving
from codriver.trace import Trace
from codriver.turn import IntentCall, Outcome, Source, Status
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError


def turn() -> Trace:
    trace = Trace("driver", clock=lambda: 10.0)
    trace.source, trace.outcomes = Source.MODEL, (Outcome(IntentCall("x"), Status.DONE),)
    trace.stamp("utterance")
    trace.stamp("calling", 10.2)
    trace.stamp("finished", 11.0)
    return trace


def values(text: str) -> dict[str, float]:
    """Give every sample as ``name{label=value}``."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
    return found


def test_turns_their_stages_and_wake_ups_are_counted() -> None:
    metrics = Metrics(
        Readings(sound=lambda: {"dropped": 3}, restarts=lambda: {"thinker": 1}, memory=lambda: {"daemon": 7})
    )
    for state in ("idle", "listening", "thinking", "speaking", "listening"):
        metrics.become(state)
    metrics.take(turn())
    metrics.take(turn())
    read = values(generate_latest(metrics.registry).decode())
    expected = {
        "codriver_turns_total{outcome=done,source=model}": 2,
        "codriver_stage_seconds_count{stage=total}": 2,
        "codriver_stage_seconds_sum{stage=total}": 2.0,
        "codriver_stage_seconds_bucket{le=0.25,stage=to_call}": 2,
        "codriver_stage_seconds_bucket{le=0.1,stage=to_call}": 0,
        "codriver_wakeups_total": 2,
        "codriver_state{codriver_state=listening}": 1,
        "codriver_state{codriver_state=idle}": 0,
        "codriver_sound_total{what=dropped}": 3,
        "codriver_engine_restarts_total{engine=thinker}": 1,
        "codriver_memory_pss_bytes{process=daemon}": 7,
    }
    assert {name: read[name] for name in expected} == expected


def get(address: str | int, path: str, method: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", address if isinstance(address, int) else 80, timeout=5)
    if isinstance(address, str):
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(address)
    with closing(connection):
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@contextmanager
def served(address: str, turns: Callable[[], str] = lambda: "") -> Iterator[int]:
    with serving(address, Metrics().registry, turns) as port:
        yield port


@pytest.mark.parametrize(
    ("method", "path", "status", "part"),
    [
        ("GET", "/metrics", 200, "codriver_wakeups_total 0.0"),
        ("GET", "/turns", 200, '{"outcome": "done"}'),
        ("GET", "/", 404, "There are /metrics and /turns."),
        ("GET", "/../etc/passwd", 404, "There are"),
        ("POST", "/metrics", 405, ""),
    ],
)
def test_what_is_answered_on_loopback(method: str, path: str, status: int, part: str) -> None:
    with served("127.0.0.1:0", lambda: '{"outcome": "done"}\n') as port:
        got, text = get(port, path, method)
    assert got == status
    assert part in text


def test_a_unix_socket_is_for_its_group_only_and_gone_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "run" / "metrics"
    for _ in range(2):
        with served(f"unix:{path}"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
            assert "codriver_wakeups_total" in get(str(path), "/metrics")[1]
    assert not path.exists()


def test_a_socket_that_was_left_behind_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "metrics"
    with closing(socket.socket(socket.AF_UNIX)) as dead:
        dead.bind(str(path))
    with served(f"unix:{path}"):
        assert get(str(path), "/metrics")[0] == 200


def test_a_client_that_says_nothing_stands_in_nobody_s_way() -> None:
    with served("127.0.0.1:0") as port, closing(socket.create_connection(("127.0.0.1", port))):
        assert get(port, "/metrics")[0] == 200


def test_nonsense_is_no_crash() -> None:
    with served("127.0.0.1:0") as port:
        with closing(socket.create_connection(("127.0.0.1", port))) as rude:
            rude.sendall(b"\x00\xff not http at all\r\n\r\n")
            rude.settimeout(5)
            rude.recv(100)
        assert get(port, "/metrics")[0] == 200


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    with (
        served("127.0.0.1:0") as port,
        pytest.raises(ConfigurationError, match=r"metrics.listen: .* cannot be listened at: Address already in use"),
        served(f"127.0.0.1:{port}"),
    ):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="cannot be listened at"), served(f"unix:{tmp_path}/file"):
        pass


@pytest.mark.parametrize("address", ["0.0.0.0:9091", "192.168.1.5:9091", "9091", "unix:relative", "[::]:9091"])
def test_only_this_machine_may_ask(address: str) -> None:
    with pytest.raises(ValidationError):
        MetricsSettings(listen=address)


class Assistant:
    def __init__(self) -> None:
        self.state = "idle"
        self.wake_checks = {"said": 2, "not_said": 1}
        self.watchers: list[Callable[[str], None]] = []

    def watch_state(self, watcher: Callable[[str], None]) -> Callable[[], None]:
        self.watchers.append(watcher)
        return lambda: self.watchers.remove(watcher)


async def test_a_daemon_is_watched_and_answers(tmp_path: Path) -> None:
    assistant, path = Assistant(), tmp_path / "metrics"
    config = Configuration(metrics=MetricsSettings(listen=f"unix:{path}"))
    fleet = Fleet({}, {SOUND: "unix:///nowhere/sound"})
    async with observing(config, assistant, fleet) as take:
        assistant.watchers[0]("listening")
        take(turn())
        _, numbers = await asyncio.to_thread(get, str(path), "/metrics")
        _, turns = await asyncio.to_thread(get, str(path), "/turns")
    read = values(numbers)
    assert read["codriver_turns_total{outcome=done,source=model}"] == 1
    assert read["codriver_wakeups_total"] == 1
    assert read["codriver_wake_checks_total{verdict=not_said}"] == 1
    assert turns.count("\n") == 1
    assert assistant.watchers == []


async def test_an_address_that_cannot_be_had_costs_only_the_answers(caplog: pytest.LogCaptureFixture) -> None:
    config = Configuration(metrics=MetricsSettings(listen="unix:/proc/no/metrics"))
    with caplog.at_level(logging.ERROR):
        async with observing(config, Assistant(), Fleet({}, {})) as take:
            take(turn())
    assert "No metrics: metrics.listen: unix:/proc/no/metrics cannot be listened at" in caplog.text
