"""Maps on disk: built, resumed, checked, copied, removed; and what happens when something goes wrong."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from codriver.errors import InvalidRequest, MapError
from codriver.services.navigation.indexing.build import Watcher
from codriver.services.navigation.maps import Library, MapFolder
from codriver.services.navigation.maps.building import build, default_name
from codriver.services.navigation.maps.folder import FORMAT
from codriver.services.navigation.places import Position
from codriver.services.navigation.searching import Searcher, SearchRequest

STATION_SQUARE = Position(60.1716, 24.9443)

BUILD = """
import sys
from pathlib import Path
from codriver.errors import MapError
from codriver.services.navigation.maps import Library
from codriver.services.navigation.maps.building import build

class Told:
    def begins(self, what):
        sys.stdout.write(what + "\\n")
        sys.stdout.flush()
    def counts(self, done):
        pass

if __name__ == "__main__":
    try:
        build([Path(sys.argv[1])], Library(Path(sys.argv[2])), "helsinki", Told())
    except MapError as error:
        sys.exit(str(error))
"""


class Steps:
    """Somebody who watches a build and remembers its steps; one of them may be the last."""

    def __init__(self, last: str = "") -> None:
        self.seen: list[str] = []
        self._last = last

    def begins(self, what: str) -> None:
        self.seen.append(what)
        if what == self._last:
            raise KeyboardInterrupt

    def counts(self, done: int) -> None:
        pass


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that builds the map of a file in a library, and says each step."""
    path = tmp_path / "build.py"
    path.write_text(BUILD)
    return path


@pytest.fixture
def installed(library: Library, tmp_path: Path) -> Library:
    """A library of this test's own with the demo map in it."""
    mine = Library(tmp_path / "maps")
    mine.copy(library.map("helsinki").path)
    return mine


def cafes(library: Library) -> int:
    with Searcher(library.maps()) as searcher:
        return len(searcher.search(SearchRequest("cafe", STATION_SQUARE, limit=1000)))


def hidden(library: Library) -> set[str]:
    return {path.name for path in library.root.iterdir() if path.name.startswith(".")}


def test_a_map_says_what_it_is(demo_map: MapFolder, extract: Path) -> None:
    manifest = demo_map.manifest
    assert manifest.name == "helsinki"
    assert manifest.attribution == "© OpenStreetMap contributors"
    assert manifest.licence == "ODbL-1.0"
    assert manifest.bounds.holds(STATION_SQUARE)
    assert not manifest.bounds.holds(Position(0, 0))
    assert [(source.file, source.size) for source in manifest.sources] == [(extract.name, extract.stat().st_size)]
    assert manifest.counts["places"] > 1_900
    assert manifest.counts["addresses"] > 1_400
    assert list(demo_map.faults()) == []
    assert any(demo_map.tiles.rglob("*.gph"))
    assert {"places.sqlite", "sounds.sqlite"} < manifest.files.keys()


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda good: b"", "is empty"),
        (lambda good: b"This is no map.", "is no OpenStreetMap file, or is damaged"),
        (lambda good: os.urandom(5000), "is no OpenStreetMap file, or is damaged"),
        (lambda good: good[: len(good) * 2 // 3], "ends too early"),
        (lambda good: good[:200], "ends too early|is damaged"),
        (lambda good: good[:300_000] + b"\xff" * 1000 + good[301_000:], "is damaged"),
    ],
    ids=["empty", "text", "noise", "truncated", "beginning", "garbled"],
)
def test_a_bad_file_is_said_and_leaves_the_old_map(
    installed: Library, extract: Path, make: Callable[[bytes], bytes], complaint: str, quiet: Watcher
) -> None:
    bad = installed.root.parent / "helsinki.osm.pbf"
    bad.write_bytes(make(extract.read_bytes()))
    with pytest.raises(MapError, match=complaint) as error:
        build([bad], installed, "helsinki", quiet)
    assert "helsinki.osm.pbf" in str(error.value)
    assert hidden(installed) <= {".lock"}
    assert cafes(installed) == 89


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path, quiet: Watcher) -> None:
    for path, complaint in ((tmp_path / "none.osm.pbf", "does not exist"), (tmp_path, "is no file")):
        with pytest.raises(MapError, match=complaint):
            build([path], Library(tmp_path / "maps"), "x", quiet)


