"""Which hours count for which norm, and whether somebody is on the way to make it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeflow.inburgering.rechten import Rol
from routeflow.inburgering.uren import (
    AANWEZIG,
    AANWEZIGHEID,
    SOORTEN,
    Les,
    gevolgd,
    soorten_van,
    tellers,
)

BEGIN, EIND = date(2026, 1, 1), date(2028, 12, 31)
MIDDEN = date(2027, 7, 2)
lessen = st.lists(
    st.builds(
        Les,
        st.sampled_from(SOORTEN),
        st.integers(1, 48).map(lambda kwartieren: Decimal(kwartieren) / 4),
        st.sampled_from(AANWEZIGHEID),
    ),
    max_size=40,
)


def namen(feiten):
    return [t.naam for t in tellers(feiten, [], begin=BEGIN, eind=EIND, vandaag=MIDDEN)]


@pytest.mark.parametrize(
    ("feiten", "verwacht"),
    [
        (
            {"leerroute": "Z", "doelgroep": "asielstatushouder"},
            ["z_nt2_knm", "z_participatie", "pvt", "map_praktijk"],
        ),
        ({"leerroute": "Z", "doelgroep": "gezinsmigrant"}, ["z_nt2_knm", "pvt", "map_praktijk"]),
        ({"leerroute": "B1"}, ["a2_nt2", "pvt", "map_praktijk"]),
        ({"leerroute": "onderwijsroute"}, ["pvt"]),
        ({}, ["pvt", "map_praktijk"]),
    ],
)
def test_each_route_and_group_has_its_own_norms(feiten, verwacht):
    assert namen(feiten) == verwacht


def teller(feiten, sinds=(), vandaag=MIDDEN, begin=BEGIN, eind=EIND):
    return tellers(feiten, sinds, begin=begin, eind=eind, vandaag=vandaag)[0]


def test_participation_holds_pvt_and_map():
    feiten = {
        "leerroute": "Z", "doelgroep": "asielstatushouder",
        "urenParticipatie": 100, "urenPvt": 12, "urenMap": Decimal(40),
    }  # fmt: skip
    (participatie,) = [
        t
        for t in tellers(feiten, [], begin=BEGIN, eind=EIND, vandaag=MIDDEN)
        if t.naam == "z_participatie"
    ]
    assert participatie.gemaakt == 152


def test_hours_of_pvt_and_map_come_from_their_own_steps_alone():
    feiten = {
        "leerroute": "Z",
        "doelgroep": "asielstatushouder",
        "urenPvt": 4,
        "urenMapPraktijk": 8,
    }
    alle = tellers(
        feiten,
        [Les("PVT", Decimal(3), AANWEZIG), Les("MAP", Decimal(3), AANWEZIG)],
        begin=BEGIN, eind=EIND, vandaag=MIDDEN,
    )  # fmt: skip
    assert not {"PVT", "MAP"} & set(SOORTEN)
    assert [t.gemaakt for t in alle] == [0, 4, 4, 8]


@pytest.mark.parametrize(
    ("gemaakt", "koers"),
    [(0, "loopt achter"), (390, "loopt achter"), (410, "op koers"), (800, "gehaald")],
)
def test_halfway_half_of_the_norm_is_on_course(gemaakt, koers):
    assert teller({"leerroute": "Z", "urenNt2Knm": gemaakt}).koers == koers


@pytest.mark.parametrize(
    "wanneer",
    [{"begin": None}, {"eind": None}, {"vandaag": BEGIN}, {"vandaag": EIND + timedelta(1)}],
)
def test_without_a_running_termijn_there_is_nothing_to_say(wanneer):
    gevonden = teller({"leerroute": "Z", "urenNt2Knm": 10}, **wanneer)
    assert (gevonden.koers, gevonden.verwacht, gevonden.per_week) == (
        "nog niet te zeggen",
        None,
        None,
    )


def test_what_is_needed_a_week_makes_it_in_time():
    gevonden = teller({"leerroute": "Z", "urenNt2Knm": 200})
    weken = Decimal((EIND - MIDDEN).days + 1) / 7
    assert abs(gevonden.per_week * weken - 600) < Decimal("0.1") * weken


@pytest.mark.parametrize(
    ("rollen", "soorten"),
    [
        ({Rol.TAALAANBIEDER, Rol.MAP_AANBIEDER}, SOORTEN),
        ({Rol.CASEMANAGER}, SOORTEN),
        ({Rol.WERKPARTNER, Rol.MAP_AANBIEDER}, ("participatie",)),
        ({Rol.PARTICIPATIEPARTNER}, ("participatie",)),
    ],
)
def test_lessons_are_written_down_by_schools_and_the_gemeente_alone(rollen, soorten):
    assert soorten_van(rollen) == soorten


@given(lessen)
def test_only_hours_at_which_somebody_was_there_count(sinds):
    verwacht = sum((les.uren for les in sinds if les.aanwezig == AANWEZIG), Decimal(0))
    assert gevolgd(sinds, SOORTEN) == verwacht


@given(lessen, lessen)
def test_more_lessons_never_give_fewer_hours(eerst, meer):
    def stand(sinds):
        return teller({"leerroute": "B1"}, sinds).gemaakt

    assert stand([*eerst, *meer]) >= stand(eerst)
    assert stand([*eerst, *meer]) == stand(eerst) + stand(meer)
