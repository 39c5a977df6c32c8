"""Cross-compiles llama.cpp: ``python -m hardware.arm64.llama`` prints the wheel of llama-cpp-python for arm64.

Compiling it in the emulation would take hours; with the cross compiler it takes as long as for this machine.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from types import MappingProxyType

from codriver.folders import cache_folder

from hardware.arm64.processors import PROCESSORS
from setup import environment

_COMPILERS = ("CMAKE_C_COMPILER=aarch64-linux-gnu-gcc", "CMAKE_CXX_COMPILER=aarch64-linux-gnu-g++")
_SYSTEM = ("CMAKE_SYSTEM_NAME=Linux", "CMAKE_SYSTEM_PROCESSOR=aarch64")
_PLATFORM = MappingProxyType({"_PYTHON_HOST_PLATFORM": "linux-aarch64"})


def default_cache() -> Path:
    """Give the folder in which everything for arm64 is kept."""
    return cache_folder() / "arm64"


def llama_wheel(cache: Path, processor: str) -> Path:
    """Find the wheel for a processor in ``cache``, or build it there. Raises CalledProcessError."""
    release = environment.llama_release()
    home = cache / "wheels" / PROCESSORS[processor].architecture
    for wheel in home.glob(f"llama_cpp_python-{release}-*.whl"):
        return wheel
    build = cache / "build" / f"llama-cpp-python-{release}-{PROCESSORS[processor].architecture}"
    build.mkdir(parents=True, exist_ok=True)
    source = environment.llama_source(build)
    environment.say(f"cross-compiling llama.cpp for {PROCESSORS[processor].architecture}: about 5 minutes on two cores")
    with tempfile.TemporaryDirectory(dir=build) as scratch:
        environment.compile_wheel(source, build / "objects", Path(scratch), cmake_arguments(processor), _PLATFORM)
        home.mkdir(parents=True, exist_ok=True)
        (built,) = Path(scratch).glob("*.whl")
        wheel = built.rename(home / built.name)
    shutil.rmtree(build)
    return wheel


def cmake_arguments(processor: str) -> list[str]:
    """Make the settings of the build as ``NAME=VALUE``."""
    architecture = f"GGML_CPU_ARM_ARCH={PROCESSORS[processor].architecture}"
    return [*_SYSTEM, *_COMPILERS, "GGML_NATIVE=OFF", architecture, *environment.UNUSED]


def main() -> None:
    """Print the path of the wheel as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processor", choices=sorted(PROCESSORS), default="cortex-a76")
    arguments = parser.parse_args()
    sys.stdout.write(f"{llama_wheel(default_cache(), arguments.processor)}\n")


if __name__ == "__main__":
    main()
