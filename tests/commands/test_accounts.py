from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Thread
from uuid import uuid4

import pytest

from routeflow.commands import accounts
from routeflow.errors import Conflict, Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Account, Inlogpoging, Token

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
BEHEER = Actor("Tom", GEMEENTE, frozenset({Rol.BEHEERDER}))
ZIN = "vier gewone woorden hier"


@pytest.fixture
def fatma(store):
    return transact(store.sessions, partial(create, login=" Fatma ", rollen=[Rol.CASEMANAGER]))


def create(session, login="joost", wachtwoord=ZIN, rollen=(Rol.CASEMANAGER,), by=BEHEER):
    return accounts.create_account(
        session,
        login,
        naam="Fatma Yildiz",
        partij=GEMEENTE,
        rollen=rollen,
        wachtwoord=wachtwoord,
        by=by,
        now=NOW,
    )


def log_in(store, wachtwoord=ZIN, login="fatma", adres="10.0.0.1", now=NOW):
    return accounts.log_in(store.sessions, login, wachtwoord, adres=adres, now=now)


def test_an_account_can_log_in_and_acts_as_itself(store, fatma):
    account = log_in(store, login="FATMA ")
    assert account.id == fatma.id
    assert accounts.actor_of(account) == Actor(
        "Fatma Yildiz", GEMEENTE, frozenset({Rol.CASEMANAGER}), fatma.id
    )


def test_only_a_hash_is_kept(fatma):
    assert fatma.wachtwoord.startswith("$argon2id$")


def test_wrong_passwords_and_unknown_logins_look_the_same(store, fatma):
    assert log_in(store, "fout") is None
    assert log_in(store, login="niemand") is None
    assert fatma.actief


def test_after_five_failures_a_login_waits_a_quarter_of_an_hour(store, fatma):
    for _ in range(accounts.POGINGEN_PER_LOGIN):
        assert log_in(store, "fout") is None
    with pytest.raises(accounts.TeVaak, match="kwartier"):
        log_in(store, adres="10.0.0.2")
    later = NOW + accounts.VENSTER + timedelta(seconds=1)
    assert log_in(store, now=later).id == fatma.id


def test_one_address_that_tries_many_logins_waits_too(store, fatma):
    for number in range(accounts.POGINGEN_PER_ADRES):
        transact(
            store.sessions,
            lambda s, n=number: s.add(Inlogpoging(login=f"x{n}", adres="10.0.0.1", op=NOW)),
        )
    with pytest.raises(accounts.TeVaak):
        log_in(store)
    assert log_in(store, adres="10.0.0.2").id == fatma.id


def test_a_good_login_forgets_the_failures_and_the_worker_the_old_ones(store, fatma):
    log_in(store, "fout")
    log_in(store, login="niemand")
    assert log_in(store).id == fatma.id
    assert read(store.sessions, lambda s: s.query(Inlogpoging.login).all()) == [("niemand",)]
    later = NOW + accounts.VENSTER
    almost = later - timedelta(seconds=1)
    transact(store.sessions, lambda s: accounts.forget_attempts(s, now=almost))
    assert read(store.sessions, lambda s: s.query(Inlogpoging).count()) == 1
    transact(store.sessions, lambda s: accounts.forget_attempts(s, now=later))
    assert read(store.sessions, lambda s: s.query(Inlogpoging).count()) == 0


def test_who_is_not_active_cannot_log_in(store, fatma):
    change = partial(accounts.wijzig_account, account_id=fatma.id, actief=False, by=BEHEER, now=NOW)
    assert transact(store.sessions, change).sessie_versie == 2
    assert log_in(store) is None


@pytest.mark.parametrize("wachtwoord", ["kort", "x" * 201, "aaaaaaaaaaaaaaaa", "joost is de beste"])
def test_weak_passwords_are_refused_with_a_reason(store, wachtwoord):
    with pytest.raises(Invalid) as refused:
        transact(store.sessions, partial(create, wachtwoord=wachtwoord))
    assert refused.value.fouten["wachtwoord"]


def test_a_login_exists_once(store, fatma):
    with pytest.raises(Conflict, match=fatma.login):
        transact(store.sessions, partial(create, login="fatma"))


def test_only_a_beheerder_makes_and_changes_accounts(store, fatma):
    casemanager = accounts.actor_of(fatma)
    with pytest.raises(NotAllowed):
        transact(store.sessions, partial(create, by=casemanager))
    with pytest.raises(NotAllowed):
        transact(
            store.sessions,
            partial(
                accounts.wijzig_account,
                account_id=fatma.id,
                rollen=[Rol.BEHEERDER],
                by=casemanager,
                now=NOW,
            ),
        )


def test_a_beheerder_cannot_lock_themselves_out(store):
    tom = transact(store.sessions, partial(create, login="tom", rollen=[Rol.BEHEERDER]))
    change = partial(accounts.wijzig_account, account_id=tom.id, by=accounts.actor_of(tom), now=NOW)
    for anders in ({"actief": False}, {"rollen": [Rol.CASEMANAGER]}, {"partij": "IVIO"}):
        with pytest.raises(Conflict, match="andere beheerder"):
            transact(store.sessions, partial(change, **anders))
    assert transact(store.sessions, partial(change, rollen=[Rol.BEHEERDER, Rol.TEAMLEIDER])).actief


