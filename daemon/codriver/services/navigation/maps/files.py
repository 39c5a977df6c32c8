"""Files that must be what they were: hashing them, and getting them onto the disk for good."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def sha256(path: Path) -> str:
    """Hash the contents of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(folder: Path) -> list[Path]:
    """List all files below a folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def settle(folder: Path) -> None:
    """Wait until everything below a folder is on the disk, so that a power cut cannot take it back."""
    for path in (*files_below(folder), *(path for path in folder.rglob("*") if path.is_dir()), folder):
        settle_one(path)


def settle_one(path: Path) -> None:
    """Wait until a file, or the list of a folder's files, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_text(path: Path, text: str) -> None:
    """Write a small file so that it is either the old one or the new one, whatever happens."""
    scratch = path.with_name(f"{path.name}.new")
    scratch.write_text(text, "utf-8")
    settle_one(scratch)
    scratch.replace(path)
    settle_one(path.parent)
