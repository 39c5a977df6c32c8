"""What codriver brings along or has fetched: configuration, models, maps, intents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from codriver.catalogue.configured import read_catalogue
from codriver.config import Configuration, load_configuration
from codriver.engines.models import Status, Store
from codriver.errors import CodriverError
from codriver.services.navigation.maps import Library
from codriver.workshop.doctor.finding import Finding, fine, ill


def read_configuration(file: Path | None) -> tuple[Configuration, Sequence[str]]:
    """Read it, or take the defaults where it is wrong; gives its faults too, and its keys of older versions."""
    faults: list[str] = []
    try:
        return load_configuration(file, faults.append), faults
    except CodriverError as error:
        return Configuration(), [*faults, str(error)]


def configuration_findings(config: Configuration, faults: Sequence[str]) -> Iterator[Finding]:
    """Judge the file; ``faults`` are its faults and its keys of older versions, each as a sentence."""
    for fault in faults:
        yield ill("configuration", fault, "docs/configuration.md has every key.")
    if not faults:
        yield fine("configuration", "as it should be")
    if config.debug.keep_audio:
        yield ill(
            "recordings",
            "every utterance is kept as a recording",
            "Set debug.keep_audio = false when the fault is found, and remove the recordings.",
        )


def model_findings(config: Configuration, store: Store) -> Iterator[Finding]:
    """Judge the model files of the profile."""
    for model in store.table.profile(config.profile):
        status = store.status(model)
        if status in (Status.VERIFIED, Status.UNVERIFIED):
            yield fine(f"model {model}", status.value)
        else:
            yield ill(f"model {model}", status.value, f"Run codriver models pull --profile {config.profile}.")


def map_findings(library: Library) -> Iterator[Finding]:
    """Judge the maps. To have none is a fault only of who wants to be guided."""
    maps, damaged = library.look()
    for fault in damaged:
        yield ill("map", fault.why, f"Build it again with codriver maps build, or remove {fault.path}.")
    if maps:
        yield fine("maps", ", ".join(each.manifest.name for each in maps))
    elif not damaged:
        yield fine("maps", "none", "For navigation run codriver maps build FILE.osm.pbf, or --demo.")


def catalogue_findings(config: Configuration) -> Iterator[Finding]:
    """Judge the catalogue."""
    try:
        catalogue = read_catalogue(config)
    except CodriverError as error:
        yield ill("intents", str(error), "Run codriver intents check.")
    else:
        yield fine("intents", f"{len(catalogue.intents)} intents")
