"""Looks whether the periods of dossiers are what their facts say, and whether each has its proof."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routeflow.commands import hartslag, ladder, termijnen
from routeflow.commands.toegang import leesbaar
from routeflow.store.models import (
    Dossier,
    DossierTermijn,
    Feit,
    TermijnBewijs,
    TermijnHistorie,
    Wekker,
)
from routeflow.store.waarden import from_json

Zin = tuple[UUID, str]


def keur_termijnen(session: Session, dossiers: Sequence[UUID], *, now: datetime) -> Iterator[Zin]:
    """Yield (dossier, what does not agree) for these dossiers. Reads only.

    A dossier without any row is older than the rows: the worker fills it in, see ``aanvullen``.
    """
    gesloten = dict(
        session.execute(
            select(Dossier.id, Dossier.gesloten_op).where(Dossier.id.in_(dossiers))
        ).all()
    )
    feiten = _feiten(session, dossiers)
    rijen: defaultdict[UUID, list[DossierTermijn]] = defaultdict(list)
    for rij in session.scalars(
        select(DossierTermijn).where(DossierTermijn.dossier_id.in_(dossiers))
    ):
        rijen[rij.dossier_id].append(rij)
    bewijzen: defaultdict[UUID, list[TermijnBewijs]] = defaultdict(list)
    for bewijs in session.scalars(
        select(TermijnBewijs).where(
            TermijnBewijs.dossier_id.in_(dossiers), TermijnBewijs.soort == "verstreken"
        )
    ):
        bewijzen[bewijs.dossier_id].append(bewijs)
    laatst = _laatste_tellingen(session, dossiers)
    straks = _aan_de_beurt(session, dossiers, now)
    for dossier_id, eigen in rijen.items():
        dicht = gesloten[dossier_id] is not None
        for verschil in termijnen.afwijkingen(eigen, feiten[dossier_id], gesloten=dicht):
            zin = (
                f"De termijn {verschil.naam} staat als {verschil.rij}; geteld: {verschil.telling}."
            )
            yield dossier_id, zin
        for rij in termijnen.zonder_bewijs(eigen, bewijzen[dossier_id], ladder.vandaag(now)):
            if str(rij.id) in straks:
                continue  # when that lasts too long, the doctor tells it of the wekker
            zin = f"De termijn {rij.naam} verstreek op {rij.uiterlijk}, maar dat is niet bewezen."
            yield dossier_id, zin
        for rij in eigen:
            if laatst.get(rij.id) != termijnen.stand(rij):
                zin = f"De historie van de termijn {rij.naam} eindigt anders dan de termijn zelf."
                yield dossier_id, zin


def _aan_de_beurt(session: Session, dossiers: Sequence[UUID], now: datetime) -> set[str]:
    """Return the periods whose next step is due: the worker is about to write the proof."""
    vraag = select(Wekker.bron).where(
        Wekker.dossier_id.in_(dossiers),
        Wekker.soort == termijnen.WEKKER,
        Wekker.gesloten_op.is_(None),
        ~Wekker.gestrand,
        Wekker.op <= now,
    )
    return set(session.scalars(vraag))


def _feiten(session: Session, dossiers: Sequence[UUID]) -> Mapping[UUID, dict[str, Any]]:
    feiten: defaultdict[UUID, dict[str, Any]] = defaultdict(dict)
    for dossier_id, naam, waarde in session.execute(
        select(Feit.dossier_id, Feit.naam, Feit.waarde).where(
            Feit.dossier_id.in_(dossiers), Feit.tot.is_(None)
        )
    ):
        feiten[dossier_id][naam] = from_json(waarde)
    return feiten


def _laatste_tellingen(session: Session, dossiers: Sequence[UUID]) -> Mapping[UUID, dict[str, Any]]:
    """Return what the last line of the history of each period says."""
    laatste = (
        select(func.max(TermijnHistorie.id))
        .join(DossierTermijn, DossierTermijn.id == TermijnHistorie.termijn_id)
        .where(DossierTermijn.dossier_id.in_(dossiers))
        .group_by(TermijnHistorie.termijn_id)
    )
    gevonden = session.execute(
        select(TermijnHistorie.termijn_id, TermijnHistorie.nieuw).where(
            TermijnHistorie.id.in_(laatste)
        )
    )
    return {termijn_id: nieuw for termijn_id, nieuw in gevonden}  # noqa: C416 - a row is no pair


def keur_worker(session: Session, *, now: datetime) -> Iterator[str]:
    """Yield what is wrong with the worker: none works now, or work of an interruption still waits."""
    toestand = hartslag.toestand(session, now=now)
    if toestand.stil and toestand.laatste is not None:
        yield f"Er werkt nu geen worker. Het laatste teken was op {leesbaar(toestand.laatste)}."
    for gat in toestand.onderbrekingen:
        if gat.open:
            yield (
                f"Van {leesbaar(gat.van)} tot {leesbaar(gat.tot)} werkte er geen worker. Van de "
                f"{gat.momenten} momenten die toen vielen, wachten er nog {gat.open}."
            )
