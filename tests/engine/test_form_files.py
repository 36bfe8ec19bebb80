"""Forms of any shape: each look at them answers, and what is wrong is a finding."""

import json

import pytest

from routeflow.commands import deployments
from routeflow.engine import form_files

SHAPES = ["x", "=", 5, True, None, [1], [[]], [], {}, {"a": 1}, {"hide": ["="]}, {"required": "x"}]
NAMES = ["conditional", "validate", "properties", "values", "key", "type", "label", "path",
         "components", "id", "disabled", "defaultValue", "valuesKey", "description"]  # fmt: skip
LOOKS = [
    form_files.written,
    form_files.always_asked,
    form_files.choices,
    form_files.prefilled,
    form_files.rules,
    lambda data: form_files.keys({"forms/f.form": data}),
    lambda data: form_files.check(data, "forms/f.form"),
    lambda data: deployments.check({"forms/f.form": data}),
]


def form(*components, **rest):
    return json.dumps(
        {"type": "default", "id": "f", "schemaVersion": 16, "components": components} | rest
    ).encode()


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_of_any_shape_stops_no_look_at_the_form(name):
    field = {"type": "textfield", "key": "veld", "label": "Veld"}
    for shape in SHAPES:
        for data in (form(field | {name: shape}), form(field, **{name: shape})):
            for look in LOOKS:
                assert look(data) is not None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"id": "f", "id": "f", "components": []}', "een naam staat ergens twee keer"),
        (b'{"id": "f", "components": [], "x": NaN}', "NaN is geen getal"),
        (b"[" * 100_000, "het is geen JSON"),
        (b"[" * 50 + b"]" * 50, "het is dieper dan 40 lagen"),
        (b"[" + b"1," * 200_000 + b"1]", "het heeft te veel onderdelen"),
        (b" " * 2_000_000, "het is groter dan 1024 kB"),
        (b"5", "het is geen formulier"),
    ],
)
def test_what_is_no_form_is_told_in_words(data, reason):
    (finding,) = form_files.check(data, "forms/f.form")
    assert reason in finding.message
