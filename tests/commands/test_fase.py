"""What lists say of a dossier: its fase on the way, and when and why it closed."""

from datetime import timedelta

from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import queries, read

CASEMANAGER = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))
GECONTROLEERD = {
    "doelgroepDetail": "Asielstatushouder",
    "verblijfsrecht": "asiel_bepaald",
    "begindatumPlicht": "2026-01-02",
}


def lijst(route, status):
    found = read(
        route.store.sessions,
        lambda session: queries.dossiers(
            session, CASEMANAGER, queries.DossierFilter(status=status), route.now.date()
        ),
    )
    return [(rij.fase, rij.gesloten_op is not None) for rij in found.rijen]


def nazorg_klaar(route):
    route.given("p16_afronding", leerroute="B1")
    route.when_message("SS107", eindePlicht="2026-01-05")
    route.when_done("maak_nazorgplan", nazorgToestemming="nee")
    return route


def test_an_asielstatushouder_begins_in_the_azc(route):
    assert route.given("p00_doorlopende_lijn").dossier.fase == "AZC"


def test_a_gezinsmigrant_begins_with_the_brede_intake(route):
    route.given("p20_gezinsmigrant", doelgroep="gezinsmigrant")
    assert route.dossier.fase == "Brede intake"


def test_who_is_under_the_law_of_2013_is_in_the_ondertussengroep(route):
    route.given("p00_doorlopende_lijn")
    route.when_done(
        "controleer_inburgeringsplicht", plichtIndicator="plichtig", wet="Wi2013", **GECONTROLEERD
    )
    assert route.dossier.fase == "Ondertussengroep"
    assert lijst(route, "open") == [("Ondertussengroep", False)]


def test_who_has_no_duty_is_done_at_once(route):
    route.given("p00_doorlopende_lijn")
    route.when_done("controleer_inburgeringsplicht", plichtIndicator="niet plichtig")
    assert route.ended
    assert route.dossier.gesloten_reden == "De route is afgerond: Niet in deze route."
    assert lijst(route, "gesloten") == [("Afgerond", True)]


def test_after_nazorg_the_dossier_closes_and_its_route_waits_on(route):
    dossier = nazorg_klaar(route).dossier
    assert (dossier.gesloten_op, dossier.fase) == (route.now, "Afgerond")
    assert dossier.gesloten_reden == "De nazorg is afgesloten."
    assert not route.ended
    assert set(route.armed) == {"bewaartermijn_voorbij"}
    assert (lijst(route, "open"), lijst(route, "gesloten")) == ([], [("Afgerond", True)])
    assert list(route.ailments) == []


def test_the_taak_to_delete_comes_years_after_the_dossier_closed(route):
    gesloten_op = nazorg_klaar(route).dossier.gesloten_op
    route.when_moment_comes("bewaartermijn_voorbij")
    route.now += timedelta(hours=9)  # the day after five years has begun
    assert route.open == {("verwijder_gegevens", "teamleider", "Gemeente")}
    assert list(route.ailments) == []
    route.when_done("verwijder_gegevens", geenAndereReden=True)
    assert route.ended
    assert (route.dossier.gesloten_op, route.dossier.fase) == (gesloten_op, "Afgerond")
