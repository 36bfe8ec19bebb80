"""Nobody judges their own work: not who reported, not who wrote the report, not who decided."""

from dataclasses import replace
from functools import cache, partial

import pytest

from routeflow.commands import accounts, taken
from routeflow.errors import Invalid, NotAllowed
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Taak
from support import bpmn
from support.formulieren import formulier
from support.klein import TABLES, person
from support.route import BEGIN, project_files
from support.tekening import definitie

BEHEER = Actor("Beheer", GEMEENTE, frozenset({Rol.BEHEERDER}))
WIE = ("vermoedenMelder", "voer_sanctietoets_uit", "stuur_voornemen")


@cache
def toetsing():
    """First somebody tests, then another decides, then a third looks at the bezwaar."""
    steps = ("toets", "besluit", "bezwaar")
    drawn = bpmn.draw(
        "toetsing",
        bpmn.lanes("lanes", handhaver=["toets"], teamleider=["besluit", "bezwaar"]),
        bpmn.start(),
        person("toets", andere_dan="vermoedenMelder"),
        person("besluit", andere_dan="vermoedenMelder, toets"),
        person("bezwaar", andere_dan="vermoedenMelder, toets, besluit"),
        bpmn.end(),
        bpmn.path("s > toets > besluit > bezwaar > e"),
    )
    tables = {f"processes/{naam}.dmn" for naam in TABLES}
    return {
        "processes/toetsing.bpmn": drawn,
        **{f"forms/{step}.form": formulier(id=step) for step in steps},
        **{pad: inhoud for pad, inhoud in project_files().items() if pad in tables},
    }


@cache
def naast_elkaar():
    """Two steps that wait side by side; who does the one does not do the other."""
    drawn = bpmn.draw(
        "naast_elkaar",
        bpmn.lanes("lanes", handhaver=["toets"], teamleider=["besluit"]),
        bpmn.start(),
        bpmn.parallel("samen"),
        person("toets"),
        person("besluit", andere_dan="toets"),
        bpmn.parallel("klaar"),
        bpmn.end(),
        bpmn.path("s > samen > toets > klaar > e"),
        bpmn.path("samen > besluit > klaar"),
    )
    rest = {pad: inhoud for pad, inhoud in toetsing().items() if not pad.endswith(".bpmn")}
    return rest | {"processes/naast-elkaar.bpmn": drawn}


@pytest.fixture
def mensen(store):
    """Two people who are handhaver and teamleider at once, as happens in a small gemeente."""

    def maak(login):
        nieuw = partial(
            accounts.create_account,
            login=login,
            naam=login.capitalize(),
            partij=GEMEENTE,
            rollen=[Rol.HANDHAVER, Rol.TEAMLEIDER],
            wachtwoord="een lange zin vol woorden",
            by=BEHEER,
            now=BEGIN,
        )
        return accounts.actor_of(transact(store.sessions, nieuw))

    return [maak(login) for login in ("anouk", "marjan", "joost")]


def blad(route, element, by):
    taak_id = route.taak(element).id
    return read(
        route.store.sessions,
        lambda s: taken.taakblad(s, s.get_one(Taak, taak_id), by=by, now=route.now),
    )


def test_who_tested_does_not_decide(route, mensen):
    anouk, marjan, _ = mensen
    route.given("toetsing", toetsing())
    route.when_done("toets", by=anouk)
    with pytest.raises(NotAllowed, match=r"u deed eerder zelf “toets”.*Awb artikel 10:3"):
        route.when_done("besluit", by=anouk)
    route.when_done("besluit", by=marjan)


def test_who_decided_does_not_judge_the_bezwaar(route, mensen):
    anouk, marjan, joost = mensen
    route.given("toetsing", toetsing())
    route.when_done("toets", by=anouk)
    route.when_done("besluit", by=marjan)
    for een in (anouk, marjan):
        with pytest.raises(NotAllowed, match="u deed eerder zelf"):
            route.when_done("bezwaar", by=een)
    route.when_done("bezwaar", by=joost)
    assert route.ended


def test_who_reported_does_not_test_nor_decide_whoever_reported_after_them(route, mensen):
    anouk, marjan, _ = mensen
    route.given("toetsing", toetsing(), vermoedenMelder=str(anouk.account_id))
    route.when_facts(vermoedenMelder=str(marjan.account_id))
    for een in (anouk, marjan):
        with pytest.raises(NotAllowed, match="u heeft het vermoeden zelf gemeld"):
            route.when_done("toets", by=een)


def test_who_reported_without_an_account_is_known_by_name(route, mensen):
    anouk, marjan, _ = mensen
    route.given("toetsing", toetsing(), vermoedenMelder=anouk.naam)
    with pytest.raises(NotAllowed, match="u heeft het vermoeden zelf gemeld"):
        route.when_done("toets", by=anouk)
    route.when_done("toets", by=marjan)


