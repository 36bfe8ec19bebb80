"""A second count of the law's periods, by other means than the product: no code of ours is used here.

Easter by the tables of Meeus, holidays as the Algemene termijnenwet names them, months by walking the
calendar, working days one by one. Where both counts agree, neither has a typing error of its own.
"""

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

DAG = timedelta(days=1)


def pasen(jaar: int) -> date:
    """Return Easter Sunday (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = jaar % 19, divmod(jaar, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * ell) // 451
    maand, dag = divmod(h + ell - 7 * m + 114, 31)
    return date(jaar, maand, dag + 1)


def vrij(dag: date) -> bool:
    """Say whether a day is Saturday, Sunday or a holiday (Atw art. 3)."""
    koning = date(dag.year, 4, 27)
    feest = {
        date(dag.year, 1, 1),
        koning - DAG if koning.isoweekday() == 7 else koning,
        date(dag.year, 5, 5),
        date(dag.year, 12, 25),
        date(dag.year, 12, 26),
        *(pasen(dag.year) + timedelta(days=aantal) for aantal in (-2, 1, 39, 50)),
    }
    return dag.isoweekday() > 5 or dag in feest


def schuif(dag: date) -> date:
    """Return the first day from ``dag`` on that is none of these (Atw art. 1)."""
    while vrij(dag):
        dag += DAG
    return dag


def maanden(dag: date, aantal: int) -> date:
    """Walk over whole months; the end of a shorter month stands for a day that it has not."""
    jaar, maand = dag.year, dag.month
    for _ in range(abs(aantal)):
        maand += 1 if aantal > 0 else -1
        if maand in {0, 13}:
            jaar, maand = (jaar - 1, 12) if maand == 0 else (jaar + 1, 1)
    return date(jaar, maand, min(dag.day, calendar.monthrange(jaar, maand)[1]))


def werkdagen(dag: date, aantal: int) -> date:
    """Walk over days until so many of them were working days."""
    stap = DAG if aantal > 0 else -DAG
    while aantal:
        dag += stap
        if not vrij(dag):
            aantal -= 1 if aantal > 0 else -1
    return dag


def weken(aantal: int) -> Callable[[date], tuple[date, date]]:
    """Weeks after the day, and then to the next working day."""
    return lambda dag: (ruw := dag + timedelta(weeks=aantal), schuif(ruw))


def heel(aantal: int) -> Callable[[date], tuple[date, date]]:
    """Whole months after the day, that never move (Atw art. 4)."""
    return lambda dag: (ruw := maanden(dag, aantal), ruw)


def vanaf(aantal: int, begin: timedelta = timedelta(0)) -> Callable[[date], tuple[date, date]]:
    """Whole months of which the first day counts, ``begin`` after the day (Wet art. 11: one later).

    A month that lacks the day after the last one is counted in full.
    """

    def tel(dag: date) -> tuple[date, date]:
        eerste = dag + begin
        zelfde = maanden(eerste, aantal)
        ruw = zelfde - DAG if zelfde.day == eerste.day else zelfde
        return ruw, ruw

    return tel


def dertien_weken(dag: date) -> tuple[date, date]:
    """Longer than twelve weeks: the Algemene termijnenwet stays out of it (art. 4)."""
    ruw = dag + timedelta(weeks=13)
    return ruw, ruw


REGELS: Final[Mapping[str, tuple[str, Callable[[date], tuple[date, date]]]]] = {
    "pip": ("kennisgeving", weken(10)),
    "pip_verhuizing": ("inschrijving_brp_nieuw", weken(10)),
    "pip_informatie_derde": ("ontvangst_informatie", weken(2)),
    "bezwaar": ("bekendmaking", weken(6)),
    "bezwaar_boete": ("bekendmaking_boete", weken(6)),
    "betaling_boete": ("bekendmaking_boete", weken(6)),
    "aanmaning": ("aanmaning_datum", weken(2)),
    "zienswijze": ("voornemen", weken(2)),
    "duo_besluit": ("aanvraag", weken(8)),
    "besluit_boete": ("rapport", dertien_weken),
    "aanbod": ("dagtekening", heel(3)),
    "onderwijsroute_start": ("dagtekening", heel(6)),
    "nieuwe_termijn_intake": ("bekendmaking_boete", heel(2)),
    "ontzorgen": ("bijstand_ingang", vanaf(6)),
    "inburgeringstermijn": ("dagtekening", vanaf(36, DAG)),
    "route_switch": ("dagtekening", vanaf(18, DAG)),
    "bewaartermijn": ("einde_plicht", heel(60)),
    "recidivevenster": ("vaststelling", heel(-12)),
}
"""Each period that counts from one day: from which, and how (enforcement of Atw art. 1, 2 and 4)."""
