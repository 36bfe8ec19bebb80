"""The built-in functions. Each pair is an expression and, also in FEEL, what must come out."""

import pytest

from support.feel import cases, evaluate, same

CONVERSION = """
string(1.50)                                      | "1.5"
string(1e3)                                       | "1000"
string(null)                                      | null
string([1, "a", null, {b c: @"2026-01-05"}])      | "[1, \\"a\\", null, {b c: 2026-01-05}]"
string({"a,b": 1})                                | "{\\"a,b\\": 1}"
string([1..3))                                    | "[1..3)"
string(@"P1DT1H1M1.5S")                           | "P1DT1H1M1.5S"
string(@"-P14M")                                  | "-P1Y2M"
string(duration("P0D"))                           | "PT0S"
string(@"2026-01-05T10:00:00.120+02:00")          | "2026-01-05T10:00:00.12+02:00"
string(@"10:00:00@Europe/Amsterdam")              | "10:00:00@Europe/Amsterdam"
number("1.5")                                     | 1.5
number("00123")                                   | 123
number(11.5)                                      | 11.5
number("1 2")                                     | null
number("1 000,5", " ", ",")                       | 1000.5
number("1.000,5", ".", ",")                       | 1000.5
number("1,000.5", ",", ".")                       | 1000.5
number("1,5", null, null)                         | null
number("1", ".", ".")                             | null
number("1", "x", ".")                             | null
number(from: "1,5", grouping separator: null, decimal separator: ",") | 1.5
date("2026-02-30")                                | null
date("2026-1-5")                                  | null
date(2026, 1, 5)                                  | @"2026-01-05"
date(2026, 13, 1)                                 | null
date(@"2026-01-05T10:00:00")                      | @"2026-01-05"
date(year: 2026, month: 1, day: 5)                | @"2026-01-05"
date(null)                                        | null
date()                                            | null
time("24:00:00")                                  | @"00:00:00"
@"10:00:00@Etc/GMT" = @"10:00:00Z"                | true
@"10:00:00@America/Toronto"                       | time("10:00:00@America/Toronto")
@"2026-01-05T10:00:00@America/Toronto"            | date and time("2026-01-05T10:00:00@America/Toronto")
time("24:00:00+02:00")                            | @"00:00:00+02:00"
time("24:00:01")                                  | null
time("24:00:00.001")                              | null
time("24:01:00")                                  | null
time(24, 0, 0)                                    | null
date and time("2026-12-31T24:00:00Z")             | @"2027-01-01T00:00:00Z"
date and time("2026-12-31T24:00:01")              | null
@"2024-02-28T24:00:00"                            | @"2024-02-29T00:00:00"
date and time("2026-02-30T24:00:00")              | null
date and time("9999-12-31T24:00:00")              | date and time("10000-01-01T00:00:00")
date and time("999999999-12-31T24:00:00")         | null
time("10:00:60")                                  | null
time(10, 30, 15.5)                                | @"10:30:15.5"
time(10, 30, 0, duration("PT2H"))                 | @"10:30:00+02:00"
time(10, 30, 0, null)                             | @"10:30:00"
time(@"2026-01-05T10:00:00Z")                     | @"10:00:00Z"
time("10:00:00@Nergens/Dorp")                     | null
date and time("2026-01-05")                       | @"2026-01-05T00:00:00"
date and time(date("2026-01-05"), time("10:00:00Z")) | @"2026-01-05T10:00:00Z"
date and time(2026, 1, 5, 10, 0, 0)               | @"2026-01-05T10:00:00"
date and time("2026-01-05T10:00:00+19:00")        | null
duration("P1Y1D")                                 | null
duration("P")                                     | null
duration("PT")                                    | null
duration("P10W")                                  | null
duration("P1Y")                                   | @"P12M"
years and months duration(date("2011-12-22"), date("2013-08-24")) | @"P1Y8M"
years and months duration(date("2026-02-01"), date("2026-01-15")) | @"P0M"
years and months duration(@"2025-03-31T23:00:00", @"2026-03-31T01:00:00") | @"P1Y"
years and months duration(@"2026-03-31T01:00:00", @"2025-03-31T23:00:00") | @"-P1Y"
range("[1..3]")                                   | [1..3]
range("(..2]")                                    | <= 2
range("(..2]") = (null..2]                        | false
range("[..2]")                                    | null
range("[@\\"2026-01-05\\"..date(\\"2026-02-01\\")]") | [@"2026-01-05"..@"2026-02-01"]
range("[x..3]")                                   | null
range("[3..1]")                                   | null
range(">= 10")                                    | null
range("(>= 10)")                                  | null
range("=10")                                      | null
is(1, 1.0)                                        | true
is(value1: 1)                                     | false
is(value2: 1)                                     | false
is(value1: null)                                  | true
is(1)                                             | null
is()                                              | null
is(value1: 1, value3: 1)                          | null
is(value1: 1, value2: 1, value3: 1)               | null
is(@"10:00:00Z", @"11:00:00+01:00")               | false
is(@"2026-01-05", @"2026-01-05T00:00:00")         | false
is(@"10:00:00@Europe/Amsterdam", @"10:00:00+01:00") | true
is(@"10:00:00", @"10:00:00Z")                     | false
is([1, {a: 2}], [1, {a: 2}])                      | true
"""

