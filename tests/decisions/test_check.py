import time

import pytest

from support.dmn import decision, dmn, literal, messages, table


def found(*args, **options):
    return messages(dmn(decision("d", table(*args, **options))), functions=[])


def test_a_complete_table_has_no_findings():
    rows = [['"B1"', "< 30", "1"], ['"B1"', ">= 30", "2"], ['not("B1")', "-", "3"]]
    assert found(["leerroute", "leeftijd"], ["y"], rows) == []


def test_overlap_names_both_rows_and_an_example():
    rows = [
        ['"B1"', "< 30", "1"],
        ['"B1","Z"', "> 20", "2"],
        ['"Z"', "<= 20", "3"],
        ['"B1"', "40", "4"],
    ]
    sentences = found(["leerroute", "leeftijd"], ["y"], rows)
    only_one = "Bij UNIQUE mag er maar een regel passen."
    assert sentences == [
        f'De regels 1 en 2 passen allebei bij leerroute = "B1", leeftijd tussen 20 en 30. {only_one}',
        f'De regels 2 en 4 passen allebei bij leerroute = "B1", leeftijd = 40. {only_one}',
    ]


def test_overlap_is_no_finding_where_it_is_meant():
    rows = [["< 30", "1"], ["> 20", "2"]]
    assert found(["x"], ["y"], rows, policy="COLLECT") == []


@pytest.mark.parametrize(
    ("columns", "rows", "gap"),
    [
        (["x"], [["< 10", "1"], ["> 10", "2"]], "x = 10"),
        (["x"], [["[1..5]", "1"], ["[6..9]", "2"], ["> 9", "3"]], "x < 1"),
        (["x"], [["true", "1"]], "x = false"),
        ([("x", "string", '"a","b"')], [['"a"', "1"]], 'x = "b"'),
        (
            [("x", "string", '"a","b"'), "z"],
            [['"a"', "-", "1"], ['"b"', "true", "2"]],
            'x = "b", z = false',
        ),
        (
            ["d"],
            [['< date("2026-01-01")', "1"], ['>= @"2026-02-01"', "2"]],
            "d van 2026-01-01 tot 2026-02-01",
        ),
    ],
)
def test_a_gap_is_shown_with_an_example(columns, rows, gap):
    assert f"Geen enkele regel past bij {gap}." in found(columns, ["y"], rows)


@pytest.mark.parametrize(
    ("cell", "gap"),
    [
        ("? > 10", "<= 10"),
        ("? > 10 and ? < 20", "<= 10 of >= 20"),
        ("? < 10 or ? >= 20", "van 10 tot 20"),
        ("not(? > 10 and ? < 20)", "tussen 10 en 20"),
        ("not(? > 10) and true", "> 10"),
        ("? != 5", "= 5"),
        ("5 < ?", "<= 5"),
        ("5 <= ?", "< 5"),
        ("5 > ?", ">= 5"),
        ("5 >= ?", "> 5"),
        ("? between 1 and 9", "< 1 of > 9"),
        ("? in [1..9)", "< 1 of >= 9"),
        ("? in (1, 2, > 5)", "< 1 of boven 2 tot en met 5"),
        ("? in (< 5, [7..9])", "van 5 tot 7 of > 9"),
        ("[< 5, [7..9]]", "van 5 tot 7 of > 9"),
        ("> 2*5", "<= 10"),
        ("[2 * 5..4 ** 2]", "< 10 of > 16"),
        ("> -(1 + 2)", "<= -3"),
        ("> min(3, 8)", "<= 3"),
        ('> date("2026-01-01") + duration("P1D")', "<= 2026-01-02"),
        ('<= date("2024-02-28") + duration("P1Y")', "> 2025-02-28"),
        ('? >= @"2026-01-01" and ? < @"2026-02-01"', "< 2026-01-01 of >= 2026-02-01"),
        ('>= @"10:00:00"', "< 10:00:00"),
        ('>= @"00:00:00"', None),
        ('> duration("P1D") * 2', "<= P2D"),
        ('? != "a" and ? != "b"', '= "a" of "b"'),
        ("? = true", "= false"),
        ("not(?) and true", "= true"),
        ("? > 5 or x", None),
        ("? > 5 and leeftijd > 18", "<= 5"),
    ],
)
def test_a_cell_is_read_as_feel_reads_it(cell, gap):
    wanted = [] if gap is None else [f"Geen enkele regel past bij x {gap}."]
    told = [one for one in found(["x"], ["y"], [[cell, "1"]]) if one.startswith("Geen")]
    assert told == wanted


