from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from routeflow.commands import accounts, taken
from routeflow.errors import Conflict, Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Feit, Taak, Uitgaand
from support.klein import klein
from support.route import BEGIN, collega

BEHEER = Actor("Beheer", GEMEENTE, frozenset({Rol.BEHEERDER}))
CASEMANAGER = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))
TEAMLEIDER = Actor("Marjan", GEMEENTE, frozenset({Rol.TEAMLEIDER}))


@pytest.fixture
def klein_route(route):
    return route.given("klein", klein(), leerroute="B1", datumKennisgeving=date(2026, 1, 2))


def account(store, login, rol, partij=GEMEENTE):
    made = transact(
        store.sessions,
        partial(
            accounts.create_account,
            login=login,
            naam=login.capitalize(),
            partij=partij,
            rollen=[rol],
            wachtwoord="een lange zin vol woorden",
            by=BEHEER,
            now=BEGIN,
        ),
    )
    return accounts.actor_of(made)


def doe(route, act, element, *args, by, **kwargs):
    taak_id = element if not isinstance(element, str) else route.taak(element).id
    return transact(
        route.store.sessions, lambda s: act(s, taak_id, *args, by=by, now=route.now, **kwargs)
    )


def test_starting_opens_a_taak_for_each_rol_at_the_partij_of_the_rolverdeling(klein_route):
    assert klein_route.open == {
        ("plan", "casemanager", "Gemeente"),
        ("meld_uren", "map-aanbieder", "IVIO"),
        ("teken", "casemanager", "Gemeente"),
    }


def test_a_last_day_has_its_article(klein_route):
    taak = klein_route.taak("plan")
    assert taak.uiterlijk is None  # an asielstatushouder who is not registered yet
    klein_route.when_facts(brpDatum=date(2026, 1, 2))
    taak = klein_route.taak("plan")
    assert (taak.uiterlijk, taak.grond) == (date(2026, 3, 13), "Besluit 5.3 lid 1")


def test_completing_writes_facts_with_their_origin_and_moves_the_route(klein_route):
    taak = klein_route.taak("plan")
    voltooid = klein_route.when_done("plan", leerroute="Z", opmerking="snel")
    assert voltooid.taak.status == "gedaan"
    assert voltooid.taak.antwoorden == {"opmerking": "snel"}
    assert klein_route.facts["leerroute"] == "Z"
    assert klein_route.dossier.leerroute == "Z"
    assert "opmerking" not in klein_route.facts
    feiten = read(
        klein_route.store.sessions,
        lambda s: s.scalars(select(Feit).where(Feit.naam == "leerroute").order_by(Feit.id)).all(),
    )
    assert [(feit.waarde, feit.tot is None, feit.taak_id) for feit in feiten] == [
        ("B1", False, None),
        ("Z", True, taak.id),
    ]


def test_completing_is_one_row_in_the_journal_with_before_and_after(klein_route):
    klein_route.when_done("plan", leerroute="Z")
    act = klein_route.journal[-1]
    assert (act.wat, act.element, act.door) == ("taak voltooid", "plan", "Collega")
    assert act.gegevens["feiten"] == {"leerroute": ["B1", "Z"]}
    assert "verstuur" in klein_route.visited


def test_what_leaves_the_house_waits_in_the_outbox(klein_route):
    klein_route.when_done("plan", leerroute="Z")
    rijen = read(klein_route.store.sessions, lambda s: s.scalars(select(Uitgaand)).all())
    assert [(rij.soort, rij.inhoud, rij.status) for rij in rijen] == [
        ("duo.pip", {"leerroute": "Z"}, "klaar")
    ]


def test_what_came_out_of_a_taak_is_told(klein_route):
    klein_route.when_done("plan", leerroute="B1")
    klein_route.when_done("teken")
    klein_route.when_done("meld_uren", urenNt2=4)
    klein_route.when_message("SS131", lbtResultaat="B1 haalbaar")
    assert klein_route.open_elements == {"beoordeel"}
    klein_route.when_done("beoordeel")
    assert klein_route.ended
    assert klein_route.dossier.gesloten_op == klein_route.now
    assert klein_route.ailments == []


def test_a_second_completion_reads_who_was_first_and_when(klein_route):
    taak = klein_route.taak("plan")
    klein_route.when_done("plan", leerroute="B1")
    with pytest.raises(
        Conflict, match=r"Collega heeft deze taak al afgerond op 05-01-2026 om 10:00"
    ):
        doe(klein_route, taken.complete_taak, taak.id, {}, by=CASEMANAGER)


def test_a_taak_that_the_route_took_away_says_so(klein_route):
    taak = klein_route.taak("meld_uren")
    klein_route.when_days_pass(31)
    with pytest.raises(Conflict, match="vervallen"):
        doe(klein_route, taken.complete_taak, taak.id, {}, by=collega(taak))


def test_a_wrong_answer_changes_nothing(klein_route):
    with pytest.raises(Invalid) as refused:
        klein_route.when_done("plan", leerroute="C2")
    assert list(refused.value.fouten) == ["leerroute"]
    assert "plan" in klein_route.open_elements
    assert len(klein_route.journal) == 1


