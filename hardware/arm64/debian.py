"""Makes the arm64 Debian: the release that boards run, and of packages only what codriver and its demo need."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from hardware.arm64.tools import tool

SUITE = "trixie"

PACKAGES: Mapping[str, str] = MappingProxyType(
    {
        "dbus-daemon": "the bus",
        "faketime": "clocks that are as slow as an emulated processor",
        "gcc": "compiles the Python packages that come without a wheel for arm64",
        "libc6-dev": "the same",
        "libgomp1": "the threads of llama.cpp",
        "libspeexdsp1": "echo cancellation",
        "linux-libc-dev": "the keys that evdev knows",
        "mpv": "the music player of the demo",
        "mpv-mpris": "makes it controllable over the bus",
        "portaudio19-dev": "microphone and loudspeaker",
        "python3-dev": "Python, and what compiled packages need",
    }
)
"""Each package, and what it is there for."""


def make_debian(cache: Path) -> Path:
    """Give the root of an arm64 Debian, kept in ``cache`` until its list of packages changes.

    Raises CalledProcessError.
    """
    key = hashlib.sha256(" ".join([SUITE, *PACKAGES]).encode()).hexdigest()[:12]
    root = cache / f"debian-{SUITE}-{key}"
    if not root.exists():
        unfinished = cache / "debian.unfinished"
        for old in [unfinished, *cache.glob("debian-*")]:
            shutil.rmtree(old, ignore_errors=True)
        subprocess.run(
            tool(
                "mmdebstrap", "--mode=root", "--arch=arm64", "--variant=minbase",
                f"--include={','.join(PACKAGES)}", SUITE, str(unfinished),
            ),
            check=True,
        )  # fmt: skip
        unfinished.rename(root)
    return root
