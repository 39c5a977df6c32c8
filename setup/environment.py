"""Makes the environment in .venv: locked packages, llama.cpp built for this processor, codriver itself.

Needs nothing but a Python. A run that was interrupted goes on where it stopped: finished wheels lie in the
cache, and a half-finished build goes on in its build folder.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

SETUP = Path(__file__).resolve().parent
PROJECT = SETUP.parent
ENVIRONMENT = PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"

# What llama.cpp can use of x86-64, and the flags of /proc/cpuinfo that say that the processor has it. The AMX
# instructions are left out, and with them -march=native: code for them crashes on some virtual machines.
X86_FEATURES = {
    "SSE42": {"sse4_2"},
    "AVX": {"avx"},
    "AVX2": {"avx2"},
    "BMI2": {"bmi2"},
    "FMA": {"fma"},
    "F16C": {"f16c"},
    "AVX512": {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"},
    "AVX512_VBMI": {"avx512vbmi"},
    "AVX512_VNNI": {"avx512_vnni"},
    "AVX512_BF16": {"avx512_bf16"},
}

# The parts of llama.cpp that nothing here calls.
UNUSED = ["LLAVA_BUILD=OFF", "LLAMA_BUILD_TESTS=OFF", "LLAMA_BUILD_EXAMPLES=OFF", "LLAMA_BUILD_TOOLS=OFF"]


def main() -> int:
    """Make the environment; the exit status of a step that failed ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="where built wheels are kept")
    cache = parser.parse_args().cache
    try:
        make_environment()
        pip("install", "--require-hashes", "-r", SETUP / "build.lock")
        wheel = llama_wheel(cache)
        # misaki forbids Python 3.13 on behalf of spaCy, which its Chinese part does not use. All versions are
        # locked for both Pythons, so pip need not judge them.
        locked = ("--require-hashes", "--no-build-isolation", "--ignore-requires-python")
        pip("install", *locked, "-r", SETUP / "requirements-dev.lock")
        pip("install", "--no-deps", "--force-reinstall", wheel)
        pip("install", "--no-deps", "--no-build-isolation", "--editable", PROJECT)
    except subprocess.CalledProcessError as failure:
        step = " ".join(str(word) for word in failure.cmd)
        say(f"this step failed; running the same command again goes on from here: {step}")
        return 1
    return 0


def make_environment() -> None:
    """Make .venv with the Python that runs this, unless it is there and is of the same version."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not (ENVIRONMENT / "lib" / f"python{version}").exists() or not runs(PYTHON):
        say(f"making the environment in .venv with Python {platform.python_version()}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)


def runs(python: Path) -> bool:
    """Whether a Python starts and has pip."""
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def pip(*arguments: str | Path) -> None:
    """Run the environment's pip. Raises CalledProcessError."""
    options = ("--disable-pip-version-check", "--no-input")
    say("pip " + " ".join(str(word) for word in arguments))
    subprocess.run([PYTHON, "-m", "pip", *options, *arguments], check=True)


def llama_wheel(cache: Path) -> Path:
    """Find the wheel of llama-cpp-python for this processor in the cache, or build it there."""
    release = llama_release()
    features = processor_features(platform.machine(), Path("/proc/cpuinfo").read_text("utf-8"))
    libc = "-".join(platform.libc_ver())
    key = "-".join([platform.machine(), *(name.lower() for name in features), libc])
    home = cache / "wheels" / key
    build = cache / "build" / f"llama-cpp-python-{release}-{key}"
    for wheel in home.glob(f"llama_cpp_python-{release}-*.whl"):
        return wheel
    build.mkdir(parents=True, exist_ok=True)
    source = llama_source(build)
    say("building llama.cpp for this processor: about 5 minutes on two cores")
    with tempfile.TemporaryDirectory(dir=build) as scratch:
        compile_wheel(source, build / "objects", Path(scratch), cmake_arguments(platform.machine(), features))
        home.mkdir(parents=True, exist_ok=True)
        (built,) = Path(scratch).glob("*.whl")
        wheel = built.rename(home / built.name)
    shutil.rmtree(build)
    return wheel


