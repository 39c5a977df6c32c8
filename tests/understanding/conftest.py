"""The real catalogue and its templates, built once."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue, load_catalogue
from codriver.config import intents_folder
from codriver.understanding.phrasing.templates import Templates


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue([intents_folder()])


@pytest.fixture(scope="session")
def templates(catalogue: Catalogue) -> Templates:
    return Templates(catalogue)
