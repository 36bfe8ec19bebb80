"""What FEEL answers. Each pair is an expression and, also in FEEL, what must come out."""

import itertools

import pytest

from support.feel import cases, evaluate, reasons, same

LITERALS = """
1.50 = 1.5                                        | true
.5                                                | 0.5
1.2e3                                             | 1200
-0 = 0                                            | true
"a\\tb"                                           | "a	b"
"\\u0041\\U01F40E"                                | "A🐎"
"\\uD83D\\uDC0E"                                  | "🐎"
string length("🐎ab")                             | 3
"\\d"                                             | "\\\\d"
1 + /* here */ 1 // there                         | 2
@"2026-01-05"                                     | date("2026-01-05")
@"13:45:00Z"                                      | time("13:45:00Z")
@"2026-01-05T13:45:00"                            | date and time("2026-01-05T13:45:00")
@"P1Y2M"                                          | duration("P14M")
@"-P1DT2H"                                        | duration("-PT26H")
@"foo"                                            | null
{a b: 1, "c d": 2, e: a b + c d}.e                | 3
{foo+bar: "x"}                                    | {"foo+bar": "x"}
[1, [2, 3], {}]                                   | [1, [2, 3], {}]
"""

ARITHMETIC = """
1 + 2 * 3                                         | 7
(1 + 2) * 3                                       | 9
2 ** 3 ** 2                                       | 64
-5 ** 2                                           | 25
10 - 3 - 2                                        | 5
1 / 3 * 3 = 1                                     | false
1 / 0                                             | null
"a" + "b"                                         | "ab"
"a" + 1                                           | null
1 + null                                          | null
-"a"                                              | null
10 ** 7000                                        | null
0 ** 0                                            | 1
9.999999999999999999999999999999999E6144 * 10     | null
date("2026-01-31") + duration("P1M")              | date("2026-02-28")
date("2024-02-29") - duration("P1Y")              | date("2023-02-28")
date("2026-01-05") + duration("PT23H")            | date("2026-01-05")
date("2026-01-05") - duration("PT1H")             | date("2026-01-04")
date("2026-03-01") - date("2026-02-01")           | duration("P28D")
date("2026-01-05") + date("2026-01-05")           | null
date("9999-12-31") + duration("P1D")              | date("10000-01-01")
date("999999999-12-31") + duration("P1D")         | null
time("23:30:00") + duration("PT1H")               | time("00:30:00")
time("10:00:00") - time("12:00:00")               | duration("-PT2H")
time("10:00:00") - time("12:00:00Z")              | null
@"2026-01-05T10:00:00" - @"2026-01-05T10:00:00Z"  | null
@"2026-03-29T01:30:00@Europe/Amsterdam" + @"PT1H" | @"2026-03-29T03:30:00@Europe/Amsterdam"
@"2026-03-29T00:00:00@Europe/Amsterdam" - @"2026-03-30T00:00:00@Europe/Amsterdam" | @"-PT23H"
@"2026-01-06T00:00:00Z" - date("2026-01-05")      | duration("P1D")
duration("P1D") * 1.5                             | duration("P1DT12H")
2 * duration("P1Y1M")                             | duration("P2Y2M")
duration("P10Y11M") / 2.5                         | duration("P4Y4M")
duration("P1D") / duration("PT6H")                | 4
duration("P1Y") / duration("P0M")                 | null
duration("P1D") + duration("P1M")                 | null
-duration("P1D")                                  | duration("-P1D")
"""