def test_rights_come_before_state(klein_route):
    school = Actor("Mo", "Fiolet", frozenset({Rol.MAP_AANBIEDER}))
    taak = klein_route.taak("plan")
    klein_route.when_done("plan", leerroute="B1")
    with pytest.raises(NotAllowed):
        doe(klein_route, taken.complete_taak, taak.id, {}, by=school)
    with pytest.raises(NotAllowed):
        doe(klein_route, taken.complete_taak, "meld_uren", {}, by=school)


def test_what_does_not_exist_is_not_found(klein_route):
    with pytest.raises(NotFound):
        doe(klein_route, taken.complete_taak, uuid4(), {}, by=CASEMANAGER)


def test_a_taak_without_a_partij_lies_with_the_casemanager_and_the_teamleider_hears(route):
    route.given("klein", klein(), leerroute="onderwijsroute")
    taak = route.taak("meld_uren")
    assert (taak.rol, taak.partij, taak.vlag) == ("casemanager", "Gemeente", "partij ontbreekt")
    assert [(een.rol, een.soort) for een in route.meldingen] == [("teamleider", "partij ontbreekt")]


def test_claiming_and_giving_back(klein_route):
    fatma = account(klein_route.store, "fatma", Rol.CASEMANAGER)
    joost = account(klein_route.store, "joost", Rol.CASEMANAGER)
    assert doe(klein_route, taken.claim, "plan", by=fatma).behandelaar_id == fatma.account_id
    with pytest.raises(Conflict, match="Fatma is al met deze taak bezig"):
        doe(klein_route, taken.claim, "plan", by=joost)
    with pytest.raises(NotAllowed, match="op naam van iemand anders"):
        doe(klein_route, taken.complete_taak, "plan", {"leerroute": "Z"}, by=joost)
    assert doe(klein_route, taken.vrijgeven, "plan", by=fatma).behandelaar_id is None
    doe(klein_route, taken.claim, "plan", by=joost)
    assert [act.wat for act in klein_route.journal[1:]] == ["taak toegewezen"] * 3


def test_a_taak_is_given_only_to_somebody_who_may_do_it(klein_route):
    fatma = account(klein_route.store, "fatma", Rol.CASEMANAGER)
    anouk = account(klein_route.store, "anouk", Rol.HANDHAVER)
    given = doe(klein_route, taken.toewijzen, "plan", fatma.account_id, by=TEAMLEIDER)
    assert given.behandelaar_id == fatma.account_id
    with pytest.raises(Invalid, match="rol casemanager"):
        doe(klein_route, taken.toewijzen, "plan", anouk.account_id, by=TEAMLEIDER)
    assert doe(klein_route, taken.toewijzen, "plan", None, by=TEAMLEIDER).behandelaar_id is None


def test_who_is_of_another_partij_or_no_longer_active_gets_no_taak(klein_route):
    beheer = partial(accounts.wijzig_account, by=BEHEER, now=BEGIN)
    kim = account(klein_route.store, "kim", Rol.MAP_AANBIEDER, "IVIO")
    ineke = account(klein_route.store, "ineke", Rol.MAP_AANBIEDER, "Fiolet")
    with pytest.raises(Invalid, match="Kies iemand van IVIO"):
        doe(klein_route, taken.toewijzen, "meld_uren", ineke.account_id, by=TEAMLEIDER)
    transact(klein_route.store.sessions, partial(beheer, account_id=kim.account_id, actief=False))
    with pytest.raises(Invalid, match="Kies iemand van IVIO"):
        doe(klein_route, taken.toewijzen, "meld_uren", kim.account_id, by=TEAMLEIDER)
    transact(klein_route.store.sessions, partial(beheer, account_id=kim.account_id, actief=True))
    gegeven = doe(klein_route, taken.toewijzen, "meld_uren", kim.account_id, by=TEAMLEIDER)
    assert gegeven.behandelaar_id == kim.account_id


def test_a_colleague_of_a_partner_does_not_take_a_taak_off_somebodys_name(klein_route):
    kim, ruud = (
        account(klein_route.store, een, Rol.MAP_AANBIEDER, "IVIO") for een in ("kim", "ruud")
    )
    doe(klein_route, taken.claim, "meld_uren", by=kim)
    with pytest.raises(NotAllowed, match="niet aan iemand toewijzen"):
        doe(klein_route, taken.vrijgeven, "meld_uren", by=ruud)
    assert klein_route.taak("meld_uren").behandelaar_id == kim.account_id
    assert doe(klein_route, taken.vrijgeven, "meld_uren", by=TEAMLEIDER).behandelaar_id is None


def test_a_concept_is_kept_unchecked_and_gone_after_completing(klein_route):
    doe(klein_route, taken.save_concept, "plan", {"leerroute": "weet niet"}, by=CASEMANAGER)
    assert klein_route.taak("plan").concept == {"leerroute": "weet niet"}
    assert klein_route.when_done("plan", leerroute="Z").taak.concept is None


