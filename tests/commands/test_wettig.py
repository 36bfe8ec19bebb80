"""A sanction that the law does not allow is refused, also when the rules of the forms are gone."""

import json
from datetime import date, timedelta
from functools import cache
from uuid import uuid4

import pytest

from routeflow.errors import Conflict, Invalid, NotAllowed
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import transact
from routeflow.store.models import Taak
from routeflow.worker import run_due
from support.route import project_files

ZAAK = {
    "doelgroep": "gezinsmigrant",
    "gedraging": "Kom naar de les (1)",
    "gedragingDatum": date(2026, 1, 5),
    "plicht": "begeleiding",
    "toelichting": "Kwam twee keer niet.",
    "vermoedenMelder": "Kees",
}
OORDEEL = {
    "foutGemeenteOfPartner": "nee",
    "aanhoudendeOnwil": "geen asielstatushouder",
    "verlagingBijstand": "nee",
    "mateVanVerwijt": "normaal",
    "conclusie": "Past.",
    "boeteMag": True,
}
EERDER = {
    "gedraging": "Kom naar de les (1)",
    "plicht": "begeleiding",
    "bedrag": 25,
    "vastgesteld": date(2026, 1, 2),
    "bekendgemaakt": date(2026, 1, 3),
    "onherroepelijk": None,
    "herroepen": None,
}
HANDHAVER = Actor("Anouk", GEMEENTE, frozenset({Rol.HANDHAVER}))
BESLISSER = Actor("Marjan", GEMEENTE, frozenset({Rol.TEAMLEIDER}))


@cache
def zonder_regels(*vormen):
    """The set as somebody left it who took every rule out of the forms of the judgement.

    ``vormen``: and out of these.
    """
    files = dict(project_files())
    for naam in ("voer-sanctietoets-uit", "neem-besluit", "stuur-voornemen", *vormen):
        vorm = json.loads(files[f"forms/{naam}.form"])
        wacht = list(vorm["components"])
        while wacht:
            deel = wacht.pop()
            wacht += deel.get("components", ())
            for woord in ("regel", "regelTekst"):
                deel.get("properties", {}).pop(woord, None)
            deel.pop("conditional", None)
            if deel.get("key") in {"redenTochBoete", "redenOnwil", "nieuweTermijnDuoVanaf"}:
                deel.pop("validate", None)
        files[f"forms/{naam}.form"] = json.dumps(vorm).encode()
    return files


@pytest.fixture
def zaak(route):
    return lambda **feiten: route.given("p17b_sanctietoets", zonder_regels(), **(ZAAK | feiten))


def toets(route, uitkomst, **anders):
    route.when_done("voer_sanctietoets_uit", uitkomst=uitkomst, **(OORDEEL | anders))


def naar_besluit(route, **anders):
    toets(route, "boete", **anders)
    vandaag = route.now.date()
    route.when_done(
        "stuur_voornemen",
        boeteVoorstel=20,
        rapport=vandaag,
        voornemen=vandaag,
        voornemenBrief="Z-1",
        briefTaal="Engels",
        cautieGegeven=True,
    )
    route.now += timedelta(days=20)
    run_due(route.store, route.config, route.now)
    route.when_done(
        "beoordeel_zienswijze",
        zienswijzeOntvangen="nee",
        zienswijzeAdvies="doorgaan",
        weging="Niets gehoord.",
        toetsDoor="Hans",
    )


def besluit(route, keuze, **anders):
    gewoon = {"andereAmbtenaar": True, "motivering": "Past.", "boeteBedrag": 20}
    route.when_done("neem_besluit", by=BESLISSER, besluit=keuze, **(gewoon | anders))


@pytest.mark.parametrize(
    ("feiten", "antwoorden"),
    [
        pytest.param({}, {"verlagingBijstand": "ja"}, id="bijstand lowered for the same"),
        pytest.param({}, {"mateVanVerwijt": "geen"}, id="no blame"),
        pytest.param({"plicht": "examen"}, {}, id="what DUO enforces"),
        pytest.param(
            {"nalevingsbesluiten": [EERDER | {"soort": "boete"}]}, {}, id="fined for it before"
        ),
        pytest.param(
            {"nalevingsbesluiten": [EERDER | {"soort": "geen gevolg"}]},
            {},
            id="told that nothing follows",
        ),
        pytest.param(
            {"nalevingsbesluiten": [EERDER | {"soort": "maatregel Participatiewet"}]},
            {},
            id="a maatregel for it before",
        ),
        pytest.param({"doelgroep": "asielstatushouder"}, {}, id="asielstatushouder, no reason"),
    ],
)
def test_a_fine_that_the_law_does_not_allow_is_refused_at_the_review(
    route, zaak, feiten, antwoorden
):
    zaak(**feiten)
    with pytest.raises(Invalid):
        toets(route, "boete", **antwoorden)
    toets(route, "niets", **antwoorden)
    assert route.open_elements == {"bericht_geen_gevolg"}


