"""Every two acts that can collide, in every order that can be forced, over two real connections."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from routeflow.commands import berichten, deployments, dossiers, taken, timers
from routeflow.commands.wachtrij import LEASE, Claim
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Account, Bericht, Route, Taak, Wekker
from support.klein import klein
from support.route import BUREAU, PERSOON, RouteUnderTest, collega
from support.volgorde import Act, Refused, in_order

ANNA, BRAM = uuid4(), uuid4()


@dataclass
class Toneel:
    """A dossier at the moment its timer is due, and what may happen to it."""

    route: RouteUnderTest
    slow: dict[str, Claim] = field(default_factory=dict)  # by who lost the lease since
    held: dict[str, Claim] = field(default_factory=dict)

    def complete(self, element: str = "meld_uren", **answers: Any) -> Act:
        taak = self.route.taak(element)
        return partial(
            taken.complete_taak,
            taak_id=taak.id,
            rauw=answers or {"urenNt2": 4},
            by=collega(taak),
            now=self.route.now,
        )

    def timer(self, *, slow: bool = False) -> Act:
        claim = (self.slow if slow else self.held)["timer"]
        return partial(timers.fire_wekker, claim=claim, by=BUREAU, now=self.route.now)

    def reminder(self) -> Act:
        claim = self.held["ladder"]
        return partial(timers.fire_wekker, claim=claim, by=BUREAU, now=self.route.now)

    def stop(self, *, slow: bool = False) -> Act:
        """Deliver SS110, which ends the route and closes the dossier."""
        claim = (self.slow if slow else self.held)["SS110"]
        return partial(berichten.deliver_bericht, claim=claim, by=BUREAU, now=self.route.now)

    def receive(self) -> Act:
        return partial(
            berichten.receive,
            bericht_id="duo-7",
            bericht="SS131",
            gegevens={"lbtResultaat": "B1 haalbaar"},
            dossier_id=self.route.dossier_id,
            by=BUREAU,
            now=self.route.now,
        )

    def facts(self, **facts: Any) -> Act:
        return partial(
            dossiers.wijzig_feiten,
            dossier_id=self.route.dossier_id,
            feiten=facts or {"leerroute": "onderwijsroute"},
            reden="test",
            by=BUREAU,
            now=self.route.now,
        )

    def assign(self) -> Act:
        teamleider = Actor("Teamleider", GEMEENTE, frozenset({Rol.TEAMLEIDER}))
        return partial(
            taken.toewijzen,
            taak_id=self.route.taak("plan").id,
            account_id=ANNA,
            by=teamleider,
            now=self.route.now,
        )

    def claim(self, wie: UUID = BRAM) -> Act:
        by = Actor("Bram", GEMEENTE, frozenset({Rol.CASEMANAGER}), wie)
        return partial(taken.claim, taak_id=self.route.taak("plan").id, by=by, now=self.route.now)

    def concept(self) -> Act:
        taak = self.route.taak("plan")
        return partial(
            taken.save_concept,
            taak_id=taak.id,
            rauw={"opmerking": "half"},
            by=collega(taak),
            now=self.route.now,
        )

    def start(self, **gegevens: Any) -> Act:
        return partial(
            dossiers.start_dossier,
            gegevens={**PERSOON, **gegevens},
            proces="klein",
            by=BUREAU,
            now=self.route.now,
        )

    def publish(self) -> Act:
        files = {**klein(), "forms/extra.form": b"{}"}
        return partial(
            deployments.zet_in_dienst, files=files, reden="nieuw", by=BUREAU, now=self.route.now
        )

    def messages(self) -> list[str]:
        ids = select(Bericht.bericht_id).order_by(Bericht.bericht_id)
        return read(self.route.store.sessions, lambda s: list(s.scalars(ids)))

    def runs_on(self) -> int:
        """Return the deployment of the dossier that was started last."""
        newest = select(Route.deployment_id).where(Route.dossier_id != self.route.dossier_id)
        return read(self.route.store.sessions, lambda s: s.scalars(newest).one())

    def ailments(self) -> list[str]:
        """What the doctor finds; whatever still waits for its worker is nothing strange here."""
        return [een for een in self.route.ailments if "Draait de worker" not in een]

    def step(self) -> str:
        """Return the step for which the ladder of ``teken`` waits."""
        of = (Wekker.soort == "ladder", Wekker.element == "teken", Wekker.gesloten_op.is_(None))
        return read(
            self.route.store.sessions, lambda s: s.scalars(select(Wekker.naam).where(*of)).one()
        )

    def taak(self, element: str) -> Taak:
        of = (Taak.dossier_id == self.route.dossier_id, Taak.element == element)
        return read(self.route.store.sessions, lambda s: s.scalars(select(Taak).where(*of)).one())


@pytest.fixture
def toneel(route):
    route.given("klein", klein(), leerroute="B1", datumKennisgeving=date(2026, 1, 2))
    casemanagers = [
        Account(
            id=id_, login=naam, naam=naam, partij=GEMEENTE, wachtwoord="-", rollen=[Rol.CASEMANAGER]
        )
        for id_, naam in ((ANNA, "anna"), (BRAM, "bram"))
    ]
    route.now = route.armed["uren_blijven_uit"]

    def prepare(session):
        session.add_all(casemanagers)
        berichten.receive(
            session, "duo-stop", "SS110", {}, dossier_id=route.dossier_id, by=BUREAU, now=route.now
        )

    sessions = route.store.sessions
    transact(sessions, prepare)
    toneel = Toneel(route)
    for claimed in (toneel.slow, toneel.held):
        claimed.update(transact(sessions, partial(_claims, now=route.now)))
        route.now += 2 * LEASE
    return toneel


def _claims(session, now):
    """Claim what is due, by what it is; of the reminders that of ``teken``."""
    found = {}
    for claim in timers.due(session, now):
        wekker = session.get_one(Wekker, claim.id)
        if (wekker.soort, wekker.element) != ("ladder", "meld_uren"):
            found[wekker.soort] = claim
    for claim in berichten.due(session, now):
        found[session.get_one(Bericht, claim.id).bericht] = claim
    return found


OK, REFUSED, NOTHING = "ok", "refused", "nothing"


def said(answer: Any) -> str:
    if isinstance(answer, Refused):
        return REFUSED
    return NOTHING if answer is None else OK


@dataclass(frozen=True)
class Pair:
    """Two acts, what both come to when ``one`` is first, and when ``two`` is."""

    one: Callable[[Toneel], Act]
    two: Callable[[Toneel], Act]
    one_first: tuple[str, str]
    two_first: tuple[str, str]
    then: Callable[[Toneel, bool], bool] = lambda _toneel, _one_first: True

    def turned(self) -> "Pair":
        return Pair(
            self.two,
            self.one,
            self.two_first[::-1],
            self.one_first[::-1],
            lambda toneel, one_first: self.then(toneel, not one_first),
        )


def plan(toneel):
    return toneel.complete("plan", leerroute="Z")


def acts(toneel, wat):
    return [een for een in toneel.route.journal if een.wat == wat]


PAIRS = {
    "complete, complete the same": Pair(
        Toneel.complete,
        Toneel.complete,
        (OK, REFUSED),
        (REFUSED, OK),
        lambda toneel, _: len(acts(toneel, "taak voltooid")) == 1,
    ),
    "complete, complete another": Pair(
        Toneel.complete,
        plan,
        (OK, OK),
        (OK, OK),
        lambda toneel, _: toneel.route.facts["leerroute"] == "Z",
    ),
    "complete, timer": Pair(
        Toneel.complete,
        Toneel.timer,
        (OK, NOTHING),
        (REFUSED, OK),
        lambda toneel, first: ("bel_partij" in toneel.route.open_elements) is not first,
    ),
    "complete, message that ends the route": Pair(
        Toneel.complete,
        Toneel.stop,
        (OK, OK),
        (REFUSED, OK),
        lambda toneel, _: toneel.route.ended,
    ),
    "timer, timer of the same dossier": Pair(
        Toneel.timer,
        Toneel.reminder,
        (OK, NOTHING),  # weeks late: being late is the next step, and overtook the reminder
        (OK, NOTHING),
        lambda toneel, _: len(acts(toneel, "wekker")) == 1 and toneel.step() == "te laat",
    ),
    "timer, the same timer by who lost the lease": Pair(
        Toneel.timer,
        partial(Toneel.timer, slow=True),
        (OK, NOTHING),
        (OK, NOTHING),
        lambda toneel, _: len(acts(toneel, "wekker")) == 1,
    ),
    "timer, message that ends the route": Pair(
        Toneel.timer,
        Toneel.stop,
        (OK, OK),
        (NOTHING, OK),
        lambda toneel, _: toneel.route.ended,
    ),
    "message, the same message again": Pair(
        Toneel.receive,
        Toneel.receive,
        (OK, OK),
        (OK, OK),
        lambda toneel, _: toneel.messages() == ["duo-7", "duo-stop"],
    ),
    "message, the same message by who lost the lease": Pair(
        Toneel.stop,
        partial(Toneel.stop, slow=True),
        (OK, NOTHING),
        (OK, NOTHING),
        lambda toneel, _: len(acts(toneel, "bericht bezorgd")) == 1,
    ),
    "reassign, complete": Pair(
        Toneel.assign,
        plan,
        (OK, REFUSED),
        (REFUSED, OK),
        lambda toneel, first: toneel.taak("plan").status == ("open" if first else "gedaan"),
    ),
    "claim, complete": Pair(
        Toneel.claim,
        plan,
        (OK, REFUSED),
        (REFUSED, OK),
        lambda toneel, first: toneel.taak("plan").status == ("open" if first else "gedaan"),
    ),
    "claim, claim": Pair(
        Toneel.claim,
        partial(Toneel.claim, wie=ANNA),
        (OK, REFUSED),
        (REFUSED, OK),
        lambda toneel, first: toneel.taak("plan").behandelaar_id == (BRAM if first else ANNA),
    ),
    "concept, complete": Pair(
        Toneel.concept,
        plan,
        (OK, OK),
        (REFUSED, OK),
        lambda toneel, _: toneel.taak("plan").concept is None,
    ),
    "publish, start": Pair(
        Toneel.publish,
        Toneel.start,
        (OK, OK),
        (OK, OK),
        lambda toneel, _: toneel.runs_on() in {1, 2},  # what is not committed yet is not there
    ),
    "start, start for the same person": Pair(
        partial(Toneel.start, bsn="111222333"),
        partial(Toneel.start, bsn="111222333"),
        (OK, REFUSED),
        (REFUSED, OK),
    ),
    "facts, complete": Pair(
        Toneel.facts,
        plan,
        (OK, OK),
        (OK, OK),
        lambda toneel, first: (
            toneel.route.facts["leerroute"] == ("Z" if first else "onderwijsroute")
        ),
    ),
    "facts, facts": Pair(
        Toneel.facts,
        partial(Toneel.facts, leerroute="Z"),
        (OK, OK),
        (OK, OK),
        lambda toneel, first: (
            toneel.route.facts["leerroute"] == ("Z" if first else "onderwijsroute")
        ),
    ),
    "facts, close the dossier": Pair(
        Toneel.facts, Toneel.stop, (OK, OK), (REFUSED, OK), lambda toneel, _: toneel.route.ended
    ),
}


@pytest.mark.parametrize(
    ("turned", "punt"),
    [(False, "begin"), (False, "written"), (True, "locked"), (True, "written")],
)
@pytest.mark.parametrize("naam", PAIRS)
def test_whoever_is_first_both_come_to_what_the_order_says(
    toneel, database_url, naam, turned, punt
):
    pair = PAIRS[naam].turned() if turned else PAIRS[naam]
    one, two = in_order(database_url, pair.one(toneel), punt, pair.two(toneel))
    one_first = punt != "begin"
    wanted = pair.one_first if one_first else pair.two_first
    assert (said(one), said(two)) == wanted, (str(one), str(two))
    assert pair.then(toneel, one_first)
    assert toneel.ailments() == []
