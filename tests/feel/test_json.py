"""Numbers on their way between JSON and FEEL: JSON stays JSON, and nothing grows without end."""

import json
from decimal import Decimal

import pytest

from routeflow.feel.json import from_json, to_json


@pytest.mark.parametrize(
    "number", ["1E+400", "-1E+6144", "1E-400", "0E+400", "1E-320", "12.5", "-0", "1E+17", "1E+18"]
)
def test_every_number_of_feel_is_a_number_or_text_of_json(number):
    value = Decimal(number)
    written = json.dumps(to_json(value), allow_nan=False)
    assert Decimal(str(json.loads(written, parse_float=Decimal))) == value
    assert from_json(to_json(value, typed=True)) == value


@pytest.mark.parametrize(
    "number", ["1E+6145", "1E+400000000", "-1E-400000000", "NaN", "sNaN", "-Infinity"]
)
def test_a_number_that_feel_cannot_hold_is_refused_before_it_is_written_out(number):
    with pytest.raises(ValueError, match="te groot of te klein"):
        from_json([{"x": Decimal(number)}])
    with pytest.raises(ValueError, match="is geen number"):
        from_json({"@type": "number", "@value": number})


def test_a_text_with_half_a_character_is_refused_and_a_whole_one_beyond_the_first_plane_is_read() -> (
    None
):
    with pytest.raises(ValueError, match="half teken"):
        from_json(["a\ud83d"])
    assert from_json(json.loads('"\\ud83d\\udc0e"')) == "🐎"


@pytest.mark.parametrize("written", ["1_000", "١٢", "1,5", "0x10", "1e", "", None, "1 2", True])
def test_a_typed_number_is_written_in_the_digits_of_xml_schema(written):
    with pytest.raises(ValueError, match="is geen number"):
        from_json({"@type": "number", "@value": written})


@pytest.mark.parametrize("written", ["+1.", ".5", "-0", " 12.50 ", "1E3", 7])
def test_a_typed_number_may_be_written_as_xml_schema_does(written):
    assert from_json({"@type": "number", "@value": written}) == Decimal(str(written))
