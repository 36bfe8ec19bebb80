"""Texts. Positions count from 1, in characters (code points)."""

from decimal import Decimal
from typing import Final

from routeflow.feel import regex
from routeflow.feel.builtins.signature import Chapter
from routeflow.feel.run import Run
from routeflow.feel.values import Value

FUNCTIONS: Final = Chapter()


@FUNCTIONS.function("substring(string: string, start position: number, length?: number)")
def substring(run: Run, whole: str, start: Decimal, length: Decimal | None = None) -> Value:
    first = int(start) if abs(start) < len(whole) + 1 else 0
    if not first:
        return run.null(f"substring: er is geen plaats {start}")
    begin = first - 1 if first > 0 else len(whole) + first
    if length is None:
        return run.text(whole[begin:])
    if length < 1:
        return run.null("substring: de lengte is minder dan 1")
    return run.text(whole[begin : begin + int(min(length, Decimal(len(whole))))])


@FUNCTIONS.function("string length(string: string)")
def string_length(_run: Run, whole: str) -> Value:
    return Decimal(len(whole))


@FUNCTIONS.function("upper case(string: string)")
def upper_case(run: Run, whole: str) -> Value:
    return run.text(whole.upper())


@FUNCTIONS.function("lower case(string: string)")
def lower_case(run: Run, whole: str) -> Value:
    return run.text(whole.lower())


@FUNCTIONS.function("substring before(string: string, match: string)")
def substring_before(run: Run, whole: str, match: str) -> Value:
    before, found, _ = whole.partition(match) if match else ("", "", "")
    return run.text(before) if found else ""


@FUNCTIONS.function("substring after(string: string, match: string)")
def substring_after(run: Run, whole: str, match: str) -> Value:
    return run.text(whole.partition(match)[2]) if match else whole


@FUNCTIONS.function("contains(string: string, match: string)")
def contains(_run: Run, whole: str, match: str) -> Value:
    return match in whole


@FUNCTIONS.function("starts with(string: string, match: string)")
def starts_with(_run: Run, whole: str, match: str) -> Value:
    return whole.startswith(match)


@FUNCTIONS.function("ends with(string: string, match: string)")
def ends_with(_run: Run, whole: str, match: str) -> Value:
    return whole.endswith(match)


@FUNCTIONS.function("matches(input: string, pattern: string, flags?: string)")
def matches(run: Run, whole: str, pattern: str, flags: str | None = None) -> Value:
    try:
        return regex.search(regex.compile_pattern(pattern, flags or ""), whole, run.charge)
    except regex.PatternFault as fault:
        return run.null(f"matches: {fault}")


@FUNCTIONS.function("replace(input: string, pattern: string, replacement: string, flags?: string)")
def replace(
    run: Run, whole: str, pattern: str, replacement: str, flags: str | None = None
) -> Value:
    try:
        compiled = regex.compile_pattern(pattern, flags or "")
        return regex.replace(compiled, whole, replacement, run)
    except regex.PatternFault as fault:
        return run.null(f"replace: {fault}")


@FUNCTIONS.function("split(string: string, delimiter: string)")
def split(run: Run, whole: str, delimiter: str) -> Value:
    try:
        compiled = regex.compile_pattern(delimiter, "")
        return run.items(regex.split(compiled, whole, run))
    except regex.PatternFault as fault:
        return run.null(f"split: {fault}")


@FUNCTIONS.function("string join(list: list, delimiter?: string)")
def string_join(run: Run, parts: list[Value], delimiter: str | None = None) -> Value:
    texts = [part for part in parts if part is not None]
    if not all(type(part) is str for part in texts):
        return run.null("string join: in de lijst staat iets anders dan tekst")
    size = sum(map(len, texts)) + len(delimiter or "") * len(texts)
    run.charge(len(texts))
    if size > run.limits.text:
        return run.text(" " * (run.limits.text + 1))
    return (delimiter or "").join(texts)
