"""Who may not judge what they did or reported themselves (Awb art. 10:3 lid 3 and 4)."""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, cast, null, select, union_all
from sqlalchemy.orm import Session

from routeflow.engine import Element
from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Feit, Taak
from routeflow.store.terugblik import Terugblik
from routeflow.store.waarden import from_json

ANDERE_DAN: Final = "andere_dan"


def bezwaar_tegen_persoon(
    session: Session,
    element: Element | None,
    taak: Taak,
    *,
    by: Actor,
    terugblik: Terugblik | None = None,
) -> str | None:
    """Return why ``by`` may not do ``taak``, in a sentence for them; None when they may.

    The diagram says so with the property ``andere_dan``: names with commas between them. Each
    is the id of a step, and then nobody who did that step does this one, or a fact that names a
    person (by account or naam), such as who reported the suspicion. The whole dossier counts,
    with all that was reported and done in it before: too strict in a second case is better than
    a judge of one's own work. ``terugblik``: of the dossier, when it was read already.
    """
    namen = (
        [naam.strip() for naam in element.properties.get(ANDERE_DAN, "").split(",") if naam.strip()]
        if element
        else []
    )
    if not namen:
        return None
    genoemd, gedaan = (
        _eerder(session, taak, namen) if terugblik is None else _uit(terugblik, set(namen))
    )
    if genoemd & {by.naam, str(by.account_id)}:
        return (
            "U mag deze taak niet doen: u heeft het vermoeden zelf gemeld. "
            "Een ander moet dit doen (Awb artikel 10:3 lid 4)."
        )
    if zelf := next((een.naam for een in gedaan if een.is_van(by)), None):
        return (
            f"U mag deze taak niet doen: u deed eerder zelf “{zelf}”. "
            "Een ander moet dit doen (Awb artikel 10:3)."
        )
    return None


class _Gedaan(NamedTuple):
    """A step that was done, and by whom."""

    naam: str
    behandelaar_id: UUID | None
    gesloten_door: str | None

    def is_van(self, by: Actor) -> bool:
        if by.account_id and self.behandelaar_id:
            return self.behandelaar_id == by.account_id
        return self.gesloten_door == by.naam


def _eerder(session: Session, taak: Taak, namen: list[str]) -> tuple[set[str], list[_Gedaan]]:
    """Return whom these facts name in this dossier, now or before, and which of these steps were done."""
    rijen = session.execute(_EERDER, {"van": taak.dossier_id, "namen": namen}).all()
    genoemd = {str(from_json(rij.waarde)) for rij in rijen if rij.naam is None}
    return genoemd, [_Gedaan(*rij[1:]) for rij in rijen if rij.naam is not None]


def _uit(terugblik: Terugblik, namen: set[str]) -> tuple[set[str], list[_Gedaan]]:
    return {str(from_json(een.waarde)) for een in terugblik.feiten if een.naam in namen}, [
        _Gedaan(een.naam, een.behandelaar_id, een.gesloten_door)
        for een in terugblik.gedaan
        if een.element in namen
    ]


_STAP = (Taak.naam, Taak.behandelaar_id, Taak.gesloten_door)
_NAMEN: BindParameter[list[str]] = bindparam("namen", expanding=True)
_EERDER = union_all(
    select(Feit.waarde, *(cast(null(), kolom.type).label(kolom.key) for kolom in _STAP)).where(
        Feit.dossier_id == bindparam("van"), Feit.naam.in_(_NAMEN)
    ),
    select(cast(null(), Feit.waarde.type), *_STAP).where(
        Taak.dossier_id == bindparam("van"), Taak.element.in_(_NAMEN), Taak.status == "gedaan"
    ),
)
