"""The worker door: does what is due. Any number of workers may run side by side."""

import json
import logging
import random
import socket
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Literal, Self, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    Request,
    build_opener,
)
from uuid import UUID

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.orm import Session

from routeflow import mail, memory
from routeflow.clock import Clock, system_clock
from routeflow.commands import accounts, berichten, hartslag, klok, post, rapport, timers, uitgaand
from routeflow.commands.aanvullen import vul_termijnen_aan
from routeflow.commands.advance import WERKER
from routeflow.commands.wachtrij import Claim, Row, held, meld_incident, uitstellen
from routeflow.config import Config
from routeflow.errors import Conflict, Incident, Invalid, Refusal, Transient
from routeflow.store import Store, read, transact
from routeflow.store.models import Bericht, Dossier, Uitgaand, Wekker

log = logging.getLogger(__name__)

Soort = Literal["wekker", "bericht", "uitgaand"]
Item = tuple[Soort, Claim]
Done = tuple[str | None, Dossier | None]
SOORTEN: tuple[Soort, ...] = ("wekker", "bericht", "uitgaand")
_TOGETHER = 50  # wekkers in one transaction: more is hardly faster, and keeps people waiting
_CLAIMED_WEKKERS, _CLAIMED_BERICHTEN = 250, 50
_CLAIMED_UITGAAND = 20  # each may take ``uitgaand_timeout``, and the lease must last for all
_CLAIMED_MAIL = 3  # a mail server answers eight times, and each answer may take that long
_FILLED, _FILLED_TOGETHER = 1_000, 20  # old dossiers in a quarter of an hour, and in a transaction
_BACK_OFF = timedelta(seconds=30)
_RAPPORT = timedelta(minutes=5)
_LONGEST_BACK_OFF = timedelta(hours=6)
_HTTP_REDIRECT, _HTTP_SERVER = 300, 500
_TRY_AGAIN = {408, 425, 429}


@dataclass(frozen=True, slots=True)
class Gebeurtenis:
    """One thing that the worker did. ``soort``: wekker, bericht, uitgaand or incident."""

    op: datetime
    soort: str
    tekst: str
    dossier_id: UUID | None = None
    dossier_nummer: str = ""


@dataclass(frozen=True, slots=True)
class Verslag:
    """What happened in one pass (or while the clock was moved), in order."""

    tot: datetime
    gebeurtenissen: tuple[Gebeurtenis, ...]


def run_due(
    store: Store, config: Config, now: datetime, soorten: Collection[Soort] = SOORTEN
) -> Verslag:
    """Do everything that is due at ``now``, in order of its moment.

    Wekkers of different dossiers go off in one transaction of up to ``_TOGETHER``; a dossier's
    own come one after the other. What fails is given back for a later try and takes nothing
    else along, so a pass ends: it is bounded by what is due.
    """
    gebeurd: list[Gebeurtenis] = []
    work = partial(_claim, config=config, now=now, soorten=soorten)
    while items := transact(store.sessions, work):
        for groep in _groepen(items):
            gebeurd += _do_all(store, config, groep, now)
    return Verslag(now, tuple(gebeurd))


def rapporteer(store: Store, config: Config, now: datetime) -> None:
    """Make the report of the week when its day has come."""
    work = partial(rapport.maak, adres=config.adres, met_mail=bool(config.smtp_host), now=now)
    transact(store.sessions, work)


def bezorg_nu(store: Store, config: Config, bericht_id: str, now: datetime) -> None:
    """Deliver one message that just came in, so that whoever sent it sees what became of it.

    Only this one: what else is due is for the worker. Does it not work, the worker tries again.
    """
    claims = transact(
        store.sessions, lambda session: berichten.due(session, now, 1, alleen=bericht_id)
    )
    for claim in claims:
        for _ in _do(store, config, "bericht", claim, now):
            pass


