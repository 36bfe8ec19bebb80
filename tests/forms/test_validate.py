from datetime import UTC, date, datetime, time
from decimal import Decimal
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from routeflow import forms
from routeflow.errors import Invalid
from support.formulieren import formulier, opties, veld

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
YES_NO = [{"label": "Ja", "value": True}, {"label": "Nee", "value": False}]


def answer(form, rauw, feiten=None, **rest):
    return forms.validate(forms.load(form), rauw, feiten or {}, now=NOW, **rest)


def post(**waarden):
    """What a browser would send."""
    pairs = [
        (naam, deel)
        for naam, waarde in waarden.items()
        for deel in (waarde if isinstance(waarde, list) else [waarde])
    ]
    return MultiDict(pairs)


def refused(form, rauw, feiten=None, **rest):
    with pytest.raises(Invalid) as caught:
        answer(form, rauw, feiten, **rest)
    return caught.value.fouten


@pytest.mark.parametrize(
    ("een", "getypt", "als_json", "waarde"),
    [
        (veld("textfield", "x"), " Samira  ", "Samira", "Samira"),
        (veld("textarea", "x"), "een\r\ntwee", "een\ntwee", "een\ntwee"),
        (veld("number", "x"), "1.500,25", 1500.25, Decimal("1500.25")),
        (veld("number", "x", decimalDigits=0), "12", 12, Decimal(12)),
        (veld("checkbox", "x"), "true", True, True),
        (veld("radio", "x", **opties("ja", "nee")), "nee", "nee", "nee"),
        (veld("radio", "x", values=YES_NO), "false", False, False),
        (veld("select", "x", **opties(1, 2)), "2", 2, Decimal(2)),
        (veld("checklist", "x", **opties("a", "b", "c")), ["c", "a"], ["c", "a"], ["a", "c"]),
        (veld("datetime", "x"), "5-1-2026", "2026-01-05", date(2026, 1, 5)),
        (
            veld("datetime", "x"),
            "05012026",
            {"@type": "date", "@value": "2026-01-05"},
            date(2026, 1, 5),
        ),
        (veld("datetime", "x", subtype="time"), "9:30", "09:30:00", time(9, 30)),
        (
            veld("datetime", "x", subtype="datetime"),
            "05-01-2026 09:30",
            "2026-01-05T09:30:00+01:00",
            datetime(2026, 1, 5, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam")),
        ),
        (
            veld("textfield", "x", validate={"validationType": "email"}),
            "a@b.nl",
            "a@b.nl",
            "a@b.nl",
        ),
        (
            veld("textfield", "x", properties={"soort": "bsn"}),
            "1234.56.782",
            "123456782",
            "123456782",
        ),
        (veld("textfield", "x", properties={"soort": "postcode"}), "1441ab", "1441 AB", "1441 AB"),
        (veld("filepicker", "x"), "verslag.pdf", "verslag.pdf", "verslag.pdf"),
    ],
)
def test_a_browser_and_a_program_give_the_same_answer(een, getypt, als_json, waarde):
    assert answer(formulier(een), post(x=getypt)).feiten == {"x": waarde}
    assert answer(formulier(een), {"x": als_json}).feiten == {"x": waarde}


@pytest.mark.parametrize(
    ("een", "waarde", "zin"),
    [
        (veld("textfield", "x", verplicht=True), "  ", "Vul “X” in."),
        (veld("checkbox", "x", verplicht=True), "", "Kruis “X” aan."),
        (veld("radio", "x", verplicht=True, **opties("ja")), "", "Kies een antwoord bij “X”."),
        (veld("radio", "x", **opties("ja")), "nee", "Kies bij “X” een van de antwoorden."),
        (veld("checklist", "x", **opties("a", "b")), ["z"], "Kies bij “X” een van de antwoorden."),
        (veld("datetime", "x"), "31-02-2026", "bestaande datum"),
        (veld("datetime", "x"), "02-03-0026", "bestaande datum"),
        (veld("datetime", "x", disallowPassedDates=True), "01-03-2026", "niet voor vandaag"),
        (veld("datetime", "x", subtype="time"), "25:00", "Vul bij “X” een tijd in"),
        (veld("number", "x"), "veel", "moet een getal zijn"),
        (veld("number", "x"), "1.500", "zonder punt"),
        (veld("number", "x", decimalDigits=0), "1,5", "een heel getal"),
        (veld("number", "x", decimalDigits=1), "1,25", "hooguit 1 cijfers achter de komma"),
        (veld("number", "x", validate={"min": 1.5}), "1", "“X” moet 1,5 of meer zijn."),
        (veld("number", "x", validate={"max": 12}), "13", "“X” mag hooguit 12 zijn."),
        (veld("textfield", "x", validate={"minLength": 3}), "ab", "minstens 3 tekens"),
        (veld("textfield", "x", validate={"maxLength": 3}), "abcd", "hooguit 3 tekens"),
        (veld("textfield", "x", validate={"pattern": "^[A-Z]+$"}), "abc", "niet goed geschreven"),
        (veld("textfield", "x", validate={"validationType": "email"}), "a@b", "e-mailadres"),
        (veld("textfield", "x", properties={"soort": "bsn"}), "123456789", "burgerservicenummer"),
        (veld("textfield", "x", properties={"soort": "postcode"}), "0000 AA", "postcode"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_that_says_what_to_do(een, waarde, zin):
    assert zin in refused(formulier(een), post(x=waarde))["x"]


@pytest.mark.parametrize(
    ("een", "waarde"),
    [
        (veld("textfield", "x"), 12),
        (veld("number", "x"), True),
        (veld("number", "x"), float("inf")),
        (veld("number", "x"), 10**400),
        (veld("checkbox", "x"), "misschien"),
        (veld("checklist", "x", **opties("a")), "a"),
        (veld("radio", "x", **opties(1)), bool(1)),
        (veld("datetime", "x"), "05-01"),
        (veld("dynamiclist", "x", components=[veld("textfield", "y")]), ["a"]),
    ],
)
def test_a_program_must_send_the_right_type(een, waarde):
    assert set(refused(formulier(een), {"x": waarde})) == {"x"}


def test_a_box_that_is_not_ticked_is_the_answer_no():
    assert answer(formulier(veld("checkbox", "x")), post(csrf_token="t")).feiten == {"x": False}


def test_names_that_a_program_makes_up_are_refused_and_those_of_a_browser_ignored():
    form = formulier(veld("textfield", "x"))
    assert "geen veld 'y'" in refused(form, {"x": "a", "y": "b"})["y"]
    assert answer(form, post(x="a", y="b", csrf_token="t")).feiten == {"x": "a"}


def test_what_is_only_shown_is_never_taken_over():
    form = formulier(
        veld("textfield", "naam", disabled=True), veld("textfield", "nummer", readonly=True)
    )
    assert answer(form, post(naam="Ander", nummer="9"), {"naam": "Samira"}).feiten == {}
    assert answer(form, {"naam": "Ander"}, {"naam": "Samira"}).feiten == {}


def test_answers_of_a_taak_stay_with_the_taak():
    form = formulier(
        veld("textfield", "leerroute"),
        veld("textarea", "opmerking", properties={"bereik": "taak"}),
    )
    gegeven = answer(form, post(leerroute="B1", opmerking="goed gesprek"))
    assert gegeven.feiten == {"leerroute": "B1"}
    assert gegeven.taak == {"opmerking": "goed gesprek"}


def test_a_hidden_field_is_not_asked_and_not_taken_over():
    form = formulier(
        veld("radio", "verschenen", **opties("ja", "nee")),
        veld("textfield", "reden", verplicht=True, hide='=verschenen = "ja"'),
    )
    assert answer(form, post(verschenen="ja", reden="x")).feiten == {"verschenen": "ja"}
    assert "reden" in refused(form, post(verschenen="nee", reden=""))


def test_what_a_hidden_group_holds_is_hidden_with_it():
    inside = [veld("textfield", "x", verplicht=True)]
    group = {"type": "group", "conditional": {"hide": '=leerroute = "Z"'}, "components": inside}
    assert answer(formulier(group), post(x="a"), {"leerroute": "Z"}).feiten == {}


def test_a_field_that_hides_because_of_a_hidden_field_is_hidden_too():
    form = formulier(
        veld("radio", "a", **opties("ja", "nee")),
        veld("radio", "b", hide='=a = "nee"', **opties("ja", "nee")),
        veld("textfield", "c", verplicht=True, hide='=b != "ja"'),
    )
    assert answer(form, post(a="nee", b="ja", c="")).feiten == {"a": "nee"}


def test_ticks_of_which_none_is_set_are_an_empty_list_for_a_condition():
    form = formulier(
        veld("checklist", "talen", **opties("Arabisch", "Tigrinya")),
        veld(
            "textfield",
            "tolk",
            verplicht=True,
            hide='=not(list contains(talen, "Tigrinya"))',
        ),
    )
    assert answer(form, post(talen=[])).feiten == {}
    assert refused(form, post(talen=["Tigrinya"])) == {"tolk": "Vul “Tolk” in."}


def test_ticks_that_are_out_of_view_are_not_known_to_a_condition():
    form = formulier(
        veld("radio", "wil", **opties("ja", "nee")),
        veld("checklist", "talen", hide='=wil = "nee"', **opties("Arabisch")),
        veld("textfield", "tolk", hide="=talen = null"),
    )
    assert answer(form, post(wil="nee", talen=["Arabisch"], tolk="x")).feiten == {"wil": "nee"}
    assert answer(form, post(wil="ja", tolk="x")).feiten == {"wil": "ja", "tolk": "x"}


@pytest.mark.parametrize("hide", ["=termin(leerroute) > 3", '=leerroute + 1 = "x"', "=leerroute"])
def test_a_condition_that_cannot_be_evaluated_shows_the_field_and_is_reported(hide):
    form = formulier(veld("textfield", "x", hide=hide))
    gegeven = answer(form, post(x="a"), {"leerroute": "B1"})
    assert gegeven.feiten == {"x": "a"}
    assert len(gegeven.incidenten) == 1


def test_a_condition_that_is_not_feel_shows_the_field_and_is_reported():
    gegeven = answer(formulier(veld("textfield", "x", hide='=a = "')), post(x="a"))
    assert gegeven.feiten == {"x": "a"}
    assert "is niet te bepalen" in gegeven.incidenten[0]


def test_a_condition_on_something_that_is_not_known_yet_is_no_incident():
    gegeven = answer(formulier(veld("textfield", "x", hide="=uren > 10")), post(x="a"))
    assert gegeven.feiten == {"x": "a"}
    assert gegeven.incidenten == ()


RULE = {"regel": "=dagtekening >= brpDatum", "regelTekst": "Het PIP kan niet voor de inschrijving."}


def test_a_rule_between_fields_and_facts_is_held():
    form = formulier(veld("datetime", "dagtekening", properties=RULE))
    brp = {"brpDatum": date(2026, 1, 5)}
    assert refused(form, post(dagtekening="04-01-2026"), brp) == {"dagtekening": RULE["regelTekst"]}
    assert answer(form, post(dagtekening="05-01-2026"), brp).incidenten == ()
    assert answer(form, post(dagtekening="05-01-2026")).incidenten == ()


def test_a_rule_may_ask_today_and_the_functions_of_the_house():
    rule = {"regel": '=x <= today() and x <= termijn("pip")', "regelTekst": "Te laat."}
    form = formulier(veld("datetime", "x", properties=rule))
    functions = {"termijn": lambda naam: date(2026, 3, 1) if naam == "pip" else None}
    assert answer(form, {"x": "2026-03-01"}, functions=functions).feiten == {"x": date(2026, 3, 1)}
    assert refused(form, {"x": "2026-03-02"}, functions=functions) == {"x": "Te laat."}


ROWS = formulier(
    veld(
        "dynamiclist",
        "opleidingen",
        label="Opleiding",
        verplicht=True,
        components=[
            veld("textfield", "land", verplicht=True),
            veld("number", "jaren", decimalDigits=0),
            veld("textfield", "diploma", verplicht=True, hide="=jaren < 4"),
        ],
    )
)


def test_rows_are_read_from_a_browser_in_their_order_and_empty_ones_left_out():
    rauw = MultiDict(
        {
            "opleidingen[10].land": "Syrië",
            "opleidingen[10].jaren": "2",
            "opleidingen[2].land": "Eritrea",
            "opleidingen[2].jaren": "6",
            "opleidingen[2].diploma": "mbo",
            "opleidingen[3].land": " ",
        }
    )
    assert answer(ROWS, rauw).feiten == {
        "opleidingen": [
            {"land": "Eritrea", "jaren": Decimal(6), "diploma": "mbo"},
            {"land": "Syrië", "jaren": Decimal(2)},
        ]
    }


def test_errors_in_rows_are_named_by_row():
    rows = [{"land": "Syrië", "jaren": 2}, {"jaren": 5.5, "plaats": "x"}]
    assert set(refused(ROWS, {"opleidingen": rows})) == {
        "opleidingen[1].plaats",
        "opleidingen[1].land",
        "opleidingen[1].jaren",
        "opleidingen[1].diploma",
    }
    assert refused(ROWS, post(x="")) == {"opleidingen": "Vul bij “Opleiding” minstens één rij in."}


def test_a_program_may_leave_out_what_is_known():
    form = formulier(veld("textfield", "naam", verplicht=True), veld("textfield", "x"))
    assert answer(form, {"x": "a"}, {"naam": "Samira"}).feiten == {"x": "a"}
    assert set(refused(form, {"naam": None}, {"naam": "Samira"})) == {"naam"}


def test_a_fact_that_is_emptied_becomes_unknown_and_one_that_never_was_is_not_named():
    form = formulier(veld("textfield", "naam"), veld("textfield", "x"))
    assert answer(form, post(naam="", x=""), {"naam": "Samira"}).feiten == {"naam": None}


def test_signs_that_nobody_can_see_are_taken_out():
    assert answer(formulier(veld("textfield", "x")), {"x": "a\x00b\ud800\nc"}).feiten == {
        "x": "ab c"
    }


def test_errors_come_in_the_order_of_the_form():
    form = formulier(*(veld("textfield", key, verplicht=True) for key in "zab"))
    assert list(refused(form, {})) == ["z", "a", "b"]


def test_the_elfproef_refuses_one_wrong_digit():
    assert forms.elfproef("123456782")
    assert not any(forms.elfproef(f"12345678{digit}") for digit in "013456789")


WHOLE = forms.load(
    formulier(
        veld("textfield", "a", verplicht=True, validate={"pattern": "^(a+)+$"}),
        veld("textarea", "b", hide='=c = "x"'),
        veld("number", "c", validate={"min": 1}, decimalDigits=2),
        veld("checkbox", "d"),
        veld("radio", "e", values=[*YES_NO, {"label": "Drie", "value": 3}]),
        veld("checklist", "f", **opties("x", "y")),
        veld("datetime", "g", properties={"regel": "=g < today()", "regelTekst": "Nee."}),
        veld("datetime", "h", subtype="datetime"),
        veld("datetime", "i", subtype="time"),
        veld("textfield", "j", properties={"soort": "bsn"}),
        veld("textfield", "k", validate={"validationType": "phone"}),
        veld(
            "dynamiclist",
            "l",
            components=[
                veld("number", "a"),
                veld("textfield", "b", hide="=a > 2"),
                veld("datetime", "g"),
            ],
        ),
    )
)
NAMES = st.sampled_from([*"abcdefghijkl", "zz", "l[0].a", "l[1].g", "l[99].b", "csrf_token", "rij"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=30)
    | st.dates()
    | st.datetimes()
    | st.binary(max_size=3)
    | st.sampled_from(
        ["1,5", "31-02-2024", "05-01-2026", "24:00", "123456782", "true", "l:+", "l:-:0"]
    )
)
JSON = st.recursive(
    SCALARS,
    lambda deel: (
        st.lists(deel, max_size=4)
        | st.dictionaries(NAMES | st.sampled_from(["@type", "@value"]), deel, max_size=4)
    ),
    max_leaves=12,
)


def outcome(rauw, feiten):
    """Answers, or what is wrong; anything else breaks the test."""
    try:
        return forms.validate(WHOLE, rauw, feiten, now=NOW)
    except Invalid as invalid:
        return invalid.fouten


@settings(max_examples=400, deadline=None)
@given(
    rauw=st.dictionaries(NAMES, JSON, max_size=12),
    feiten=st.dictionaries(NAMES, SCALARS, max_size=4),
)
def test_whatever_is_sent_is_answered_or_refused(rauw, feiten):
    forms.weergave(WHOLE, feiten, rauw, now=NOW)
    forms.wijzig_rijen(WHOLE, rauw)
    assert outcome(rauw, feiten)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NAMES, st.text(max_size=20) | st.sampled_from(["1,5", "l:+", "ja"]))))
def test_whatever_a_browser_sends_is_answered_or_refused(pairs):
    rauw = MultiDict(pairs)
    forms.weergave(WHOLE, {}, forms.wijzig_rijen(WHOLE, rauw) or rauw, now=NOW)
    assert outcome(rauw, {})


def test_a_termijn_that_does_not_run_yet_stops_nobody_and_is_no_incident():
    rule = {"regel": '=x <= termijn("pip")', "regelTekst": "Te laat."}
    form = formulier(veld("datetime", "x", properties=rule))
    gegeven = answer(form, {"x": "2026-03-01"}, functions={"termijn": lambda _naam: None})
    assert gegeven.feiten == {"x": date(2026, 3, 1)}
    assert gegeven.incidenten == ()


def test_a_number_that_signals_is_refused_like_any_other_that_is_none():
    form = formulier(veld("number", "x"), veld("radio", "y", values=[{"label": "A", "value": "a"}]))
    for key in ("x", "y"):
        with pytest.raises(Invalid) as fout:
            answer(form, {key: Decimal("sNaN")})
        assert list(fout.value.fouten) == [key]


def test_many_heavy_conditions_do_not_keep_a_page_waiting():
    heavy = "=sum(for n in 1..80000 return n) = x"
    form = formulier(*(veld("textfield", f"v{n}", hide=heavy) for n in range(190)))
    began = process_time()
    given = answer(form, {}, {"x": 1})
    assert process_time() - began < 8
    assert any("duren samen te lang" in sentence for sentence in given.incidenten)
