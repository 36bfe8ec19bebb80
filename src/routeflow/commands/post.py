"""E-mail about notices: who hears of what, how soon, and what they chose themselves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from routeflow.commands.accounts import actor_of
from routeflow.commands.ladder import HERINNERING, TE_LAAT, vandaag
from routeflow.errors import Invalid, NotAllowed
from routeflow.inburgering.feestdagen import vrije_dag
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.mail import Regel, afgekort, is_adres, opstellen
from routeflow.store.models import Account, Dagpost, Dossier, Mailvoorkeur, Melding, Uitgaand
from routeflow.store.queries.meldingen import is_voor

MAIL: Final = "mail"
DIRECT, DAGELIJKS, NOOIT = "direct", "dagelijks", "nooit"
WIJZEN: Final[Mapping[str, str]] = {
    DIRECT: "meteen een e-mail",
    DAGELIJKS: "in het overzicht van de ochtend",
    NOOIT: "geen e-mail",
}
_NEDERLAND = ZoneInfo("Europe/Amsterdam")
_RONDE = time(7)
_OUD = timedelta(days=7)  # older news is no news: when mail is switched on, nobody gets a flood
_TEGELIJK = 500


@dataclass(frozen=True, slots=True)
class Meldingsoort:
    """A kind of notice: how a page asks about it, what a mail calls it, and how soon it is told."""

    label: str
    wat: str
    standaard: str


OVERIG: Final = "melding"
SOORTEN: Final[Mapping[str, Meldingsoort]] = {
    "escalatie": Meldingsoort(
        "Een taak is lang te laat, of er moet iemand beslissen", "Er is hulp nodig", DIRECT
    ),
    TE_LAAT: Meldingsoort("Een taak is te laat", "Een taak is te laat", DIRECT),
    HERINNERING: Meldingsoort(
        "Een herinnering aan een taak", "Een herinnering aan een taak", DAGELIJKS
    ),
    OVERIG: Meldingsoort("Andere meldingen", "Een melding", DAGELIJKS),
}


def maak(session: Session, *, now: datetime) -> None:
    """Put mail in the outbox for what is new, and the daily mails whose moment has come.

    Two short looks when there is nothing.
    """
    _van_nieuwe(session, now)
    _van_de_dag(session, now)


def stel_op(
    session: Session, inhoud: Mapping[str, Any], account: Account, *, adres: str
) -> dict[str, str] | None:
    """Return the mail of an outbox row with what ``account`` may know of it now; None: nothing.

    It may have waited for a server, and somebody may have another rol or partij since, or a dossier
    may be erased. ``adres``: where the product is found, for links.
    """
    wie = actor_of(account)
    if "meldingen" not in inhoud:
        rol = inhoud.get("rol")  # none: an older version wrote the mail and not for whom it was
        if rol and (wie.partij != GEMEENTE or rol not in wie.rollen):
            return None
        return {deel: inhoud[deel] for deel in ("onderwerp", "tekst", "html")}
    keuzes = _gekozen(session, [account.id])
    gevraagd = select(Melding).where(Melding.id.in_(inhoud["meldingen"])).order_by(Melding.id)
    meldingen = [
        een
        for een in session.scalars(gevraagd)
        if is_voor(een, wie) and _wijze(keuzes, account.id, een.soort) != NOOIT
    ]
    return _tekst(session, inhoud["sjabloon"], meldingen, adres.rstrip("/")) if meldingen else None


def next_moment(session: Session, na: datetime) -> datetime | None:
    """Return the first moment after ``na`` at which daily mail must be made."""
    return session.scalar(select(Dagpost.op).where(Dagpost.op > na).order_by(Dagpost.op).limit(1))


def ronde_na(now: datetime) -> datetime:
    """Return when the next daily mail goes: seven in the morning, on a working day.

    >>> ronde_na(datetime(2026, 1, 9, 9, tzinfo=UTC)).isoformat()  # on Friday, after seven
    '2026-01-12T06:00:00+00:00'
    """
    dag = vandaag(now)
    while vrije_dag(dag) or datetime.combine(dag, _RONDE, _NEDERLAND) <= now:
        dag += timedelta(days=1)
    return datetime.combine(dag, _RONDE, _NEDERLAND).astimezone(UTC)


def voorkeuren(session: Session, *, by: Actor) -> tuple[str, dict[str, str]]:
    """Return the address of ``by`` and, for each kind of notice, how they hear of it."""
    account = _eigen(session, by)
    keuzes = _gekozen(session, [account.id])
    return account.email, {soort: _wijze(keuzes, account.id, soort) for soort in SOORTEN}


def stel_in(session: Session, gekozen: Mapping[str, str], *, by: Actor, now: datetime) -> None:
    """Keep how ``by`` wants to hear of each kind. Raises NotAllowed (no account) or Invalid."""
    del now  # as every command; there is nothing to date here
    account = _eigen(session, by)
    fouten = {
        soort: "Kies een van de drie." for soort in SOORTEN if gekozen.get(soort) not in WIJZEN
    }
    if fouten:
        raise Invalid("Uw keuze is niet bewaard.", fouten)
    for soort in SOORTEN:
        session.merge(Mailvoorkeur(account_id=account.id, soort=soort, wijze=gekozen[soort]))


def leg_rapport_klaar(session: Session, rol: Rol, adres: str, dag: date, *, now: datetime) -> None:
    """Tell everybody of ``rol`` at the gemeente by mail that the report of a week is there.

    No figure travels with it. Who wants no mail about other notices gets none of this.
    """
    adres = adres.rstrip("/")
    mensen = [wie for wie in _mensen(session, [GEMEENTE]) if rol in wie[1].rollen]
    keuzes = _gekozen(session, [account.id for account, _ in mensen])
    mail = opstellen(
        "weekrapport",
        {
            "dag": f"{dag:%d-%m-%Y}",
            "adres": f"{adres}/rapport/{dag.isoformat()}" if adres else "",
            "voorkeuren": f"{adres}/meldingen/e-mail" if adres else "",
        },
    )
    for account, _ in mensen:
        if _wijze(keuzes, account.id, OVERIG) != NOOIT:
            session.add(
                Uitgaand(
                    soort=MAIL,
                    inhoud={"account": str(account.id), "rol": str(rol), **mail},
                    aangemaakt_op=now,
                    volgende_op=now,
                )
            )


def _van_nieuwe(session: Session, now: datetime) -> None:
    nieuwe = session.scalars(
        select(Melding)
        .where(Melding.nieuw)
        .order_by(Melding.id)
        .limit(_TEGELIJK)
        .with_for_update(skip_locked=True)
    ).all()
    if not nieuwe:
        return
    session.execute(
        update(Melding)
        .where(Melding.id.in_([melding.id for melding in nieuwe]))
        .values(nieuw=False)
        .execution_options(synchronize_session=False)
    )
    vers = [een for een in nieuwe if een.gelezen_op is None and een.op > now - _OUD]
    mensen = _mensen(session, {een.partij for een in vers})
    keuzes = _gekozen(session, [account.id for account, _ in mensen])
    direct: dict[UUID, list[Melding]] = defaultdict(list)
    for melding in vers:
        for account, wie in mensen:
            if not is_voor(melding, wie):
                continue
            wijze = _wijze(keuzes, account.id, melding.soort)
            if wijze == DIRECT:
                direct[account.id].append(melding)
            elif wijze == DAGELIJKS:
                session.add(Dagpost(account_id=account.id, melding_id=melding.id, op=ronde_na(now)))
    _leg_klaar(session, "direct", direct, now)


def _van_de_dag(session: Session, now: datetime) -> None:
    tijd = Dagpost.op <= now
    if session.scalar(select(Dagpost.account_id).where(tijd).limit(1)) is None:
        return
    # In one statement: what another worker lays ready meanwhile is not removed unseen.
    rijen = session.execute(
        delete(Dagpost)
        .where(tijd)
        .returning(Dagpost.account_id, Dagpost.melding_id)
        .execution_options(synchronize_session=False)
    ).all()
    meldingen = {
        een.id: een
        for een in session.scalars(
            select(Melding).where(
                Melding.id.in_({rij.melding_id for rij in rijen}), Melding.gelezen_op.is_(None)
            )
        )
    }
    mensen = {
        account.id: wie
        for account, wie in _mensen(session, {een.partij for een in meldingen.values()})
    }
    keuzes = _gekozen(session, mensen)
    per_mens: dict[UUID, list[Melding]] = defaultdict(list)
    for account_id, melding_id in sorted(rijen, key=lambda rij: rij.melding_id):
        melding, wie = meldingen.get(melding_id), mensen.get(account_id)
        if (
            melding is not None
            and wie is not None
            and is_voor(melding, wie)  # their rol or partij may have changed since
            and _wijze(keuzes, account_id, melding.soort) != NOOIT
        ):
            per_mens[account_id].append(melding)
    _leg_klaar(session, "dagelijks", per_mens, now)


def _leg_klaar(
    session: Session, sjabloon: str, per_mens: Mapping[UUID, list[Melding]], now: datetime
) -> None:
    """Put one mail for each person in the outbox: about which notices, and not yet what it says."""
    for account_id, meldingen in per_mens.items():
        over = {een.dossier_id for een in meldingen}
        session.add(
            Uitgaand(
                soort=MAIL,
                dossier_id=over.pop() if len(over) == 1 else None,
                inhoud={
                    "account": str(account_id),
                    "sjabloon": sjabloon,
                    "meldingen": [een.id for een in meldingen],
                },
                aangemaakt_op=now,
                volgende_op=now,
            )
        )


def _tekst(
    session: Session, sjabloon: str, meldingen: Sequence[Melding], adres: str
) -> dict[str, str]:
    dossiers = {een.dossier_id for een in meldingen}
    nummers: dict[UUID, str] = {
        rij.id: rij.nummer
        for rij in session.execute(
            select(Dossier.id, Dossier.nummer).where(Dossier.id.in_(dossiers))
        )
    }
    regels = [
        Regel(_soort(een.soort).wat, nummers[een.dossier_id], _plek(een, adres))
        for een in meldingen
    ]
    getoond, meer = afgekort(regels)
    return opstellen(
        sjabloon,
        {
            "regels": getoond,
            "meer": meer,
            "aantal": len(regels),
            "voorkeuren": f"{adres}/meldingen/e-mail" if adres else "",
        },
    )


def _plek(melding: Melding, adres: str) -> str:
    if not adres:
        return ""
    if melding.taak_id:
        return f"{adres}/taken/{melding.taak_id}"
    return f"{adres}/dossiers/{melding.dossier_id}"


def _mensen(session: Session, partijen: Iterable[str]) -> list[tuple[Account, Actor]]:
    """Return who can be reached at these partijen."""
    accounts = session.scalars(
        select(Account).where(
            Account.actief, Account.partij.in_(sorted(partijen)), Account.email != ""
        )
    )
    return [(account, actor_of(account)) for account in accounts if is_adres(account.email)]


def _gekozen(session: Session, accounts: Iterable[UUID]) -> dict[tuple[UUID, str], str]:
    rijen = session.scalars(select(Mailvoorkeur).where(Mailvoorkeur.account_id.in_(list(accounts))))
    return {(rij.account_id, rij.soort): rij.wijze for rij in rijen}


def _soort(soort: str) -> Meldingsoort:
    return SOORTEN.get(soort, SOORTEN[OVERIG])


def _wijze(keuzes: Mapping[tuple[UUID, str], str], account_id: UUID, soort: str) -> str:
    bekend = soort if soort in SOORTEN else OVERIG
    return keuzes.get((account_id, bekend), SOORTEN[bekend].standaard)


def _eigen(session: Session, by: Actor) -> Account:
    account = session.get(Account, by.account_id) if by.account_id else None
    if account is None:
        raise NotAllowed("E-mail hoort bij een account.")
    return account
