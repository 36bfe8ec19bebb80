"""Which facts the forms of a deployment name, and which of them are sensitive."""

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.store.models import Bestand, Deployment

_KEEP = 8


@dataclass(frozen=True, slots=True)
class Velden:
    """``per_formulier``: form -> names of facts. ``gevoelig``: name of a fact -> kind."""

    per_formulier: Mapping[str, frozenset[str]]
    gevoelig: Mapping[str, str]


_cache: OrderedDict[str, Velden] = OrderedDict()
_lock = Lock()


def velden_van(session: Session, deployment_id: int) -> Velden:
    """Return the fields of the forms of a deployment, read once per process."""
    digest = session.scalars(select(Deployment.digest).where(Deployment.id == deployment_id)).one()
    with _lock:
        if digest in _cache:
            _cache.move_to_end(digest)
            return _cache[digest]
    rijen = session.execute(
        select(Bestand.pad, Bestand.inhoud).where(
            Bestand.deployment_id == deployment_id, Bestand.pad.like("forms/%.form")
        )
    )
    gelezen = _lees({pad: inhoud for pad, inhoud in rijen})  # noqa: C416 - dict() loses the types
    with _lock:
        _cache[digest] = gelezen
        while len(_cache) > _KEEP:
            _cache.popitem(last=False)
    return gelezen


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
