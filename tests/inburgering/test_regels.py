"""Asking the register for a period: facts, agreements, the overview of a dossier, the command line."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from routeflow.errors import Invalid
from routeflow.inburgering import regels
from routeflow.inburgering.regels import Afspraak, overzicht, termijn

KENNISGEVING = {"kennisgeving": date(2026, 2, 16)}
RIJ = {"vanaf": "taak", "aantal": Decimal(5), "eenheid": "werkdagen", "grond": "Werkafspraak"}


def stand(naam, feiten, vandaag=date(2026, 4, 1), **overig):
    return {een.naam: een for een in overzicht(feiten, vandaag=vandaag, **overig)}[naam]


@pytest.mark.parametrize(
    "feiten",
    [
        {"kennisgeving": date(2026, 2, 16)},
        {"datumKennisgeving": date(2026, 2, 16)},
        {"datum_kennisgeving": "2026-02-16"},
        {"datumKennisgeving": {"@type": "date", "@value": "2026-02-16"}},
        {"kennisgeving": datetime(2026, 2, 15, 23, 30, tzinfo=UTC)},
        {"kennisgeving": None, "datumKennisgeving": "2026-02-16"},
    ],
)
def test_a_fact_is_found_in_every_spelling_and_shape(feiten):
    assert termijn("pip", feiten).laatste_dag() == date(2026, 4, 28)


def test_while_the_start_fact_is_unknown_there_is_no_period():
    assert termijn("pip", {}) is None
    assert termijn("inburgeringstermijn", {"leerroute": "B1"}) is None


def test_an_asielstatushouder_who_is_not_registered_yet_has_no_period_for_the_pip():
    feiten = KENNISGEVING | {"doelgroep": "asielstatushouder"}
    assert termijn("pip", feiten) is None
    assert stand("pip", feiten).status == "wacht op inschrijving in de BRP"


def test_a_new_pip_does_not_move_the_inburgeringstermijn():
    eerst = termijn("inburgeringstermijn", {"termijnStart": date(2026, 3, 11)})
    later = {"termijnStart": date(2026, 3, 11), "dagtekening": date(2027, 6, 1)}
    assert termijn("inburgeringstermijn", later) == eerst


def test_an_agreement_counts_from_the_day_the_taak_opened_in_the_netherlands():
    geopend = datetime(2026, 3, 26, 23, 30, tzinfo=UTC)  # Friday 27 March, half past midnight
    gevonden = termijn("lbt", {}, afspraken=lambda _: RIJ, geopend=geopend)
    assert gevonden.na == date(2026, 3, 27)
    assert gevonden.laatste_dag() == date(2026, 4, 7)
    assert gevonden.grond == "Werkafspraak"


def test_an_agreement_counts_from_a_fact_in_any_spelling_or_waits_for_it():
    rij = RIJ | {"vanaf": "brpDatum", "aantal": 2, "eenheid": "weken"}
    assert termijn("x", {}, afspraken=lambda _: rij) is None
    gevonden = termijn("x", {"inschrijving_brp": date(2026, 4, 13)}, afspraken=lambda _: rij)
    assert gevonden.laatste_dag() == date(2026, 4, 28)  # Koningsdag: moved by agreement
    assert gevonden.atw is False


def test_an_agreement_counts_from_a_fact_that_only_the_diagram_knows():
    rij = RIJ | {"vanaf": "sleutelDatum"}
    feiten = {"lijst": ["a"], "sleutelDatum": date(2026, 6, 1)}
    gevonden = termijn("brp", feiten, afspraken=lambda _: rij)
    assert gevonden.laatste_dag() == date(2026, 6, 8)


def test_an_agreement_counts_back_from_a_period_of_the_law():
    verslag = Afspraak("verslag", "termijn:pip", -2, "weken", "Werkafspraak")
    assert termijn("verslag", KENNISGEVING, afspraken=[verslag]).laatste_dag() == date(2026, 4, 14)
    assert termijn("verslag", {}, afspraken=[verslag]) is None


def test_an_agreement_of_months_and_one_that_counts_back_do_not_move():
    rij = RIJ | {"vanaf": "dagtekening", "eenheid": "maanden", "aantal": 6}
    feiten = {"dagtekening": date(2025, 10, 27)}
    assert termijn("x", feiten, afspraken=lambda _: rij).laatste_dag() == date(2026, 4, 27)
    terug = rij | {"eenheid": "weken", "aantal": -1, "vanaf": "termijn:x"}
    tabel = {"x": rij, "y": terug}
    assert termijn("y", feiten, afspraken=tabel.get).laatste_dag() == date(2026, 4, 20)


def test_an_agreement_of_no_days_is_that_very_day_and_one_of_a_day_moves_off_the_weekend():
    zaterdag = datetime(2026, 6, 6, 12, tzinfo=UTC)
    op_de_dag, erna = (
        termijn("x", {}, afspraken=lambda _, rij=rij: rij, geopend=zaterdag).laatste_dag()
        for rij in (RIJ | {"aantal": aantal, "eenheid": "dagen"} for aantal in (0, 1))
    )
    assert (op_de_dag, erna) == (date(2026, 6, 6), date(2026, 6, 8))


def test_the_law_wins_from_an_agreement_with_its_name():
    assert regels.is_wet("pip")
    afspraken = [Afspraak("pip", "kennisgeving", 1, "dagen", "Werkafspraak")]
    assert termijn("pip", KENNISGEVING, afspraken=afspraken).grond == "Besluit 5.3 lid 1"


@pytest.mark.parametrize("fout", [Invalid, ValueError])
def test_a_name_that_is_nowhere_is_refused_for_people_and_for_feel(fout):
    with pytest.raises(fout, match="bestaat niet"):
        termijn("onbekend", KENNISGEVING)


def test_agreements_in_a_circle_are_refused():
    kring = {"a": RIJ | {"vanaf": "termijn:b"}, "b": RIJ | {"vanaf": "termijn:a"}}
    with pytest.raises(Invalid, match="kring"):
        termijn("a", {}, afspraken=kring.get)


@pytest.mark.parametrize(
    "wijziging", [{"eenheid": "jaren?"}, {"aantal": None}, {"aantal": "veel"}, {"vanaf": ...}]
)
def test_a_row_that_cannot_be_counted_is_refused(wijziging):
    rij = RIJ | wijziging
    if wijziging == {"vanaf": ...}:
        del rij["vanaf"]
    with pytest.raises(Invalid, match="werkafspraak x is niet te lezen"):
        termijn("x", {}, afspraken=lambda _: rij, geopend=date(2026, 1, 1))


def test_a_day_equated_by_decree_moves_an_agreement_that_counts_from_the_law():
    dag = date(2026, 4, 28)
    rij = RIJ | {"vanaf": "termijn:pip", "aantal": 0, "eenheid": "dagen"}
    gevonden = termijn("x", KENNISGEVING, afspraken=lambda _: rij, gelijkgesteld={dag})
    assert gevonden.na == date(2026, 4, 29)


@pytest.mark.parametrize(
    ("vandaag", "status"),
    [(date(2026, 2, 16), "loopt"), (date(2026, 4, 28), "loopt"), (date(2026, 4, 29), "verlopen")],
)
def test_a_period_runs_until_its_last_day_is_over(vandaag, status):
    assert stand("pip", KENNISGEVING, vandaag).status == status


def test_a_period_is_gehaald_when_its_end_fact_is_known_and_says_whether_in_time():
    op_tijd = stand("pip", KENNISGEVING | {"dagtekening": date(2026, 4, 28)})
    te_laat = stand("pip", KENNISGEVING | {"dagtekening": date(2026, 4, 29)})
    assert (op_tijd.status, op_tijd.op_tijd) == ("gehaald", True)
    assert (te_laat.status, te_laat.op_tijd) == ("gehaald", False)


def test_an_empty_dossier_says_what_it_waits_for():
    wacht = {een.naam: een.status for een in overzicht({}, vandaag=date(2026, 1, 1))}
    assert wacht == {
        "pip": "wacht op kennisgeving van DUO",
        "ontzorgen": "wacht op ingang van de bijstand",
        "inburgeringstermijn": "wacht op dagtekening van het PIP",
        "aanbod": "wacht op dagtekening van het PIP",
    }


def test_a_gezinsmigrant_has_no_aanbod_and_no_ontzorgen():
    feiten = KENNISGEVING | {"doelgroep": "gezinsmigrant", "dagtekening": date(2026, 3, 10)}
    namen = {een.naam for een in overzicht(feiten, vandaag=date(2026, 4, 1))}
    assert namen == {
        "pip", "inburgeringstermijn", "pvt", "map", "route_switch", "verlengingsvenster",
    }  # fmt: skip


def test_in_the_onderwijsroute_the_start_counts_instead_of_the_aanbod():
    feiten = {"leerroute": "onderwijsroute", "dagtekening": date(2026, 3, 10)}
    namen = {een.naam for een in overzicht(feiten, vandaag=date(2026, 4, 1))}
    assert "onderwijsroute_start" in namen
    assert "aanbod" not in namen


@pytest.mark.parametrize(
    ("vandaag", "status"),
    [
        (date(2028, 9, 10), "wacht op 11-9-2028"),
        (date(2028, 9, 11), "loopt"),
        (date(2029, 3, 10), "loopt"),
        (date(2029, 3, 11), "verlopen"),
    ],
)
def test_the_window_for_an_extension_opens_and_closes(vandaag, status):
    venster = stand("verlengingsvenster", {"dagtekening": date(2026, 3, 10)}, vandaag)
    assert venster.status == status
    assert (venster.begin, venster.uiterlijk) == (date(2028, 9, 11), date(2029, 3, 10))


def test_the_overview_shows_the_earlier_day_that_was_agreed():
    rij = RIJ | {"vanaf": "termijn:pip", "aantal": -2, "eenheid": "weken"}
    gevonden = stand("pip", KENNISGEVING, afspraken={"pip_opstellen": rij}.get)
    assert gevonden.streefdatum == date(2026, 4, 14)
    assert stand("pip", KENNISGEVING).streefdatum is None


def test_the_command_line_gets_the_whole_count():
    antwoord = regels.bereken("pip", {"kennisgeving": "2026-02-16"})
    assert antwoord["begin"] == "2026-02-17"
    assert antwoord["overgeslagen"] == [{"dag": "2026-04-27", "reden": "Koningsdag"}]
    assert antwoord["atw"] is True
    assert "algemene maatregel van bestuur" in antwoord["atw_reden"]
    assert "einddatum_exclusief" not in antwoord


def test_the_inburgeringstermijn_also_gives_the_exclusive_end_that_duo_uses():
    antwoord = regels.bereken("inburgeringstermijn", {"dagtekening": "2026-03-10"})
    assert antwoord["begin"] == "2026-03-11"
    assert antwoord["laatste_dag"] == "2029-03-10"
    assert antwoord["einddatum_exclusief"] == "2029-03-11"
    assert antwoord["atw"] is False


@pytest.mark.parametrize(
    ("naam", "feiten", "zin"),
    [
        ("onbekend", {}, "bestaat niet. Bekend: pip"),
        ("pip", {}, "feit kennisgeving nodig. Bekende feiten: kennisgeving"),
        ("pip", {"inschrijving_brp": "2026-01-05"}, "feit kennisgeving nodig"),
        (
            "pip",
            {"kennisgeving": "2026-02-16", "doelgroep": "asielstatushouder"},
            "inschrijving_brp",
        ),
        ("pip", {"kennisgevng": "2026-02-16"}, "kent het feit 'kennisgevng' niet. Bekende feiten"),
        (
            "pip",
            {"kennisgeving": "16-02-2026"},
            "is een datum zoals 2026-02-16. Bekende feiten van pip: kennisgeving",
        ),
        ("pip", {"kennisgeving": "2026-02-30"}, "datum zoals"),
        ("pip", {"kennisgeving": "2026-02-161"}, "datum zoals"),
        ("pip", {"kennisgeving": 20260216}, "datum zoals"),
        ("pip", {"kennisgeving": "9999-12-31"}, "jaar 9999"),
        ("pip", {"kennisgeving": "0026-02-16"}, "jaar 26"),
        ("pip", {"kennisgeving": "2026-02-16", "doelgroep": 7}, "is een tekst"),
        ("besluit_bezwaar", {"bekendmaking": "2026-02-16", "commissie": "soms"}, "ja of nee"),
        ("inburgeringstermijn", {}, "feit dagtekening nodig"),
    ],
)
def test_a_wrong_question_is_refused_with_the_known_facts(naam, feiten, zin):
    with pytest.raises(Invalid, match=r"feit|Feit|bestaat") as fout:
        regels.bereken(naam, feiten)
    assert zin in str(fout.value)


@pytest.mark.parametrize("regel", regels.REGELS.values(), ids=lambda regel: regel.naam)
def test_every_rule_names_its_article_its_text_and_facts_that_exist(regel):
    assert regel.artikel
    assert regel.tekst
    assert regel.label
    assert set(regel.feiten) <= set(regels.FEITEN)
    assert regel.einde is None or regel.einde in regels.FEITEN
    assert regel.functie.__doc__


def nummers(tekst):
    return set(re.findall(r"\d+(?:[:.]\d+)?[a-z]?", tekst))


@pytest.mark.parametrize("regel", regels.REGELS.values(), ids=lambda regel: regel.naam)
def test_the_article_that_a_rule_names_is_the_one_that_its_period_is_counted_by(regel):
    feiten = {naam: date(2026, 3, 2) for groep in regel.nodig for naam in groep}
    gevonden = regel.toepassen(feiten | {"doelgroep": "gezinsmigrant"})
    zonder_lid = nummers(re.sub(r"lid \d+( en \d+)*", "", gevonden.grond))
    assert zonder_lid
    assert zonder_lid <= nummers(regel.artikel)


def test_under_the_law_of_2013_only_how_long_the_dossier_is_kept_counts():
    feiten = {"dagtekening": date(2026, 1, 5), "eindePlicht": date(2026, 6, 1), "wet": "Wi2013"}
    gevonden = regels.overzicht(feiten, vandaag=date(2026, 7, 1))
    assert [stand.naam for stand in gevonden] == ["bewaartermijn"]


def test_a_period_that_has_not_begun_waits_whatever_was_decided_about_it():
    stil = {
        "termijn": "pip",
        "soort": "opschorting",
        "van": date(2026, 3, 2),
        "tot": None,
        "grond": "Awb art. 4:15",
    }
    assert stand("pip", {"termijnIngrepen": [stil]}).status == "wacht op kennisgeving van DUO"


def test_who_moved_away_has_no_terms_of_this_gemeente_any_more():
    feiten = {"dagtekening": date(2026, 1, 5), "leerroute": "B1", "eindePlicht": date(2026, 6, 1)}
    assert len(regels.overzicht(feiten, vandaag=date(2026, 7, 1))) > 1
    weg = regels.overzicht({**feiten, "dossierEinde": "verhuisd"}, vandaag=date(2026, 7, 1))
    assert [stand.naam for stand in weg] == ["bewaartermijn"]


def test_a_loan_paid_off_before_the_plicht_ended_never_shortens_how_long_is_kept():
    einde = date(2029, 3, 10)
    gewoon = regels.artikelen.bewaartermijn(einde)
    assert regels.artikelen.bewaartermijn(einde, None, date(2027, 5, 1)) == gewoon
    assert regels.artikelen.bewaartermijn(einde, None, einde) == gewoon


@pytest.mark.parametrize(("einde", "blijft"), [(14, False), (15, True)])
def test_a_period_that_ended_on_the_very_day_of_the_plicht_ended_with_it(einde, blijft):
    laatste = date(2026, 7, 14)
    feiten = {"eindePlicht": date(2026, 7, einde)}
    assert regels.loopt_door(regels.REGELS["ontzorgen"], feiten, laatste) is blijft
