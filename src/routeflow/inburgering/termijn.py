"""Termijn: a period with the article that sets it, and how its last day was counted."""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, Self, get_args

from routeflow.inburgering.feestdagen import GELIJKGESTELD, vrije_dag, werkdagen_verder

Eenheid = Literal["werkdagen", "dagen", "weken", "maanden", "jaren"]
EENHEDEN: tuple[Eenheid, ...] = get_args(Eenheid)

_DAG = timedelta(days=1)
_ATW_GRENS: dict[Eenheid, int] = {"dagen": 90, "weken": 12, "maanden": 3}  # Atw art. 4 onder a
_ENKELVOUD: dict[Eenheid, str] = {
    "werkdagen": "werkdag",
    "dagen": "dag",
    "weken": "week",
    "maanden": "maand",
    "jaren": "jaar",
}


@dataclass(frozen=True, slots=True)
class Overgeslagen:
    """A day on which the period would have ended, and why it did not."""

    dag: date
    reden: str


@dataclass(frozen=True, slots=True)
class Uitleg:
    """How a last day was counted, for a person who wants to check it by hand."""

    ruwe_laatste_dag: date
    laatste_dag: date
    atw: bool
    atw_reden: str
    overgeslagen: tuple[Overgeslagen, ...]
    tekst: str


