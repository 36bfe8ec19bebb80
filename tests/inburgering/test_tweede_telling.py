"""Every period is counted twice, by the product and by support/tweede_telling.py, on any day."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routeflow.inburgering import regels
from routeflow.inburgering.feestdagen import vrije_dag
from routeflow.inburgering.feiten import snake
from routeflow.inburgering.ingrepen import FEIT
from support import tweede_telling
from support.tekening import afspraak

MAP = Path(__file__).parent
GEVALLEN = list(csv.DictReader((MAP / "vectoren.csv").read_text("utf-8").splitlines()))
ANDERS = list(csv.DictReader((MAP / "vectoren_anders.csv").read_text("utf-8").splitlines()))
dagen = st.dates(date(2023, 1, 1), date(2040, 12, 31))  # before that the PIP had another text


def test_both_know_the_same_days_off():
    dag = date(2022, 1, 1)
    while dag.year < 2041:
        assert (vrije_dag(dag) is not None) == tweede_telling.vrij(dag), dag
        dag += timedelta(days=1)


@pytest.mark.parametrize("naam", tweede_telling.REGELS)
@settings(max_examples=150)
@given(dag=dagen)
def test_every_period_ends_on_the_same_day_in_both_counts(naam, dag):
    feit, tel = tweede_telling.REGELS[naam]
    antwoord = regels.bereken(naam, {feit: dag.isoformat()})
    ruw, laatste = tel(dag)
    assert antwoord["ruwe_laatste_dag"] == ruw.isoformat()
    assert antwoord["laatste_dag"] == laatste.isoformat()


def test_the_table_of_cases_agrees_with_the_second_count():
    geteld = 0
    for geval in GEVALLEN:
        feiten = {snake(een.split("=")[0]): een.split("=")[1] for een in geval["feiten"].split()}
        feit, tel = tweede_telling.REGELS.get(geval["termijn"], ("", None))
        if tel is None or set(feiten) != {feit}:
            continue
        geteld += 1
        ruw, laatste = tel(date.fromisoformat(feiten[feit]))
        assert (geval["ruwe_laatste_dag"], geval["laatste_dag"]) == (str(ruw), str(laatste)), geval
    assert geteld > 100


@pytest.mark.parametrize(
    "geval", ANDERS, ids=[f"{een['termijn']}: {een['waarom']}" for een in ANDERS]
)
def test_opschorting_verlenging_and_working_agreements_end_on_the_day_in_the_table(geval):
    feiten = dict(een.split("=") for een in geval["feiten"].split())
    besluiten = []
    for deel in geval["ingrepen"].split():
        soort, van, tot = deel.split("|")
        besluiten.append({"termijn": geval["termijn"], "soort": soort, "van": van, "tot": tot})
    gevonden = regels.termijn(
        geval["termijn"],
        {**feiten, **({FEIT: besluiten} if besluiten else {})},
        afspraken=afspraak,
        geopend=date.fromisoformat(geval["geopend"]) if geval["geopend"] else None,
    )
    assert gevonden.laatste_dag().isoformat() == geval["laatste_dag"]
