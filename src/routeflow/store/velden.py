"""Which facts the forms of a deployment name, and which of them are sensitive."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.store.models import Bestand, Deployment
from routeflow.store.recent import Recent


@dataclass(frozen=True, slots=True)
class Velden:
    """``per_formulier``: form -> names of facts. ``gevoelig``: name of a fact -> kind."""

    per_formulier: Mapping[str, frozenset[str]]
    gevoelig: Mapping[str, str]


_recent: Recent[Velden] = Recent()


def velden_van(session: Session, deployment: Deployment) -> Velden:
    """Return the fields of the forms of a deployment, read once per process."""
    return _recent.get(deployment.digest, lambda: _lees(_formulieren(session, deployment.id)))


def _formulieren(session: Session, deployment_id: int) -> dict[str, bytes]:
    rijen = session.execute(
        select(Bestand.pad, Bestand.inhoud).where(
            Bestand.deployment_id == deployment_id, Bestand.pad.like("forms/%.form")
        )
    )
    return {rij.pad: rij.inhoud for rij in rijen}


def _lees(bestanden: Mapping[str, bytes]) -> Velden:
    per_formulier, gevoelig = {}, {}
    for pad, inhoud in bestanden.items():
        onderdelen = list(_onderdelen(json.loads(inhoud)))
        namen = frozenset(str(deel.get("key") or deel.get("path")) for deel in onderdelen)
        per_formulier[pad.removeprefix("forms/").removesuffix(".form")] = namen
        gevoelig.update(
            {
                str(deel.get("key") or deel.get("path")): str(deel["properties"]["gevoelig"])
                for deel in onderdelen
                if (deel.get("properties") or {}).get("gevoelig")
            }
        )
    return Velden(per_formulier, gevoelig)


def _onderdelen(deel: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if deel.get("key") or deel.get("path"):
        yield deel
    for kind in deel.get("components") or ():
        yield from _onderdelen(kind)