def llama_release() -> str:
    """Read which release of llama-cpp-python is locked."""
    lock = (SETUP / "llama.lock").read_text("utf-8")
    release = re.search(r"^llama-cpp-python==(\S+)", lock, re.MULTILINE)
    if release is None:
        raise SystemExit("setup/llama.lock names no llama-cpp-python.")
    return release[1]


def llama_source(build: Path) -> Path:
    """Fetch the locked source of llama-cpp-python and unpack it below ``build``, unless it is there."""
    source = build / "source"
    if not source.exists():
        with tempfile.TemporaryDirectory(dir=build) as name:
            scratch = Path(name)
            checks = ("--require-hashes", "--no-deps", "--no-binary", ":all:", "--no-build-isolation")
            pip("download", *checks, "-r", SETUP / "llama.lock", "-d", scratch)
            (archive,) = scratch.glob("*.tar.gz")
            with tarfile.open(archive) as files:
                files.extractall(scratch / "unpacked", filter="data")
            (unpacked,) = (scratch / "unpacked").iterdir()
            unpacked.rename(source)
    return source


def compile_wheel(
    source: Path,
    objects: Path,
    target: Path,
    defines: Iterable[str],
    variables: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Build the wheel into ``target``; what an earlier run compiled in ``objects`` is not compiled again.

    ``defines`` are CMake's, as ``NAME=VALUE``; ``variables`` are added to the environment.
    """
    log = objects.with_suffix(".log")
    settings = [
        f"--config-settings=build-dir={objects}",
        *(f"--config-settings=cmake.define.{d}" for d in defines),
    ]
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "wheel",
        "--verbose",
        "--no-deps",
        "--no-build-isolation",
        *settings,
    ]
    with subprocess.Popen(
        [*command, "--wheel-dir", target, source],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        with log.open("w", encoding="utf-8") as lines:
            show_progress(keep(process.stdout, lines))
    if process.returncode != 0:
        say(f"llama.cpp could not be built; what the compiler said is in {log}")
        raise subprocess.CalledProcessError(process.returncode, command)


def keep(lines: Iterable[str], log: TextIO) -> Iterator[str]:
    """Pass lines on, and keep them in a file for the case that something goes wrong."""
    for line in lines:
        log.write(line)
        yield line


def show_progress(lines: Iterable[str]) -> None:
    """Show how far ninja is: on a terminal always on the same line, in a log every tenth."""
    tenth = 0
    for line in lines:
        step = re.search(r"\[(\d+)/(\d+)\]", line)
        if step is None:
            continue
        done, total = int(step[1]), int(step[2])
        if sys.stdout.isatty():
            sys.stdout.write(f"\r  {done} of {total} files")
            sys.stdout.flush()
        elif 10 * done // total > tenth:
            tenth = 10 * done // total
            say(f"  {done} of {total} files")
    if sys.stdout.isatty():
        sys.stdout.write("\n")


def processor_features(machine: str, cpuinfo: str) -> list[str]:
    """Name those of X86_FEATURES that a processor has; none for another architecture."""
    flags = re.search(r"^flags\s*:(.*)$", cpuinfo, re.MULTILINE)
    if machine != "x86_64" or flags is None:
        return []
    there = set(flags[1].split())
    return [name for name, needed in X86_FEATURES.items() if needed <= there]


def cmake_arguments(machine: str, features: Iterable[str]) -> list[str]:
    """Make the settings of the build as ``NAME=VALUE``: the features, and no part that is not used."""
    if machine != "x86_64":
        return ["GGML_NATIVE=ON", *UNUSED]
    present = set(features)
    return [
        "GGML_NATIVE=OFF",
        *(f"GGML_{name}={'ON' if name in present else 'OFF'}" for name in X86_FEATURES),
        *UNUSED,
    ]


def say(sentence: str) -> None:
    """Tell the person who waits."""
    sys.stdout.write(f"codriver: {sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
