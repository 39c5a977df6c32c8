"""Log records as the journal and a terminal get them, with a socket of the test's own as the journal."""

from __future__ import annotations

import io
import logging
import os
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from codriver.host import logs


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, given back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def journal(short_directory: Path) -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as channel:
        channel.bind(str(short_directory / "journal"))
        channel.settimeout(5)
        yield channel


def parsed(data: bytes) -> dict[str, str]:
    """Read an entry as the journal does."""
    fields: dict[str, str] = {}
    while data:
        line, _, data = data.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not equals:
            [length] = struct.unpack("<Q", data[:8])
            value, data = data[8 : 8 + length], data[8 + length + 1 :]
        fields[name.decode()] = value.decode()
    return fields


def record(message: str, **extra: object) -> logging.LogRecord:
    return logging.getLogger("codriver.test").makeRecord(
        "codriver.test", logging.WARNING, __file__, 7, message, (), None, "work", extra
    )


def handler(journal: Path) -> logs.JournalHandler:
    made = logs.JournalHandler(journal)
    made.setFormatter(logs.FieldFormatter())
    return made


def test_the_journal_gets_every_field_by_its_name(journal: socket.socket, short_directory: Path) -> None:
    handler(short_directory / "journal").handle(record("Engine died", engine="thinker", restart_in=0.25))
    fields = parsed(journal.recv(10_000))
    assert fields["MESSAGE"] == "codriver.test: Engine died (engine=thinker, restart_in=0.25)"
    assert (fields["PRIORITY"], fields["CODRIVER_ENGINE"], fields["CODRIVER_RESTART_IN"]) == ("4", "thinker", "0.25")
    assert (fields["CODE_LINE"], fields["CODE_FUNC"]) == ("7", "work")


def test_a_field_of_several_lines_makes_no_field_of_its_own(journal: socket.socket, short_directory: Path) -> None:
    handler(short_directory / "journal").handle(record("Refused", reason="no\nPRIORITY=0\nMESSAGE=trust me"))
    fields = parsed(journal.recv(10_000))
    assert fields["PRIORITY"] == "4"
    assert fields["CODRIVER_REASON"] == "no\nPRIORITY=0\nMESSAGE=trust me"


def test_without_a_journal_the_line_is_on_stderr(short_directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handler(short_directory / "nobody").handle(record("Engine died", engine="thinker"))
    assert capsys.readouterr().err == "codriver.test: Engine died (engine=thinker)\n"


def test_on_a_terminal_the_fields_stand_behind_the_message(
    root: logging.Logger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    logs.begin(logging.INFO)
    logging.getLogger("codriver.test").info("No microphone", extra={"again_in": 2.0})
    logging.getLogger("codriver.test").debug("Not said")
    assert capsys.readouterr().err == "codriver.test: No microphone (again_in=2.0)\n"


@pytest.mark.parametrize("connected", [True, False])
def test_the_journal_is_used_where_it_reads_stderr(
    root: logging.Logger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, connected: bool
) -> None:
    with (tmp_path / "stderr").open("w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        status = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino if connected else 1}")
        logs.begin(logging.INFO)
    assert isinstance(root.handlers[0], logs.JournalHandler) is connected


def test_a_stderr_that_is_no_file_is_not_the_journals(root: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    logs.begin(logging.INFO)
    assert not isinstance(root.handlers[0], logs.JournalHandler)
