"""What was promised against what is there: each difference is a sentence.

A loss is something promised or begun that is gone; a double is something that happened twice.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from routeflow.bench.kills import diagram
from routeflow.bench.kills.driver import Ledger
from routeflow.bench.kills.receiver import Receiver
from routeflow.commands import doctor
from routeflow.store.models import Bericht, Feit, Incident, Journaal, Taak, Uitgaand, Wekker

LOSS, DOUBLE, OTHER = "verlies", "dubbel", "anders"
Difference = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Balance:
    """The figures of a run, and every difference as (kind, sentence)."""

    figures: Mapping[str, int]
    differences: tuple[Difference, ...]


def balance(session: Session, ledger: Ledger, receiver: Receiver, *, now: datetime) -> Balance:
    """Compare the database with the ledger, with what arrived, and with its own engine states."""
    differences = [
        *_completions(session, ledger),
        *_timers(session, now),
        *_incoming(session, ledger),
        *_outgoing(session, ledger, receiver),
        *((OTHER, sentence) for sentence in ledger.surprises),
        *((OTHER, f"incident: {reden}") for reden in session.scalars(_open_incidents())),
        *(
            (OTHER, f"doctor: {een.dossier_nummer} {een.soort}: {een.tekst}")
            for een in doctor.diagnose(session, now=now)
        ),
    ]

    def count(*where: Any) -> int:  # noqa: ANN401 - SQL
        return session.scalar(select(func.count()).where(*where)) or 0

    figures = {
        "voltooid": count(Taak.status == "gedaan"),
        "bevestigd": len(ledger.acknowledged),
        "zonder_antwoord": ledger.unanswered,
        "geweigerd": ledger.refused,
        "wekkers_afgegaan": count(Wekker.afgegaan),
        "berichten_in": count(Bericht.status == "bezorgd"),
        "berichten_uit": count(Uitgaand.status == "verzonden"),
        "bezorgingen_uit": sum(receiver.times.values()),
    }
    return Balance(figures, tuple(differences))


def _open_incidents() -> Select[str]:
    return select(Incident.reden).where(Incident.opgelost_op.is_(None))


def _completions(session: Session, ledger: Ledger) -> Iterator[Difference]:
    """Each promised completion is there once, with its answer; each other at most once."""
    done = set(session.scalars(select(Taak.id).where(Taak.status == "gedaan")))
    there: defaultdict[Any, list[str]] = defaultdict(list)
    for taak_id, waarde in session.execute(
        select(Feit.taak_id, Feit.waarde).where(Feit.naam == diagram.ANTWOORD)
    ):
        there[taak_id].append(waarde)
    for taak_id, answers in ledger.acknowledged.items():
        if taak_id not in done:
            yield LOSS, f"taak {taak_id} was acknowledged and is not done"
        if len(answers) > 1:
            yield DOUBLE, f"taak {taak_id} was acknowledged {len(answers)} times"
        if there.get(taak_id, []) != answers:
            yield LOSS, f"taak {taak_id} holds another answer than was acknowledged"
    for taak_id, answers in there.items():
        if len(answers) > 1:
            yield DOUBLE, f"taak {taak_id} brought {len(answers)} answers"
        if not set(answers) <= ledger.tried[taak_id]:
            yield OTHER, f"taak {taak_id} holds an answer that nobody gave"
    for taak_id in done ^ there.keys():
        yield LOSS, f"taak {taak_id} is half done: the row and its answer do not agree"
    per_dossier = _per_dossier(session, Taak.dossier_id, Taak.status == "gedaan")
    acts = _acts(session, "taak voltooid", diagram.WERK)
    yield from _equal("completions and their journal", per_dossier, acts)


def _timers(session: Session, now: datetime) -> Iterator[Difference]:
    """Each completion armed one rest; each rest that went off opened one taak."""
    rest = Wekker.element == diagram.RUST
    fired = _per_dossier(session, Wekker.dossier_id, rest, Wekker.afgegaan)
    armed = _per_dossier(session, Wekker.dossier_id, rest)
    done = _per_dossier(session, Taak.dossier_id, Taak.status == "gedaan")
    taken = _per_dossier(session, Taak.dossier_id)
    yield from _equal("completions and rests", done, armed)
    yield from _equal("rests that went off and taken", fired, taken - Counter(taken.keys()))
    yield from _equal("rests and their journal", fired, _acts(session, "wekker", diagram.RUST))
    reminders = _per_dossier(
        session, Wekker.dossier_id, Wekker.element == diagram.BLIJFT_LIGGEN, Wekker.afgegaan
    )
    acts = _acts(session, "wekker", diagram.BLIJFT_LIGGEN)
    yield from _equal("reminders and their journal", reminders, acts)
    sent = _per_dossier(session, Uitgaand.dossier_id, Uitgaand.soort == "herinnering")
    yield from _equal("reminders and their messages", reminders, sent)
    late = select(Wekker.id).where(Wekker.gesloten_op.is_(None), Wekker.op <= now)
    for id_ in session.scalars(late):
        yield LOSS, f"wekker {id_} is due and did not go off"
    silent = select(Wekker.id).where(rest, Wekker.gesloten_op.is_not(None), ~Wekker.afgegaan)
    for id_ in session.scalars(silent):
        yield LOSS, f"wekker {id_} was closed without going off"


def _incoming(session: Session, ledger: Ledger) -> Iterator[Difference]:
    """Each accepted message was handled once."""
    status = dict(session.execute(select(Bericht.bericht_id, Bericht.status)).all())
    handled: Counter[str] = Counter()
    for gegevens in session.scalars(
        select(Journaal.gegevens).where(Journaal.wat == "bericht bezorgd")
    ):
        handled[gegevens["berichtId"]] += 1
    for id_ in ledger.accepted:
        if status.get(id_) != "bezorgd" or not handled[id_]:
            yield LOSS, f"message {id_} was accepted and is {status.get(id_, 'gone')}"
    for id_, times in handled.items():
        if times > 1:
            yield DOUBLE, f"message {id_} was handled {times} times"
    for id_ in status.keys() - ledger.accepted.keys():
        yield OTHER, f"message {id_} came from nobody"


def _outgoing(session: Session, ledger: Ledger, receiver: Receiver) -> Iterator[Difference]:
    """Each act wrote its message, each message arrived with its id, and nothing else did."""
    rows = {str(rij.id): rij for rij in session.scalars(select(Uitgaand))}
    for id_, rij in rows.items():
        if rij.status != "verzonden" or id_ not in receiver.got:
            yield LOSS, f"message {id_} is {rij.status}, arrived {receiver.times.get(id_, 0)} times"
        elif any(_content(body) != rij.inhoud for body in receiver.got[id_]):
            yield OTHER, f"message {id_} arrived with another content"
    for id_, bodies in receiver.got.items():
        if len(bodies) > 1:
            yield DOUBLE, f"message {id_} arrived with {len(bodies)} contents"
        if id_ not in rows:
            yield OTHER, f"message {id_} was sent for an act that was never kept"
    for soort, veld, expected in (
        (
            "antwoord",
            diagram.ANTWOORD,
            session.scalars(select(Feit.waarde).where(Feit.naam == diagram.ANTWOORD)),
        ),
        ("ontvangst", diagram.VELD_BERICHT, list(ledger.accepted)),
    ):
        there = Counter(rij.inhoud[veld] for rij in rows.values() if rij.soort == soort)
        yield from _equal(f"acts and their messages ({soort})", Counter(expected), there)


def _content(body: bytes) -> Any:  # noqa: ANN401 - as wide as JSON
    return json.loads(body)["inhoud"]


def _per_dossier(session: Session, dossier_id: Any, *where: Any) -> Counter[Any]:  # noqa: ANN401 - SQL
    rows = session.execute(select(dossier_id, func.count()).where(*where).group_by(dossier_id))
    return Counter({row[0]: row[1] for row in rows})


def _acts(session: Session, wat: str, element: str) -> Counter[Any]:
    where = (Journaal.wat == wat, Journaal.element == element)
    return _per_dossier(session, Journaal.dossier_id, *where)


def _equal(what: str, first: Counter[Any], second: Counter[Any]) -> Iterable[Difference]:
    for key in first.keys() | second.keys():
        if first[key] != second[key]:
            kind = LOSS if second[key] < first[key] else DOUBLE
            yield kind, f"{what} of {key}: {first[key]} and {second[key]}"
