"""A step that comes back asks what happened this time, and never offers the last time as an answer."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from routeflow import forms

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOEN = date(2026, 1, 5)
FORMULIEREN = Path(__file__).parents[2] / "forms"


def begin(naam, feiten):
    formulier = forms.load((FORMULIEREN / f"{naam}.form").read_bytes())
    return forms.weergave(formulier, feiten, now=NOW).waarden


@pytest.mark.parametrize(
    ("naam", "vorige"),
    [
        ("bereid-voortgangsgesprek-voor", {"voortgangsgesprekUitnodiging": TOEN}),
        ("voer-voortgangsgesprek", {"routeRichting": "Z", "routeReden": "toen"}),
        ("zoek-contact-na-afwezigheid", {"nieuweGespreksdatum": TOEN}),
        ("pas-pip-aan", {"dagtekeningWijziging": TOEN, "wijzigingDoorgegevenOp": TOEN}),
        ("vraag-uitslag-op", {"examenOnderdeel": "LE", "examenResultaat": "Geslaagd"}),
        ("vraag-aan-bij-duo", {"ingediendOp": TOEN}),
        (
            "vraag-besluit-duo-op",
            {"besluitDuoOordeel": "Toekenning", "besluitDuoDatum": TOEN, "termijnEindExclusief": TOEN},
        ),
        ("meld-voortgang-onderwijs", {"aanwezigheidPercentage": 95}),
        ("houd-contact-ondertussengroep", {"maatwerkplanNodig": "nee"}),
    ],
)  # fmt: skip
def test_what_happened_the_last_time_is_asked_anew(naam, vorige):
    waarden = begin(naam, vorige)
    assert {key: waarden[key] for key in vorige} == dict.fromkeys(vorige, "")


def test_payments_come_back_as_last_month_but_for_the_day_on_which_they_were_made():
    huur = {"last": "huur", "bedrag": 540, "betaaldOp": TOEN, "ontvanger": "Intermaris"}
    assert begin("betaal-vaste-lasten", {"vasteLasten": [huur]})["vasteLasten"] == [
        {"last": "huur", "bedrag": "540", "betaaldOp": "", "ontvanger": "Intermaris"}
    ]
