"""What must hold wherever a route stands: its fase, and that time alone never brings a sanction."""

from datetime import date, timedelta

import pytest

from support.tekening import Spel, definitie
from support.tocht import reis

FASEN = ["AZC", "Vestiging", "Brede intake", "PIP", "Leerroute", "Examens", "Nazorg"]
AMINA = {
    "naam": "Amina",
    "doelgroep": "asielstatushouder",
    "geboortedatum": date(1995, 5, 1),
    "overdrachtdossierDatum": date(2026, 3, 9),
    "datumVestigingDuo": date(2026, 3, 11),
}
OLENA = {"naam": "Olena", "doelgroep": "gezinsmigrant", "geboortedatum": date(1990, 8, 2)}
SANCTIE = {element.id for element in definitie().elements("p17_naleving")}


def _begin(proces, persoon, leerroute="B1"):
    spel = Spel(proces).given(**persoon)
    reis(spel, "stel_pip_op")
    niveau = {} if leerroute == "Z" else {"niveau": "B1"}
    spel.when_done("stel_pip_op", leerroute=leerroute, wachtOpDerde="nee", **niveau)
    return spel


@pytest.mark.parametrize("leerroute", ["B1", "onderwijsroute", "Z"])
def test_the_fase_of_an_asielstatushouder_follows_the_route(leerroute):
    spel = _begin("p00_doorlopende_lijn", AMINA, leerroute)
    reis(spel)
    met_examens = [fase for fase in FASEN if leerroute == "B1" or fase != "Examens"]
    assert spel.fasen == met_examens


def test_the_fase_of_a_gezinsmigrant_begins_with_the_brede_intake():
    spel = _begin("p20_gezinsmigrant", OLENA)
    reis(spel, vraag_uren_school_op={"urenNt2Knm": 900})
    assert spel.fasen == FASEN[2:]


def test_the_brede_intake_may_be_done_before_there_is_a_home():
    spel = Spel("p00_doorlopende_lijn").given(**AMINA)
    reis(spel, "zoek_woning")
    assert spel.fasen == ["AZC", "Vestiging"]


def test_naleving_is_no_fase_of_the_route():
    spel = _begin("p00_doorlopende_lijn", AMINA)
    reis(spel, "nodig_uit_voor_pvt")
    voor = list(spel.fasen)
    spel.when_message("vermoeden", plicht="PVT", toelichting="kwam niet")
    assert spel.fasen == voor


def test_every_element_that_names_a_fase_names_one_that_people_know():
    genoemd = {
        element.properties["fase"]
        for proces in definitie().processes
        for element in definitie().elements(proces)
        if element.properties.get("fase")
    }
    assert genoemd == {*FASEN, "Ondertussengroep"}


@pytest.mark.parametrize(
    ("proces", "persoon", "tot"),
    [
        ("p00_doorlopende_lijn", AMINA, "zoek_woning"),
        ("p00_doorlopende_lijn", AMINA, "leg_komst_1_vast"),
        ("p00_doorlopende_lijn", AMINA, "stel_pip_op"),
        ("p00_doorlopende_lijn", AMINA, "nodig_uit_voor_pvt"),
        ("p00_doorlopende_lijn", AMINA, "registreer_pvt_bijeenkomst"),
        ("p00_doorlopende_lijn", AMINA, "meld_aan_voor_examen"),
        ("p20_gezinsmigrant", OLENA, "bespreek_keuze_school"),
        ("p20_gezinsmigrant", OLENA, "meld_aan_voor_examen"),
    ],
)
def test_a_year_in_which_everybody_is_too_late_opens_no_sanction(proces, persoon, tot):
    if tot in {"zoek_woning", "leg_komst_1_vast", "stel_pip_op"}:
        spel = Spel(proces).given(**persoon)
    else:
        spel = _begin(proces, persoon)
    reis(spel, tot)
    jaar_om = spel.nu + timedelta(days=365)
    while komt := min(
        ((wekker.due, wekker.element) for wekker in spel.stap.alarms if wekker.due), default=None
    ):
        if komt[0] > jaar_om:
            break
        spel.when_time_comes(komt[1])
        assert not {element for element, _ in spel.open} & SANCTIE
    assert spel.uiterlijk(tot) is None or spel.uiterlijk(tot) < jaar_om.date()
