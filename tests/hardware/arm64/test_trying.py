"""What the trials do on this machine is seen on the board."""

from __future__ import annotations

from pathlib import Path

from hardware.arm64.trying import empty


def test_a_folder_that_is_mounted_on_the_board_stays_the_same_one(tmp_path: Path) -> None:
    (tmp_path / "helsinki").mkdir()
    (tmp_path / "helsinki" / "map.json").touch()
    (tmp_path / ".lock").touch()
    (tmp_path / "newest").symlink_to("helsinki")
    before = tmp_path.stat().st_ino
    empty(tmp_path)
    assert tmp_path.stat().st_ino == before
    assert list(tmp_path.iterdir()) == []
