"""What the tables of the plan decide, run as the product runs them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from routeflow.engine import decisions
from routeflow.inburgering.rechten import GEMEENTE_ROLLEN
from routeflow.inburgering.regels import Afspraak

PROCESSEN = Path(__file__).parents[2] / "processes"
NU = datetime(2026, 3, 10, 12, tzinfo=UTC)


def beslis(bestand, invoer, beslissing=None):
    naam = f"{bestand}.dmn"
    model = decisions.load((PROCESSEN / naam).read_bytes(), naam)
    return model.decide(beslissing or bestand.replace("-", "_"), invoer, now=NU).value


def verdeel(onderdeel, **overig):
    leeg = {"rol": None, "leerroute": None, "doelgroep": None, "datum": date(2026, 3, 10)}
    uitkomst = beslis("rolverdeling", leeg | {"onderdeel": onderdeel} | overig)
    return uitkomst["partij"], uitkomst["samenMet"]


@pytest.mark.parametrize(
    ("onderdeel", "leerroute", "verwacht"),
    [
        ("brede intake", None, ("Gemeente", "")),
        ("PIP", None, ("Gemeente", "")),
        ("ontzorgen", None, ("Gemeente", "")),
        ("maatschappelijke begeleiding", None, ("Vluchtelingenwerk", "")),
        ("PVT", None, ("Netsheila", "")),
        ("Z-route", "Z", ("Fiolet", "")),
        ("MAP", "Z", ("Fiolet", "Werkom")),
        ("participatie", "Z", ("Gemeente", "")),
        ("B1-route", "B1", ("IVIO", "")),
        ("MAP", "B1", ("IVIO", "Werkom")),
        ("onderwijsroute", "onderwijsroute", ("", "")),
        ("regie", None, ("Gemeente", "")),
        ("MAP", "onderwijsroute", ("", "")),
        ("MAP", None, ("", "")),
    ],
)
def test_the_rolverdeling_is_the_table_of_the_plan(onderdeel, leerroute, verwacht):
    asiel = verdeel(onderdeel, leerroute=leerroute, doelgroep="asielstatushouder")
    assert asiel == verwacht


@pytest.mark.parametrize("rol", sorted(GEMEENTE_ROLLEN))
@pytest.mark.parametrize("onderdeel", ["PVT", "MAP", "Z-route", "onderwijsroute", "regie"])
def test_a_rol_of_the_gemeente_stays_with_the_gemeente(rol, onderdeel):
    assert verdeel(onderdeel, rol=str(rol), leerroute="Z") == ("Gemeente", "")


@pytest.mark.parametrize(
    ("onderdeel", "rol", "leerroute", "verwacht"),
    [
        ("participatie", "werkpartner", "B1", ("Werkom", "")),
        ("participatie", "participatiepartner", "Z", ("Clup Welzijn", "")),
        ("MAP", "map-aanbieder", "B1", ("IVIO", "Werkom")),
        ("regie", "taalaanbieder", "B1", ("IVIO", "")),
        ("regie", "taalaanbieder", "Z", ("Fiolet", "")),
        ("regie", "taalaanbieder", "onderwijsroute", ("", "")),
        ("regie", "map-aanbieder", "Z", ("Fiolet", "Werkom")),
        ("regie", "pvt-aanbieder", None, ("Netsheila", "")),
        ("regie", "maatschappelijk begeleider", None, ("Vluchtelingenwerk", "")),
    ],
)
def test_a_rol_of_a_partner_finds_its_partij_in_any_onderdeel(onderdeel, rol, leerroute, verwacht):
    assert verdeel(onderdeel, rol=rol, leerroute=leerroute) == verwacht


@pytest.mark.parametrize(
    ("onderdeel", "leerroute", "verwacht"),
    [
        ("PVT", "B1", ("Netsheila", "")),
        ("MAP", "B1", ("IVIO", "Werkom")),
        ("MAP", "Z", ("Fiolet", "Werkom")),
        ("B1-route", "B1", ("Gemeente", "")),
        ("Z-route", "Z", ("Gemeente", "")),
        ("brede intake", None, ("Gemeente", "")),
    ],
)
def test_a_gezinsmigrant_gets_pvt_and_map_but_chooses_a_school(onderdeel, leerroute, verwacht):
    assert verdeel(onderdeel, leerroute=leerroute, doelgroep="gezinsmigrant") == verwacht


def ladder(houder):
    stappen = beslis("escalatie", {"onderdeel": "PVT", "houder": houder, "rol": "pvt-aanbieder"})
    return [(stap["dagen"], stap["soort"], stap["aan"]) for stap in stappen]


@pytest.mark.parametrize("houder", ["gemeente", "partner"])
def test_the_ladder_climbs_to_the_teamleider(houder):
    assert ladder(houder) == [
        (-5, "herinnering", "behandelaar"),
        (1, "te laat", "casemanager"),
        (2, "herinnering", "behandelaar"),
        (5, "escalatie", "teamleider"),
        (10, "escalatie", "teamleider"),
    ]


def test_for_the_inburgeraar_the_casemanager_makes_contact_and_nothing_escalates():
    assert ladder("inburgeraar") == [
        (-5, "herinnering", "behandelaar"),
        (1, "te laat", "casemanager"),
        (2, "herinnering", "casemanager"),
        (10, "herinnering", "casemanager"),
    ]


@pytest.mark.parametrize("houder", ["coa", "duo"])
def test_what_coa_or_duo_lets_wait_is_asked_after(houder):
    assert (2, "herinnering", "casemanager") in ladder(houder)


def test_a_taak_without_houder_still_has_a_reminder_before_and_after():
    assert [stap[1] for stap in ladder(None)] == ["herinnering", "te laat"]


@pytest.mark.parametrize("termijn", ["eerste_contact", "pip_opstellen", "gewone_taak"])
def test_an_agreement_is_read_by_its_name(termijn):
    afspraak = Afspraak.uit(termijn, beslis("werkafspraken", {"termijn": termijn}))
    assert afspraak.grond.startswith("Werkafspraak")


@pytest.mark.parametrize("termijn", ["pip", "bestaat_niet"])
def test_a_name_of_the_law_or_an_unknown_one_is_no_agreement(termijn):
    assert beslis("werkafspraken", {"termijn": termijn}) is None


NIETS = {
    "doelgroep": None,
    "leeftijd": None,
    "aowLeeftijdBereikt": None,
    "tijdelijkDoel": None,
    "euBurger": None,
    "leerplichtig": None,
    "nederlandsDiploma": None,
}


@pytest.mark.parametrize(
    ("feiten", "advies"),
    [
        ({"doelgroep": "asielstatushouder", "leeftijd": 30}, "plichtig"),
        ({"doelgroep": "gezinsmigrant", "leeftijd": 30}, "plichtig"),
        ({"doelgroep": "asielstatushouder", "leeftijd": 15}, "niet plichtig"),
        ({"doelgroep": "asielstatushouder", "leeftijd": 16, "leerplichtig": True}, "vrijgesteld"),
        ({"doelgroep": "asielstatushouder", "leeftijd": 16}, "plichtig"),
        ({"doelgroep": "gezinsmigrant", "aowLeeftijdBereikt": True}, "niet plichtig"),
        ({"doelgroep": "gezinsmigrant", "tijdelijkDoel": True}, "niet plichtig"),
        ({"doelgroep": "asielstatushouder", "tijdelijkDoel": True}, "plichtig"),
        ({"doelgroep": "gezinsmigrant", "euBurger": True}, "niet plichtig"),
        ({"doelgroep": "gezinsmigrant", "nederlandsDiploma": True}, "vrijgesteld"),
        ({}, "onbekend"),
    ],
)
def test_the_advice_on_the_plicht_follows_the_law_and_leaves_it_to_duo(feiten, advies):
    uitkomst = beslis("inburgeringsplicht", NIETS | feiten)
    assert uitkomst["advies"] == advies
    assert uitkomst["uitleg"].endswith("DUO beslist.")


@pytest.mark.parametrize(
    ("onderdeel", "doelgroep", "overig", "aanbieden"),
    [
        ("leerroute", "asielstatushouder", {}, True),
        ("leerroute", "gezinsmigrant", {}, False),
        ("MAP", "gezinsmigrant", {"leerroute": "B1"}, True),
        ("MAP", "asielstatushouder", {"leerroute": "onderwijsroute"}, False),
        ("PVT", "gezinsmigrant", {}, True),
        ("maatschappelijke begeleiding", "asielstatushouder", {}, True),
        ("maatschappelijke begeleiding", "gezinsmigrant", {}, False),
        (
            "ontzorgen",
            "asielstatushouder",
            {"verblijfsrecht": "asiel_bepaald", "bijstand": True},
            True,
        ),
        (
            "ontzorgen",
            "asielstatushouder",
            {"verblijfsrecht": "asiel_bepaald", "bijstand": False},
            False,
        ),
        (
            "ontzorgen",
            "asielstatushouder",
            {"verblijfsrecht": "regulier_bij_asiel", "bijstand": True},
            False,
        ),
        ("ontzorgen", "gezinsmigrant", {"bijstand": True}, False),
        ("participatie", "gezinsmigrant", {"bijstand": True}, True),
        ("participatie", "gezinsmigrant", {"bijstand": False}, False),
        ("participatie", "asielstatushouder", {"leerroute": "Z"}, True),
        ("iets anders", "gezinsmigrant", {}, None),
    ],
)
def test_what_the_gemeente_offers_differs_per_doelgroep(onderdeel, doelgroep, overig, aanbieden):
    leeg = {"leerroute": None, "verblijfsrecht": None, "bijstand": None}
    uitkomst = beslis(
        "aanbodplicht", leeg | {"onderdeel": onderdeel, "doelgroep": doelgroep} | overig
    )
    assert uitkomst["aanbieden"] is aanbieden


LEEG = {
    "onderwijswens": None,
    "kansOpDiploma": None,
    "lbtResultaat": None,
    "taalniveau": None,
    "alfabetisering": None,
    "zintuiglijkeBeperking": None,
}


@pytest.mark.parametrize(
    ("feiten", "advies"),
    [
        ({}, "B1"),
        ({"lbtResultaat": "haalbaar"}, "B1"),
        ({"lbtResultaat": "niet haalbaar"}, "Z"),
        ({"lbtResultaat": "B1-route niet haalbaar"}, "Z"),
        ({"lbtResultaat": "niet haalbaar", "alfabetisering": "A"}, "Z"),
        ({"lbtResultaat": "niet haalbaar", "taalniveau": "A2"}, "B1"),
        ({"lbtResultaat": "niet haalbaar", "zintuiglijkeBeperking": "visueel"}, "B1"),
        (
            {"lbtResultaat": "haalbaar", "onderwijswens": True, "kansOpDiploma": "groot"},
            "onderwijsroute",
        ),
        ({"lbtResultaat": "haalbaar", "onderwijswens": True, "kansOpDiploma": "klein"}, "B1"),
        ({"lbtResultaat": "haalbaar", "onderwijswens": False, "kansOpDiploma": "groot"}, "B1"),
        ({"lbtResultaat": "onbekend", "alfabetisering": "NVT"}, "B1"),
    ],
)
def test_the_advice_on_the_leerroute_starts_from_b1_and_says_why(feiten, advies):
    uitkomst = beslis("leerroute-advies", LEEG | feiten)
    assert uitkomst["advies"] == advies
    assert uitkomst["redenen"]
