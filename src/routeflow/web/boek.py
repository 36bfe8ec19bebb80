"""One deployment as people read it: its processes, steps, forms and tables, read once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, cast

from sqlalchemy.orm import Session

from routeflow import engine
from routeflow.commands import deployments
from routeflow.commands.berichtsoorten import SOORTEN
from routeflow.engine import Element
from routeflow.errors import NotFound
from routeflow.store import schermen
from routeflow.store.queries import JournaalRij
from routeflow.store.waarden import from_json
from routeflow.web.deur import huis, lees
from routeflow.web.weergave import hoofdletter, leesbaar, waarde

_WOORDEN = {
    "wekker": "moment bereikt",
    "feiten gewijzigd": "gegeven verbeterd",
    "dossier gemigreerd": "naar een nieuwe versie van de processen",
}
_BEWAARD = 8  # running dossiers seldom stand on more versions than this


@dataclass(frozen=True, slots=True)
class Boek:
    """The files of a deployment with what was read from them. Immutable, like the deployment."""

    id: int
    bestanden: Mapping[str, bytes]
    processen: Mapping[str, str]
    stappen: Mapping[str, tuple[Element, ...]]
    plaats: Mapping[str, str]
    formulieren: Mapping[str, Mapping[str, Any]]
    vragen: Mapping[str, str] = field(repr=False)
    antwoorden: Mapping[str, Mapping[str, str]] = field(repr=False)
    herkomst: Mapping[str, str] = field(repr=False)

    @property
    def meer_antwoorden(self) -> frozenset[str]:
        """Return the questions to which several answers may be given."""
        return frozenset(
            vraag["key"]
            for schema in self.formulieren.values()
            for vraag in vragen_van(schema)
            if vraag.get("type") == "checklist"
        )

    def stap(self, proces: str, element: str) -> Element | None:
        """Return one step of a process."""
        return next((stap for stap in self.stappen.get(proces, ()) if stap.id == element), None)

    def proces_van(self, element: str) -> str | None:
        """Return the process that holds the element with this id."""
        return next(
            (
                proces
                for proces, stappen in self.stappen.items()
                if any(stap.id == element for stap in stappen)
            ),
            None,
        )

    def naam_van(self, proces: str) -> str:
        """Return the name of a process as its owner wrote it."""
        return self.processen.get(proces) or leesbaar(proces)

    def label(self, feit: str) -> str:
        """Return the question under which a fact was asked, or its name in words."""
        return self.vragen.get(feit) or leesbaar(feit)

    def waarde(self, feit: str, gegeven: Any) -> str:  # noqa: ANN401 - any fact
        """Return a fact in the words of the form that asked it."""
        woorden = self.antwoorden.get(feit, {})
        if isinstance(gegeven, list | tuple):
            return ", ".join(woorden.get(str(deel), waarde(deel)) for deel in gegeven) or waarde("")
        return woorden.get(str(gegeven), waarde(gegeven))

    def regel(self, rij: JournaalRij) -> str:
        """Return one act of the journal as a sentence."""
        gegevens = rij.gegevens
        waarover = gegevens.get("taak") or gegevens.get("bericht") or gegevens.get("naam")
        if not waarover and rij.element:
            proces = self.proces_van(rij.element)
            stap = self.stap(proces, rij.element) if proces else None
            waarover = stap.name if stap else None
        if rij.wat == "feiten gewijzigd":
            waarover = self._anders(gegevens.get("feiten") or {})
        zin = hoofdletter(_WOORDEN.get(rij.wat, rij.wat))
        if isinstance(waarover, str) and waarover in SOORTEN:
            waarover = f"{SOORTEN[waarover].betekenis} ({waarover})"
        if waarover:
            zin += f": {waarover}"
        extra = gegevens.get("behandelaar") or gegevens.get("reden")
        if gegevens.get("bericht") and gegevens.get("van"):
            extra = f"vastgelegd door {gegevens['van']}"
        return f"{zin} ({extra})" if extra else zin

    def _anders(self, feiten: Mapping[str, Sequence[Any]]) -> str:
        """Return in words what became of facts, as far as the reader may see them."""
        return "; ".join(
            f"{self.label(naam)}, van “{self.waarde(naam, from_json(oud))}”"
            f" naar “{self.waarde(naam, from_json(nu))}”"
            for naam, (oud, nu) in feiten.items()
        )


def boek(deployment_id: int) -> Boek:
    """Return the deployment with this number. Raises NotFound."""
    boeken = huis().boeken
    if deployment_id not in boeken:
        if len(boeken) >= _BEWAARD:
            boeken.pop(next(iter(boeken)), None)
        boeken[deployment_id] = open_boek(deployment_id, lees(_bestanden, deployment_id))
    return cast("Boek", boeken[deployment_id])


def _bestanden(session: Session, deployment_id: int) -> dict[str, bytes]:
    deployment = schermen.deployment(session, deployment_id)
    if deployment is None:
        raise NotFound("Deze versie bestaat niet.")
    return deployments.files_of(deployment)


def open_boek(deployment_id: int, inhoud: Mapping[str, bytes]) -> Boek:
    """Read a set of files. Raises Incident when a diagram cannot be read."""
    definitie = engine.load(inhoud)
    formulieren = {
        PurePosixPath(pad).stem: json.loads(bestand)
        for pad, bestand in inhoud.items()
        if pad.endswith(".form")
    }
    return Boek(
        deployment_id,
        inhoud,
        dict(sorted(definitie.processes.items())),
        {proces: tuple(definitie.elements(proces)) for proces in definitie.processes},
        {proces: definitie.file_of(proces) for proces in definitie.processes},
        formulieren,
        {
            vraag["key"]: vraag.get("label") or vraag.get("dateLabel") or leesbaar(vraag["key"])
            for schema in formulieren.values()
            for vraag in vragen_van(schema)
        },
        {
            vraag["key"]: {str(optie["value"]): optie["label"] for optie in vraag["values"]}
            for schema in formulieren.values()
            for vraag in vragen_van(schema)
            if isinstance(vraag.get("values"), list)
        },
        {
            vraag["key"]: proces
            for proces in sorted(definitie.processes, reverse=True)
            for stap in definitie.elements(proces)
            for vraag in vragen_van(formulieren.get(stap.form or "", {}), in_lijsten=False)
            if not (vraag.get("disabled") or vraag.get("readonly"))
        },
    )


def vragen_van(
    schema: Mapping[str, Any], *, in_lijsten: bool = True
) -> Iterator[Mapping[str, Any]]:
    """Yield the questions of a form, also those within groups; each row of a list asks its own."""
    for deel in schema.get("components", ()):
        if deel.get("key"):
            yield deel
        if in_lijsten or deel.get("type") != "dynamiclist":
            yield from vragen_van(deel, in_lijsten=in_lijsten)
