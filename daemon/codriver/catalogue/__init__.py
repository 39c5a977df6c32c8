"""What can be said and what it does: the intents, read from YAML and shared by every stage."""

from codriver.catalogue.loading import load_catalogue
from codriver.catalogue.model import Catalogue, Intent, Parameter
from codriver.catalogue.vocabulary import Language, Vocabulary

__all__ = ["Catalogue", "Intent", "Language", "Parameter", "Vocabulary", "load_catalogue"]