@pytest.mark.parametrize("soort", ["boete", "geen gevolg"])
def test_a_maatregel_after_a_fine_or_after_the_word_that_nothing_follows_is_refused(
    route, zaak, soort
):
    zaak(nalevingsbesluiten=[EERDER | {"soort": soort}])
    with pytest.raises(Invalid, match="Deze sanctie kan niet"):
        toets(route, "maatregel Participatiewet")
    assert route.open_elements == {"voer_sanctietoets_uit"}


def test_a_maatregel_after_a_fine_that_was_taken_back_is_not_refused(route, zaak):
    zaak(nalevingsbesluiten=[EERDER | {"soort": "boete", "herroepen": date(2026, 1, 4)}])
    toets(route, "maatregel Participatiewet")
    assert "voer_sanctietoets_uit" not in route.open_elements


def test_an_amount_above_what_the_law_allows_is_refused_and_a_lower_one_is_not(route, zaak):
    zaak()
    naar_besluit(route)
    for te_veel in (800, 26):
        with pytest.raises(Invalid) as fout:
            besluit(route, "boete", boeteBedrag=te_veel)
        assert "hoogstens € 25 toe" in fout.value.fouten["boeteBedrag"]
    besluit(route, "boete", boeteBedrag=20)
    assert "maak_besluit_bekend" in route.open_elements


def test_an_amount_beside_another_choice_is_no_way_around(route, zaak):
    zaak()
    naar_besluit(route)
    with pytest.raises(Invalid):
        besluit(route, "maatwerk", boeteBedrag=800)
    assert route.open_elements == {"neem_besluit"}


def test_an_asielstatushouder_is_fined_with_the_reason_at_the_review_and_at_the_decision(
    route, zaak
):
    zaak(doelgroep="asielstatushouder")
    naar_besluit(route, aanhoudendeOnwil="ja", redenTochBoete="Bleef drie keer weg, zei waarom.")
    with pytest.raises(Invalid) as fout:
        besluit(route, "boete")
    assert "C-158/23" in fout.value.fouten["redenOnwil"]
    besluit(route, "boete", redenOnwil="Bewezen en aanhoudend.")
    assert "maak_besluit_bekend" in route.open_elements


def test_a_fine_is_not_told_after_the_word_that_nothing_follows(zaak):
    """Another review of the same gedraging came to an end between the decision and its letter."""
    route = zaak()
    naar_besluit(route)
    besluit(route, "boete")
    bekend = {
        "bekendmakingBoete": route.now.date(),
        "besluitBrief": "Z-2",
        "briefTaal": "Engels",
        "bezwaarclausule": True,
    }
    route.when_facts(nalevingsbesluiten=[EERDER | {"soort": "geen gevolg"}])
    with pytest.raises(Conflict, match="Awb artikel 5:43"):
        route.when_done("maak_besluit_bekend", by=BESLISSER, **bekend)
    assert [een["soort"] for een in route.facts["nalevingsbesluiten"]] == ["geen gevolg"]


def test_a_fine_after_a_maatregel_that_was_taken_back_is_told(zaak):
    route = zaak(
        nalevingsbesluiten=[
            EERDER | {"soort": "maatregel Participatiewet", "herroepen": date(2026, 1, 4)}
        ]
    )
    naar_besluit(route)
    besluit(route, "boete")
    route.when_done(
        "maak_besluit_bekend",
        by=BESLISSER,
        bekendmakingBoete=route.now.date(),
        besluitBrief="Z-2",
        briefTaal="Engels",
        bezwaarclausule=True,
    )
    assert [een["soort"] for een in route.facts["nalevingsbesluiten"]][1:] == ["boete"]


