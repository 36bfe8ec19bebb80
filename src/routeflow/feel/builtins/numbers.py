"""Numbers. Decimal arithmetic in 34 digits, half even unless the name says otherwise."""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Final

from routeflow.feel.builtins.signature import Chapter
from routeflow.feel.run import Run
from routeflow.feel.temporal import make_days, nanos_in
from routeflow.feel.values import ARITHMETIC, Value, YearsMonths

FUNCTIONS: Final = Chapter()
_LEAST_SCALE: Final = -6111
_MOST_SCALE: Final = 6176


def _rounded(run: Run, n: Decimal, scale: Decimal, rounding: str, name: str) -> Value:
    if not _LEAST_SCALE <= scale <= _MOST_SCALE:
        return run.null(f"{name}: zoveel cijfers achter de komma kan niet")
    digits = int(scale)
    exponent = n.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -digits:
        return n
    if n.adjusted() < -digits - 1:
        # far below the last digit asked for: only its sign still matters
        n = Decimal((1 if n < 0 else 0, (1,) if n else (0,), -digits - 2))
    try:
        rounded = n.quantize(Decimal((0, (1,), -digits)), rounding=rounding, context=ARITHMETIC)
        return ARITHMETIC.plus(rounded)  # no minus zero
    except ArithmeticError:
        return run.null(f"{name}: daar komt geen bruikbaar getal uit")


def _rounding(name: str, rounding: str, *, scale_is_optional: bool = False) -> None:
    @FUNCTIONS.function(f"{name}(n: number, scale: number)")
    def implementation(run: Run, n: Decimal, scale: Decimal = Decimal(0)) -> Value:
        return _rounded(run, n, scale, rounding, name)

    if scale_is_optional:
        FUNCTIONS.function(f"{name}(n: number)")(implementation)


_rounding("decimal", ROUND_HALF_EVEN)
_rounding("floor", ROUND_FLOOR, scale_is_optional=True)
_rounding("ceiling", ROUND_CEILING, scale_is_optional=True)
_rounding("round up", ROUND_UP)
_rounding("round down", ROUND_DOWN)
_rounding("round half up", ROUND_HALF_UP)
_rounding("round half down", ROUND_HALF_DOWN)


@FUNCTIONS.function("abs(n: number|days|months)")
def absolute(_run: Run, n: Value) -> Value:
    if type(n) is YearsMonths:
        return YearsMonths(abs(n.total))
    return n.copy_abs() if type(n) is Decimal else make_days(abs(nanos_in(n)))


@FUNCTIONS.function("modulo(dividend: number, divisor: number)")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    if not divisor:
        return run.null("modulo: delen door nul kan niet")
    try:
        rest = ARITHMETIC.remainder(dividend, divisor)
        return ARITHMETIC.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest
    except ArithmeticError:
        return run.null("modulo: daar komt geen bruikbaar getal uit")


def _guarded(name: str, rule: Callable[[Decimal], Decimal]) -> None:
    @FUNCTIONS.function(f"{name}(number: number)")
    def implementation(run: Run, n: Decimal) -> Value:
        try:
            answer = rule(n)
        except ArithmeticError:
            return run.null(f"{name}: dat kan niet met dit getal")
        return answer if answer.is_finite() else run.null(f"{name}: dat kan niet met dit getal")


_guarded("sqrt", ARITHMETIC.sqrt)
_guarded("log", ARITHMETIC.ln)
_guarded("exp", ARITHMETIC.exp)


@FUNCTIONS.function("even(number: number)")
def even(run: Run, n: Decimal) -> Value:
    return _has_rest(run, n, 0)


@FUNCTIONS.function("odd(number: number)")
def odd(run: Run, n: Decimal) -> Value:
    return _has_rest(run, n, 1)


def _has_rest(run: Run, n: Decimal, rest: int) -> Value:
    exponent = n.normalize(ARITHMETIC).as_tuple().exponent
    if not isinstance(exponent, int) or exponent < 0:
        return run.null("even en odd willen een heel getal")
    last_digit_is_odd = not exponent and n.normalize(ARITHMETIC).as_tuple().digits[-1] % 2 == 1
    return last_digit_is_odd == bool(rest)
