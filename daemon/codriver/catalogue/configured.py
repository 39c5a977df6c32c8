"""The catalogue that a configuration asks for."""

from __future__ import annotations

from codriver.catalogue.loading import load_catalogue
from codriver.catalogue.model import Catalogue
from codriver.config import Configuration, intents_folder
from codriver.errors import ConfigurationError


def read_catalogue(config: Configuration) -> Catalogue:
    """Read the intents that codriver brings along and those of the configuration. Raises ConfigurationError."""
    catalogue = load_catalogue([intents_folder(), *config.intents])
    for language in config.languages:
        if language not in catalogue.vocabulary.languages:
            known = ", ".join(catalogue.vocabulary.languages)
            raise ConfigurationError(f"The configured language {language!r} has no vocabulary; there are {known}.")
    return catalogue
