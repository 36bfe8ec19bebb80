"""routeflow run --jsonl: walking a diagram by hand, as somebody who tests it from outside does."""

import json

import pytest

from support.bpmn import (
    after,
    at,
    boundary,
    catch,
    condition,
    draw,
    each,
    end,
    error,
    every,
    exclusive,
    mapping,
    message,
    node,
    parallel,
    path,
    script,
    signal,
    start,
    throw,
    user,
    zeebe,
)

BEGIN = "2027-03-01T09:00"


@pytest.fixture
def wandel(opdracht, tmp_path):
    """Walk a diagram: each act is a line; the answers, that at the beginning first."""

    def wandel(data, *handelingen, woorden=(), stand=0):
        (tmp_path / "los.bpmn").write_bytes(data)
        regels = "\n".join(
            handeling if isinstance(handeling, str) else json.dumps(handeling)
            for handeling in handelingen
        )
        uitslag = opdracht(
            "run", tmp_path / "los.bpmn", "--jsonl", "--nu", BEGIN, *woorden,
            stdin=regels, stand=stand,
        )  # fmt: skip
        return [json.loads(regel) for regel in uitslag.stdout.splitlines()]

    return wandel


def elementen(antwoord, wat="tasks"):
    return [gevonden["element"] for gevonden in antwoord[wat]]


def test_tasks_are_taken_in_any_order_and_the_answers_become_facts(wandel):
    data = draw("p", start(), parallel("g"), user("a"), user("b"), parallel("j"), end(),
                path("s > g > a > j > e"), path("g > b > j"))  # fmt: skip
    begin, eerst, toen = wandel(
        data, {"complete": "b", "answers": {"uitkomst": 3}}, {"complete": "a"}
    )
    assert elementen(begin) == ["a", "b"]
    assert elementen(eerst) == ["a"]
    assert eerst["facts"] == {"uitkomst": 3}
    assert eerst["passed"] == [
        {"element": "b", "what": "completed", "flow": None},
        {"element": "j", "what": "entered", "flow": "b_j"},
    ]
    assert toen["finished"]


def test_of_two_tasks_of_one_element_the_id_says_which(wandel):
    data = draw("p", start(), user("a", each("=lijst", "wie")), end(), path("s > a > e"))
    begin, *_ = wandel(data, woorden=["--data", '{"lijst": ["x", "y"]}'])
    assert [taak["local"]["wie"] for taak in begin["tasks"]] == ["x", "y"]
    begin, fout = wandel(
        data, {"complete": begin["tasks"][1]["id"]}, woorden=["--data", '{"lijst": ["x"]}']
    )
    assert "Wel: a." in fout["error"]


def test_what_an_instance_answers_is_gathered_by_its_loop(wandel, opdracht, tmp_path):
    data = draw("p", start(), user("a", each("=lijst", "wie", out=("uit", "=cijfer"))), end(),
                path("s > a > e"))  # fmt: skip
    feiten = '{"lijst": ["x", "y"]}'
    laatste = wandel(
        data,
        {"complete": "a", "answers": {"cijfer": 5}},
        {"complete": "a", "answers": {"cijfer": 7}},
        woorden=["--data", feiten],
    )[-1]
    assert laatste["facts"]["uit"] == [5, 7]
    antwoorden = json.dumps({"a": [{"cijfer": 5}, {"cijfer": 7}]})
    vanzelf = opdracht.json("run", tmp_path / "los.bpmn", "--data", feiten, "--antwoorden",
                            antwoorden, "--json")  # fmt: skip
    assert vanzelf["facts"]["uit"] == [5, 7]


def test_the_clock_moves_and_every_timer_on_the_way_goes_off_at_its_own_moment(wandel):
    data = draw("p", start(), user("a"), boundary("rap", "a", every("R3/P1D"), interrupting=False),
                script("x", "=now()", "laatst"), end(), path("s > a > e"), path("rap > x > e"))  # fmt: skip
    begin, na, klaar = wandel(data, {"pass": "P2DT12H"}, {"now": "2027-04-01T00:00:00Z"})
    assert begin["timers"][0]["due"] == "2027-03-02T08:00:00+00:00"
    assert [p["element"] for p in na["passed"] if p["what"] == "entered"] == ["rap", "x", "e"] * 2
    assert na["facts"]["laatst"] == "2027-03-03T09:00:00@Europe/Amsterdam"
    assert klaar["timers"] == []
    assert klaar["now"] == "2027-04-01T00:00:00+00:00"


