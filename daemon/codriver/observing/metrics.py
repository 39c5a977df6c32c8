"""The numbers of a running daemon, as Prometheus wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Enum, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from codriver.observing.turns import outcome_of
from codriver.trace import Trace

STAGES = ("transcribe", "understand", "act", "first_sound", "to_call", "to_sound", "total")
"""The steps of a turn that have a time of their own: see `Trace.timings_ms`."""

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_STATES = ["idle", "listening", "thinking", "acting", "speaking", "muted"]


@dataclass(frozen=True, slots=True)
class Readings:
    """What is looked at when somebody asks for the numbers. Each is called in a thread of its own and may wait.

    ``sound`` counts frames and what went wrong with them, ``restarts`` the starts of each engine after its first,
    ``checks`` the wake words that were doubtful, by what was found out, ``memory`` the bytes of each process,
    ``units`` those of each systemd unit.
    """

    sound: Callable[[], Mapping[str, int]] = dict
    restarts: Callable[[], Mapping[str, int]] = dict
    checks: Callable[[], Mapping[str, int]] = dict
    memory: Callable[[], Mapping[str, int]] = dict
    units: Callable[[], Mapping[str, int]] = dict


class Metrics:
    """Counts turns and states, and reads the rest when it is asked for."""

    def __init__(self, readings: Readings = Readings()) -> None:
        self.registry = CollectorRegistry()
        self._turns = Counter(
            "codriver_turns", "Turns, by what understood them and what became of them.", ["source", "outcome"],
            registry=self.registry,
        )  # fmt: skip
        self._stages = Histogram(
            "codriver_stage_seconds", "How long each step of a turn took.", ["stage"],
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._wakeups = Counter("codriver_wakeups", "How often it began to listen.", registry=self.registry)
        self._state = Enum("codriver_state", "What it is doing.", states=_STATES, registry=self.registry)
        self.registry.register(_Read(readings))

    def take(self, trace: Trace) -> None:
        """Count a turn that is over."""
        self._turns.labels(trace.source.value, outcome_of(trace)).inc()
        for stage, milliseconds in trace.timings_ms.items():
            if stage in STAGES:
                self._stages.labels(stage).observe(milliseconds / 1000)

    def become(self, state: str) -> None:
        """Note a new state."""
        self._state.state(state)
        if state == "listening":
            self._wakeups.inc()


class _Read(Collector):
    """The numbers that somebody else counts."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def collect(self) -> Iterator[Metric]:
        """Read them all."""
        counted = (
            ("codriver_sound", "Frames of 10 ms, and what went wrong with sound.", "what", self._readings.sound),
            ("codriver_wake_checks", "Doubtful wake words, by what was found out.", "verdict", self._readings.checks),
            ("codriver_engine_restarts", "How often an engine was started again.", "engine", self._readings.restarts),
        )
        for name, meaning, label, read in counted:
            counter = CounterMetricFamily(name, meaning, labels=[label])
            for key, value in read().items():
                counter.add_metric([key], value)
            yield counter
        sizes = (
            ("codriver_memory_pss_bytes", "Proportional set size.", "process", self._readings.memory),
            ("codriver_memory_unit_bytes", "Memory of a systemd unit.", "unit", self._readings.units),
        )
        for name, meaning, label, read in sizes:
            gauge = GaugeMetricFamily(name, meaning, labels=[label])
            for key, value in read().items():
                gauge.add_metric([key], value)
            yield gauge

    def describe(self) -> Iterator[Metric]:
        """Say nothing: looking at memory only to learn the names would be a waste."""
        return iter(())