def test_spaces_around_what_is_changed_make_no_other_partij(store, fatma):
    """With another partij somebody of the gemeente would lose every right without a word."""
    change = partial(
        accounts.wijzig_account, account_id=fatma.id, naam=" Fatma Kaya ", email=" f@g.nl ",
        partij="Gemeente ", by=BEHEER, now=NOW,
    )  # fmt: skip
    account = transact(store.sessions, change)
    assert (account.naam, account.email, account.partij) == ("Fatma Kaya", "f@g.nl", GEMEENTE)
    assert account.sessie_versie == 1


@pytest.mark.parametrize("veld", ["naam", "partij"])
def test_a_change_to_nothing_is_refused_at_its_field(store, fatma, veld):
    leeg = partial(accounts.wijzig_account, account_id=fatma.id, by=BEHEER, now=NOW, **{veld: "  "})
    with pytest.raises(Invalid) as refused:
        transact(store.sessions, leeg)
    assert list(refused.value.fouten) == [veld]


@pytest.mark.usefixtures("fatma")
def test_a_good_login_clears_its_own_failures_and_nobody_elses(store):
    """Else who has one account could try every other one without end."""
    transact(store.sessions, partial(create, login="joost"))
    for _ in range(accounts.POGINGEN_PER_LOGIN - 1):
        log_in(store, "fout", login="joost")
    assert log_in(store)
    assert log_in(store, "fout", login="joost") is None
    with pytest.raises(accounts.TeVaak):
        log_in(store, login="joost")


@pytest.mark.usefixtures("fatma")
def test_an_address_too_long_to_keep_waits_like_any_other(store):
    lang = "a" * 100
    for number in range(accounts.POGINGEN_PER_ADRES):
        transact(
            store.sessions,
            lambda s, n=number: s.add(Inlogpoging(login=f"x{n}", adres=lang[:64], op=NOW)),
        )
    with pytest.raises(accounts.TeVaak):
        log_in(store, adres=lang)


def test_a_new_password_ends_all_sessions(store, fatma):
    change = partial(
        accounts.set_wachtwoord, account_id=fatma.id, wachtwoord="een nieuwe lange zin", now=NOW
    )
    assert transact(store.sessions, partial(change, by=accounts.actor_of(fatma))).sessie_versie == 2
    assert log_in(store) is None
    assert log_in(store, "een nieuwe lange zin")
    other = Actor("Joost", GEMEENTE, frozenset({Rol.CASEMANAGER}))
    with pytest.raises(NotAllowed):
        transact(store.sessions, partial(change, by=other))


def test_a_token_is_shown_once_and_only_its_hash_is_kept(store, fatma):
    create_token = partial(
        accounts.create_token, naam="koppeling", by=accounts.actor_of(fatma), now=NOW
    )
    token, geheim = transact(store.sessions, create_token)
    assert geheim not in token.hash
    who = read(store.sessions, lambda s: accounts.actor_of_token(s, geheim))
    assert who == accounts.actor_of(fatma)
    assert read(store.sessions, lambda s: accounts.actor_of_token(s, geheim + "x")) is None
    withdraw = partial(accounts.withdraw_token, token_id=token.id, by=BEHEER, now=NOW)
    transact(store.sessions, withdraw)
    assert read(store.sessions, lambda s: accounts.actor_of_token(s, geheim)) is None
    assert read(store.sessions, lambda s: s.query(Token).one().ingetrokken_op) == NOW


def test_a_token_is_withdrawn_by_its_owner_or_a_beheerder_alone(store, fatma):
    joost = accounts.actor_of(transact(store.sessions, create))
    create_token = partial(
        accounts.create_token, naam="koppeling", by=accounts.actor_of(fatma), now=NOW
    )
    token, geheim = transact(store.sessions, create_token)
    withdraw = partial(accounts.withdraw_token, token_id=token.id, now=NOW)
    with pytest.raises(NotAllowed):
        transact(store.sessions, partial(withdraw, by=joost))
    assert read(store.sessions, lambda s: accounts.actor_of_token(s, geheim)) is not None
    transact(store.sessions, partial(withdraw, by=accounts.actor_of(fatma)))
    assert read(store.sessions, lambda s: accounts.actor_of_token(s, geheim)) is None


def test_a_token_of_who_is_not_active_any_more_opens_nothing(store, fatma):
    create_token = partial(
        accounts.create_token, naam="koppeling", by=accounts.actor_of(fatma), now=NOW
    )
    _, geheim = transact(store.sessions, create_token)
    change = partial(accounts.wijzig_account, account_id=fatma.id, by=BEHEER, now=NOW)
    transact(store.sessions, partial(change, actief=False))
    assert read(store.sessions, lambda s: accounts.actor_of_token(s, geheim)) is None
    transact(store.sessions, partial(change, actief=True))
    assert read(store.sessions, lambda s: accounts.actor_of_token(s, geheim)).naam == fatma.naam


def test_unknown_rows_are_not_found(store):
    with pytest.raises(NotFound):
        transact(
            store.sessions,
            partial(accounts.wijzig_account, account_id=uuid4(), naam="x", by=BEHEER, now=NOW),
        )
    assert read(store.sessions, lambda s: s.query(Account).count()) == 0


def test_of_many_wrong_passwords_at_once_no_more_are_tried_than_one_by_one(store):
    uitkomsten = []

    def probeer():
        try:
            uitkomsten.append(log_in(store, "fout", login="kees"))
        except accounts.TeVaak:
            uitkomsten.append("te vaak")

    draden = [Thread(target=probeer) for _ in range(16)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    assert len(uitkomsten) == 16
    assert uitkomsten.count(None) == accounts.POGINGEN_PER_LOGIN
