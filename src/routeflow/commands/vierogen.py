"""Who may not judge what they did or reported themselves (Awb art. 10:3 lid 3 and 4)."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.engine import Element
from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Feit, Taak
from routeflow.store.waarden import from_json

ANDERE_DAN: Final = "andere_dan"


def bezwaar_tegen_persoon(
    session: Session, element: Element | None, taak: Taak, *, by: Actor
) -> str | None:
    """Return why ``by`` may not do ``taak``, in a sentence for them; None when they may.

    The diagram says so with the property ``andere_dan``: names with commas between them. Each
    is the id of a step, and then nobody who did that step does this one, or a fact that names a
    person (by account or naam), such as who reported the suspicion. The whole dossier counts,
    with all that was reported and done in it before: too strict in a second case is better than
    a judge of one's own work.
    """
    namen = (
        [naam.strip() for naam in element.properties.get(ANDERE_DAN, "").split(",") if naam.strip()]
        if element
        else []
    )
    if not namen:
        return None
    if _genoemd(session, taak, namen, by):
        return (
            "U mag deze taak niet doen: u heeft het vermoeden zelf gemeld. "
            "Een ander moet dit doen (Awb artikel 10:3 lid 4)."
        )
    if gedaan := _gedaan(session, taak, namen, by):
        return (
            f"U mag deze taak niet doen: u deed eerder zelf “{gedaan}”. "
            "Een ander moet dit doen (Awb artikel 10:3)."
        )
    return None


def _genoemd(session: Session, taak: Taak, namen: list[str], by: Actor) -> bool:
    """Say whether one of these facts names ``by``, now or before."""
    waarden = session.scalars(
        select(Feit.waarde).where(Feit.dossier_id == taak.dossier_id, Feit.naam.in_(namen))
    )
    ik = {by.naam, str(by.account_id)}
    return any(str(from_json(waarde)) in ik for waarde in waarden)


def _gedaan(session: Session, taak: Taak, namen: list[str], by: Actor) -> str | None:
    """Return the name of one of these steps that ``by`` did in this dossier."""
    rijen = session.execute(
        select(Taak.naam, Taak.behandelaar_id, Taak.gesloten_door).where(
            Taak.dossier_id == taak.dossier_id, Taak.element.in_(namen), Taak.status == "gedaan"
        )
    )
    return next(
        (
            rij.naam
            for rij in rijen
            if (
                rij.behandelaar_id == by.account_id
                if by.account_id and rij.behandelaar_id
                else rij.gesloten_door == by.naam
            )
        ),
        None,
    )
