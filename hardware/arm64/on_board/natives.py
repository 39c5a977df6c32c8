"""Runs on the board: imports every compiled module of the environment, and prints what came of it.

One JSON line a package, as soon as it is known. Each package has a process of its own, so that a crash is one
package's. Uses the standard library alone.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import PurePosixPath
from typing import Any

_LIBRARY = re.compile(r"\.so(?:\.\d+)*$")
_WITHIN = 600.0
"""Seconds for one package."""


def main() -> None:
    """Try one package after the other."""
    for distribution in sorted(metadata.distributions(), key=lambda each: each.name.lower()):
        if modules := sorted(set(modules_of(map(str, distribution.files or ())))):
            sys.stdout.write(json.dumps(attempt(distribution.name, distribution.version, modules)) + "\n")
            sys.stdout.flush()


def modules_of(files: Iterable[str], endings: Sequence[str] = EXTENSION_SUFFIXES) -> Iterator[str]:
    """Name the modules to import: each compiled one, and for any other library the package that it lies in.

    A compiled module ends with one of ``endings``, the one with the interpreter's name or ``.abi3.so``; with a
    plain ``.so`` it is rather a library.
    """
    for name in files:
        path = PurePosixPath(name)
        ending = next((each for each in endings if each != ".so" and name.endswith(each)), "")
        if ending:
            module = name.removesuffix(ending).replace("/", ".")
        elif _LIBRARY.search(name) and not path.parts[0].endswith(".libs"):
            module = path.parts[0]
        else:
            continue
        if all(part.isidentifier() for part in module.split(".")):
            yield module


def attempt(name: str, version: str, modules: list[str]) -> dict[str, Any]:
    """Import modules in a new process; ``error`` is empty where all went well."""
    statements = "\n".join(f"import {module}" for module in modules)
    start = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-c", statements], capture_output=True, text=True, timeout=_WITHIN, check=False
        )
        error = "" if done.returncode == 0 else fault(done.returncode, done.stderr)
    except subprocess.TimeoutExpired:
        error = f"not imported within {_WITHIN:.0f} seconds"
    seconds = round(time.monotonic() - start, 1)
    return {"name": name, "version": version, "modules": len(modules), "seconds": seconds, "error": error}


def fault(status: int, said: str) -> str:
    """Say why a process ended: the signal, or the last line that it wrote."""
    if status < 0:
        return signal.Signals(-status).name
    return said.strip().splitlines()[-1] if said.strip() else f"exit status {status}"


if __name__ == "__main__":
    main()
