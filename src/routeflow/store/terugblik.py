"""What was done, known and told in a dossier until now, read in one question: a decision rests on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from routeflow.store.gelezen import alle, lijsten, moment, rij, uit_json, waarden
from routeflow.store.models import (
    Account,
    Base,
    Brief,
    Deployment,
    DossierTermijn,
    Feit,
    Journaal,
    Route,
    Taak,
)


class Gegeven(NamedTuple):
    """A fact, of now or of before (``tot``), as typed JSON."""

    naam: str
    waarde: Any
    sinds: datetime
    tot: datetime | None
    door: str


class Verzonden(NamedTuple):
    """A letter that was made, and its hash."""

    op: datetime
    id: str
    soort: str
    taak_id: str
    taal: str
    door: str
    hash: str


class Regel(NamedTuple):
    """A row of the journal."""

    id: int
    op: datetime
    door: str
    wat: str
    element: str | None
    keten: str


@dataclass(frozen=True, slots=True)
class Terugblik:
    """All of it: the steps that were done, facts, periods, letters and the journal, in order.

    ``in_dienst`` and ``door``: when and by whom its deployment was published.
    """

    gedaan: list[Taak]
    feiten: list[Gegeven]
    termijnen: list[DossierTermijn]
    brieven: list[Verzonden]
    regels: list[Regel]
    in_dienst: datetime
    door: str


def terugblik(session: Session, dossier_id: UUID) -> Terugblik:
    """Read it. What an act changes after this is for the act to add."""
    session.flush()
    gelezen = session.connection().execute(_BLIK, {"van": dossier_id}).one()
    gedaan, feiten, termijnen, brieven, regels = (uit_json(tekst) for tekst in gelezen[:5])
    return Terugblik(
        gedaan=[rij(session, Taak, waarden(Taak, een)) for een in gedaan],
        feiten=[
            Gegeven(naam, waarde, moment(sinds), None if tot is None else moment(tot), door)
            for naam, waarde, sinds, tot, door in feiten
        ],
        termijnen=[rij(session, DossierTermijn, waarden(DossierTermijn, een)) for een in termijnen],
        brieven=sorted(Verzonden(moment(op), *rest) for op, *rest in brieven),
        regels=sorted(Regel(nummer, moment(op), *rest) for nummer, op, *rest in regels),
        in_dienst=gelezen.gepubliceerd_op,
        door=gelezen.door,
    )


def gemeente_en_perioden(
    session: Session, partij: str, dossier_id: UUID
) -> tuple[list[Account], list[DossierTermijn]]:
    """Read the active accounts of ``partij``, and the periods of one dossier beside them."""
    session.flush()
    vraag = {"partij": partij, "van": dossier_id}
    accounts, termijnen = session.connection().execute(_GEMEENTE_EN_PERIODEN, vraag).one()
    return (
        [rij(session, Account, waarden(Account, een)) for een in uit_json(accounts)],
        [rij(session, DossierTermijn, waarden(DossierTermijn, een)) for een in uit_json(termijnen)],
    )


def _kolommen(tabel: str) -> Any:  # noqa: ANN401 - columns
    return Base.metadata.tables[tabel].columns


_BLIK = (
    select(
        alle(
            lijsten(*_kolommen("taak")),
            Taak.dossier_id == Route.dossier_id,
            Taak.status == "gedaan",
        ),
        alle(
            lijsten(Feit.naam, Feit.waarde, Feit.sinds, Feit.tot, Feit.door),
            Feit.dossier_id == Route.dossier_id,
        ),
        alle(lijsten(*_kolommen("termijn")), DossierTermijn.dossier_id == Route.dossier_id),
        alle(
            lijsten(
                Brief.op, Brief.id, Brief.soort, Brief.taak_id, Brief.taal, Brief.door, Brief.hash
            ),
            Brief.dossier_id == Route.dossier_id,
        ),
        alle(
            lijsten(
                Journaal.id,
                Journaal.op,
                Journaal.door,
                Journaal.wat,
                Journaal.element,
                Journaal.keten,
            ),
            Journaal.dossier_id == Route.dossier_id,
        ),
        Deployment.gepubliceerd_op,
        Deployment.door,
    )
    .select_from(Route)
    .join(Deployment, Deployment.id == Route.deployment_id)
    .where(Route.dossier_id == bindparam("van"))
)

_GEMEENTE_EN_PERIODEN = select(
    alle(
        lijsten(*_kolommen("account")),
        Account.actief.is_(True),
        Account.partij == bindparam("partij"),
    ),
    alle(lijsten(*_kolommen("termijn")), DossierTermijn.dossier_id == bindparam("van")),
)
