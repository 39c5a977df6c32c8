"""Read a folder of intent files, with the file and line of every fault."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from codriver.catalogue.model import Catalogue, Intent, IntentFile
from codriver.catalogue.vocabulary import Vocabulary
from codriver.errors import ConfigurationError

VOCABULARY_FILE = "vocabulary.yaml"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml: ten times as fast
    """YAML in which only true and false are booleans: "on", "off", "yes" and "no" are words that people say."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file: where, what, and what to do about it."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class CatalogueError(ConfigurationError):
    """The catalogue cannot be used; ``faults`` names every reason."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A YAML file that remembers on which line each of its keys stands."""

    path: Path
    root: yaml.Node
    data: Any

    def line(self, keys: Iterable[str | int]) -> int:
        """Give the line, from 1, of the deepest key of this path that the file really has."""
        node, line = self.root, self.root.start_mark.line
        for key in keys:
            if isinstance(node, yaml.MappingNode):
                found = next((pair for pair in node.value if pair[0].value == str(key)), None)
                if found is None:
                    continue
                line, node = found[0].start_mark.line, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                node = node.value[key]
                line = node.start_mark.line
        return line + 1


def load_catalogue(folders: Sequence[Path]) -> Catalogue:
    """Read every ``*.yaml`` of the folders, in order; a later folder adds intents, or overrides those of another.

    Raises CatalogueError with all faults that the shape of the files has. What the intents say and whether they
    collide is checked by ``codriver.understanding.checking``.
    """
    faults: list[Fault] = []
    vocabulary: Vocabulary | None = None
    intents: dict[str, Intent] = {}
    domains: dict[str, str] = {}
    homes: dict[str, Path] = {}
    rules: dict[str, Mapping[str, Mapping[str, str]]] = {}
    unrelated: dict[str, tuple[str, ...]] = {}
    faults += [Fault(folder, 1, "there is no such folder") for folder in folders if not folder.is_dir()]
    for path in intent_files(folders):
        source = _parse(path, faults)
        if source is None:
            continue
        if path.name == VOCABULARY_FILE:
            vocabulary = _validate(source, Vocabulary, faults) or vocabulary
            continue
        file = _validate(source, IntentFile, faults)
        if file is None:
            continue
        if file.domain != path.stem:
            faults.append(Fault(path, source.line(["domain"]), f"the domain must be named {path.stem!r}, as its file"))
        rules[file.domain] = file.rules
        for language, sentences in file.unrelated.items():
            unrelated[language] = (*unrelated.get(language, ()), *sentences)
        for name, intent in file.intents.items():
            if name in intents and homes[name].parent == path.parent:
                where = source.line(["intents", name])
                faults.append(
                    Fault(path, where, f"{name!r} is in {homes[name].name} too: give one of them another name")
                )
                continue
            intents[name], domains[name], homes[name] = intent, file.domain, path
    if vocabulary is None and not faults:
        missing = folders[0] / VOCABULARY_FILE if folders else Path(VOCABULARY_FILE)
        faults.append(Fault(missing, 1, "the file that names the languages and zones is missing"))
    if faults or vocabulary is None:
        raise CatalogueError(faults)
    return Catalogue(
        vocabulary=vocabulary, intents=intents, domains=domains, homes=homes, rules=rules, unrelated=unrelated
    )


def intent_files(folders: Iterable[Path]) -> list[Path]:
    """List the files of these folders in the order in which they are read. Editors' hidden files are left out."""
    return [path for folder in folders for path in sorted(folder.glob("*.yaml")) if not path.name.startswith(".")]


def locate(folders: Sequence[Path], intent: str, keys: Sequence[str | int] = ()) -> tuple[Path, int]:
    """Give the file and line of an intent, or of a key inside it, where it stands last."""
    for path in reversed(intent_files(folders)):
        source = _parse(path, [])
        if source and path.name != VOCABULARY_FILE and intent in _names(source):
            return path, source.line(["intents", intent, *keys])
    return folders[0], 1


def _names(source: SourceFile) -> Mapping[str, object]:
    names = source.data.get("intents") if isinstance(source.data, dict) else None
    return names if isinstance(names, dict) else {}


def _parse(path: Path, faults: list[Fault]) -> SourceFile | None:
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        repeated = list(_repeated_keys(path, root)) if root else []  # looked for now: what is constructed is merged
        data = loader.construct_document(root) if root else None
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(path, 1, f"cannot be read: {error}"))
        return None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        faults.append(Fault(path, line, f"no YAML: {error.problem}"))
        return None
    except yaml.YAMLError as error:
        faults.append(Fault(path, 1, f"no YAML: {str(error).splitlines()[0]}"))
        return None
    if root is None:
        faults.append(Fault(path, 1, "the file is empty"))
        return None
    faults.extend(repeated)
    return SourceFile(path, root, data)


def _repeated_keys(path: Path, node: yaml.Node) -> Iterable[Fault]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(path, item)
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                yield Fault(path, line, "a key must be a word, not a list or a table")
                continue
            if key.value in seen:
                yield Fault(path, line, f"{key.value!r} stands on line {seen[key.value]} already: remove one of them")
            seen.setdefault(key.value, line)
            yield from _repeated_keys(path, value)


def _validate[Model: BaseModel](source: SourceFile, model: type[Model], faults: list[Fault]) -> Model | None:
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        for detail in error.errors():
            keys = [key for key in detail["loc"] if not _is_branch_name(key)]
            where = ".".join(str(key) for key in keys)
            faults.append(Fault(source.path, source.line(keys), f"{where}: {_cure(detail['type'], detail['msg'])}"))
        return None


def _is_branch_name(key: str | int) -> bool:
    """Tell whether pydantic put this into a location to name a member of a union, not a key of the file."""
    return isinstance(key, str) and (key[:1].isupper() or key.startswith(("function-", "tuple[", "bool", "float")))


def _cure(kind: str, message: str) -> str:
    match kind:
        case "extra_forbidden":
            return "there is no such key; see intents/schema.json for those that there are"
        case "missing":
            return "this key is missing"
        case _:
            return message.removeprefix("Value error, ")