def test_the_new_casemanager_gets_the_open_taken_of_the_old_one(klein_route):
    fatma = account(klein_route.store, "fatma", Rol.CASEMANAGER)
    joost = account(klein_route.store, "joost", Rol.CASEMANAGER)
    klein_route.when_facts(casemanager=str(fatma.account_id))
    assert klein_route.taak("plan").behandelaar_id == fatma.account_id
    doe(klein_route, taken.toewijzen, "teken", joost.account_id, by=TEAMLEIDER)
    klein_route.when_facts(casemanager="joost")
    assert klein_route.dossier.casemanager_id == joost.account_id
    assert klein_route.taak("plan").behandelaar_id == joost.account_id
    klein_route.when_facts(casemanager="FATMA ")
    assert klein_route.dossier.casemanager_id == fatma.account_id
    with pytest.raises(Invalid, match=r"is geen casemanager\. Kies uit: Fatma, Joost"):
        klein_route.when_facts(casemanager=str(uuid4()))


def test_herverdelen_first_shows_and_then_moves(klein_route):
    klein_route.when_facts(leerroute="Z")
    assert klein_route.taak("meld_uren").partij == "IVIO"

    def herverdeel(uitvoeren):
        return transact(
            klein_route.store.sessions,
            lambda s: taken.herverdeel(s, uitvoeren=uitvoeren, by=TEAMLEIDER, now=klein_route.now),
        )

    (shown,) = herverdeel(uitvoeren=False)
    assert (shown.taak, shown.van, shown.naar) == ("meld_uren", "IVIO", "Fiolet")
    assert klein_route.taak("meld_uren").partij == "IVIO"
    herverdeel(uitvoeren=True)
    assert klein_route.taak("meld_uren").partij == "Fiolet"
    assert herverdeel(uitvoeren=False) == []


def test_a_taak_that_goes_to_another_partij_stands_on_nobodys_name_there(klein_route):
    kim = account(klein_route.store, "kim", Rol.MAP_AANBIEDER, "IVIO")
    doe(klein_route, taken.claim, "meld_uren", by=kim)
    klein_route.when_facts(leerroute="Z")
    verdeel = partial(taken.herverdeel, uitvoeren=True, by=TEAMLEIDER, now=klein_route.now)
    transact(klein_route.store.sessions, verdeel)
    taak = klein_route.taak("meld_uren")
    assert (taak.partij, taak.behandelaar_id) == ("Fiolet", None)
    ineke = account(klein_route.store, "ineke", Rol.MAP_AANBIEDER, "Fiolet")
    klein_route.when_done("meld_uren", by=ineke, urenNt2=4)


def test_who_begins_to_fill_in_a_taak_has_it_on_their_name(klein_route):
    fatma = account(klein_route.store, "fatma", Rol.CASEMANAGER)
    joost = account(klein_route.store, "joost", Rol.CASEMANAGER)
    doe(klein_route, taken.save_concept, "plan", {"leerroute": "Z"}, by=fatma)
    assert klein_route.taak("plan").behandelaar_id == fatma.account_id
    with pytest.raises(NotAllowed, match="op naam van iemand anders"):
        doe(klein_route, taken.save_concept, "plan", {"leerroute": "B1"}, by=joost)


def test_the_form_of_a_taak_shows_what_is_known(klein_route):
    taak = klein_route.taak("plan")
    blad = transact(
        klein_route.store.sessions,
        lambda s: taken.taakblad(s, s.get_one(Taak, taak.id), by=CASEMANAGER, now=klein_route.now),
    )
    assert blad.bekend == {"leerroute": "B1"}
    assert [veld.key for veld in blad.formulier.alle] == ["leerroute", "opmerking", "gezondheid"]


def vel(route, element, by):
    taak_id = route.taak(element).id
    return read(
        route.store.sessions,
        lambda s: taken.taakblad(s, s.get_one(Taak, taak_id), by=by, now=route.now),
    )


def test_what_somebody_filled_in_so_far_is_for_who_may_do_the_taak_alone(klein_route):
    concept = {"leerroute": "Z", "opmerking": "Twijfelt nog"}
    doe(klein_route, taken.save_concept, "plan", concept, by=CASEMANAGER)
    assert vel(klein_route, "plan", CASEMANAGER).concept == concept
    assert vel(klein_route, "plan", TEAMLEIDER).concept == {}


def test_what_a_taak_asks_for_itself_is_not_filled_in_from_a_fact_of_that_name(klein_route):
    klein_route.when_facts(opmerking="Van lang geleden")
    assert vel(klein_route, "plan", CASEMANAGER).bekend == {"leerroute": "B1"}


def test_a_completion_takes_few_statements(klein_route):
    statements = []

    def count(_connection, _cursor, statement, *_rest):
        statements.append(statement.split()[0])

    event.listen(klein_route.store.engine, "before_cursor_execute", count)
    klein_route.when_done("plan", leerroute="Z", by=CASEMANAGER)
    event.remove(klein_route.store.engine, "before_cursor_execute", count)
    acts = [word for word in statements if word in {"SELECT", "INSERT", "UPDATE", "DELETE"}]
    assert len(acts) <= 13, acts  # two of them are the driver's own look at what is open
