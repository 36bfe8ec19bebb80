import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeflow.forms.pattern import Unsafe, compile_pattern

PATTERNS = [
    r"^\d{4}\s?[A-Z]{2}$",
    r"^[0-9]{1,3}(,[0-9]{2})?$",
    r"a+b*c?",
    r"^(ja|nee|misschien)$",
    r"[^a-c]x",
    r"^.{2,4}$",
    r"(ab){2,}",
    r"",
    r"^$",
    r"^(a*)*$",
    r"(?:a|ab)(?:c|bcd)$",
    r"^\w+@\w+\.nl$",
]


@pytest.mark.parametrize("source", PATTERNS)
@given(text=st.text(alphabet="abcdx019 ,@.nlJAZ", max_size=12))
def test_a_pattern_finds_what_the_library_finds(source, text):
    assert compile_pattern(source).found_in(text) is bool(re.search(source, text))


def test_a_pattern_that_would_hang_the_library_answers_at_once():
    begin = time.perf_counter()
    assert not compile_pattern(r"^(a+)+(a|a)*$").found_in("a" * 1000 + "b")
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize(
    "source",
    [
        r"(a)\1",
        r"(?=a)b",
        r"(?<!a)b",
        "(",
        "[z-a]",
        "a" * 301,
        "((a{90}){90}){90}",
        r"a\b",
        "(?i)a",
    ],
)
def test_a_pattern_that_needs_going_back_or_is_too_large_is_refused(source):
    with pytest.raises(Unsafe):
        compile_pattern(source)
