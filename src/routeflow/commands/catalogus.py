"""A deployment made ready for use: parsed once per process, shared by every thread."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow import engine, forms
from routeflow.commands.ladder import Stap, vandaag
from routeflow.commands.waarborgen import WAARBORGEN
from routeflow.engine import Definition, Element, World
from routeflow.errors import Incident
from routeflow.inburgering.rechten import GEMEENTE, GEMEENTE_ROLLEN
from routeflow.inburgering.regels import Afspraak
from routeflow.store.models import Bestand, Deployment
from routeflow.store.recent import Recent

_VEEL = 1000  # answers of the rolverdeling that are kept: each day asks anew


@dataclass(frozen=True, slots=True)
class Verdeling:
    """Who does a taak. ``partij`` is empty when the rolverdeling has nobody yet."""

    partij: str
    samen_met: str | None = None


class Catalogus:
    """The definition, tables and forms of one deployment. Only its caches ever change."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.definition: Definition = engine.load(files)
        self.bestanden = files
        self._elements = {
            (element.process, element.id): element
            for process in self.definition.processes
            for element in self.definition.elements(process)
        }
        self.gates = engine.Gates(self.definition, files, WAARBORGEN)
        self._forms: dict[str, forms.Formulier] = {}
        self._afspraken: dict[str, Afspraak | None] = {}
        self._ladders: dict[tuple[str, str, str], tuple[Stap, ...]] = {}
        self._verdelingen: dict[tuple[object, ...], Verdeling] = {}

    def element(self, process: str, element: str) -> Element | None:
        """Return one node of a diagram, None when it is not there."""
        return self._elements.get((process, element))

    def stap(self, element: str) -> Element | None:
        """Return the node with this id in the first process that has it, None when none has."""
        return next((een for (_, naam), een in self._elements.items() if naam == element), None)

    def form(self, naam: str) -> "forms.Formulier":
        """Return a form. Raises Incident when the deployment has none by that name."""
        if naam not in self._forms:
            inhoud = self.bestanden.get(f"forms/{naam}.form")
            if inhoud is None:
                raise Incident(f"Het formulier {naam} zit niet in deze versie.")
            self._forms[naam] = forms.load(inhoud)
        return self._forms[naam]

    def afspraak(self, naam: str, now: datetime) -> Afspraak | None:
        """Return the working agreement called ``naam``, None when there is none.

        Raises Invalid when its row cannot be counted with.
        """
        if naam not in self._afspraken:
            rij = self._besluit("werkafspraken", {"termijn": naam}, now)
            self._afspraken[naam] = None if rij is None else Afspraak.uit(naam, rij)
        return self._afspraken[naam]

    def boetebeleid(self, onderwerp: str, now: datetime) -> str | None:
        """Return what the gemeente chose where the law on fines leaves room, None when nothing."""
        rij = self._besluit("boetebeleid", {"onderwerp": onderwerp}, now) or {}
        return rij.get("waarde")

    def rapportage(self, now: datetime) -> Mapping[str, Any] | None:
        """Return what the gemeente agreed about the report of the week, None when there is none."""
        rij: Mapping[str, Any] | None = self._besluit("rapportage", {"rapport": "week"}, now)
        return rij

    def ladder(self, onderdeel: str, houder: str, rol: str, now: datetime) -> tuple[Stap, ...]:
        """Return the steps of the reminder ladder for such a taak."""
        sleutel = (onderdeel, houder, rol)
        if sleutel not in self._ladders:
            invoer = dict(zip(("onderdeel", "houder", "rol"), sleutel, strict=True))
            self._ladders[sleutel] = _stappen(self._besluit("escalatie", invoer, now) or [])
        return self._ladders[sleutel]

    def termijnladder(self, termijn: str, houder: str, now: datetime) -> tuple[Stap, ...]:
        """Return the steps that the table ``termijnbewaking`` sets for a period of the law."""
        sleutel = ("termijn", termijn, houder)
        if sleutel not in self._ladders:
            invoer = {"termijn": termijn, "houder": houder}
            self._ladders[sleutel] = _stappen(self._besluit("termijnbewaking", invoer, now) or [])
        return self._ladders[sleutel]

    def verdeel(
        self, onderdeel: str, rol: str, feiten: Mapping[str, Any], now: datetime
    ) -> Verdeling:
        """Return which partij fills ``rol``. A rol of the gemeente is always the gemeente's."""
        if rol in GEMEENTE_ROLLEN:
            return Verdeling(GEMEENTE)
        invoer = {
            "onderdeel": onderdeel,
            "rol": rol,
            "leerroute": feiten.get("leerroute"),
            "doelgroep": feiten.get("doelgroep"),
            "datum": vandaag(now),
        }
        sleutel = tuple(invoer.values())
        if sleutel not in self._verdelingen:
            if len(self._verdelingen) >= _VEEL:
                self._verdelingen.clear()
            gevonden = self._besluit("rolverdeling", invoer, now) or {}
            self._verdelingen[sleutel] = Verdeling(
                str(gevonden.get("partij") or ""), str(gevonden.get("samenMet") or "") or None
            )
        return self._verdelingen[sleutel]

    def _besluit(self, naam: str, invoer: Mapping[str, Any], now: datetime) -> Any:  # noqa: ANN401 - what the table says
        if naam not in self.definition.decisions:
            return None
        world = World(now=now, facts={}, functions=lambda _opened: {}, services={})
        return engine.decide(self.definition, naam, invoer, world).value


def _stappen(rijen: Iterable[Mapping[str, Any]]) -> tuple[Stap, ...]:
    return tuple(
        Stap(
            stap=str(rij["stap"]),
            dagen=int(rij["dagen"]),
            soort=str(rij["soort"]),
            aan=str(rij["aan"]),
            tekst=str(rij["tekst"]),
        )
        for rij in rijen
    )


_recent: Recent[Catalogus] = Recent()


def catalogus_of(session: Session, deployment: Deployment) -> Catalogus:
    """Return the catalogus of ``deployment``. Its digest is the key: equal files, equal catalogus."""
    return _recent.get(deployment.digest, lambda: Catalogus(_bestanden(session, deployment.id)))


def _bestanden(session: Session, deployment_id: int) -> dict[str, bytes]:
    rijen = session.execute(
        select(Bestand.pad, Bestand.inhoud).where(Bestand.deployment_id == deployment_id)
    )
    return {rij.pad: rij.inhoud for rij in rijen}
