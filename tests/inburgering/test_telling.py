"""How the periods of a dossier stand, counted from its facts."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routeflow.inburgering.regels import REGELS, overzicht
from routeflow.inburgering.telling import raakt, tel

DATUMS = ("kennisgeving", "brpDatum", "dagtekening", "bijstandIngang", "voornemen", "rapport",
          "bekendmakingBoete", "eindePlicht", "termijnStart", "datumAanbod", "pvtDatum")  # fmt: skip
dagen = st.dates(date(2022, 1, 1), date(2029, 12, 31))
dossiers = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(DATUMS, dagen),
        "doelgroep": st.sampled_from(["asielstatushouder", "gezinsmigrant"]),
        "leerroute": st.sampled_from(["B1", "Z", "onderwijsroute"]),
    },
)


def per_naam(feiten):
    return {een.naam: een for een in tel(feiten)}


@given(dossiers)
def test_the_rows_say_what_the_overview_says(feiten):
    rijen = per_naam(feiten)
    for stand in overzicht(feiten, vandaag=date(2026, 6, 1)):
        rij = rijen[stand.naam]
        assert (rij.uiterlijk, rij.begin, rij.gehaald_op) == (
            stand.uiterlijk, stand.begin, stand.gehaald_op,
        )  # fmt: skip


@given(dossiers)
def test_what_a_row_was_counted_from_gives_the_same_row_again(feiten):
    for telling in tel(feiten):
        if telling.status == "loopt":
            alleen = dict(telling.feiten)
            opnieuw = REGELS[telling.naam].toepassen(alleen)
            dag = opnieuw.laatste_dag()
            assert dag == (
                telling.begin if REGELS[telling.naam].soort == "venster" else telling.uiterlijk
            )


@given(dossiers, st.sampled_from(DATUMS), dagen)
def test_only_a_fact_that_can_touch_a_row_moves_one(feiten, naam, dag):
    if not raakt([naam]):
        assert per_naam(feiten) == per_naam({**feiten, naam: dag})


@given(dossiers)
def test_a_fact_that_no_period_uses_moves_none(feiten):
    assert not raakt(["telefoon", "opmerking"])
    assert per_naam(feiten) == per_naam({**feiten, "telefoon": "06"})


@given(dagen, st.integers(0, 400))
def test_a_later_start_never_gives_an_earlier_end(dag, later):
    eerst = per_naam({"kennisgeving": dag, "brpDatum": date(2021, 1, 1)})["pip"].uiterlijk
    dan = per_naam({"kennisgeving": dag + timedelta(days=later), "brpDatum": date(2021, 1, 1)})
    assert dan["pip"].uiterlijk >= eerst
