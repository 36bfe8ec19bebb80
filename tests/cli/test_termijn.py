"""routeflow termijn: each dated case that the rules were tested with."""

import csv

import pytest

from support.huis import PROJECT

GEVALLEN = list(
    csv.DictReader(
        (PROJECT / "tests/inburgering/vectoren.csv").read_text(encoding="utf-8").splitlines()
    )
)


def test_every_case_of_the_table_is_answered(opdracht):
    for geval in GEVALLEN:
        feiten = [woord for feit in geval["feiten"].split() for woord in ("--feit", feit)]
        antwoord = opdracht.json("termijn", geval["termijn"], *feiten, "--json")
        assert antwoord["laatste_dag"] == geval["laatste_dag"], geval
        assert antwoord["grond"]


def test_people_read_the_last_day_with_its_article_and_the_days_that_were_passed_over(opdracht):
    tekst = opdracht("termijn", "pip", "--feit", "kennisgeving=2026-01-23").stdout
    for deel in ("2026-04-07", "Besluit 5.3 lid 1", "Goede Vrijdag", "tweede Paasdag"):
        assert deel in tekst


def test_facts_may_be_spelled_as_in_forms(opdracht):
    feit = "datumKennisgeving=2026-01-23"
    assert opdracht.json("termijn", "pip", "--feit", feit, "--json")["laatste_dag"] == "2026-04-07"


@pytest.mark.parametrize(
    ("woorden", "stand", "zin"),
    [
        (["niets"], 1, "bestaat niet"),
        (["pip"], 1, "is het feit"),
        (["pip", "--feit", "kleur=rood"], 1, "kent het feit 'kleur' niet"),
        (["pip", "--feit", "kennisgeving=gisteren"], 1, "kennisgeving"),
        (["pip", "--feit", "kennisgeving=2026-02-30"], 1, "kennisgeving"),
        (["pip", "--feit", "kennisgeving"], 2, "NAAM=WAARDE"),
        (["pip", "--feit", "=2026-01-23"], 2, "NAAM=WAARDE"),
        ([], 2, "NAAM"),
    ],
)
def test_what_cannot_be_counted_ends_in_a_sentence(opdracht, woorden, stand, zin):
    assert zin in opdracht("termijn", *woorden, stand=stand).stderr
