"""The table of models: what each one is, its files with size and SHA-256, and where each file can be had."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any, Self

from codriver.errors import ConfigurationError, InvalidRequest


class Origin(StrEnum):
    """Where a piece of a file comes from; the values are the types of package URLs."""

    PYPI = "pypi"
    NPM = "npm"
    HUB = "huggingface"


_PACKAGE_URL = re.compile(
    r"pkg:(?P<origin>[a-z]+)/(?P<name>[^@#]+)@(?P<version>[^#?]+)(\?file_name=(?P<file>[^#]+))?#(?P<member>.+)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One member of one package, or one file of a repository on the hub (``version`` is then a revision).

    ``file`` names the wheel of a package that has one for each platform: its member is the same in all of them,
    and so this one is taken on every platform.
    """

    origin: Origin
    name: str
    version: str
    member: str
    file: str = ""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read a package URL ``pkg:TYPE/NAME@VERSION[?file_name=FILE]#MEMBER``. Raises ConfigurationError."""
        match = _PACKAGE_URL.fullmatch(url)
        if match is None or match["origin"] not in set(Origin):
            raise ConfigurationError(f"{url} is no package URL of the form pkg:TYPE/NAME@VERSION#MEMBER.")
        return cls(Origin(match["origin"]), match["name"], match["version"], match["member"], match["file"] or "")

    @property
    def package(self) -> str:
        """The package URL without the member."""
        file = f"?file_name={self.file}" if self.file else ""
        return f"pkg:{self.origin}/{self.name}@{self.version}{file}"


@dataclass(frozen=True, slots=True)
class Package:
    """A package as it is fetched: the bytes that it must have before anything is taken out of it."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class NpmPackage:
    """The Python package that npm is borrowed from where it is not installed; one SHA-256 an architecture."""

    name: str
    version: str
    sha256: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model. Each source is a list of pieces that are the file when joined in order."""

    path: str
    size: int
    sha256: str
    sources: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A model: ``id`` is the name of its folder in the store."""

    id: str
    what: str
    licence: str
    attribution: str
    files: tuple[ModelFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class ModelTable:
    """All models by id, the profiles (named sets of models), and the packages by URL."""

    models: Mapping[str, Model]
    profiles: Mapping[str, tuple[str, ...]]
    packages: Mapping[str, Package]
    npm: NpmPackage

    def model(self, model_id: str) -> Model:
        """Find a model. Raises InvalidRequest with the ids that there are."""
        if model_id not in self.models:
            raise InvalidRequest(f"There is no model {model_id!r}; the models are {', '.join(self.models)}.")
        return self.models[model_id]

    def profile(self, name: str) -> tuple[str, ...]:
        """Find the model ids of a profile. Raises InvalidRequest with the profiles that there are."""
        if name not in self.profiles:
            raise InvalidRequest(f"There is no profile {name!r}; the profiles are {', '.join(self.profiles)}.")
        return self.profiles[name]


def load_table() -> ModelTable:
    """Read the table that codriver ships."""
    return parse_table(resources.files(__package__).joinpath("models.toml").read_text("utf-8"))


def parse_table(text: str) -> ModelTable:
    """Read a table from TOML. Raises ConfigurationError when an entry is missing or contradicts another."""
    try:
        raw = tomllib.loads(text)
        models = {model_id: _model(model_id, entry) for model_id, entry in raw["models"].items()}
        packages = {url: Package(entry["size"], entry["sha256"]) for url, entry in raw["packages"].items()}
        npm = NpmPackage(raw["npm"]["name"], raw["npm"]["version"], tuple(raw["npm"]["sha256"]))
        profiles = {name: tuple(ids) for name, ids in raw["profiles"].items()}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as fault:
        raise ConfigurationError(f"The table of models cannot be read: {fault!r}.") from fault
    _refuse_unknown("model", {i for ids in profiles.values() for i in ids} - models.keys())
    pieces = [piece for model in models.values() for file in model.files for source in file.sources for piece in source]
    _refuse_unknown("package", {p.package for p in pieces if p.origin is not Origin.HUB} - packages.keys())
    return ModelTable(models, profiles, packages, npm)


def _model(model_id: str, entry: Mapping[str, Any]) -> Model:
    files = tuple(
        ModelFile(
            path=file["path"],
            size=file["size"],
            sha256=file["sha256"],
            sources=tuple(tuple(Piece.parse(url) for url in source) for source in file["sources"]),
        )
        for file in entry["files"]
    )
    return Model(model_id, entry["what"], entry["licence"], entry["attribution"], files)


def _refuse_unknown(kind: str, names: Iterable[str]) -> None:
    for name in sorted(names):
        raise ConfigurationError(f"The table of models names a {kind} that it does not describe: {name}.")
