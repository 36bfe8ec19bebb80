from datetime import UTC, date, datetime
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from routeflow import forms
from support.formulieren import formulier, opties, veld

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FORM = forms.load(
    formulier(
        veld("textfield", "naam", disabled=True),
        veld("select", "leerroute", disabled=True, values=[{"label": "B1-route", "value": "B1"}]),
        veld("datetime", "datum"),
        veld("number", "uren"),
        veld("checklist", "talen", **opties("Arabisch", "Tigrinya")),
        veld("textarea", "opmerking", properties={"bereik": "taak"}),
        veld("textfield", "alleenZ", hide='=leerroute != "Z"'),
        veld("textfield", "reden", hide="=uren > 3"),
        veld("dynamiclist", "rijen", components=[veld("number", "jaren")]),
    )
)
FEITEN = {
    "naam": "Samira",
    "leerroute": "B1",
    "datum": date(2026, 1, 5),
    "uren": Decimal("12.50"),
    "talen": ["Arabisch"],
    "opmerking": "van een andere taak",
    "rijen": [{"jaren": Decimal(4)}],
    "geheim": "niet van dit formulier",
}


def show(feiten=FEITEN, rauw=None, **rest):
    return forms.weergave(FORM, feiten, rauw, now=NOW, **rest)


def test_known_facts_are_shown_as_people_write_them():
    assert show().waarden == {
        "naam": "Samira",
        "leerroute": "B1-route",
        "datum": "05-01-2026",
        "uren": "12,5",
        "talen": ["Arabisch"],
        "opmerking": "",
        "alleenZ": "",
        "reden": "",
        "rijen": [{"jaren": "4"}],
    }


def test_only_facts_of_the_form_itself_are_known():
    assert set(forms.bekend(FORM, FEITEN)) == {
        "naam",
        "leerroute",
        "datum",
        "uren",
        "talen",
        "rijen",
    }


def test_what_was_typed_comes_before_what_is_known_right_or_wrong():
    rauw = MultiDict({"datum": "31-02-2026", "uren": "", "csrf_token": "t"})
    shown = show(rauw=rauw).waarden
    assert shown["datum"] == "31-02-2026"
    assert shown["uren"] == ""
    assert shown["talen"] == []


def test_facts_hide_fields_and_answers_of_this_form_do_not_yet():
    assert show().verborgen == {"alleenZ"}
    assert show({"leerroute": "Z"}).verborgen == set()
    assert show(weg=frozenset({"reden"})).verborgen == {"reden"}


def test_the_browser_gets_shown_facts_for_its_conditions_and_no_others():
    assert show().bekend == {"naam": "Samira", "leerroute": "B1"}


def test_a_row_is_added_taken_away_and_never_lost():
    rauw = MultiDict({"rijen[0].jaren": "4", "rijen[1].jaren": "x", "datum": "5-1-2026"})
    more = forms.wijzig_rijen(FORM, rauw | {"rij": "rijen:+"})
    assert more["datum"] == "5-1-2026"
    assert show(rauw=more).waarden["rijen"] == [{"jaren": "4"}, {"jaren": "x"}, {"jaren": ""}]
    assert show(rauw=more).nadruk == "rijen"
    less = forms.wijzig_rijen(FORM, rauw | {"rij": "rijen:-:0"})
    assert show(rauw=less).waarden["rijen"] == [{"jaren": "x"}]


def test_a_row_of_the_last_time_comes_back_without_what_is_asked_anew():
    lijst = veld(
        "dynamiclist", "betalingen",
        components=[
            veld("textfield", "waarvoor"),
            veld("datetime", "op", properties={"opnieuw": "ja"}),
        ],
    )  # fmt: skip
    form = forms.load(formulier(lijst))
    vorige = {"betalingen": [{"waarvoor": "huur", "op": date(2026, 2, 1)}]}
    begin = forms.weergave(form, vorige, now=NOW).waarden
    assert begin == {"betalingen": [{"waarvoor": "huur", "op": ""}]}
    getypt = MultiDict({"betalingen[0].waarvoor": "huur", "betalingen[0].op": "1-3-2026"})
    assert (
        forms.weergave(form, vorige, getypt, now=NOW).waarden["betalingen"][0]["op"] == "1-3-2026"
    )


def test_a_button_for_a_row_that_is_not_there_changes_nothing():
    rauw = MultiDict({"rijen[0].jaren": "4"})
    for pressed in ("rijen:-:7", "rijen:-:²", "naam:+", "", "rijen"):
        assert forms.wijzig_rijen(FORM, rauw | {"rij": pressed})["rijen"] == [{"jaren": "4"}]
    assert forms.wijzig_rijen(FORM, rauw) is None
