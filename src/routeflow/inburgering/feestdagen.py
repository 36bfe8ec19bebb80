"""The days on which a statutory period does not end: the weekend and Algemene termijnenwet art. 3."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays

# Name in the `holidays` library, in lower case -> name in art. 3. What is not here is no holiday under the Atw:
# Easter Sunday and Whit Sunday are Sundays already, 24 and 31 December are ordinary days.
_ATW_3 = {
    "nieuwjaarsdag": "Nieuwjaarsdag",
    "goede vrijdag": "Goede Vrijdag",
    "tweede paasdag": "tweede Paasdag",
    "koninginnedag": "Koninginnedag",
    "koningsdag": "Koningsdag",
    "bevrijdingsdag": "5 mei",
    "hemelvaartsdag": "Hemelvaartsdag",
    "tweede pinksterdag": "tweede Pinksterdag",
    "eerste kerstdag": "eerste Kerstdag",
    "tweede kerstdag": "tweede Kerstdag",
}
_WEEKEND = {6: "zaterdag", 7: "zondag"}
_DAG = timedelta(days=1)

GELIJKGESTELD: Mapping[date, str] = MappingProxyType({})
"""Days equated by royal decree (Atw art. 3 lid 3), day -> name of the decree.

Empty: no decree was read for the years in use. Enter one here when the
Staatscourant publishes it, or hand a table of your own to the functions.
"""


@lru_cache(maxsize=256)
def feestdagen(jaar: int) -> Mapping[date, str]:
    """Return the algemeen erkende feestdagen of ``jaar`` and Goede Vrijdag, by day.

    Source:
        Algemene termijnenwet art. 3 lid 1 and 2. 5 mei counts every year, not
        only in the lustrum years in which employers give the day off. The
        King's birthday counts on the day on which it is celebrated.

    >>> [naam for dag, naam in feestdagen(2025).items() if dag.month == 4]
    ['Goede Vrijdag', 'tweede Paasdag', 'Koningsdag']
    >>> date(2025, 4, 26) in feestdagen(2025), date(2025, 4, 27) in feestdagen(2025)
    (True, False)
    >>> len(feestdagen(2026))
    9
    """
    kalender = holidays.country_holidays(
        "NL", years=jaar, categories=("public", "optional"), language="nl"
    )
    dagen = {}
    for dag, naam in sorted(kalender.items()):
        namen = [_ATW_3[deel] for deel in naam.lower().split("; ") if deel in _ATW_3]
        if namen:
            dagen[dag] = " en ".join(namen)
    return MappingProxyType(dagen)


def vrije_dag(dag: date, gelijkgesteld: Collection[date] = GELIJKGESTELD) -> str | None:
    """Return why ``dag`` is no working day under the Atw, None when it is one.

    >>> vrije_dag(date(2026, 4, 27)), vrije_dag(date(2026, 4, 28))
    ('Koningsdag', None)
    >>> vrije_dag(date(2026, 5, 15), {date(2026, 5, 15)})
    'gelijkgesteld bij besluit'
    """
    if naam := feestdagen(dag.year).get(dag):
        return naam
    if dag in gelijkgesteld:
        if isinstance(gelijkgesteld, Mapping):
            return str(gelijkgesteld[dag])
        return "gelijkgesteld bij besluit"
    return _WEEKEND.get(dag.isoweekday())


def werkdagen_verder(
    dag: date, aantal: int, gelijkgesteld: Collection[date] = GELIJKGESTELD
) -> date:
    """Return the day ``aantal`` working days after ``dag``, or before it when negative.

    ``dag`` itself is not counted and may be a day off; zero gives ``dag``.

    >>> werkdagen_verder(date(2026, 4, 2), 1)  # Goede Vrijdag, weekend, tweede Paasdag
    datetime.date(2026, 4, 7)
    >>> werkdagen_verder(date(2026, 4, 7), -1)
    datetime.date(2026, 4, 2)
    """
    stap = _DAG if aantal > 0 else -_DAG
    over = abs(aantal)
    while over:
        dag += stap
        over -= vrije_dag(dag, gelijkgesteld) is None
    return dag
