"""The expression language: FEEL of DMN 1.5. Compiled to closures; no Python from a file ever runs.

>>> from datetime import UTC, datetime
>>> from routeflow import feel
>>> now = datetime(2026, 1, 5, 12, tzinfo=UTC)
>>> rule = feel.compile('leerroute = "B1" and uren >= 600')
>>> rule.evaluate({"leerroute": "B1", "uren": 640}, now=now)
True
>>> sorted(rule.names)
['leerroute', 'uren']
>>> rule.evaluate_with_reasons({"leerroute": "B1"}, now=now)
(None, ['uren is niet bekend', 'uren >= 600: niets (null) en een getal zijn niet te vergelijken'])

Values are Decimal, str, bool, None, date, time, datetime, timedelta, YearsMonths, list, dict,
Range and Function. Whatever goes wrong gives null and a reason; only text that is not FEEL
(SyntaxFault) and work without end (LimitExceeded) raise. This package may not read the clock,
the network or any file.
"""

from routeflow.feel.expression import Expression, compile  # noqa: A004 - read as feel.compile
from routeflow.feel.faults import DEFAULT_LIMITS, Budget, LimitExceeded, Limits, SyntaxFault
from routeflow.feel.json import from_json, to_json
from routeflow.feel.values import Function, Range, YearsMonths

__all__ = [
    "DEFAULT_LIMITS",
    "Budget",
    "Expression",
    "Function",
    "LimitExceeded",
    "Limits",
    "Range",
    "SyntaxFault",
    "YearsMonths",
    "compile",
    "from_json",
    "to_json",
]
