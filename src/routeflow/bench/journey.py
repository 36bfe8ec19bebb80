"""Completions that wait to be done: whole lives on the real route, stopped before each taak."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow import demo, forms
from routeflow.bench.copies import Rows, rows_of, write_copies
from routeflow.commands import taken
from routeflow.errors import Refusal
from routeflow.store import Store, transact
from routeflow.store.models import Account, Taak


@dataclass(frozen=True, slots=True)
class Waiting:
    """A taak that is open, who does it, and what a browser sends to complete it."""

    login: str
    taak_id: UUID
    element: str
    body: str


def prepare(
    store: Store, *, lives: Sequence[str], copies: int, days: int, now: datetime
) -> list[Waiting]:
    """Let people live ``days`` on the real route until ``now``; return every taak they did.

    Each waits ``copies`` times, in a dossier of its own that stands as it stood then. The
    empty ``store`` gets the project's set and the accounts of the demo.
    """
    demo.publish_project(store, now=now)
    demo.make_accounts(store, now=now)
    passed: list[_Passed] = []
    for leerroute in lives:
        person = next(one for one in demo.caseload() if one.leerroute == leerroute)
        person = replace(person, dagen=days, vlot=0.8)
        passed += transact(store.sessions, partial(_live, person=person, now=now))
    return transact(store.sessions, partial(_copied, passed=passed, copies=copies))


@dataclass(frozen=True, slots=True)
class _Passed:
    """A dossier as it was just before one of its taken was done."""

    waiting: Waiting
    rows: Rows


def _live(session: Session, person: demo.Person, now: datetime) -> list[_Passed]:
    life = _Recorded(session, person, until=now)
    life.live()
    return life.passed


def _copied(session: Session, passed: Sequence[_Passed], copies: int) -> list[Waiting]:
    found: list[Waiting] = []
    for one in passed:
        serials = range(len(found), len(found) + copies)
        found += (
            replace(one.waiting, taak_id=ids[one.waiting.taak_id])
            for ids in write_copies(session, one.rows, serials)
        )
    return found


class _Recorded(demo.Life):
    """A life that remembers its dossier as it was before each taak that was done."""

    def __init__(self, session: Session, person: demo.Person, *, until: datetime) -> None:
        super().__init__(session, person, until=until)
        self.passed: list[_Passed] = []
        self._logins = dict(session.execute(select(Account.id, Account.login)).all())

    def _complete(self, taak: Taak) -> None:
        who = demo.behandelaar(self.session, taak).account_id
        body = self._body(taak)
        if who is not None and body is not None:
            waiting = Waiting(self._logins[who], taak.id, taak.element, body)
            self.passed.append(_Passed(waiting, rows_of(self.session, self.dossier_id)))
        super()._complete(taak)

    def _body(self, taak: Taak) -> str | None:
        """Return what a browser sends for answers that are good today, None when there are none."""
        rauw = self.answers(taak, now=self.until)
        sheet = taken.taakblad(self.session, taak, by=demo.DEMO, now=self.until)
        body = urlencode(list(_sent(sheet.formulier, rauw)))
        trial = self.session.begin_nested()
        try:
            taken.complete_taak(
                self.session,
                taak.id,
                {**rauw},
                by=demo.behandelaar(self.session, taak),
                now=self.until,
            )
        except Refusal:
            return None
        finally:
            trial.rollback()
        return body


def _sent(formulier: forms.Formulier, rauw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield names and values as a browser sends them."""
    for veld in formulier.alle:
        given = rauw.get(veld.key)
        if not veld.vraagt or given is None:
            continue
        if veld.soort == "dynamiclist":
            for number, row in enumerate(given):
                for key, value in row.items():
                    yield f"{veld.key}[{number}].{key}", _text(value)
        elif isinstance(given, list):
            for value in given:
                yield veld.key, _text(value)
        elif given is not False:
            yield veld.key, _text(given)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    if isinstance(value, datetime):
        return f"{value:%d-%m-%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    return str(value)