@pytest.mark.parametrize(
    "cell",
    [
        "? > 10 and ? < 5",
        "? > null",
        "? = 1 and ? = 2",
        "not(? < 5 or ? >= 5)",
        "[3 * 3..2 * 2]",
        "? in [5..1]",
        "? > 5 and ? < 3 and leeftijd > 18",
        '> date("2026-02-30")',
    ],
)
def test_a_cell_that_no_input_passes_is_found(cell):
    assert "Regel 1 past nooit, door kolom 1 (x)." in found(["x"], ["y"], [[cell, "1"]])


@pytest.mark.parametrize(
    "cell",
    ["? > grens", "> today()", "count(?) > 3", "? + 1 > 5", "[1..grens]", "? in lijst", "? > ?"],
)
def test_what_cannot_be_told_beforehand_causes_no_finding(cell):
    rows = [[cell, "1"], [f"not({cell})", "2"], [cell, "3"]]
    assert found(["x"], ["y"], rows) == []


def test_every_stretch_of_a_gap_is_shown_and_no_more_than_a_handful():
    rows = [["[1..2]", "1"], ["[10..20]", "2"], ["[30..40]", "3"]]
    assert found(["x"], ["y"], rows) == [
        "Geen enkele regel past bij x < 1 of tussen 2 en 10 of tussen 20 en 30 of > 40."
    ]
    rows = [[f"[{n}0..{n}5]", "1"] for n in range(1, 10)]
    (only,) = found(["x"], ["y"], rows)
    assert only == (
        "Geen enkele regel past bij x < 10 of tussen 15 en 20 of tussen 25 en 30 of tussen 35 en "
        "40 of tussen 45 en 50 of nog 5 andere."
    )


def test_more_gaps_than_are_shown_are_counted():
    rows = [[f'"{n}"', f"> {n}", str(n)] for n in range(15)]
    sentences = found([("x", "string", ", ".join(f'"{n}"' for n in range(15))), "z"], ["y"], rows)
    assert sentences[0] == 'Geen enkele regel past bij x = "0", z <= 0.'
    assert sentences[10:] == ["Nog 5 combinaties waarbij geen enkele regel past."]


def test_more_rows_that_overlap_than_are_shown_are_counted():
    sentences = found(["x"], ["y"], [["-", str(n)] for n in range(6)])
    assert sentences[0].startswith("De regels 1 en 2 passen allebei bij elke invoer.")
    assert sentences[10:] == ["Nog 5 paren regels passen bij dezelfde invoer."]


def test_an_input_that_is_empty_can_fit_two_rows():
    rows = [['not("a")', "1"], ['not("b")', "2"]]
    sentences = found([("x", "string", '"a","b"')], ["y"], rows)
    only_one = "Bij UNIQUE mag er maar een regel passen."
    assert sentences == [f"De regels 1 en 2 passen allebei bij x is leeg. {only_one}"]


def test_a_row_of_which_the_answer_never_wins_is_named():
    rows = [["< 10", '"laag"'], ["< 20", '"hoog"'], ["> 15", '"laag"'], ["18", '"laag"']]
    output = ("y", "string", '"hoog","laag"')
    assert found(["x"], [output], rows, policy="PRIORITY") == [
        (
            "Regel 1 komt nooit aan de beurt: bij elke invoer past ook een regel waarvan het antwoord "
            "voorgaat."
        ),
        (
            "Regel 4 komt nooit aan de beurt: bij elke invoer past ook een regel waarvan het antwoord "
            "voorgaat."
        ),
    ]
    assert found(["x"], [output], rows, policy="OUTPUT ORDER") == []


def test_what_can_never_be_worked_out_is_named_with_the_reason():
    rows = [
        ['date("2026-02-30")', "1"],
        ['? > @"2026-13-01" and ? < grens', 'date("31-12-2026")'],
        ['> date("2026-01-01") + 1', "2"],
    ]
    sentences = [one for one in found(["x"], ["y"], rows) if "uit te rekenen" in one]
    assert sentences == [
        'Regel 1, kolom 1: „date("2026-02-30")” is niet uit te rekenen: 2026-02-30 is geen datum.',
        (
            'Regel 2, kolom 1: „@"2026-13-01"” is niet uit te rekenen: @"2026-13-01" is geen datum, '
            "tijd of duur."
        ),
        (
            'Regel 2, antwoord 1: „date("31-12-2026")” is niet uit te rekenen: 31-12-2026 is geen '
            "datum."
        ),
        (
            'Regel 3, kolom 1: „date("2026-01-01") + 1” is niet uit te rekenen: rekenen met een datum '
            "en een getal kan niet."
        ),
    ]