def test_one_timer_goes_off_by_its_name(wandel):
    data = draw("p", start(), parallel("g"), catch("t", after("P1D")), catch("u", after("P2D")),
                end(), path("s > g > t > e"), path("g > u > e"))  # fmt: skip
    _, na = wandel(data, {"timer": "u"})
    assert elementen(na, "timers") == ["t"]
    assert na["now"] == "2027-03-03T08:00:00+00:00"


def test_messages_and_signals_come_from_outside_and_leave_for_outside(wandel):
    data = draw("p", start(), catch("m", message("post"), mapping(outputs={"wat": "=wat"})),
                catch("k", signal("alarm")), throw("t", message("weg"), mapping(inputs={"x": "=wat"})),
                end(), path("s > m > k > t > e"))  # fmt: skip
    begin, na, klaar = wandel(
        data, {"message": "post", "content": {"wat": "brief"}}, {"signal": "alarm"}
    )
    assert begin["messages"][0]["name"] == "post"
    assert na["facts"] == {"wat": "brief"}
    assert na["signals"][0]["element"] == "k"
    assert klaar["sent"] == [
        {"kind": "message", "name": "weg", "element": "t", "content": {"x": "brief"}}
    ]


def test_facts_change_from_outside(wandel):
    data = draw("p", start(), catch("c", condition("=x > 3")), end(), path("s > c > e"))
    begin, nee, ja = wandel(data, {"facts": {"x": 1}}, {"facts": {"x": 4}})
    assert begin["standing"] == nee["standing"] == ["c"]
    assert ja["finished"]


def test_a_date_is_looked_up_with_the_facts_of_now(wandel):
    data = draw("p", start(), catch("t", at("=dag")), end(), path("s > t > e"))
    begin, na, _ = wandel(
        data, {"facts": {"dag": {"@type": "date", "@value": "2027-03-05"}}}, {"pass": "P9D"}
    )
    assert begin["timers"][0]["due"] is None
    assert na["timers"][0]["due"] == "2027-03-04T23:00:00+00:00"


def test_a_service_answers_or_ends_in_an_error_as_it_is_told(wandel):
    data = draw("p", start(), node("serviceTask", "d", zeebe("taskDefinition", type="kijk")),
                boundary("b", "d", error("stuk")), user("herstel"), end(), path("s > d > e"),
                path("b > herstel > e"))  # fmt: skip
    goed = wandel(data, woorden=["--diensten", '{"kijk": {"answer": {"gezien": true}}}'])
    assert goed[0]["facts"] == {"gezien": True}
    fout = wandel(data, woorden=["--diensten", '{"kijk": {"error": "stuk"}}'])
    assert elementen(fout[0]) == ["herstel"]


def test_a_process_begins_with_the_message_that_is_named(wandel):
    data = draw("p", start(), start("m", message("post"), mapping(outputs={"wat": "=wat"})),
                user("a"), user("b"), end(), path("s > a > e"), path("m > b > e"))  # fmt: skip
    (begin,) = wandel(data, woorden=["--bericht", "post", "--inhoud", '{"wat": 1}'])
    assert elementen(begin) == ["b"]
    assert begin["facts"] == {"wat": 1}


VIJF = draw("p", start("s1", name="Gewoon"), start("s2", name="Anders"), start("t", at("2027-04-01")),
            start("m", signal("alarm"), mapping(outputs={"wat": "=wat"})), start("k", condition("=klaar")),
            user("a"), user("b"), end(), path("s1 > a > e"), path("s2 > b > e"), path("t > b"),
            path("m > b"), path("k > b"))  # fmt: skip


@pytest.mark.parametrize(
    ("woorden", "taak"),
    [
        (["--begin", "s1"], "a"),
        (["--begin", "s2"], "b"),
        (["--begin", "t"], "b"),
        (["--begin", "m", "--inhoud", '{"wat": 1}'], "b"),
        (["--begin", "k", "--data", '{"klaar": true}'], "b"),
    ],
)
def test_a_process_begins_at_the_element_that_is_named(wandel, opdracht, tmp_path, woorden, taak):
    (begin,) = wandel(VIJF, woorden=woorden)
    assert elementen(begin) == [taak]
    assert begin["now"][:10] == ("2027-03-31" if "t" in woorden else "2027-03-01")
    assert begin["facts"].get("wat") == (1 if "m" in woorden else None)
    proef = json.loads(opdracht("run", tmp_path / "los.bpmn", "--json", *woorden).stdout)
    assert proef["elements"] == [woorden[1], taak, "e"]