COMPARISON = """
null = null                                       | true
null != null                                      | false
1 = null                                          | false
1 = "1"                                           | null
false = 0                                         | null
"a" < "b"                                         | true
1 < null                                          | null
[1, 2] = [1, 2]                                   | true
[1, 2] = [2, 1]                                   | false
[1] = [1, 2]                                      | false
{a: 1, b: 2} = {b: 2, a: 1}                       | true
{a: 1} = {a: 2}                                   | false
[1..3] = [1..3]                                   | true
[1..3] = [1..3)                                   | false
time("10:30:00Z") = time("11:30:00+01:00")        | true
time("10:30:00Z") = time("10:30:00")              | false
@"2026-01-05T10:00:00Z" = @"2026-01-05T11:00:00@Europe/Amsterdam" | true
@"2026-01-05T10:00:00" < @"2026-01-05T11:00:00Z"  | null
date("2026-01-05") = "2026-01-05"                 | null
duration("P1D") = duration("PT24H")               | true
duration("P1Y") < duration("P13M")                | true
5 between 1 and 5                                 | true
6 between 1 and 5                                 | false
null between 1 and 5                              | null
1 in [2, 3, 1]                                    | true
5 in [[2..4], [1..3]]                             | false
true in [false, 2, "a"]                           | false
1 in [["a".."c"], [1..3]]                         | true
(null..3) = (< 3)                                 | false
[1..null) = (>= 1)                                | false
(>= 1) = (>= 1)                                   | true
(= 3) = [3..3]                                    | false
(!= 3).start                                      | 3
(!= 3).end included                               | false
{r: (!= 3), x: [4 in r, 3 in r]}.x                | [true, false]
{r: (!= 3), x: 4 in [1, r]}.x                     | true
{r: (!= 3), x: "a" in r}.x                        | null
{r: (!= 3), x: null in r}.x                       | true
(!= 3) = (!= 3)                                   | true
(!= 3) = (!= 4)                                   | false
(!= 3) = (3..3)                                   | false
(!= null)                                         | null
string((!= 3))                                    | "(!= 3)"
before((!= 3), 4)                                 | null
for i in (!= 3) return i                          | null
(< 3).end                                         | 3
2 in (null..3)                                    | null
4 in (null..3)                                    | false
2 in [1..null)                                    | null
0 in [1..null)                                    | false
string((null..3))                                 | "(null..3)"
string(< 3)                                       | "(< 3)"
[null..3]                                         | null
(null..null)                                      | null
1 in <= 10                                        | true
10 in (1, < 5, >= 10)                             | true
2 in (2..4)                                       | false
4 in (2..4]                                       | true
2 in ]2..4[                                       | false
3 in [2..4[                                       | true
10 in != 10                                       | false
10 in (= 10)                                      | true
"a" in "a"                                        | true
1 in (? > 0)                                      | true
[1, 2] in [[1, 2], [3]]                           | true
range("[2..)") = >= 2                             | true
"""

LOGIC = """
true and null                                     | null
false and null                                    | false
null and false                                    | false
true or null                                      | true
null or false                                     | null
true and "x"                                      | null
false or 1                                        | null
not(null)                                         | null
not(true)                                         | false
not([true])                                       | false
not([true, true])                                 | null
not(negand: false)                                | true
not("true")                                       | null
if null then 1 else 2                             | 2
if 1 = 1 then "a" else "b"                        | "a"
"""

FLOW = """
for i in [1, 2, 3] return i + 1                   | [2, 3, 4]
for i in [1, 2], j in [10, 20] return i + j       | [11, 21, 12, 22]
for i in [[1], [2]], j in i return j              | [1, 2]
for i in 4..2 return i                            | [4, 3, 2]
for i in 1 + 1..1 + 3 return i                    | [2, 3, 4]
for i in [1..3] return i                          | [1, 2, 3]
for i in (1..3) return i                          | [2]
for d in @"2026-01-30"..@"2026-02-01" return d.day | [30, 31, 1]
for i in 0..4 return if i = 0 then 1 else i * partial[-1] | [1, 1, 2, 6, 24]
for i in [] return i                              | []
for i in null return i                            | null
for i in 5 return i                               | [5]
some x in [1, 2] satisfies x > 1                  | true
every x in [1, 2] satisfies x > 1                 | false
some x in [] satisfies x > 1                      | false
every x in [] satisfies x > 1                     | true
some x in [1, null] satisfies x > 1               | null
every x in [2, null] satisfies x > 1              | null
some x in [1, 2], y in [2, 3] satisfies x = y     | true
(function(a, b) a - b)(b: 1, a: 3)                | 2
{f: function(n) if n < 2 then 1 else n * f(n - 1), x: f(5)}.x | 120
(for i in 1..3 return function() i)[2]()          | 2
null()                                            | null
"abs"(-1)                                         | null
@"2026-01-05"()                                   | null
12(3)                                             | null
{f: function(x: number) x = null, y: f("a")}.y    | true
(function(x) x)(1, 2)                             | null
sort([3, 1, 2], function(a, b) a > b)             | [3, 2, 1]
"""