def test_a_value_of_another_type_in_a_question_is_named():
    rows = [['? > "5"', "1"], ['? > 3 or ? = "a"', "2"], ['not(["a"])', "3"]]
    sentences = found([("x", "number")], ["y"], rows, policy="FIRST")
    start = "hier staat een tekst, maar x is een getal."
    assert sentences == [f"Regel 1, kolom 1: {start} Deze cel past nooit."]


@pytest.mark.parametrize(
    "cell",
    ["-", "> 0", "? > 0 and ? < 9999"],
)
def test_the_biggest_table_is_checked_within_seconds(cell):
    rows = [[f"[{n}..{n + 1})", f'"{n % 50}"', cell, str(n)] for n in range(3_000)]
    before = time.process_time()
    sentences = found(["a", "b", "c"], ["y"], rows)
    assert time.process_time() - before < 20
    assert sentences


@pytest.mark.parametrize(
    "rows",
    [
        [["< 12", "1"], ["[12..23]", "2"], [">= 24", "3"]],
        [['"a"', "1"], ['"b"', "2"]],
        [["-", "1"]],
        [["? > grens", "1"]],
        [["true", "1"], ["false", "2"]],
    ],
)
def test_what_people_mean_to_leave_open_is_no_gap(rows):
    assert found(["x"], ["y"], rows) == []


def test_a_default_closes_every_gap():
    assert found(["x"], [("y", "number", None, "0")], [["< 5", "1"]]) == []


def test_a_row_behind_earlier_rows_never_comes_up():
    rows = [["< 10", "1"], [">= 10", "2"], ["5", "3"]]
    assert found(["x"], ["y"], rows, policy="FIRST") == [
        "Regel 3 komt nooit aan de beurt: eerdere regels passen altijd al."
    ]


def test_a_row_that_can_never_fit_is_named():
    rows = [['"a"', "1"], ['"c"', "2"], ['"b"', "3"]]
    assert "Regel 2 past nooit, door kolom 1 (x)." in found(
        [("x", "string", '"a","b"')], ["y"], rows
    )


def test_a_cell_of_another_type_is_named():
    (sentence,) = found([("x", "number")], ["y"], [['"5"', "1"], ["< 3", "2"], [">= 3", "3"]])[:1]
    assert (
        sentence
        == "Regel 1, kolom 1: hier staat een tekst, maar x is een getal. Deze cel past nooit."
    )


def test_types_that_are_mixed_in_a_column_are_doubtful():
    assert "In kolom 1 (x) staan een tekst en een getal door elkaar." in found(
        ["x"], ["y"], [['"5"', "1"], ["5", "2"]]
    )


def test_a_test_without_question_mark_is_doubtful():
    sentences = found(["x"], ["y"], [["leeftijd > 5", "1"], ['"a"', "2"]])
    assert any("leeftijd > 5" in s and "Gebruik ?" in s for s in sentences)


def test_a_word_without_quotes_is_named():
    sentences = found(["leerroute"], ["y"], [["B1", "lang"], ['"Z"', "leerroute"]])
    assert 'regel 1, kolom 1: B1 staat zonder aanhalingstekens. Bedoelt u "B1"?' in sentences
    assert 'regel 1, antwoord 1: lang staat zonder aanhalingstekens. Bedoelt u "lang"?' in sentences
    assert not any("leerroute staat" in s for s in sentences)


def test_a_cell_that_is_no_feel_is_named_with_row_and_column():
    sentences = found(["x", "z"], ["y"], [["1", "2", "3"], ["1", "< ", "3"]])
    assert any(s.startswith("regel 2, kolom 2: De expressie is niet te lezen") for s in sentences)


def test_an_unknown_function_is_named_when_the_functions_are_known():
    data = dmn(decision("d", literal('termijn("pip")')))
    assert messages(data, functions=[]) == ["De functie termijn bestaat niet."]
    assert messages(data, functions=["termijn"]) == []
    assert messages(data) == []