@dataclass(frozen=True, slots=True)
class Termijn:
    """A period that begins on the day after ``na``. Counted in civil days in the Netherlands.

    ``grond`` is the article (or the agreement) that sets it and is shown wherever the date is shown.
    ``atw`` says that the Algemene termijnenwet applies, ``atw_reden`` why it does or does not: it
    depends on who set the period, not on its length alone. ``doorschuiven`` moves a last day off
    on to the next working day by agreement, where the Atw does not. A negative ``aantal`` counts
    back from ``na`` and never moves (Atw art. 1 lid 2). ``vanaf_begin`` counts months and years
    from the first day instead of from ``na``: for periods that the law lets begin on a day.
    """

    na: date
    aantal: int
    eenheid: Eenheid
    grond: str
    atw: bool
    atw_reden: str = ""
    doorschuiven: bool = False
    vanaf_begin: bool = False
    opgeschort: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        if self.eenheid not in EENHEDEN:
            raise ValueError(f"{self.grond}: unknown unit {self.eenheid!r}")
        if self.atw and self.aantal < 0:
            raise ValueError(f"{self.grond}: the Atw does not count back (art. 1 lid 2)")
        if self.atw and self.aantal > _ATW_GRENS.get(self.eenheid, 0):
            raise ValueError(f"{self.grond}: too long for the Atw (art. 4), or not in its units")
        if self.opgeschort < timedelta(0):
            raise ValueError(f"{self.grond}: a period is never suspended for less than no time")

    @property
    def begin(self) -> date:
        """The first day of the period; when counted back, the day it is counted from."""
        return self.na if self.aantal < 0 else self.na + _DAG

    @property
    def lengte(self) -> str:
        """Return its length in words.

        >>> Termijn(date(2026, 1, 1), 1, "weken", "test", atw=False).lengte
        '1 week'
        >>> Termijn(date(2026, 1, 1), 3, "jaren", "test", atw=False).lengte
        '3 jaar'
        """
        aantal = abs(self.aantal)
        enkelvoud = aantal == 1 or self.eenheid == "jaren"
        return f"{aantal} {_ENKELVOUD[self.eenheid] if enkelvoud else self.eenheid}"

    def laatste_dag(self, gelijkgesteld: Collection[date] = GELIJKGESTELD) -> date:
        """Return the last day on which the act is in time; when counted back, the first.

        >>> Termijn(date(2026, 2, 16), 10, "weken", "Besluit 5.3 lid 1", atw=True).laatste_dag()
        datetime.date(2026, 4, 28)
        """
        return self._tel(gelijkgesteld)[1]

    def uitleg(self, gelijkgesteld: Collection[date] = GELIJKGESTELD) -> Uitleg:
        """Return the last day with the raw end, the days skipped and the reasons."""
        ruw, dag, overgeslagen = self._tel(gelijkgesteld)
        return Uitleg(
            ruwe_laatste_dag=ruw,
            laatste_dag=dag,
            atw=self.atw,
            atw_reden=self.atw_reden or ("Atw van toepassing" if self.atw else "Atw geldt niet"),
            overgeslagen=tuple(overgeslagen),
            tekst=self._tekst(ruw, dag, overgeslagen),
        )

    def _tel(self, gelijkgesteld: Collection[date]) -> tuple[date, date, list[Overgeslagen]]:
        """Return the raw end, the last day, and the days between them that were skipped."""
        ruw = self._ruw(gelijkgesteld)
        dag, overgeslagen = ruw, list[Overgeslagen]()
        if self.atw or (self.doorschuiven and self.aantal >= 0):
            while reden := vrije_dag(dag, gelijkgesteld):
                overgeslagen.append(Overgeslagen(dag, reden))
                dag += _DAG
        if self.atw and (ruw - self.na).days >= 3:  # noqa: PLR2004 - Atw art. 2 names three days
            tweede = werkdagen_verder(self.na, 2, gelijkgesteld)  # idem: it holds two working days
            while dag < tweede:
                overgeslagen.append(Overgeslagen(dag, "minder dan twee werkdagen (Atw art. 2)"))
                dag = werkdagen_verder(dag, 1, gelijkgesteld)
        return ruw, dag, overgeslagen

    def opschorten(self, dagen: int) -> Self:
        """Return the same period with its clock stopped for ``dagen`` days (Awb art. 4:15)."""
        if dagen <= 0:
            raise ValueError(f"opschorting is at least one day, not {dagen}")
        return replace(self, opgeschort=self.opgeschort + timedelta(days=dagen))

    def verlengen_tot(self, laatste_dag: date) -> Self:
        """Return the period with ``laatste_dag`` as its end; itself when that is no later."""
        meer = laatste_dag - self._ruw(GELIJKGESTELD)
        return replace(self, opgeschort=self.opgeschort + meer) if meer > timedelta(0) else self

    def _ruw(self, gelijkgesteld: Collection[date]) -> date:
        if self.eenheid == "werkdagen":
            return werkdagen_verder(self.na, self.aantal, gelijkgesteld) + self.opgeschort
        if self.eenheid in {"dagen", "weken"}:
            dagen = self.aantal * (7 if self.eenheid == "weken" else 1)
            return self.na + timedelta(days=dagen) + self.opgeschort
        maanden = self.aantal * (12 if self.eenheid == "jaren" else 1)
        if not self.vanaf_begin:
            return maanden_verder(self.na, maanden) + self.opgeschort
        eerste = self.na + _DAG
        einde = maanden_verder(eerste, maanden)
        # 31 August and six months: 31 February does not exist, so February is used up whole
        einde = einde if einde.day < eerste.day else einde - _DAG
        return einde + self.opgeschort

    def _tekst(self, ruw: date, dag: date, overgeslagen: list[Overgeslagen]) -> str:
        richting = "voor" if self.aantal < 0 else "na"
        zin = f"{self.lengte} {richting} {_nl(self.na)}: {_nl(ruw)}"
        if self.opgeschort:
            zin += f" (met {self.opgeschort.days} dagen opschorting of verlenging)"
        if overgeslagen:
            dagen = ", ".join(f"{_nl(over.dag)} {over.reden}" for over in overgeslagen)
            zin += f"; verschoven naar {_nl(dag)} ({dagen})"
        return zin + "."


def maanden_verder(dag: date, maanden: int) -> date:
    """Return the same day of the month ``maanden`` later, or the last day of a shorter month.

    >>> maanden_verder(date(2024, 2, 29), 36), maanden_verder(date(2026, 3, 31), -1)
    (datetime.date(2027, 2, 28), datetime.date(2026, 2, 28))
    """
    jaar, maand = divmod(dag.year * 12 + dag.month - 1 + maanden, 12)
    return date(jaar, maand + 1, min(dag.day, monthrange(jaar, maand + 1)[1]))


def _nl(dag: date) -> str:
    return f"{dag.day}-{dag.month}-{dag.year}"