STRINGS = """
substring("foobar", 3)                            | "obar"
substring("foobar", -2, 1)                        | "a"
substring("foobar", 0)                            | null
substring("foobar", 7)                            | null
substring("foobar", 3, 100)                       | "obar"
substring(string: "foobar", start position: 3)    | "obar"
substring("a🐎b", 2, 1)                           | "🐎"
string length("")                                 | 0
string length(["abc"])                            | 3
upper case("aBc")                                 | "ABC"
lower case("aBc")                                 | "abc"
substring before("foobar", "bar")                 | "foo"
substring before("foobar", "x")                   | ""
substring before("foobar", "")                    | ""
substring after("foobar", "ob")                   | "ar"
substring after("foobar", "x")                    | ""
substring after("foobar", "")                     | "foobar"
contains("foobar", "ob")                          | true
starts with("foobar", "fo")                       | true
ends with("foobar", "r")                          | true
contains("foobar", null)                          | null
string join(["a", null, "b"], "-")                | "a-b"
string join(["a", "b"])                           | "ab"
string join([], "-")                              | ""
string join(["a", 1], "-")                        | null
split("a;b;;c", ";")                              | ["a", "b", "", "c"]
split("a b", "\\\\s")                             | ["a", "b"]
split("abc", "")                                  | null
split("abc", "b?")                                | null
split("abc", "^|b")                               | null
split("", ";")                                    | [""]
"""

REGEX = """
matches("foobar", "^fo*b")                        | true
matches("foobar", "^Fo*b", "i")                   | true
matches("abc", "[a-c-[b]]{2}")                    | false
matches("x", "[A-Z-[OI]]", "i")                   | true
matches("i", "[A-Z-[OI]]", "i")                   | false
matches("q", "[^Q]", "i")                         | false
matches("\\u212A", "k", "i")                      | true
matches("a\\nb", "a.b")                           | false
matches("a\\nb", "a.b", "s")                      | true
matches("a\\nb", "^b$", "m")                      | true
matches("b\\n", "b$")                             | false
matches("x[y]", "x[y]", "q")                      | true
matches("hello world", "hello\\\\ sworld", "x")   | true
matches("hello world", "\\\\p{ I s B a s i c L a t i n }+", "x") | true
matches("Ä1", "^\\\\p{Lu}\\\\d$")                 | true
matches("ä", "\\\\P{L}")                          | false
matches("abab", "^(ab)\\\\1$")                    | true
matches("abc", "(?=a)")                           | null
matches("abc", "a{3,2}")                          | null
matches("abc", "[")                               | null
matches("abc", "*a")                              | null
matches("abc", "a", "g")                          | null
matches("abc", null)                              | null
matches("abc", "b", null)                         | true
matches("1234 AB", "^[1-9][0-9]{3} ?[A-Z]{2}$")   | true
replace("abracadabra", "a.*?a", "*")              | "*c*bra"
replace("abracadabra", "a(.)", "a$1$1")           | "abbraccaddabbra"
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")       | "[1=ab][2=]cd"
replace("abc", "b", "\\\\$")                      | "a$c"
replace("abc", "b", "$x")                         | null
replace("abc", "x*", "-")                         | null
replace("a.b", ".", "#", "q")                     | "a#b"
replace("aaa", "(a+)+", "x")                      | "x"
"""

