"""The real catalogue and its templates, built once, and an understander with models that a test decides."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue, load_catalogue
from codriver.folders import intents_folder
from codriver.understanding.dialogue.follow_ups import Follower
from codriver.understanding.phrasing.templates import Templates

from .models import Understands


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue([intents_folder()])


@pytest.fixture(scope="session")
def templates(catalogue: Catalogue) -> Templates:
    return Templates(catalogue)


@pytest.fixture(scope="session")
def with_models(catalogue: Catalogue, templates: Templates) -> Understands:
    return Understands(catalogue, templates)


@pytest.fixture(scope="session")
def follower(catalogue: Catalogue, templates: Templates) -> Follower:
    return Follower(catalogue, templates)