def test_a_good_file_beside_a_bad_one_builds_nothing(extract: Path, tmp_path: Path, quiet: Watcher) -> None:
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(extract.read_bytes()[:-1000])
    library = Library(tmp_path / "maps")
    with pytest.raises(MapError, match=r"bad\.osm\.pbf ends too early"):
        build([extract, bad], library, "both", quiet)
    assert library.maps() == ()


def test_several_files_make_one_map(extract: Path, village_file: Path, tmp_path: Path, quiet: Watcher) -> None:
    folder = build([extract, village_file, extract], Library(tmp_path), "both", quiet)
    with Searcher([folder]) as searcher:
        assert len(searcher.search(SearchRequest("cafe", STATION_SQUARE, limit=1000))) == 89
        assert searcher.search(SearchRequest("petrol station", Position(51.5, -0.1)))[0].name == "Last Drop"
        addresses = searcher.search(SearchRequest("Mannerheimintie 10", STATION_SQUARE, limit=1000))
        assert len({place.id for place in addresses}) == len(addresses)
    assert folder.manifest.bounds.south < 52 < 60 < folder.manifest.bounds.north


@pytest.mark.parametrize(
    "last", ["putting streets together", "writing the index", "making routing tiles", "checking the map"]
)
def test_a_build_goes_on_where_it_stopped(extract: Path, tmp_path: Path, last: str) -> None:
    library = Library(tmp_path)
    first, again = Steps(last), Steps()
    with pytest.raises(KeyboardInterrupt):
        build([extract], library, "helsinki", first)
    assert library.maps() == ()
    build([extract], library, "helsinki", again)
    assert cafes(library) == 89
    assert f"reading {extract.name}" not in again.seen
    assert ("writing the index" in again.seen) == (last in {"putting streets together", "writing the index"})
    assert hidden(library) == {".lock"}