LISTS = """
list contains([1, null], null)                    | true
list contains([1, [2]], [2])                      | true
count(list: null)                                 | null
count(list: [[1, 2]])                             | 1
before(point: 1, range: [3..4])                   | true
before(range: [3..4], point: 1)                   | false
count([1, null])                                  | 2
count(1)                                          | 1
count(1, 2)                                       | null
count()                                           | null
count([])                                         | 0
min([3, 1, 2])                                    | 1
max("a", "c", "b")                                | "c"
min([@"2026-02-01", @"2026-01-01"])               | @"2026-01-01"
max([])                                           | null
max([1, "a"])                                     | null
min([1, null])                                    | null
sum([1, 2, 3])                                    | 6
sum(1, 2)                                         | 3
sum([])                                           | null
sum([1, null])                                    | null
mean([1, 2, 3, 4])                                | 2.5
product([2, 3, 4])                                | 24
median([6, 1, 2, 3])                              | 2.5
median([])                                        | null
stddev([2, 4, 7, 5])                              | 2.081665999466132735282297706979931
stddev([47])                                      | null
mode([6, 3, 9, 6, 6])                             | [6]
mode([6, 1, 9, 6, 1])                             | [1, 6]
mode([])                                          | []
all([true, true])                                 | true
all([true, null, false])                          | false
all([true, null])                                 | null
all([])                                           | true
any([false, true])                                | true
any([false, null])                                | null
any([])                                           | false
sublist([1, 2, 3], 2)                             | [2, 3]
sublist([1, 2, 3], -2, 1)                         | [2]
sublist([1, 2, 3], 3, 2)                          | null
append([1], 2, 3)                                 | [1, 2, 3]
append(1, 2)                                      | [1, 2]
concatenate([1], [2, [3]])                        | [1, 2, [3]]
insert before([1, 3], 2, 2)                       | [1, 2, 3]
insert before([1], 3, 2)                          | null
remove([1, 2, 3], 2)                              | [1, 3]
remove([1, 2, 3], -1)                             | [1, 2]
reverse([1, 2])                                   | [2, 1]
index of([1, 2, 1, null], 1)                      | [1, 3]
index of([1, null], null)                         | [2]
union([1, 2], [2, 3])                             | [1, 2, 3]
distinct values([1, "1", 1, [1], [1], null, null]) | [1, "1", [1], null]
flatten([[1, [2]], [[3]], 4])                     | [1, 2, 3, 4]
sort([2, 1, 3], function(x, y) x < y)             | [1, 2, 3]
sort([2, "a"], function(x, y) x < y)              | null
sort([2, 1, 3], function(x, y) x - y)             | null
sort([2, 1, 3], function(x, y) "x")               | null
sort([2, 1, 3], function(x) true)                 | null
list replace([1, 2, 3], 2, 4)                     | [1, 4, 3]
list replace([1, 2, 3], 2.9, 4)                   | [1, 4, 3]
list replace([1, 2, 3], -1.9, 4)                  | [1, 2, 4]
list replace([1, 2, 3], 0.9, 4)                   | null
insert before([1, 3], 2.5, 2)                     | [1, 2, 3]
remove([1, 2, 3], -1.5)                           | [1, 2]
list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) | [5, 5, 7, 8]
list replace([1], function(item) true, 5)         | null
list replace(list: [1, 2], position: -1, newItem: 9) | [1, 9]
"""