def test_who_tested_without_an_account_is_known_by_name(route, mensen):
    anouk, marjan, _ = mensen
    route.given("toetsing", toetsing())
    route.when_done("toets", by=replace(anouk, account_id=None))
    with pytest.raises(NotAllowed, match="u deed eerder zelf"):
        route.when_done("besluit", by=anouk)
    route.when_done("besluit", by=marjan)


def test_who_has_a_step_on_their_name_but_did_not_do_it_may_do_the_other(route, mensen):
    anouk, *_ = mensen
    route.given("naast_elkaar", naast_elkaar())
    toets = route.taak("toets").id
    transact(route.store.sessions, lambda s: taken.claim(s, toets, by=anouk, now=route.now))
    route.when_done("besluit", by=anouk)


def test_what_somebody_reported_or_did_in_another_dossier_stops_nobody_here(route, mensen):
    anouk, *_ = mensen
    route.given("toetsing", toetsing(), vermoedenMelder=str(anouk.account_id))
    route.given("naast_elkaar", naast_elkaar())
    route.when_done("toets", by=anouk)
    route.given("toetsing", toetsing())
    route.when_done("toets", by=anouk)
    route.given("naast_elkaar", naast_elkaar())
    route.when_done("besluit", by=anouk)


def test_the_page_says_so_before_anything_is_filled_in(route, mensen):
    anouk, marjan, _ = mensen
    route.given("toetsing", toetsing())
    route.when_done("toets", by=anouk)
    assert "u deed eerder zelf" in blad(route, "besluit", anouk).bezwaar
    assert blad(route, "besluit", marjan).bezwaar is None


def test_who_may_not_do_it_does_not_take_it_either(route, mensen):
    anouk, *_ = mensen
    route.given("toetsing", toetsing())
    route.when_done("toets", by=anouk)
    taak_id = route.taak("besluit").id
    with pytest.raises(NotAllowed, match="u deed eerder zelf"):
        transact(route.store.sessions, lambda s: taken.claim(s, taak_id, by=anouk, now=route.now))


def test_who_may_not_do_it_writes_no_answers_in_it_and_keeps_nobody_else_off_it(route, mensen):
    anouk, marjan, _ = mensen
    route.given("toetsing", toetsing())
    route.when_done("toets", by=anouk)
    taak_id = route.taak("besluit").id
    with pytest.raises(NotAllowed, match="u deed eerder zelf"):
        transact(
            route.store.sessions,
            lambda s: taken.save_concept(s, taak_id, {"x": "boete"}, by=anouk, now=route.now),
        )
    taak = route.taak("besluit")
    assert (taak.concept, taak.behandelaar_id) == (None, None)
    route.when_done("besluit", by=marjan)


def test_who_may_not_do_it_is_not_given_it_either(route, mensen):
    anouk, marjan, joost = mensen
    route.given("toetsing", toetsing(), vermoedenMelder=joost.naam)
    route.when_done("toets", by=anouk)
    geef = partial(taken.toewijzen, taak_id=route.taak("besluit").id, by=marjan, now=route.now)
    for een in (anouk, joost):
        with pytest.raises(Invalid) as fout:
            transact(route.store.sessions, partial(geef, account_id=een.account_id))
        assert fout.value.fouten["account"] == (
            f"{een.naam} mag deze taak niet doen: een ander moet dit doen (Awb artikel 10:3). "
            "Kies iemand anders."
        )
    taak = route.taak("besluit")
    kan = read(route.store.sessions, lambda s: taken.kandidaten(s, s.get_one(Taak, taak.id)))
    assert {anouk.naam, joost.naam}.isdisjoint(een.naam for een in kan)
    assert marjan.naam in {een.naam for een in kan}
    gegeven = transact(route.store.sessions, partial(geef, account_id=marjan.account_id))
    assert gegeven.behandelaar_id == marjan.account_id


def test_who_did_a_taak_stays_its_behandelaar(route, mensen):
    anouk, *_ = mensen
    route.given("toetsing", toetsing())
    gedaan = route.when_done("toets", by=anouk).taak
    assert gedaan.behandelaar_id == anouk.account_id


@pytest.mark.parametrize(
    ("proces", "stap", "niet"),
    [
        ("p17b_sanctietoets", "voer_sanctietoets_uit", ("vermoedenMelder",)),
        ("p17b_sanctietoets", "neem_besluit", WIE),
        ("p17b_sanctietoets", "behandel_bezwaar", (*WIE, "neem_besluit")),
        ("p00_doorlopende_lijn", "behandel_bezwaar_pip", ("stel_pip_vast",)),
        ("p20_gezinsmigrant", "behandel_bezwaar_pip_gezinsmigrant", ("stel_pip_vast",)),
    ],
)
def test_our_diagrams_say_who_may_not(proces, stap, niet):
    element = next(een for een in definitie().elements(proces) if een.id == stap)
    assert tuple(element.properties["andere_dan"].split(", ")) == niet
    stappen = {een.id for p in definitie().processes for een in definitie().elements(p)}
    assert set(niet) <= stappen | {"vermoedenMelder"}
