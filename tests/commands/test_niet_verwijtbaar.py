"""A step that is a right of the inburgeraar: who leaves it, is helped and never reported."""

from datetime import date, timedelta

import pytest

from routeflow.errors import Conflict
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.worker import run_due

CASEMANAGER = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))
TERMIJN = {
    "leerroute": "B1",
    "dagtekening": date(2026, 3, 10),
    "termijnStart": date(2026, 3, 11),
    "termijnEindExclusief": date(2029, 3, 11),
}


def test_no_suspicion_can_be_reported_of_an_extension_that_was_not_asked(route):
    route.given("p18_verlenging", doelgroep="asielstatushouder", **TERMIJN)
    route.when_message("verzoek_verlenging")
    run_due(route.store, route.config, route.now)
    route.when_done(
        "bespreek_verlenging",
        datum=route.now.date().isoformat(),
        verlengingSoort="ontheffing medisch",
    )
    aanvraag = route.taak("vraag_aan_bij_duo")
    assert aanvraag.houder == "inburgeraar"
    route.now += timedelta(days=60)
    with pytest.raises(Conflict, match="recht van de inburgeraar"):
        route.when_suspected(
            "vraag_aan_bij_duo", by=CASEMANAGER, plicht="leerroute", toelichting="Deed niets."
        )
