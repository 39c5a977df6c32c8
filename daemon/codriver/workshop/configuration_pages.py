"""The configuration explained, from the model itself: the file that is installed, and a page of the documentation.

``python -m codriver.workshop.configuration_pages`` writes both into a checkout.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from codriver.config import Configuration
from codriver.running.reconfiguring import is_live

_CHECKOUT = Path(__file__).resolve().parents[3]
FILE = _CHECKOUT / "systemd" / "codriver.toml"
PAGE = _CHECKOUT / "docs" / "configuration.md"

_FILE_HEAD = """\
# The configuration of codriver: /etc/codriver/codriver.toml.
#
# Every key is here with its default. Take the # away in front of a key to change it; of a [[list]], in front of its
# name and all its keys. Lines that begin with "# " explain. `systemctl reload codriver` takes over the keys marked
# "at once"; the others need a restart. `codriver doctor` names the file and line of a fault.
"""

_PAGE_HEAD = """\
# The configuration

One TOML file, `/etc/codriver/codriver.toml`, or the one that `--config` names. Every key has a default, and a file that
is not there means all of them. A fault is told with its file and line, and `codriver doctor` looks for them. A key of
an older version goes on meaning what it meant, and the log says what to write instead; a file for a newer version is
refused with a sentence.

`systemctl reload codriver` (SIGHUP) reads the file again. Keys marked *at once* are taken over then, from the next
turn on; for the others the log and the signal `Failed` of `org.codriver.Assistant1` name those that wait for a
restart. A file that is wrong changes nothing.

The file that is installed, [`systemd/codriver.toml`](../systemd/codriver.toml), has every key with its default.
"""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table; ``default`` is as TOML, empty where there is none."""

    name: str
    what: str
    values: str
    default: str
    live: bool

    @property
    def explained(self) -> str:
        """One sentence or two, and the values that are allowed."""
        return " ".join(filter(None, (self.what, f"{self.values}." if self.values else "")))


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the file. ``rows`` are the defaults of a list of tables; for a plain table there is one."""

    name: str
    what: str
    is_list: bool
    keys: tuple[Key, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]


def tables() -> tuple[Table, ...]:
    """Give every table of the configuration in the order of the model; the keys outside of tables come first."""
    return tuple(_tables(Configuration(), ""))


def configuration_file() -> str:
    """Write the file that is installed: every key with its default behind a ``#``."""
    parts = [_FILE_HEAD]
    for table in tables():
        lines = [*_comment(table.what)]
        if table.is_list and not table.rows:
            parts.append("\n".join([*lines, *_example(table)]) + "\n")
            continue
        for number, row in enumerate(table.rows):
            if table.name:
                lines.append(f"#[[{table.name}]]" if table.is_list else f"[{table.name}]")
            for name, value in row:
                key = next(key for key in table.keys if key.name == name)
                if number == 0:
                    lines += _comment(key.explained + (" At once." if key.live else ""))
                lines.append(f"#{name} = {value}")
            if number == 0:
                unset = (key for key in table.keys if key.name not in dict(row))
                lines += [line for key in unset for line in _comment(f"{key.name} is not set: {key.explained}")]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def configuration_page() -> str:
    """Write the page of the documentation: a table of every table."""
    parts = [_PAGE_HEAD]
    for table in tables():
        title = f"`[[{table.name}]]`" if table.is_list else f"`[{table.name}]`" if table.name else "Outside of tables"
        rows = [
            "| " + " | ".join((f"`{key.name}`", _cell(key.explained), _cell(_code(key.default)), _when(key))) + " |"
            for key in table.keys
        ]
        head = ["| key | what it is | default | taken over |", "| --- | --- | --- | --- |"]
        parts.append("\n".join([f"## {title}", "", *([table.what, ""] if table.what else []), *head, *rows]) + "\n")
    return "\n".join(parts)


def _tables(section: BaseModel, path: str) -> Iterator[Table]:
    fields = type(section).model_fields
    plain = {name: field for name, field in fields.items() if _item(field) is None and not _is_section(field)}
    if plain:
        yield _table(path, type(section), (section,), plain, is_list=False)
    for name, field in fields.items():
        below = f"{path}.{name}".lstrip(".")
        item = _item(field)
        if item is not None:
            yield _table(below, item, getattr(section, name), item.model_fields, is_list=True)
        elif _is_section(field):
            yield from _tables(getattr(section, name), below)


def _table(
    path: str, model: type[BaseModel], rows: tuple[BaseModel, ...], fields: dict[str, FieldInfo], *, is_list: bool
) -> Table:
    keys = tuple(
        Key(
            name,
            field.description or "",
            _values(field),
            "" if field.is_required() else _toml(field.get_default(call_default_factory=True)),
            is_live(f"{path}.{name}".lstrip(".")),
        )
        for name, field in fields.items()
    )
    written = tuple(
        tuple((name, _toml(getattr(row, name))) for name in fields if getattr(row, name) is not None) for row in rows
    )
    what = "" if not path else " ".join((model.__doc__ or "").split())
    return Table(path, what, is_list, keys, written)


def _is_section(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)


def _item(field: FieldInfo) -> type[BaseModel] | None:
    """Give the model of a list's tables, if the field is such a list."""
    inner = get_args(field.annotation)[0] if get_origin(field.annotation) is tuple else None
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _values(field: FieldInfo) -> str:
    """Say which values are allowed, beyond what the default shows."""
    annotation = _plain(field.annotation)
    if get_origin(annotation) is tuple:
        return ""
    if get_origin(annotation) is Literal:
        choices = [_toml(choice) for choice in get_args(annotation)]
        return f"One of {', '.join(choices)}" if len(choices) > 1 else ""
    limits = {name: getattr(rule, name) for rule in field.metadata for name in ("ge", "le") if hasattr(rule, name)}
    return f"From {limits['ge']:g} to {limits['le']:g}" if {"ge", "le"} <= set(limits) else ""


def _plain(annotation: Any) -> Any:
    """Look through names of types, and through "or nothing"."""
    while isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    if get_origin(annotation) in (UnionType, Union):
        return next(part for part in get_args(annotation) if part is not NoneType)
    return annotation


def _toml(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str() | Path():
            return json.dumps(str(value), ensure_ascii=False)
        case tuple():
            return "[" + ", ".join(map(_toml, value)) + "]"
    raise TypeError(f"no TOML for {value!r}")


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 118, initial_indent="# ", subsequent_indent="# ") if text else []


def _example(table: Table) -> Iterator[str]:
    """Show what a table of a list that is empty by default may have."""
    yield f"#   [[{table.name}]]"
    for key in table.keys:
        yield from textwrap.wrap(key.explained, 116, initial_indent="#   # ", subsequent_indent="#   # ")
        yield f"#   {key.name} = {key.default or '...'}"


def _code(value: str) -> str:
    return f"`{value}`" if value else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _when(key: Key) -> str:
    return "at once" if key.live else "restart"


def main() -> None:
    """Write both."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(configuration_file(), encoding="utf-8")
    PAGE.write_text(configuration_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
