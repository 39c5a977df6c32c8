"""What the set-up decides about a machine, and what it says when a machine cannot be set up."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TOOLS = (
    "sh",
    "awk",
    "cat",
    "cut",
    "df",
    "dirname",
    "grep",
    "id",
    "ls",
    "sha256sum",
    "uname",
    "env",
    "python3",
)


@pytest.fixture(scope="module")
def environment() -> ModuleType:
    spec = importlib.util.spec_from_file_location("environment", PROJECT / "setup/environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("machine", "flags", "features"),
    [
        ("x86_64", "fpu sse4_2 avx", ["SSE42", "AVX"]),
        ("x86_64", "sse4_2 avx avx2 bmi2 fma f16c", ["SSE42", "AVX", "AVX2", "BMI2", "FMA", "F16C"]),
        ("x86_64", "avx512f avx512cd avx512bw avx512dq", []),
        ("x86_64", "avx512f avx512cd avx512bw avx512dq avx512vl avx512_vnni", ["AVX512", "AVX512_VNNI"]),
        ("x86_64", "amx_tile amx_int8 amx_bf16", []),
        ("aarch64", "sse4_2", []),
    ],
)
def test_only_what_the_processor_has_is_used(
    environment: ModuleType, machine: str, flags: str, features: list[str]
) -> None:
    cpuinfo = f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t: none\n"
    assert environment.processor_features(machine, cpuinfo) == features


def test_x86_is_told_each_feature_and_arm_finds_out_itself(environment: ModuleType) -> None:
    x86 = environment.cmake_arguments("x86_64", ["AVX", "AVX2"])
    assert "GGML_NATIVE=OFF" in x86
    assert {"GGML_AVX2=ON", "GGML_AVX512=OFF", "GGML_FMA=OFF"} <= set(x86)
    assert not [setting for setting in x86 if "AMX" in setting]
    arm = environment.cmake_arguments("aarch64", [])
    assert "GGML_NATIVE=ON" in arm
    assert not [setting for setting in arm if "AVX" in setting]


def test_a_log_shows_each_tenth_of_the_build_once(environment: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    environment.show_progress([f"  [{done}/200] Building C object\n" for done in range(1, 201)] + ["done\n"])
    assert capsys.readouterr().out.splitlines() == [f"codriver:   {20 * n} of 200 files" for n in range(1, 11)]


class Machine:
    """A machine that is made of the commands on its PATH; it notes every attempt to download something."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.commands = folder / "bin"
        self.downloads = folder / "downloads"
        shutil.copytree(PROJECT / "setup", self.project / "setup")
        shutil.copy(PROJECT / "pyproject.toml", self.project)
        self.commands.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None
            (self.commands / tool).symlink_to(Path(found).resolve() if tool != "python3" else "/bin/false")

    def answers(self, command: str, script: str) -> None:
        path = self.commands / command
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def prepare(self, *purpose: str) -> str:
        """Run the set-up, which must fail, and return the one line that it says."""
        self.answers("apt-get", f"echo apt-get $* >>{self.downloads}; exit 1") if self.has_apt else None
        variables = {
            "PATH": str(self.commands),
            "HOME": str(self.project.parent),
            "PYENV_ROOT": "/nonexistent",
        }
        result = subprocess.run(
            [self.project / "setup/prepare", *purpose], env=variables, capture_output=True, text=True, check=False
        )
        assert result.returncode != 0
        assert not self.downloads.exists()
        assert not (self.project / ".venv").exists()
        (line,) = result.stderr.splitlines()
        return line

    has_apt = True


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_another_architecture_is_refused_in_one_sentence(machine: Machine) -> None:
    machine.answers("uname", "case $1 in -s) echo Linux ;; -m) echo riscv64 ;; esac")
    expected = "codriver cannot be set up here: it runs on Linux on x86-64 or aarch64, and this is Linux on riscv64."
    assert machine.prepare() == expected


def test_too_little_memory_is_refused_in_one_sentence(machine: Machine) -> None:
    machine.answers("awk", "echo 1987")
    assert machine.prepare().endswith("its models need 3 GB of memory, and this machine has 1987 MB.")


def test_a_full_disk_is_refused_in_one_sentence_that_adds_up_what_is_needed(machine: Machine) -> None:
    machine.answers("df", "echo Filesystem Size Used Available; echo /dev/sda1 9000 8000 1000")
    assert machine.prepare().endswith("it needs 7000 MB of room on the file system /dev/sda1, and 1000 MB are free.")


def test_missing_packages_without_apt_are_refused_in_one_sentence(machine: Machine) -> None:
    machine.has_apt = False
    said = machine.prepare()
    assert "these Debian packages are missing, and there is no apt-get: build-essential dbus-daemon" in said


def test_what_the_emulated_board_needs_is_named_too(machine: Machine) -> None:
    machine.has_apt = False
    needed = "mmdebstrap arch-test qemu-user-static gcc-aarch64-linux-gnu g++-aarch64-linux-gnu"
    assert needed in machine.prepare("arm64")
    assert "mmdebstrap" not in machine.prepare("tests")


def test_missing_packages_without_root_or_sudo_are_refused_in_one_sentence(machine: Machine) -> None:
    machine.answers("id", "echo 1000")
    assert "are missing, and only root can install them: build-essential" in machine.prepare()


def locked(name: str) -> dict[str, str]:
    """Read a lock file as entries by package, each with its hashes."""
    entries = re.split(r"\n(?=\S)", (PROJECT / "setup" / name).read_text("utf-8"))
    return {entry.partition("==")[0]: entry for entry in entries if "==" in entry.partition("\n")[0]}


LOCKS = ("requirements.lock", "requirements-dev.lock", "build.lock", "llama.lock", "uv.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_no_index_is_named(name: str) -> None:
    entries = locked(name)
    assert entries
    assert [package for package, entry in entries.items() if "--hash=sha256:" not in entry] == []
    text = (PROJECT / "setup" / name).read_text("utf-8")
    assert not re.search(r"://|--index|--find-links", text)


def test_everything_that_the_project_names_is_locked() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    runtime = locked("requirements.lock").keys() | locked("llama.lock").keys()
    everything = locked("requirements-dev.lock").keys() | locked("llama.lock").keys()
    assert names(project["dependencies"]) - runtime == set()
    assert names(project["optional-dependencies"]["dev"]) - everything == set()


def names(requirements: Sequence[str]) -> set[str]:
    """Take the normalised names out of requirements."""
    return {re.split(r"[<>=!~\[ ;]", line)[0].lower().replace("_", "-") for line in requirements}


def test_nothing_that_is_locked_brings_torch() -> None:
    assert not {"torch", "transformers", "spacy"} & locked("requirements-dev.lock").keys()


def test_a_second_run_has_nothing_to_do_and_needs_no_network() -> None:
    if not (PROJECT / ".venv/.prepared").exists():
        pytest.skip("this environment was not made by setup/prepare")
    variables = os.environ | {"PIP_INDEX_URL": "none:", "http_proxy": "none:", "https_proxy": "none:"}
    result = subprocess.run([PROJECT / "setup/prepare"], env=variables, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")
