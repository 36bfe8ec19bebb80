"""A file from outside is what another gemeente made of it: read as it is, or refused in words."""

import copy
from datetime import date
from decimal import Decimal

import pytest

from routeflow.errors import Invalid
from routeflow.inburgering import ontvangst
from routeflow.inburgering.overdracht import DELEN

VANDAAG = date(2026, 3, 2)


def dag(tekst):
    return {"@type": "date", "@value": tekst}


def bestand(boetes=(), uren=(), **feiten):
    regels = [{"naam": n, "label": n, "waarde": w} for n, w in feiten.items()]
    return {
        "soort": "overdracht",
        "grond": "Wet inburgering 2021 art. 35 lid 4",
        "dossier": {"nummer": "2025-00007", "naam": "Amina Yusuf"},
        "delen": [{"titel": "Alles", "regels": regels}],
        "urenOpenMaanden": list(uren),
        "boetes": list(boetes),
        "van": "Hoorn",
        "aan": "Purmerend",
        "gevraagdOp": dag("2026-02-23"),
        "op": "2026-02-24T10:00:00+00:00",
        "door": "Fatma",
    }


def lees(inhoud):
    return ontvangst.lees(inhoud, vandaag=VANDAAG)


def boete(**anders):
    return {
        "plicht": "PVT",
        "bedrag": 25,
        "vastgesteld": dag("2025-10-06"),
        "bekendgemaakt": dag("2025-10-20"),
        "onherroepelijk": None,
        **anders,
    }


def test_every_fact_that_can_be_handed_over_can_be_read():
    assert ontvangst.LEZERS.keys() == {naam for deel in DELEN for naam in deel.feiten}


def test_what_is_taken_over_has_the_names_of_the_form_for_a_move():
    ontvangen = lees(
        bestand(
            boetes=[boete()],
            uren=[{"soort": "NT2", "uren": "2.5"}, {"soort": "KNM", "uren": "3"}],
            leerroute="B1",
            dagtekening=dag("2025-01-06"),
            niveau="B1",
            intensiteitUren=600,
            urenNt2=240,
            urenNt2Knm=260,
            behaaldeOnderdelen=["LE", "LE"],
            termijnStart=dag("2025-01-07"),
            termijnEindExclusief=dag("2028-01-07"),
        )
    )
    over = ontvangst.neemt_over(ontvangen, {"termijnStart": date(2025, 1, 9)})
    assert over == {
        "vorigeGemeente": "Hoorn",
        "pipVorigeGemeente": "ja",
        "dagtekeningVorigPip": date(2025, 1, 6),
        "leerrouteVorigPip": "B1",
        "niveau": "B1",
        "intensiteitUren": 600,
        "overgenomenNt2": Decimal("242.5"),
        "overgenomenKnm": 23,
        "behaaldeOnderdelen": ["LE"],
        "boetesVorigeGemeente": [
            {
                "plicht": "PVT",
                "bedrag": 25,
                "vastgesteld": date(2025, 10, 6),
                "bekendgemaakt": date(2025, 10, 20),
                "onherroepelijk": None,
            }
        ],
        "termijnEindExclusief": date(2028, 1, 7),
    }


@pytest.mark.parametrize("leerroute", ["Z", "onderwijsroute", None])
def test_the_hours_of_a_b1_route_come_along_with_a_b1_route_alone(leerroute):
    feiten = {"dagtekening": dag("2025-01-06"), "intensiteitUren": 600}
    feiten |= {"leerroute": leerroute} if leerroute else {}
    assert "intensiteitUren" not in ontvangst.neemt_over(lees(bestand(**feiten)), {})


@pytest.mark.parametrize(
    ("bekend", "woord"),
    [
        ({"bsn": "111222333"}, "het BSN is"),
        ({"vNummer": "2800000002"}, "het V-nummer is"),
        ({"geboortedatum": date(1990, 1, 1)}, "de geboortedatum is"),
    ],
)
def test_one_number_or_the_day_of_birth_that_differs_is_somebody_else(bekend, woord):
    ander = bestand(bsn="123456782", vNummer="2800000001", geboortedatum=dag("1991-01-01"))
    assert woord in ontvangst.anders_dan(lees(ander), bekend)
    assert ontvangst.anders_dan(lees(bestand()), bekend) == ""  # a file that does not say


def test_a_course_and_a_termijn_may_lie_ahead_and_a_fact_may_not():
    straks = dag("2026-09-01")
    feiten = lees(bestand(startDatum=straks, termijnEindExclusief=straks)).feiten
    assert feiten == dict.fromkeys(("startDatum", "termijnEindExclusief"), date(2026, 9, 1))
    with pytest.raises(Invalid, match="pvtDatum ligt in de toekomst"):
        lees(bestand(pvtDatum=straks))