@pytest.mark.parametrize("keuze", ["boete", "maatregel Participatiewet"])
def test_while_another_review_must_tell_its_decision_the_same_omission_is_not_punished_again(
    zaak, keuze
):
    route = zaak()
    naar_besluit(route)
    besluit(route, "boete")
    kolommen = [kolom.key for kolom in Taak.__table__.columns if kolom.key != "version"]
    te_vertellen = {naam: getattr(route.taak("maak_besluit_bekend"), naam) for naam in kolommen}

    def naast(gedraging):
        """Let another review, called beside this one, have decided and not told it yet."""
        hier = {"id": uuid4(), "dossier_id": route.dossier_id}
        lokaal = {n: w for n, w in te_vertellen["lokaal"].items() if n != "gedraging"}
        hier["lokaal"] = lokaal | ({"gedraging": gedraging} if gedraging else {})
        transact(route.store.sessions, lambda s: s.add(Taak(**te_vertellen | hier)))

    for elders in (ZAAK["gedraging"], None):  # None: a diagram that does not hand it on
        zaak()
        naast(elders)
        with pytest.raises(Invalid) as fout:
            toets(route, keuze)
        assert "Over dezelfde gedraging is al beslist" in fout.value.fouten["uitkomst"]
    toets(route, "niets")
    zaak()
    naast("Kom naar de les (2)")
    toets(route, keuze)
    assert "voer_sanctietoets_uit" not in route.open_elements


def test_an_amount_counts_from_the_report_of_its_own_review_not_from_a_later_one_beside_it(zaak):
    """A fine of after this report is no repetition (Besluit art. 7.1 lid 3)."""
    route = zaak()
    naar_besluit(route)
    tussen = route.now.date() - timedelta(days=5)
    andere = {"gedraging": "Kom naar de les (2)", "soort": "boete", "onherroepelijk": tussen}
    route.when_facts(
        rapport=route.now.date(), nalevingsbesluiten=[EERDER | andere | {"vastgesteld": tussen}]
    )
    with pytest.raises(Invalid) as fout:
        besluit(route, "boete", boeteBedrag=40)
    assert fout.value.fouten["boeteBedrag"].startswith("De wet staat hier hoogstens € 25 toe.")
    besluit(route, "boete", boeteBedrag=25)
    assert "maak_besluit_bekend" in route.open_elements


INTREKKEN = {"besluitIntrekken": True, "intrekkingReden": "Een andere toets eindigde in niets."}


def test_a_fine_that_cannot_be_told_any_more_is_withdrawn_with_a_reason_and_a_letter(zaak):
    route = zaak()
    naar_besluit(route)
    besluit(route, "boete")
    route.when_facts(nalevingsbesluiten=[EERDER | {"soort": "geen gevolg"}])
    with pytest.raises(Invalid) as fout:
        route.when_done("maak_besluit_bekend", by=BESLISSER, besluitIntrekken=True)
    assert list(fout.value.fouten) == ["intrekkingReden"]
    route.when_done("maak_besluit_bekend", by=BESLISSER, **INTREKKEN)
    assert "taak voltooid" in {een.wat for een in route.journal[-2:]}
    assert route.open_elements == {"bericht_geen_gevolg"}
    route.when_done("bericht_geen_gevolg", geenGevolgVerzonden=route.now.date(), briefTaal="Engels")
    eerder, laatste = route.facts["nalevingsbesluiten"]
    assert (eerder["soort"], laatste["soort"]) == ("geen gevolg", "geen gevolg")
    assert laatste["reden"] == INTREKKEN["intrekkingReden"]
    assert laatste["bekendgemaakt"] == route.now.date()
    assert "bekendmakingBoete" not in route.facts
    assert route.ailments == []


def test_a_decision_is_withdrawn_too_while_duo_has_exempted_the_inburgeraar(zaak):
    route = zaak()
    naar_besluit(route)
    besluit(route, "boete")
    route.when_facts(tijdelijkVrijgesteld="ja")
    route.when_done("maak_besluit_bekend", by=BESLISSER, **INTREKKEN)
    assert "bericht_geen_gevolg" in route.open_elements


def test_who_withdraws_a_decision_cannot_tell_it_with_the_same_answers(route):
    route.given("p17b_sanctietoets", zonder_regels("maak-besluit-bekend"), **ZAAK)
    naar_besluit(route)
    besluit(route, "boete")
    route.when_facts(nalevingsbesluiten=[EERDER | {"soort": "geen gevolg"}])
    bekend = {
        "bekendmakingBoete": route.now.date(),
        "besluitBrief": "Z-2",
        "briefTaal": "Engels",
        "bezwaarclausule": True,
        "nieuweTermijnIntake": route.now.date() + timedelta(days=10),
    }
    with pytest.raises(Conflict, match="Awb artikel 5:43"):
        route.when_done("maak_besluit_bekend", by=BESLISSER, **INTREKKEN, **bekend)
    assert [een["soort"] for een in route.facts["nalevingsbesluiten"]] == ["geen gevolg"]


def test_only_who_may_tell_a_decision_may_withdraw_it(zaak):
    route = zaak()
    naar_besluit(route)
    besluit(route, "boete")
    with pytest.raises(NotAllowed):
        route.when_done("maak_besluit_bekend", by=HANDHAVER, **INTREKKEN)
