"""A list that leaves as CSV shows what people typed and calculates nothing."""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from routeflow.web.uitvoer import cel, csv_antwoord, schrijf_csv


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
        "\uff0b1",
        "\uff0d1",
        "\uff20A1",
        "\u00a0=1",
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
    uit = io.StringIO(newline="")
    schrijf_csv(uit, ["naam", "=kop"], [['x";"y\r\n=1', "z"]])
    rijen = list(csv.reader(io.StringIO(uit.getvalue(), newline=""), delimiter=";"))
    assert rijen == [["naam", "'=kop"], ['x";"y\r\n=1', "z"]]


def test_a_download_has_a_plain_name():
    antwoord = csv_antwoord('../x"\r\nSet-Cookie: a', ["a"], [])
    assert antwoord.headers["Content-Disposition"] == 'attachment; filename="xSet-Cookiea.csv"'
    assert antwoord.get_data(as_text=True) == '\ufeff"a"\r\n'


def test_a_long_list_takes_no_more_memory_than_a_short_one():
    def peak(rows):
        tracemalloc.start()
        antwoord = csv_antwoord("lijst", ["a"], (("x" * 100,) for _ in range(rows)))
        size = sum(len(deel) for deel in antwoord.iter_encoded())
        antwoord.close()
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert antwoord.headers["Content-Length"] == str(size)
        return highest

    peak(10)
    assert peak(100_000) < 2 * peak(20_000)


def test_a_list_that_fails_halfway_is_no_download():
    def rijen():
        yield ("heel",)
        raise LookupError("halverwege")

    with pytest.raises(LookupError, match="halverwege"):
        csv_antwoord("lijst", ["a"], rijen())