def test_a_big_table_is_checked_in_reasonable_time():
    rows = [[f'"{n % 40}"', f"[{n}..{n + 5}]", f'"{n % 7}"', "1"] for n in range(300)]
    assert found(["a", "b", "c"], ["y"], rows)


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("date and time", '> date("2026-01-01")'),
        ("date", '[date and time("2026-01-01T00:00:00Z")..@"2026-03-01"]'),
        ("date", '@"2026-01-01", @"2026-01-01T00:00:00Z"'),
    ],
)
def test_a_date_may_be_compared_with_a_moment(kind, cell):
    rows = [[cell, "1"], [f"not({cell})", "2"]]
    assert found([("x", kind)], ["y"], rows) == []


def test_a_moment_lies_between_two_days_and_a_day_does_not():
    rows = [['< @"2026-01-02"', "1"], ['> @"2026-01-01"', "2"]]
    assert found([("x", "date")], ["y"], rows) == []
    months = [['< duration("P2M")', "1"], ['> duration("P1M")', "2"]]
    assert found(["x"], ["y"], months) == []
    assert "De regels 1 en 2 passen allebei" in found([("x", "date and time")], ["y"], rows)[0]


def test_only_the_part_of_a_cell_that_is_of_another_type_never_fits():
    sentences = found([("x", "number")], ["y"], [['1, "a"', "1"], ["true", "2"]])
    assert {*sentences[:2]} == {
        "Regel 1, kolom 1: hier staat een tekst, maar x is een getal. Dat deel past nooit.",
        "Regel 2, kolom 1: hier staat waar of onwaar, maar x is een getal. Deze cel past nooit.",
    }


def test_a_range_that_ends_before_it_begins_never_fits_and_neither_does_its_negation():
    rows = [["[5..1]", "1"], ["not([5..1])", "2"], ["-", "3"]]
    sentences = found([("x", "number")], ["y"], rows)
    assert [f"Regel {n} past nooit, door kolom 1 (x)." in sentences for n in (1, 2, 3)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("output", "answer", "sentence"),
    [
        (("y", "number"), '"een"', "hier staat een tekst, maar y is een getal."),
        (("y", "date"), '"2026-01-05"', "hier staat een tekst, maar y is een datum."),
        (("y", "string", '"A","B"'), '"C"', '"C" staat niet bij de waarden van y.'),
        (("y", "number", "[0..100]"), "101", "101 staat niet bij de waarden van y."),
        (("y", "number", "not(5)"), "5", "5 staat niet bij de waarden van y."),
    ],
)
def test_an_answer_that_can_never_be_given_is_named(output, answer, sentence):
    sentences = found(["x"], [output], [["true", "null"], ["false", answer]])
    assert sentences == [f"Regel 2, antwoord 1: {sentence}"]


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ("y", '"een"'),
        (("y", "number"), "[1]"),
        (("y", "number"), "z + 1"),
        (("y", "date and time"), '@"2026-01-05"'),
        (("y", "string", '"A","B"'), '"B"'),
        (("y", "number", "[0..100]"), "100"),
        (("y", "string", "-"), '"C"'),
    ],
)
def test_an_answer_that_may_be_given_is_no_finding(output, answer):
    assert found(["x"], [output], [["true", answer], ["false", answer]]) == []


def test_rows_that_fit_together_may_not_answer_differently_with_any():
    rows = [["< 10", "1", '"a"'], ["< 5", "1.0", '"b"'], ["[20..30]", "2", "z"], ["> 25", "3", "z"]]
    sentences = found(["x"], ["y", "w"], rows, policy="ANY")
    differ = "en geven verschillende antwoorden. Bij ANY mag dat niet."
    assert [one for one in sentences if "ANY" in one] == [
        f"De regels 1 en 2 passen allebei bij x < 5 {differ}",
        f"De regels 3 en 4 passen allebei bij x boven 25 tot en met 30 {differ}",
    ]
    assert found(["x"], ["y"], [["< 10", "1"], ["-", "1.0"]], policy="ANY") == []
    assert found(["x"], ["y"], [["< 10", "1"], ["-", "z + 1"]], policy="ANY") == []


def test_a_sum_of_texts_is_named():
    rows = [["true", '"een"'], ["false", "2"]]
    sentences = found(["x"], ["y"], rows, policy="COLLECT", aggregation="SUM")
    assert sentences == ["Regel 1, antwoord 1: een tekst kan niet worden opgeteld (SUM)."]


TWICE = [["> 1", "1"], ["-", "2"], [">1", "1.0"]]