def test_what_was_left_by_a_build_of_another_file_is_not_taken(
    extract: Path, village_file: Path, tmp_path: Path, quiet: Watcher
) -> None:
    library = Library(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        build([village_file], library, "helsinki", Steps("making routing tiles"))
    build([extract], library, "helsinki", quiet)
    assert cafes(library) == 89


@pytest.mark.parametrize("step", ["reading", "writing the index", "making routing tiles"])
def test_a_build_that_is_killed_leaves_the_old_map_and_can_go_on(
    installed: Library, extract: Path, program: Path, step: str, quiet: Watcher
) -> None:
    command: list[str | Path] = [sys.executable, program, extract, installed.root]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(step):
                os.killpg(process.pid, signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    before = installed.map("helsinki")
    assert cafes(installed) == 89
    after = build([extract], installed, "helsinki", quiet)
    assert after.path != before.path
    assert not before.path.exists()
    assert cafes(installed) == 89


@pytest.mark.parametrize("limit", [300_000, 2_000_000])
def test_a_disk_that_fills_up_is_said_and_leaves_the_old_map(
    installed: Library, extract: Path, program: Path, limit: int
) -> None:
    # A file may not grow beyond the limit, which is what a full disk comes to for whoever writes it.
    limited: list[str | Path] = ["prlimit", f"--fsize={limit}", sys.executable, program, extract, installed.root]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the disk is full" in done.stderr.lower()
    assert len(done.stderr.splitlines()) == 1
    assert cafes(installed) == 89


def test_a_map_needs_room(extract: Path, tmp_path: Path, quiet: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    with pytest.raises(MapError, match="needs 48 MB of room"):
        build([extract], Library(tmp_path), "helsinki", quiet)


def test_only_one_changes_the_maps(installed: Library, extract: Path, quiet: Watcher) -> None:
    with installed.changing(), pytest.raises(MapError, match="Another process"):
        build([extract], installed, "helsinki", quiet)


def test_a_folder_that_cannot_be_written_is_said(extract: Path, tmp_path: Path, quiet: Watcher) -> None:
    (tmp_path / "maps").write_text("in the way")
    with pytest.raises(MapError, match="cannot be written"):
        build([extract], Library(tmp_path / "maps" / "deeper"), "helsinki", quiet)


def damage_nothing(folder: Path) -> None:
    pass


def truncate_tile(folder: Path) -> None:
    tile = next(folder.rglob("*.gph"))
    tile.write_bytes(tile.read_bytes()[:-100])


def lose_index(folder: Path) -> None:
    (folder / "places.sqlite").unlink()


def empty_manifest(folder: Path) -> None:
    (folder / "map.json").write_bytes(b"")


def zero_manifest(folder: Path) -> None:
    (folder / "map.json").write_bytes(bytes(1000))


def other_format(folder: Path) -> None:
    path = folder / "map.json"
    path.write_text(path.read_text().replace(f'"format": {FORMAT}', '"format": 0'))


@pytest.mark.parametrize("damage", [truncate_tile, lose_index, empty_manifest, zero_manifest, other_format])
def test_a_damaged_map_is_noticed_and_said(installed: Library, damage: Callable[[Path], None]) -> None:
    damage(installed.map("helsinki").path)
    maps, [damaged] = installed.look()
    assert maps == ()
    assert "Build it again." in damaged.why
    with pytest.raises(MapError, match="Build it again"):
        installed.map("helsinki")


def test_an_older_version_is_used_where_the_newest_is_damaged(installed: Library) -> None:
    old = installed.map("helsinki").path
    new = old.with_name("helsinki-29990101T000000000000Z")
    shutil.copytree(old, new)
    truncate_tile(new)
    assert installed.map("helsinki").path == old
    assert [damaged.path for damaged in installed.look()[1]] == [new]
    assert cafes(installed) == 89


def test_a_byte_that_changed_is_found_by_reading_all(installed: Library) -> None:
    folder = installed.map("helsinki")
    data = bytearray(folder.index.read_bytes())
    data[len(data) // 2] ^= 1
    folder.index.write_bytes(data)
    assert list(folder.faults(thorough=False)) == []
    assert list(folder.faults()) == ["places.sqlite has changed since it was built."]
    with pytest.raises(MapError, match=r"is damaged: places\.sqlite has changed"):
        Library(installed.root.parent / "other").copy(folder.path)


def test_a_map_is_copied_with_all_that_belongs_to_it_and_nothing_else(installed: Library, tmp_path: Path) -> None:
    folder = installed.map("helsinki")
    (folder.path / "stray.txt").write_text("not mine")
    copied = Library(tmp_path / "other").copy(folder.path)
    assert copied.manifest == folder.manifest
    assert not (copied.path / "stray.txt").exists()
    assert list(copied.faults()) == []


def test_a_manifest_cannot_reach_outside_its_folder(installed: Library, tmp_path: Path) -> None:
    folder = installed.map("helsinki").path
    manifest = folder / "map.json"
    for name in ("../../../etc/passwd", "/etc/passwd"):
        text = manifest.read_text().replace('"places.sqlite"', f'"{name}"')
        (tmp_path / "evil").mkdir(exist_ok=True)
        (tmp_path / "evil" / "map.json").write_text(text)
        with pytest.raises(MapError, match="damaged"):
            Library(tmp_path / "other").copy(tmp_path / "evil")


def test_a_map_can_be_removed_and_only_one_that_is_there(installed: Library) -> None:
    installed.remove("helsinki")
    assert installed.maps() == ()
    with pytest.raises(InvalidRequest, match="There is no map 'helsinki'; the maps are: none"):
        installed.remove("helsinki")
    with pytest.raises(InvalidRequest, match="A map's name"):
        installed.remove("../etc")


def test_a_damaged_map_can_be_removed(installed: Library) -> None:
    empty_manifest(installed.map("helsinki").path)
    installed.remove("helsinki")
    assert installed.look() == ((), ())


@pytest.mark.parametrize(
    ("file", "name"),
    [("Helsinki.osm.pbf", "helsinki"), ("finland-latest.osm.pbf", "finland"), ("Île de France.pbf", "le-de-france")],
)
def test_a_map_is_named_after_its_file(file: str, name: str) -> None:
    assert default_name(Path(file)) == name


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "-x", "a" * 65, ".hidden"])
def test_a_name_must_be_a_plain_one(extract: Path, tmp_path: Path, quiet: Watcher, name: str) -> None:
    with pytest.raises(InvalidRequest, match="A map's name"):
        build([extract], Library(tmp_path), name, quiet)