def test_hours_with_a_half_come_along_as_they_were_written():
    ontvangen = lees(bestand(urenNt2={"@type": "number", "@value": "242.5"}))
    assert ontvangen.feiten["urenNt2"] == Decimal("242.5")
    with pytest.raises(Invalid, match="urenNt2"):
        lees(bestand(urenNt2={"@type": "date", "@value": "242.5"}))


def test_without_a_pip_the_form_says_no():
    over = ontvangst.neemt_over(lees(bestand()), {})
    assert over["pipVorigeGemeente"] == "nee"
    assert "leerrouteVorigPip" not in over


@pytest.mark.parametrize(
    ("feiten", "woord"),
    [
        ({"leerroute": "C4"}, "leerroute"),
        ({"leerroute": ["B1"]}, "leerroute"),
        ({"urenNt2": -1}, "urenNt2"),
        ({"urenNt2": 5001}, "urenNt2"),
        ({"urenNt2": True}, "urenNt2"),
        ({"urenNt2": "veel"}, "urenNt2"),
        ({"vNummer": "2" * 13}, "vNummer"),
        ({"urenNt2": {"@type": "number", "@value": "1e9999999"}}, "urenNt2"),
        ({"urenNt2": {"@type": "number", "@value": "NaN"}}, "urenNt2"),
        ({"dagtekening": "2025-01-06"}, "dagtekening"),
        ({"dagtekening": dag("morgen")}, "dagtekening"),
        ({"dagtekening": dag("0001-01-01")}, "dagtekening"),
        ({"dagtekening": dag("2099-01-01")}, "toekomst"),
        ({"dagtekening": {"@type": "os.system", "@value": "ls"}}, "dagtekening"),
        ({"behaaldeOnderdelen": "LE"}, "behaaldeOnderdelen"),
        ({"behaaldeOnderdelen": ["XX"]}, "behaaldeOnderdelen"),
        ({"naam": "x" * 201}, "naam"),
        ({"naam": "Amina\u202egnp"}, "vreemde tekens"),
        ({"bsn": "12a"}, "bsn"),
        ({"schulden": "ja"}, "niet bekend"),
        ({"__class__": "x"}, "niet bekend"),
        ({"casemanager": "fatma"}, "niet bekend"),
    ],
)
def test_a_value_that_is_not_of_its_kind_is_refused(feiten, woord):
    with pytest.raises(Invalid, match=woord) as fout:
        lees(bestand(**feiten))
    assert list(fout.value.fouten) == ["bestand"]


@pytest.mark.parametrize(
    "rij",
    [
        boete(plicht="ontzorgen"),
        boete(bedrag=2401),
        boete(bedrag=None),
        boete(vastgesteld=dag("2027-01-01")),
        {**boete(), "gedraging": "x"},
        "boete",
    ],
)
def test_a_fine_that_cannot_be_is_refused(rij):
    with pytest.raises(Invalid):
        lees(bestand(boetes=[rij]))


def test_more_fines_than_anybody_has_are_refused():
    with pytest.raises(Invalid, match="meer dan 50"):
        lees(bestand(boetes=[boete()] * 51))


@pytest.mark.parametrize("weg", ["soort", "van", "delen", "boetes", "urenOpenMaanden"])
def test_a_file_of_another_shape_is_refused(weg):
    for inhoud in ([], None, "x", {k: w for k, w in bestand().items() if k != weg}):
        with pytest.raises(Invalid, match="geen overdracht"):
            lees(inhoud)
    with pytest.raises(Invalid):
        lees({**bestand(), weg: 5})
    with pytest.raises(Invalid, match="geen overdracht"):
        lees({**bestand(), "erbij": 1})


def test_a_fact_may_not_stand_there_twice():
    inhoud = bestand(leerroute="B1")
    inhoud["delen"].append(copy.deepcopy(inhoud["delen"][0]))
    with pytest.raises(Invalid, match="twee keer"):
        lees(inhoud)


def test_another_person_is_seen_by_every_number_that_both_know():
    ontvangen = lees(bestand(bsn="111222333", geboortedatum=dag("1994-05-17")))
    assert ontvangst.anders_dan(ontvangen, {"bsn": "111222333"}) == ""
    assert ontvangst.is_zeker(ontvangen, {"bsn": "111222333"})
    assert "BSN" in ontvangst.anders_dan(ontvangen, {"bsn": "123456782"})
    assert "de geboortedatum" in ontvangst.anders_dan(
        ontvangen, {"geboortedatum": date(1990, 1, 1)}
    )
    assert ontvangst.anders_dan(ontvangen, {}) == ""
    assert not ontvangst.is_zeker(ontvangen, {})
