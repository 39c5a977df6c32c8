"""Names, paths and signatures as D-Bus writes them."""

from __future__ import annotations

import pytest
from codriver.catalogue.dbus_texts import complete_types
from codriver.catalogue.model import CallMethod, Effect, IntentFile, SetProperty
from pydantic import TypeAdapter, ValidationError

GOOD = {"call": "org.example.Lamp1.Blink", "on": "org.example.Lamp1", "at": "/org/example/Lamp1"}


@pytest.mark.parametrize(
    ("signature", "types"),
    [
        ("", ()),
        ("su", ("s", "u")),
        ("sa{sv}d", ("s", "a{sv}", "d")),
        ("aas(i(sb)v)y", ("aas", "(i(sb)v)", "y")),
        ("a{s(ai)}", ("a{s(ai)}",)),
    ],
)
def test_a_signature_is_split_into_its_types(signature: str, types: tuple[str, ...]) -> None:
    assert complete_types(signature) == types


@pytest.mark.parametrize(
    "signature", ["a", "z", "s u", "(s", "()", "s)", "{ss}", "a{vs}", "a{s}", "a{ss", "a{}", "h", "s" * 256]
)
def test_what_is_no_signature_is_told(signature: str) -> None:
    with pytest.raises(ValueError, match="signature"):
        complete_types(signature)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"on": "Lamp"}, "is not a name on the bus, such as"),
        ({"on": "org.example.Lämp"}, "is not a name on the bus, such as"),
        ({"on": "org.codriver.Vehicle1"}, "set and read without 'on'"),
        ({"at": "org/example"}, "is not the path of an object, such as"),
        ({"at": "/org/example/"}, "is not the path of an object, such as"),
        ({"call": "Blink"}, "is not an interface and its member, such as"),
        ({"call": "org.example.1Lamp.Blink"}, "is not an interface and its member, such as"),
        ({"signature": "q"}, "has 1 types, and args has 0 values"),
        ({"signature": "?"}, "is no D-Bus signature: write one type for each value"),
        ({"timeout": 0}, "greater than 0"),
    ],
)
def test_a_wrong_text_is_told_with_its_cure(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        CallMethod.model_validate(GOOD | change)


def test_a_property_has_one_type() -> None:
    with pytest.raises(ValidationError, match="must be one type"):
        SetProperty.model_validate(
            {"set": GOOD["call"], "on": GOOD["on"], "at": GOOD["at"], "to": 1, "signature": "ii"}
        )


def test_a_forgotten_bus_name_is_named() -> None:
    effect: TypeAdapter[object] = TypeAdapter(Effect)
    with pytest.raises(ValidationError) as fault:
        effect.validate_python({"set": GOOD["call"], "at": GOOD["at"], "to": 1})
    assert [detail["loc"][-1] for detail in fault.value.errors()] == ["on"]


def test_the_schema_has_the_forms_for_editors() -> None:
    assert IntentFile.model_json_schema()["$defs"]["ObjectPath"]["pattern"] == "^(/|(/[A-Za-z0-9_]+)+)$"