ACCESS = """
{a: {x: 1}, b: [{x: 2}, {c: {x: 3}}], x: 4}...x   | [1, 2, 3, 4]
{a: {x: {x: 1}}}...x                              | [{x: 1}, 1]
{a: {x: null, y: 1}}...x                          | []
{a: {"x y": 1}}...x y                             | [1]
{a: {b: 1}}...null                                | []
1...a                                             | []
"a"...a                                           | []
["a"]...a                                         | []
null...x                                          | []
{p: {n: "g", s: 1}, q: {p: {n: "a", s: 2}}}...p[s = 1]...n[1] | "g"
1 in [0...5]                                      | false
0.7 in [.5...9]                                   | true
2 in [1..3]                                       | true
{a: {b: 1}}.a.b                                   | 1
{a: 1}.b                                          | null
[{a: 1}, {a: 2}].a                                | [1, 2]
null.a                                            | null
[1, 2, 3][1]                                      | 1
[1, 2, 3][-1]                                     | 3
[1, 2, 3][0]                                      | null
[1, 2, 3][4]                                      | null
[1, 2, 3][1.5]                                    | null
[1, 2, 3][item >= 2]                              | [2, 3]
[1, 2, 3][true]                                   | [1, 2, 3]
[1, 2, 3]["a"]                                    | null
[1, 2, 3][if item < 2 then true else "a"]         | null
[1, 2, 3][if item < 2 then true else null]        | [1]
1["a"]                                            | null
[{a: 1}, {a: 2}][a = 2]                           | [{a: 2}]
[{item: 1}, {item: 2}][item >= 2]                 | [{item: 2}]
[{a b: 1}, {a b: 2}][a b > 1].a b                 | [2]
[{a: 1}, {b: 2}][a = 1]                           | [{a: 1}]
100[1]                                            | 100
"foo"[true]                                       | ["foo"]
null[true]                                        | []
date("2026-01-05").weekday                        | 1
@"2026-01-05T10:20:30.5+02:00".second             | 30.5
@"2026-01-05T10:20:30+02:00".time offset          | @"PT2H"
@"2026-01-05T10:20:30".time offset                | null
@"2026-07-05T10:20:30@Europe/Amsterdam".time offset | @"PT2H"
@"10:20:30@Europe/Amsterdam".timezone             | "Europe/Amsterdam"
duration("-P1DT2H3M4S").minutes                   | -3
duration("P1Y2M").months                          | 2
duration("P1Y").days                              | null
(1..10].start included                            | false
[1..10].end                                       | 10
[@"2026-01-05", @"2025-01-06"][year = 2026]       | [@"2026-01-05"]
"""

TYPES = """
1 instance of number                              | true
1 instance of string                              | false
null instance of Any                              | false
null instance of Null                             | true
1 instance of Any                                 | true
[1, 2] instance of list<number>                   | true
[1, "a"] instance of list<number>                 | false
{a: "x", b: 1} instance of context<a: string>     | true
{a: null} instance of context<a: string>          | true
{} instance of context<a: string>                 | false
[1..2] instance of range<number>                  | true
@"2026-01-05T00:00:00" instance of date and time  | true
@"P1Y" instance of years and months duration      | true
@"P1D" instance of days and time duration         | true
(function(a: number) "x") instance of function<number> -> string | true
(function(a: number) "x") instance of function<number, number> -> string | false
(function() {b: "b"}) instance of function<> -> context<b: string, c: string> | false
1 instance of onbekend                            | null
"""


@pytest.mark.parametrize(
    ("expression", "wanted"),
    cases(LITERALS, ARITHMETIC, COMPARISON, LOGIC, FLOW, ACCESS, TYPES),
)
def test_an_expression_answers_what_the_standard_says(expression, wanted):
    found, expected = evaluate(expression), evaluate(wanted)
    assert same(found, expected), found


KINDS = {
    "number": "10",
    "string": '"10"',
    "boolean": "true",
    "date": '@"2026-01-05"',
    "moment": '@"2026-01-05T10:15:00Z"',
    "time": '@"10:15:00"',
    "list": "[10]",
    "context": "{a: 10}",
    "days": '@"P1D"',
    "months": '@"P1Y"',
    "range": "[1..10]",
    "function": "(function(a) a)",
    "null": "null",
}
TOGETHER = {
    "+": "number number, string string, moment months, moment days, date months, date days, "
    "time days, months moment, days moment, months date, days date, days time, days days, "
    "months months",
    "-": "number number, moment moment, date date, moment date, date moment, time time, "
    "moment months, moment days, date months, date days, time days, days days, months months",
    "*": "number number, number days, number months, days number, months number",
    "/": "number number, days number, months number, days days, months months",
    "**": "number number",
}


@pytest.mark.parametrize("operator", TOGETHER)
def test_arithmetic_answers_for_kinds_that_go_together_and_tells_why_not_for_others(operator):
    together = {tuple(pair.split()) for pair in TOGETHER[operator].split(", ")}
    for pair in itertools.product(KINDS, repeat=2):
        source = f" {operator} ".join(KINDS[kind] for kind in pair)
        assert (evaluate(source) is not None) is (pair in together), source
        assert bool(reasons(source)) is (pair not in together), source