@pytest.mark.parametrize(
    ("woorden", "reden"),
    [
        ([], "Kies er een: Gewoon (s1), Anders (s2)"),
        (["--begin", "elders"], "begint niet bij elders. Wel bij: Gewoon (s1)"),
        (["--begin", "k"], "De voorwaarde van k klopt nog niet."),
    ],
)
def test_a_beginning_that_is_not_clear_or_not_there_is_told(
    wandel, opdracht, tmp_path, woorden, reden
):
    (fout,) = wandel(VIJF, woorden=woorden, stand=1)
    assert reden in fout["error"]
    assert reden in opdracht("run", tmp_path / "los.bpmn", *woorden, stand=1).stderr


def test_a_beginning_is_named_by_its_element_or_by_its_message(opdracht, tmp_path):
    (tmp_path / "los.bpmn").write_bytes(VIJF)
    beide = ["--begin", "s1", "--bericht", "post"]
    assert "niet allebei" in opdracht("run", tmp_path / "los.bpmn", *beide, stand=1).stderr


@pytest.mark.parametrize(
    ("handeling", "reden"),
    [
        ({"complete": "nergens"}, "Er is geen open taak nergens. Wel: a."),
        ({"complete": ["a"]}, '"complete" is geen tekst.'),
        ({"complete": "a", "answers": [1]}, '"answers" is geen JSON-object.'),
        ({"timer": "t"}, "Er staat geen timer bij t. Wel: geen."),
        ({"message": "post"}, "Niets wacht op het bericht post. Wel: geen."),
        ({"signal": "alarm"}, "Niets wacht op het signaal alarm. Wel: geen."),
        ({"pass": "drie dagen"}, "pass: drie dagen is geen duur"),
        ({"pass": 3}, "is geen duur"),
        ({"now": "2026-01-01"}, "De klok kan niet terug."),
        ({"now": "morgen"}, "now: morgen is geen datum"),
        ({"facts": []}, '"facts" is geen JSON-object.'),
        ({"voltooi": "a"}, "Wat is voltooi?"),
        ({"complete": "a", "pass": "P1D"}, "Doe per regel een handeling."),
        ("[]", "De regel is geen JSON-object."),
        ("{", "geen geldige JSON"),
        ('{"facts": ' + "[" * 100_000 + "]" * 100_000 + "}", "geen geldige JSON"),
        ('{"facts": {"x": 1e400000000}}', "geen geldige JSON"),
        ('{"facts": {"x": NaN}}', "geen geldige JSON"),
        ('{"facts": {"x": [{"\\udc00": 1}]}}', "half teken"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(wandel, handeling, reden):
    data = draw("p", start(), user("a"), end(), path("s > a > e"))
    begin, fout, na = wandel(data, handeling, {})
    assert reden in fout["error"]
    assert {**na, "passed": begin["passed"]} == begin


def test_an_incident_names_its_element_and_the_route_stays_where_it_was(wandel):
    data = draw("p", start(), user("a"), exclusive("g", default="g_e"), user("b"), end(),
                path("s > a > g"), path("g > b > e", when="=x > 1"), path("g > e"))  # fmt: skip
    _, fout, goed = wandel(data, {"complete": "a"}, {"complete": "a", "answers": {"x": 0}})
    assert fout["element"] in {"g", "g_b"}
    assert goed["finished"]


def test_a_beginning_that_cannot_go_on_is_told_as_json_too(wandel):
    data = draw("p", start(), user("a", each("=lijst", "wie")), end(), path("s > a > e"))
    (fout,) = wandel(data, stand=1)
    assert fout["element"] == "a"


def test_a_clock_that_would_ring_without_end_is_refused_and_stays(wandel):
    data = draw("p", start(), user("a"), boundary("t", "a", every("R/PT1S"), interrupting=False),
                end(), path("s > a > e"), path("t > e"))  # fmt: skip
    begin, fout, na = wandel(data, {"pass": "P1D"}, {})
    assert "kleinere stappen" in fout["error"]
    assert na["now"] == begin["now"]


@pytest.mark.parametrize("woorden", [
    ("--antwoorden", '{"a": 5}'),
    ("--antwoorden", '{"a": [{"x": 1}, 2]}'),
    ("--diensten", '{"kijk": 5}'),
    ("--diensten", '{"kijk": {"error": 5}}'),
    ("--diensten", '{"kijk": {"answer": 5}}'),
    ("--inhoud", "[]"),
])  # fmt: skip
def test_an_option_of_another_shape_is_refused(wandel, woorden):
    wandel(draw("p", start(), user("a"), end(), path("s > a > e")), woorden=woorden, stand=2)
