"""The periods of one dossier as people read them: how each stands, how it came about, what proves it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.commands.catalogus import catalogus_of
from routeflow.commands.toegang import eis
from routeflow.errors import NotFound
from routeflow.inburgering.ingrepen import ingrepen
from routeflow.inburgering.rechten import Actor, Handeling, zichtbaar
from routeflow.inburgering.regels import REGELS, Regel, is_wet
from routeflow.store.models import (
    Deployment,
    Dossier,
    DossierTermijn,
    Route,
    Taak,
    TermijnBewijs,
    TermijnHistorie,
)
from routeflow.store.queries.dossiers import VAN, route_van
from routeflow.store.queries.termijnen import Termijnstand

_VOLGORDE: Final = {naam: plaats for plaats, naam in enumerate(REGELS)}


@dataclass(frozen=True, slots=True)
class Bewijsregel:
    """One line of proof. ``op``: when it was; a day where no more is known. ``taak_id``: of a taak.

    ``soort``: laatste dag, gezien, gewaarschuwd, verstreken, gedaan, or open (a taak that waits).
    ``gepland``: the moment for which it was set.
    """

    op: date
    soort: str
    tekst: str
    door: str = ""
    gepland: datetime | None = None
    taak_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Blad:
    """All about one period of one dossier. ``rijen``: the newest first."""

    dossier: Dossier
    deployment_id: int
    regel: Regel
    rijen: tuple[DossierTermijn, ...]
    historie: tuple[TermijnHistorie, ...]
    bewijs: tuple[Bewijsregel, ...]

    @property
    def nu(self) -> DossierTermijn:
        """The row that counts now."""
        return self.rijen[0]


def rijen(session: Session, dossier_id: UUID, *, by: Actor) -> list[DossierTermijn]:
    """Return the periods of a dossier in the order of the route, of each the newest row first.

    They are dates and articles that follow from the facts of the gemeente: only who may see the
    whole dossier sees them; for others the list is empty. Raises NotFound or NotAllowed.
    """
    return rijen_van(session, route_van(session, by, dossier_id), by=by)


def rijen_van(session: Session, route: Route, *, by: Actor) -> list[DossierTermijn]:
    """Return what ``rijen`` does of a dossier that ``by`` has in hand."""
    if zichtbaar(by).dossiers != "alle":
        return []
    gevonden = session.scalars(_VAN_DOSSIER, {"van": route.dossier_id})
    return sorted(gevonden, key=lambda rij: (_VOLGORDE.get(rij.naam, 999), -rij.volgnummer))


_VAN_DOSSIER: Final = select(DossierTermijn).where(DossierTermijn.dossier_id == VAN)


def historie(session: Session, van: Iterable[DossierTermijn]) -> list[TermijnHistorie]:
    """Return every time that these periods were counted, the oldest first."""
    ids = [rij.id for rij in van]
    vraag = select(TermijnHistorie).where(TermijnHistorie.termijn_id.in_(ids))
    return list(session.scalars(vraag.order_by(TermijnHistorie.id)))


def blad(session: Session, dossier_id: UUID, naam: str, *, by: Actor) -> Blad:
    """Return one period with its history and proof. Raises NotFound or NotAllowed."""
    route = route_van(session, by, dossier_id)
    eis(by, Handeling.TERMIJNEN_BEWAKEN)
    gevonden = session.scalars(
        select(DossierTermijn)
        .where(DossierTermijn.dossier_id == dossier_id, DossierTermijn.naam == naam)
        .order_by(DossierTermijn.volgnummer.desc())
    ).all()
    if not gevonden:
        raise NotFound("Dit dossier heeft deze termijn niet.")
    return Blad(
        route.dossier,
        route.deployment_id,
        REGELS[naam],
        tuple(gevonden),
        tuple(historie(session, gevonden)),
        tuple(_bewijs(session, dossier_id, naam, gevonden)),
    )


def namen_van(session: Session, taak: Taak) -> frozenset[str]:
    """Return the periods that a taak is about: its own, and the law's that this one serves."""
    if taak.termijn is None:
        return frozenset()
    if is_wet(taak.termijn):
        return frozenset({taak.termijn})
    return frozenset({taak.termijn, *_gediend(session, taak)})


def _gediend(session: Session, taak: Taak) -> Iterable[str]:
    """Yield the law's periods behind a working agreement: it aims at one, or counts from one."""
    yield from (regel.naam for regel in REGELS.values() if regel.streef == taak.termijn)
    catalogus = catalogus_of(session, session.get_one(Deployment, taak.deployment_id))
    afspraak = catalogus.afspraak(taak.termijn or "", taak.geopend_op)
    bron, _, naam = (afspraak.vanaf if afspraak else "").partition(":")
    if bron == "termijn" and is_wet(naam):
        yield naam


def _bewijs(
    session: Session, dossier_id: UUID, naam: str, gevonden: Sequence[DossierTermijn]
) -> list[Bewijsregel]:
    regels = [*_van_rijen(gevonden), *_van_taken(session, dossier_id, naam)]
    for een in session.scalars(
        select(TermijnBewijs)
        .where(TermijnBewijs.dossier_id == dossier_id, TermijnBewijs.naam == naam)
        .order_by(TermijnBewijs.id)
    ):
        tekst = een.tekst or ("Via een taak." if een.taak_id else "Op de pagina van de termijn.")
        regels.append(Bewijsregel(een.op, een.soort, tekst, een.door, een.gepland, een.taak_id))
    return sorted(regels, key=lambda regel: _dag(regel.op))


def _dag(op: date) -> tuple[str, str]:
    return op.isoformat()[:10], op.isoformat()


def _van_rijen(gevonden: Iterable[DossierTermijn]) -> Iterable[Bewijsregel]:
    for rij in gevonden:
        if rij.uiterlijk and rij.status != "vervallen":
            yield Bewijsregel(rij.uiterlijk, "laatste dag", rij.grond)
        if rij.gehaald_op:
            tijdig = "op tijd" if rij.op_tijd else "na de laatste dag"
            yield Bewijsregel(rij.gehaald_op, "gedaan", f"De termijn is gehaald, {tijdig}.")


def _van_taken(session: Session, dossier_id: UUID, naam: str) -> Iterable[Bewijsregel]:
    taken = session.scalars(
        select(Taak).where(
            Taak.dossier_id == dossier_id,
            Taak.termijn.is_not(None),
            Taak.status.in_(("open", "gedaan")),
        )
    ).all()
    for taak in taken:
        if naam not in namen_van(session, taak):
            continue
        if taak.gesloten_op:
            yield Bewijsregel(
                taak.gesloten_op,
                "gedaan",
                f"De taak “{taak.naam}” is afgerond.",
                taak.gesloten_door or "",
                taak_id=taak.id,
            )
        else:
            tekst = f"De taak “{taak.naam}” staat open ({taak.rol}, {taak.partij})."
            yield Bewijsregel(taak.geopend_op, "open", tekst, taak_id=taak.id)


def stil_sinds(rij: DossierTermijn | Termijnstand) -> date | None:
    """Return since when the clock of a period stands still, None when it does not."""
    if rij.status != "opgeschort":
        return None
    besluiten = ingrepen({"termijnIngrepen": rij.feiten.get("ingrepen", [])}, rij.naam)
    return next((een.van for een in besluiten if een.loopt_nog), None)
