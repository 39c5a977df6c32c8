"""The catalogue that a configuration asks for, and where its files are."""

from __future__ import annotations

from pathlib import Path

from codriver.catalogue.loading import load_catalogue
from codriver.catalogue.model import Catalogue
from codriver.config import Configuration
from codriver.errors import ConfigurationError
from codriver.folders import intents_folder, user_intents_folders


def read_catalogue(config: Configuration) -> Catalogue:
    """Read the intents that codriver brings along, the users' and the configuration's. Raises ConfigurationError."""
    return suited(load_catalogue(catalogue_folders(config)), config)


def catalogue_folders(config: Configuration) -> list[Path]:
    """List the folders in the order in which they are read: a later one may override what an earlier one says.

    A users' folder that is not there is left out; one that the configuration names is not.
    """
    users = [folder for folder in user_intents_folders() if folder.is_dir()]
    return list(dict.fromkeys([intents_folder(), *users, *config.intents]))


def watched_folders(config: Configuration) -> tuple[Path, ...]:
    """List the folders whose files users change, whether or not they are there yet."""
    return *user_intents_folders(), *config.intents


def suited(catalogue: Catalogue, config: Configuration) -> Catalogue:
    """Give the catalogue itself if it has all configured languages. Raises ConfigurationError if not."""
    for language in config.languages:
        if language not in catalogue.vocabulary.languages:
            known = ", ".join(catalogue.vocabulary.languages)
            raise ConfigurationError(f"The configured language {language!r} has no vocabulary; there are {known}.")
    return catalogue
