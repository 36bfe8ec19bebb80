"""A list that leaves as CSV shows what people typed and calculates nothing."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from routeflow.web.uitvoer import cel, csv_antwoord, csv_tekst


@pytest.mark.parametrize(
    "boos",
    [
        '=HYPERLINK("http://x";"klik")',
        "+31 6",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        '"=1',
        "'=1",
        "\uff1d1",
        "\ufeff=1",
        "\x00=1",
    ],
)
def test_text_never_becomes_a_formula(boos):
    assert cel(boos).startswith("'")


@pytest.mark.parametrize(
    ("gegeven", "tekst"),
    [
        ("Amina", "Amina"),
        ("a=b", "a=b"),
        (-5, "-5"),
        (Decimal("-1.50"), "-1,5"),
        (None, ""),
        ("", ""),
        (True, "ja"),
        (date(2026, 1, 5), "05-01-2026"),
        (datetime(2026, 1, 5, 12, tzinfo=UTC), "5 januari 2026, 13:00"),
        (["a", "b"], "a, b"),
    ],
)
def test_what_is_harmless_stays_as_it_is(gegeven, tekst):
    assert cel(gegeven) == tekst


def test_a_list_that_begins_with_a_formula_is_text_too():
    assert cel(["=1", "b"]) == "'=1, b"


def test_a_cell_cannot_break_out_of_its_row():
    tekst = csv_tekst(["naam", "=kop"], [['x";"y\r\n=1', "z"]])
    rijen = list(csv.reader(io.StringIO(tekst, newline=""), delimiter=";"))
    assert rijen == [["naam", "'=kop"], ['x";"y\r\n=1', "z"]]


def test_a_download_has_a_plain_name():
    antwoord = csv_antwoord('../x"\r\nSet-Cookie: a', ["a"], [])
    assert antwoord.headers["Content-Disposition"] == 'attachment; filename="xSet-Cookiea.csv"'
    assert antwoord.get_data(as_text=True) == '\ufeff"a"\r\n'