NUMBERS = """
decimal(1 / 3, 2)                                 | 0.33
decimal(2.5, 0)                                   | 2
decimal(2 / 3, 2.9)                               | 0.67
decimal(125, -1.9)                                | 120
decimal(1, null)                                  | null
decimal(125, -1)                                  | 120
decimal(1, 6177)                                  | null
floor(-1.5)                                       | -2
floor(1.56, 1)                                    | 1.5
floor(1.56, null)                                 | null
ceiling(1.56, null)                               | null
ceiling(n: 1.5)                                   | 2
ceiling(-1.5)                                     | -1
ceiling(1.51, 1)                                  | 1.6
round up(5.5, 0)                                  | 6
round up(-1.121, 2)                               | -1.13
round down(-1.126, 2)                             | -1.12
round half up(5.5, 0)                             | 6
round half up(-2.5, 0)                            | -3
round half down(5.5, 0)                           | 5
round half down(-1.126, 2)                        | -1.13
round up(0.0001, 2)                               | 0.01
floor(-0.0001, 2)                                 | -0.01
floor(123456789012345678901234567890.5)           | 123456789012345678901234567890
ceiling(-123456789012345678901234567890.5)        | -123456789012345678901234567890
decimal(1234567890123456789012345678901.236, 2)   | 1234567890123456789012345678901.24
round up(1234567890123456789012345678901.234, 2)  | 1234567890123456789012345678901.24
round half down(0.1234567890123456789012345678901255, 33) | 0.123456789012345678901234567890125
abs(-5)                                           | 5
abs(@"-P1D")                                      | @"P1D"
modulo(-12, 5)                                    | 3
modulo(12, -5)                                    | -3
modulo(10.1, 4.5)                                 | 1.1
modulo(1, 0)                                      | null
sqrt(16)                                          | 4
sqrt(-1)                                          | null
log(1)                                            | 0
log(0)                                            | null
decimal(exp(1), 5)                                | 2.71828
odd(5)                                            | true
even(-2)                                          | true
even(2.5)                                         | null
"""

CALENDAR = """
today()                                           | @"2026-01-06"
now()                                             | @"2026-01-06T00:30:00@Europe/Amsterdam"
day of year(@"2026-02-01")                        | 32
day of week(@"2026-01-05")                        | "Monday"
month of year(@"2026-01-05")                      | "January"
week of year(@"2026-01-01")                       | 1
week of year(@"2021-01-03")                       | 53
"""

RANGES = """
before(1, 10)                                     | true
before([1..5], [5..9])                            | false
before([1..5), [5..9])                            | true
before(1, [2..5])                                 | true
after([5..9], 4)                                  | true
meets([1..5], [5..9])                             | true
meets([1..5), [5..9])                             | false
met by([5..9], [1..5])                            | true
overlaps([1..5], [3..8])                          | true
overlaps([1..5], (5..8])                          | false
overlaps before([1..5], [3..8])                   | true
overlaps before([1..5), [1..5])                   | false
overlaps after([3..8], [1..5])                    | true
finishes(10, [1..10])                             | true
finishes([5..10], [1..10])                        | true
finished by([1..10], 10)                          | true
includes([1..10], [4..6])                         | true
includes([1..10), 10)                             | false
during(5, [1..10])                                | true
starts(1, [1..10])                                | true
started by([1..10], [1..5])                       | true
coincides([1..5], [1..5])                         | true
coincides(3, 3)                                   | true
coincides([1..5], [1..5))                         | false
before("a", 1)                                    | null
"""

CONTEXTS = """
get value({a: 1}, "a")                            | 1
get value({a: 1}, "b")                            | null
get value({a: {b: 2}}, ["a", "b"])                | 2
get entries({a: 1})                               | [{key: "a", value: 1}]
context([{key: "a", value: 1}, {key: "b", value: 2}]) | {a: 1, b: 2}
context({key: "a", value: 1})                     | {a: 1}
context([{key: "a", value: 1}, {key: "a", value: 2}]) | null
context([{key: "a"}])                             | null
context put({a: 1}, "b", 2)                       | {a: 1, b: 2}
context put({x: 1, y: {a: 0}}, ["y", "a"], 2)     | {x: 1, y: {a: 2}}
context put({x: 1}, ["x", "a"], 2)                | null
context put({x: 1}, [null], 2)                    | null
context merge([{a: 1}, {b: 2, a: 3}])             | {a: 3, b: 2}
"""


@pytest.mark.parametrize(
    ("expression", "wanted"),
    cases(CONVERSION, STRINGS, REGEX, LISTS, NUMBERS, CALENDAR, RANGES, CONTEXTS),
)
def test_a_function_answers_what_the_standard_says(expression, wanted):
    found, expected = evaluate(expression), evaluate(wanted)
    assert same(found, expected), found
