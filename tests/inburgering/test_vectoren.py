"""Dated cases of every statutory period: vectoren.csv, counted by hand and by another algorithm."""

import csv
from pathlib import Path

import pytest

from routeflow.inburgering import regels

TABEL = Path(__file__).with_name("vectoren.csv")
GEVALLEN = list(csv.DictReader(TABEL.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(
    "geval", GEVALLEN, ids=[f"{g['termijn']}: {g['feiten']}" for g in GEVALLEN]
)
def test_the_last_day_is_the_one_in_the_table(geval):
    feiten = dict(feit.split("=") for feit in geval["feiten"].split())
    antwoord = regels.bereken(geval["termijn"], feiten)
    assert antwoord["ruwe_laatste_dag"] == geval["ruwe_laatste_dag"]
    assert antwoord["laatste_dag"] == geval["laatste_dag"], geval["waarom"]


def test_the_table_is_large_and_knows_every_period_of_the_law():
    assert len(GEVALLEN) >= 150
    assert {geval["termijn"] for geval in GEVALLEN} == set(regels.REGELS)
