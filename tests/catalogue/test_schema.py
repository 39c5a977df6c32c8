"""The JSON Schema that editors check intent files by."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from codriver.catalogue.model import IntentFile
from codriver.folders import intents_folder

FILES = sorted(path for path in intents_folder().glob("*.yaml") if path.name != "vocabulary.yaml")


def test_the_schema_file_is_that_of_the_model() -> None:
    text = (intents_folder() / "schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(IntentFile.model_json_schema(), indent=2, ensure_ascii=False) + "\n", (
        "write the model's schema to intents/schema.json again"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_intent_file_names_the_schema(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=schema.json\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_intent_file_fits_the_schema(path: Path) -> None:
    schema = json.loads((intents_folder() / "schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), schema)
