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


def test_an_act_on_the_last_day_is_in_time_and_the_day_after_it_is_not():
    laatste = date(2026, 4, 28)
    gedaan = [
        per_naam({"kennisgeving": date(2026, 2, 16), "dagtekening": dag})["pip"]
        for dag in (laatste, laatste + timedelta(days=1))
    ]
    assert [pip.uiterlijk for pip in gedaan] == [laatste, laatste]
    assert [pip.op_tijd for pip in gedaan] == [True, False]


def test_our_own_count_stands_beside_the_day_of_duo_but_not_at_the_window_before_it():
    rijen = per_naam({"termijnStart": date(2026, 3, 2), "termijnEindExclusief": date(2029, 6, 1)})
    assert rijen["inburgeringstermijn"].uiterlijk == date(2029, 5, 31)
    assert rijen["inburgeringstermijn"].eigen_dag == date(2029, 3, 1)
    assert rijen["verlengingsvenster"].uiterlijk == date(2029, 5, 31)
    assert rijen["verlengingsvenster"].eigen_dag is None


def test_a_period_that_has_not_begun_waits_whatever_was_decided_about_it():
    stil = {
        "termijn": "pip",
        "soort": "opschorting",
        "van": date(2026, 3, 2),
        "tot": None,
        "grond": "Awb art. 4:15",
    }
    pip = per_naam({"termijnIngrepen": [stil]})["pip"]
    assert (pip.status, pip.wacht_op) == ("wacht", "kennisgeving")


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