@pytest.mark.parametrize(
    ("policy", "aggregation"),
    [("COLLECT", None), ("COLLECT", "SUM"), ("COLLECT", "COUNT"), ("RULE ORDER", None)],
)
def test_two_rows_that_say_the_same_are_doubtful_where_both_count(policy, aggregation):
    sentences = found(["x"], ["y"], TWICE, policy=policy, aggregation=aggregation)
    assert sentences == [f"De regels 1 en 3 zijn gelijk. Bij {policy} tellen ze allebei mee."]


@pytest.mark.parametrize("aggregation", ["MIN", "MAX"])
def test_two_rows_that_say_the_same_do_no_harm_to_the_smallest_or_greatest(aggregation):
    assert found(["x"], ["y"], TWICE, policy="COLLECT", aggregation=aggregation) == []


def test_two_columns_that_read_the_same_are_doubtful():
    rows = [["< 1", "-", "1"], ["-", ">= 1", "2"]]
    [sentence] = found(["uren", "uren"], ["y"], rows, policy="COLLECT")
    assert sentence.startswith("De kolommen 1 en 2 lezen allebei uren. Zet beide voorwaarden")


def test_two_answers_under_one_name_are_refused():
    assert found(["x"], ["y", "y"], [["-", "1", "2"]]) == [
        "De antwoordkolommen 1 en 2 heten allebei y. Dan blijft alleen het laatste antwoord over."
    ]


@pytest.mark.parametrize(
    ("outputs", "row", "sentence"),
    [
        (
            [("y", "number", None, '"nul"')],
            ["< 5", "1"],
            "Standaardwaarde van y: hier staat een tekst, maar y is een getal.",
        ),
        (
            [("y", "string", '"A","B"', '"C"')],
            ["< 5", '"A"'],
            'Standaardwaarde van y: "C" staat niet bij de waarden van y.',
        ),
        (
            [("y", "number", None, "0"), ("z", "number")],
            ["< 5", "1", "2"],
            "z heeft geen standaardwaarde en een andere antwoordkolom wel.",
        ),
    ],
)
def test_a_default_that_cannot_be_given_or_lacks_is_named(outputs, row, sentence):
    assert found(["x"], outputs, [row]) == [sentence]


def test_an_answer_that_is_left_empty_is_doubtful_and_null_is_not():
    rows = [["< 1", "null", "1"], [">= 1", "", "2"]]
    assert found(["x"], ["y", "z"], rows) == [
        "Regel 2, antwoord 1 is leeg. Schrijf null als het antwoord onbekend is."
    ]


def test_an_answer_that_is_no_feel_is_named_once():
    [sentence] = found(["x"], ["y"], [["-", "1,5"]])
    assert sentence.startswith("regel 1, antwoord 1: ")


def test_answers_of_different_types_are_doubtful_when_the_column_has_none():
    rows = [["< 1", "1"], [">= 1", '"twee"']]
    assert found(["x"], ["y"], rows) == [
        "In antwoordkolom 1 (y) staan een getal en een tekst door elkaar."
    ]
    moments = [["< 1", 'date("2026-01-01")'], [">= 1", '@"2026-01-01T10:00:00"']]
    assert found(["x"], ["y"], moments) == []


def test_a_comma_in_a_number_is_doubtful():
    rows = [["< 1,5", "1"], ["-", "2"]]
    [sentence] = found(["x"], ["y"], rows, policy="FIRST")
    assert sentence.startswith("Regel 1, kolom 1: „< 1,5” zijn twee voorwaarden. ")
    assert sentence.endswith("Schrijf dan een punt: < 1.5.")
    assert found(["x"], ["y"], [["1,5", "1"], ["< 1, > 5", "2"]], policy="COLLECT") == []


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            ['"B1 "', "-"],
            'Regel 1, kolom 1: de tekst "B1 " begint of eindigt met een spatie.',
        ),
        (
            ['"ja"', '"Ja"'],
            'Regel 2, kolom 1: "Ja" en "ja" in regel 1 verschillen alleen in hoofdletters.',
        ),
        (
            ['"2026-01-01"', "-"],
            'Regel 1, kolom 1: "2026-01-01" is een tekst. Schrijf een datum als date("2026-01-01").',
        ),
    ],
)
def test_a_text_that_is_hardly_ever_meant_is_doubtful(cells, sentence):
    rows = [[cell, "1"] for cell in cells]
    assert found(["x"], ["y"], rows, policy="COLLECT") == [sentence]


def test_a_date_as_text_is_no_finding_in_a_column_of_texts():
    rows = [['"2026-01-01"', "1"]]
    assert found([("x", "string")], ["y"], rows, policy="COLLECT") == []