def _claim(
    session: Session, *, config: Config, now: datetime, soorten: Collection[Soort]
) -> list[Item]:
    items: list[Item] = []
    if "wekker" in soorten:
        items += (("wekker", claim) for claim in timers.due(session, now, _CLAIMED_WEKKERS))
    if "bericht" in soorten:
        items += (("bericht", claim) for claim in berichten.due(session, now, _CLAIMED_BERICHTEN))
    if "uitgaand" in soorten and config.uitgaand_url:
        items += (("uitgaand", claim) for claim in uitgaand.due(session, now, _CLAIMED_UITGAAND))
    if "uitgaand" in soorten and config.smtp_host:
        post.maak(session, now=now)
        mails = uitgaand.due(session, now, _CLAIMED_MAIL, weg="mail")
        items += (("uitgaand", claim) for claim in mails)
    return sorted(items, key=lambda item: item[1].op)


def _groepen(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield what may be done in one transaction, without changing the order inside a dossier.

    What failed before goes alone: it may well fail again.
    """
    groepen: list[list[Item]] = []
    last: dict[UUID | None, int] = {}
    for item in items:
        soort, claim = item
        if soort != "wekker" or claim.pogingen > 0:
            yield from groepen
            yield [item]
            groepen, last = [], {}
            continue
        place = last.get(claim.dossier_id, -1) + 1
        while place < len(groepen) and len(groepen[place]) == _TOGETHER:
            place += 1
        if place == len(groepen):
            groepen.append([])
        groepen[place].append(item)
        last[claim.dossier_id] = place
    yield from groepen


def _do_all(
    store: Store, config: Config, items: Sequence[Item], now: datetime
) -> Iterator[Gebeurtenis]:
    """Do items together; when one of them fails, halve until it stands alone."""
    if len(items) == 1:
        yield from _do(store, config, *items[0], now)
        return
    claims = [claim for _, claim in items]
    work = partial(timers.fire_wekkers, claims=claims, by=WERKER, now=now)
    try:
        done = transact(store.sessions, work)
    except Exception:  # noqa: BLE001 - whatever it is, it is told where the item stands alone
        half = len(items) // 2
        yield from _do_all(store, config, items[:half], now)
        yield from _do_all(store, config, items[half:], now)
        return
    for item in items:
        afgegaan = done.get(item[1].id)
        if afgegaan is None:  # somebody else held the dossier
            yield from _do(store, config, *item, now)
        else:
            yield from _told(now, "wekker", (afgegaan.tekst, afgegaan.dossier))


def _do(
    store: Store, config: Config, soort: Soort, claim: Claim, now: datetime
) -> Iterator[Gebeurtenis]:
    """Do one item; a fault stays with the item and never stops the others."""
    try:
        tekst, dossier = _ACTS[soort](store, config, claim, now)
    except (Transient, Conflict) as error:
        fault = _Fault(str(error), tries=config.pogingen)
    except Incident as error:
        fault = _Fault(error.reden, element=error.element)
    except Refusal as error:
        fault = _Fault(str(error))
    except Exception:
        log.exception("%s %s", soort, claim.id)
        reden = "Er ging iets mis in de software. De beheerder vindt de oorzaak in het logboek."
        fault = _Fault(reden, tries=config.pogingen)
    else:
        yield from _told(now, soort, (tekst, dossier))
        return
    yield from transact(
        store.sessions, partial(_failed, soort=soort, claim=claim, fault=fault, now=now)
    )


def _told(now: datetime, soort: str, done: Done) -> Iterator[Gebeurtenis]:
    tekst, dossier = done
    if tekst is not None:
        nummer = dossier.nummer if dossier else ""
        yield Gebeurtenis(now, soort, tekst, dossier.id if dossier else None, nummer)


def _wekker(store: Store, _config: Config, claim: Claim, now: datetime) -> Done:
    work = partial(timers.fire_wekkers, claims=[claim], by=WERKER, now=now)
    afgegaan = transact(store.sessions, work)[claim.id]
    return afgegaan.tekst, afgegaan.dossier


def _bericht(store: Store, _config: Config, claim: Claim, now: datetime) -> Done:
    def act(session: Session) -> Done:
        bericht = berichten.deliver_bericht(session, claim, by=WERKER, now=now)
        if bericht is None:
            return None, None
        dossier = session.get(Dossier, bericht.dossier_id) if bericht.dossier_id else None
        return f"Het bericht {bericht.bericht} is {_STAND[bericht.status]}.", dossier

    return transact(store.sessions, act)


_STAND = {
    "ontvangen": "bewaard tot de route erop wacht",
    "bezorgd": "bezorgd",
    "onbestelbaar": "onbestelbaar",
}


def _uitgaand(store: Store, config: Config, claim: Claim, now: datetime) -> Done:
    """Send first and note it after: what was sent twice carries the same key, and counts once."""
    pak_in = partial(uitgaand.envelop, claim=claim, adres=config.adres)
    bericht = read(store.sessions, pak_in)
    if bericht is None:
        return None, None
    if isinstance(bericht, uitgaand.Ingehouden):
        houd_in = partial(uitgaand.houd_in, claim=claim, reden=bericht.reden, by=WERKER, now=now)
        ingehouden = transact(store.sessions, houd_in)
        return f"Een e-mail is niet verstuurd. {bericht.reden}" if ingehouden else None, None
    if isinstance(bericht, mail.Mail):
        mail.verstuur(config, bericht, sleutel=str(claim.id))
    else:
        _post(config, str(claim.id), bericht)

    def noted(session: Session) -> Done:
        rij = uitgaand.verzonden(session, claim, now=now)
        if rij is None:
            return None, None
        dossier = session.get(Dossier, rij.dossier_id) if rij.dossier_id else None
        return f"Het bericht {rij.soort} is verzonden.", dossier

    return transact(store.sessions, noted)


_ACTS: dict[Soort, Callable[[Store, Config, Claim, datetime], Done]] = {
    "wekker": _wekker,
    "bericht": _bericht,
    "uitgaand": _uitgaand,
}
_TABLES: dict[Soort, type[Row]] = {
    "wekker": Wekker,
    "bericht": Bericht,
    "uitgaand": Uitgaand,
}


class _NoRedirect(HTTPRedirectHandler):
    """A redirect of a POST would silently become a GET: refuse it."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


class _InTime:
    """Makes connections that are cut when their time is up: a wait for each byte has no end.

    A receiver that says a little, again and again, would hold the outbox for hours.
    """

    def __init__(self, seconds: float) -> None:
        self._made: list[HTTPConnection] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def of(self, kind: type[HTTPConnection]) -> Callable[..., HTTPConnection]:
        """Return what makes a connection of this kind, as urllib calls it."""

        def make(*args: Any, **kwargs: Any) -> HTTPConnection:  # noqa: ANN401 - as urllib calls it
            connection = kind(*args, **kwargs)
            self._made.append(connection)
            return connection

        return make

    def _cut(self) -> None:
        for connection in self._made:
            if (open_ := connection.sock) is not None:
                with suppress(OSError):
                    socket.socket.shutdown(open_, socket.SHUT_RDWR)


class _Plain(HTTPHandler):
    def __init__(self, in_time: _InTime) -> None:
        super().__init__()
        self._in_time = in_time

    def http_open(self, req: Request) -> HTTPResponse:
        """Open a connection that ends in time."""
        return self.do_open(self._in_time.of(HTTPConnection), req)


class _Secure(HTTPSHandler):
    def __init__(self, in_time: _InTime) -> None:
        super().__init__()
        self._in_time = in_time

    def https_open(self, req: Request) -> HTTPResponse:
        """Open a connection that ends in time; its certificate is looked at as ever."""
        return self.do_open(self._in_time.of(HTTPSConnection), req)


def _post(config: Config, key: str, body: dict[str, Any]) -> None:
    """POST one message. Raises Transient when trying again may help, Incident when it will not."""
    if urlsplit(config.uitgaand_url).scheme not in {"http", "https"}:
        raise Incident(f"ROUTEFLOW_UITGAAND_URL is geen webadres: {config.uitgaand_url}.")
    request = Request(  # noqa: S310 - the scheme was looked at
        config.uitgaand_url,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": key},
        method="POST",
    )
    try:
        with _InTime(config.uitgaand_timeout) as in_time:
            opener = build_opener(_NoRedirect, _Plain(in_time), _Secure(in_time))
            opener.open(request, timeout=config.uitgaand_timeout).close()
    except HTTPError as error:
        with error:
            if error.code in _TRY_AGAIN or error.code >= _HTTP_SERVER:
                raise Transient(f"De ontvanger antwoordt met fout {error.code}.") from error
            raise Incident(f"De ontvanger weigert het bericht (fout {error.code}).") from error
    except (URLError, HTTPException, OSError) as error:
        raise Transient("De ontvanger is niet te bereiken.") from error


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why an item was not done. After ``tries`` failures a person must look; one when retrying is no use."""

    reden: str
    element: str | None = None
    tries: int = 1


def _failed(
    session: Session, *, soort: Soort, claim: Claim, fault: _Fault, now: datetime
) -> list[Gebeurtenis]:
    """Give the row back for a later try; after too many tries a person must act."""
    row = _held(session, soort, claim)
    if row is None:
        return []
    uitstellen(row, now + back_off(row.pogingen))
    if row.pogingen < fault.tries:
        return []
    _strand(row)
    meld_incident(
        session,
        row.soort if isinstance(row, Wekker) else soort,
        str(claim.id),
        fault.reden,
        dossier_id=row.dossier_id,
        element=fault.element or (row.element if isinstance(row, Wekker) else None),
        now=now,
    )
    return [Gebeurtenis(now, "incident", fault.reden, row.dossier_id)]


def _held(session: Session, soort: Soort, claim: Claim) -> Row | None:
    return held(session, _TABLES[soort], claim)


def _strand(row: Row) -> None:
    if isinstance(row, Wekker):
        row.gestrand = True
    elif isinstance(row, Bericht):
        row.status = "onbestelbaar"
    else:
        row.status = "mislukt"


def back_off(tries: int) -> timedelta:
    """Return how long to wait after ``tries`` failures: twice as long each time, spread by chance."""
    wait: timedelta = min(_BACK_OFF * 2**tries, _LONGEST_BACK_OFF)
    spread: float = random.uniform(0.5, 1.0)  # noqa: S311 - spreads the tries, no secret
    return wait * spread


def verzet_klok(
    store: Store, config: Config, dagen: int | timedelta, *, system: Clock = system_clock
) -> Verslag:
    """Move the demo's clock forward from due moment to due moment, so that each fires at its own.

    Raises Conflict when this is no demo, Invalid when it is not forward.
    """
    if not config.demo:
        raise Conflict("De klok is alleen in de demo te verzetten.")
    stap = dagen if isinstance(dagen, timedelta) else timedelta(days=dagen)
    if stap <= timedelta(0):
        raise Invalid("De klok kan alleen vooruit.", {"dagen": "Kies een dag of meer."})
    clock = klok.clock_for(store, system, demo=True)
    now = clock()
    tot = now + stap
    gebeurd = [*run_due(store, config, now).gebeurtenissen]
    while now < tot:
        na = now
        volgende = read(store.sessions, partial(_next_moment, config=config, na=na))
        now = min(volgende or tot, tot)
        transact(store.sessions, partial(klok.verzet, dagen=max(now - clock(), timedelta(0))))
        transact(store.sessions, partial(hartslag.stel_gelijk, now=now))
        gebeurd += run_due(store, config, now).gebeurtenissen
    rapporteer(store, config, tot)
    return Verslag(tot, tuple(gebeurd))


def _next_moment(session: Session, *, config: Config, na: datetime) -> datetime | None:
    moments = [timers.next_moment(session, na), berichten.next_moment(session, na)]
    wegen: list[uitgaand.Weg] = ["post"] if config.uitgaand_url else []
    if config.smtp_host:
        wegen.append("mail")
        moments.append(post.next_moment(session, na))
    moments.append(uitgaand.next_moment(session, na, wegen))
    return min((moment for moment in moments if moment is not None), default=None)


class Worker:
    """Looks every ``config.tik`` seconds, and at the moment itself when something is due before.

    The outbox has a thread of its own: a receiver that is slow keeps no timer waiting.
    """

    def __init__(self, store: Store, config: Config, clock: Clock = system_clock) -> None:
        self._store, self._config, self._clock = store, config, clock
        self._looking = threading.Lock()
        self._geklopt: datetime | None = None
        self._gerapporteerd: datetime | None = None
        self._warm = False
        self._aangevuld, self._gevuld_tot = False, cast("UUID | None", None)
        self._scheduler = BackgroundScheduler(timezone="UTC", daemon=True)
        every = {"trigger": "interval", "max_instances": 1, "coalesce": True}
        self._scheduler.add_job(self.tick, seconds=config.tik, misfire_grace_time=None, **every)
        self._scheduler.add_job(self.post, seconds=config.tik, misfire_grace_time=None, **every)
        self._scheduler.add_job(self.clean, minutes=15, misfire_grace_time=None, **every)

    def start(self) -> None:
        """Start the background threads."""
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is being done and stop."""
        self._scheduler.shutdown(wait=True)

    def tick(self) -> None:
        """Do one pass over wekkers and berichten, and see when the next is due."""
        if not self._looking.acquire(blocking=False):
            return
        try:
            self._klop()
            self._pass("wekker", "bericht")
            self._rapporteer()
            self._look_in_time()
            self._settle()
        except Exception:
            log.exception("a pass of the worker broke off")
        finally:
            self._looking.release()

    def post(self) -> None:
        """Do one pass over the outbox. What breaks it is written in the log, as in ``tick``."""
        try:
            self._pass("uitgaand")
        except Exception:
            log.exception("a pass over the outbox broke off")

    def _pass(self, *soorten: Soort) -> None:
        run_due(self._store, self._config, self._clock(), soorten)

    def _rapporteer(self) -> None:
        """Look once in a while whether a report is due: nobody waits for it to the second."""
        now = self._clock()
        if self._gerapporteerd is not None and timedelta(0) <= now - self._gerapporteerd < _RAPPORT:
            return
        rapporteer(self._store, self._config, now)
        self._gerapporteerd = now

    def _klop(self) -> None:
        """Say that this worker lives; what was not done while none did is told in the log too."""
        now = self._clock()
        if self._geklopt is not None and timedelta(0) <= now - self._geklopt < hartslag.KLOP:
            return
        gat = transact(self._store.sessions, partial(hartslag.klop, now=now))
        self._geklopt = now
        if gat is not None:
            log.warning(
                "no worker from %s to %s; %d moments fell in it", gat.van, gat.tot, gat.momenten
            )

    def _settle(self) -> None:
        """Let what the first pass read rest; what later passes read follows in ``clean``."""
        if not self._warm:
            memory.settle()
            self._warm = True

    def _look_in_time(self) -> None:
        """Look again at the first moment to come, when that is before the next tick."""
        now = self._clock()
        work = partial(_next_moment, config=self._config, na=now)
        moment = read(self._store.sessions, work)
        if moment is None or moment - now >= timedelta(seconds=self._config.tik):
            return
        if self._scheduler.running:
            self._scheduler.add_job(
                self.tick,
                "date",
                run_date=system_clock() + (moment - now),
                id="in time",
                replace_existing=True,
                misfire_grace_time=None,
            )

    def clean(self) -> None:
        """Forget what no longer counts, and fill in what is old."""
        memory.settle()
        now = self._clock()
        with suppress(Conflict):
            transact(self._store.sessions, partial(accounts.forget_attempts, now=now))
            self._vul_aan(now)

    def _vul_aan(self, now: datetime) -> None:
        """Give old dossiers the rows of their periods, once in the life of a worker.

        A few at a time, so that nobody waits for it; what is left comes the next quarter.
        """
        for _ in range(_FILLED // _FILLED_TOGETHER):
            if self._aangevuld:
                return
            work = partial(vul_termijnen_aan, na=self._gevuld_tot, aantal=_FILLED_TOGETHER, now=now)
            self._gevuld_tot = transact(self._store.sessions, work)
            self._aangevuld = self._gevuld_tot is None
