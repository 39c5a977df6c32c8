"""What has changed from one look at the files to the next."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from codriver.catalogue.watching import Stamps, Watch, stamps_of

A, B = Path("a.yaml"), Path("b.yaml")


@pytest.mark.parametrize(
    ("looks", "given"),
    [
        ([{A: (1,)}, {A: (1,)}], [set(), set()]),
        ([{A: (2,)}, {A: (2,)}, {A: (2,)}], [set(), {A}, set()]),
        ([{A: (2,)}, {A: (3,)}, {A: (3,)}], [set(), set(), {A}]),
        ([{A: (1,), B: (1,)}, {A: (1,), B: (1,)}], [set(), {B}]),
        ([{}, {}], [set(), {A}]),
        ([{}, {A: (1,)}, {A: (1,)}], [set(), set(), set()]),
    ],
    ids=["nothing", "changed", "still being written", "came", "went", "went and came back"],
)
def test_a_change_is_given_once_it_stands_still(looks: list[Stamps], given: list[set[Path]]) -> None:
    watch = Watch({A: (1,)})
    assert [watch.look(stamps) for stamps in looks] == given


def test_every_way_to_change_a_file_changes_its_stamp(tmp_path: Path) -> None:
    path = tmp_path / "lamps.yaml"
    seen = [stamps_of([tmp_path, tmp_path / "nowhere"])]

    def look() -> None:
        seen.append(stamps_of([tmp_path]))
        assert seen[-1] not in seen[:-1]

    path.write_text("one")
    look()
    os.utime(path, ns=(1, 1))
    look()
    (tmp_path / "new").write_text("two")
    os.utime(tmp_path / "new", ns=(1, 1))
    (tmp_path / "new").rename(path)
    look()
    (tmp_path / "more.yaml").write_text("")
    look()


def test_what_is_no_intent_file_has_no_stamp(tmp_path: Path) -> None:
    (tmp_path / "lamps.yaml~").write_text("")
    (tmp_path / ".lamps.yaml").write_text("")
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    assert stamps_of([tmp_path]) == {}
