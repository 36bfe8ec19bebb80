"""A statement is made once for each form of a list. What is filled in decides who sees what."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, or_, select

from routeflow.bench import gemeente
from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.inburgering.regels import REGELS
from routeflow.store import queries, read, transact
from routeflow.store.models import TAAK_OPEN, Dossier, DossierTermijn, Taak
from routeflow.store.queries import termijnen

VANDAAG = gemeente.NOW.date()
NUMBER = 400
PARTNERS = ("IVIO", "Fiolet", "Vluchtelingenwerk")


@pytest.fixture
def filled(store):
    return store, gemeente.fill(store, NUMBER)


def partner(partij):
    rollen = frozenset({Rol.TAALAANBIEDER, Rol.MAP_AANBIEDER})
    return Actor("Lezer", partij, rollen)


def own(store, partij, *, dossiers):
    """What a partner may see, read without any of the statements under test."""
    vraag = select(Taak).where(
        or_(Taak.partij == partij, Taak.samen_met == partij),
        Taak.rol.in_(["taalaanbieder", "map-aanbieder"]),
    )
    rijen = read(store.sessions, lambda s: list(s.scalars(vraag)))
    if dossiers:
        return {rij.dossier_id for rij in rijen}
    return {rij.id for rij in rijen if rij.status == "open"}


def asked(wanted):
    open_taken = queries.WerklijstFilter(tab="team", per_pagina=NUMBER)
    all_taken = queries.TakenFilter(per_pagina=NUMBER)
    dossiers = queries.DossierFilter(status="alle", per_pagina=NUMBER)
    looks = {
        "werklijst": lambda s, a: queries.werklijst(s, a, open_taken, VANDAAG),
        "taken": lambda s, a: queries.taken(s, a, all_taken, VANDAAG),
        "dossiers": lambda s, a: queries.dossiers(s, a, dossiers, VANDAAG),
        "gezocht": lambda s, a: queries.dossiers(s, a, replace(dossiers, zoek="voornaam"), VANDAAG),
    }
    return lambda s, a: {
        rij.taak_id if wanted == "werklijst" else rij.id for rij in looks[wanted](s, a).rijen
    }


@pytest.mark.parametrize("wanted", ["werklijst", "taken", "dossiers", "gezocht"])
def test_readers_with_the_same_rollen_share_a_statement_and_each_see_their_own(filled, wanted):
    store, _ = filled
    list_ = asked(wanted)
    for partij in (*PARTNERS, *PARTNERS):
        actor = partner(partij)
        seen = read(store.sessions, lambda s, who=actor: list_(s, who))
        expected = own(store, partij, dossiers=wanted in {"dossiers", "gezocht"})
        assert seen == expected
        assert bool(seen) == (partij != "Vluchtelingenwerk")


def test_on_my_name_is_on_the_name_of_who_asks(filled):
    store, big = filled
    for naam in ("casemanager", "teamleider", "casemanager"):
        actor = big.readers[naam]
        page = read(
            store.sessions,
            lambda s, who=actor: queries.werklijst(s, who, queries.WerklijstFilter(), VANDAAG),
        )
        assert {rij.behandelaar_id for rij in page.rijen} == {actor.account_id}


def test_a_list_that_was_asked_before_is_not_made_again(filled):
    store, big = filled
    first = statements_of(store, big.readers["casemanager"], VANDAAG, partij="IVIO")
    tomorrow = VANDAAG + timedelta(days=1)
    again = statements_of(store, big.readers["casemanager"], tomorrow, partij="Werkom", pagina=2)
    other = statements_of(store, big.readers["casemanager"], VANDAAG, rol="handhaver")
    assert [one is two for one, two in zip(first, again, strict=True)] == [True, True]
    assert [one is two for one, two in zip(first, other, strict=True)] == [False, False]


def statements_of(store, actor, vandaag, **wanted):
    asked_for = []

    def note(_connection, statement, *_):
        asked_for.append(statement)

    event.listen(store.engine, "before_execute", note)
    page = queries.WerklijstFilter(tab="team", **wanted)
    read(store.sessions, lambda s: queries.werklijst(s, actor, page, vandaag))
    event.remove(store.engine, "before_execute", note)
    return asked_for


TEAMLEIDER = Actor("Lezer", GEMEENTE, frozenset({Rol.TEAMLEIDER}))


def wanted_of(store, stand, wie):
    """Return what a tab of the termijnbewaking must hold, as (day or name, place, id)."""

    def fits(dag):
        if stand == "verstreken":
            return dag < VANDAAG
        return VANDAAG <= dag <= VANDAAG + timedelta(weeks=4)

    van = of_whom(wie)
    rijen = []
    wet = read(
        store.sessions, lambda s: s.execute(select(DossierTermijn, Dossier).join(Dossier)).all()
    )
    for termijn, dossier in wet:
        regel = REGELS[termijn.naam]
        if not (regel.gevolgd and van(dossier)):
            continue
        if stand == "wacht" and termijn.status == "wacht":
            rijen.append((termijn.naam, termijn.dossier_id, termijn.id))
        if (
            stand in {"verstreken", "komend"}
            and termijn.status == "loopt"
            and (stand == "komend" or termijnen.bewaakt(regel))
            and fits(termijn.uiterlijk)
        ):
            rijen.append((termijn.uiterlijk, termijn.dossier_id, termijn.id))
    if stand != "wacht":
        taken = read(store.sessions, lambda s: s.execute(select(Taak, Dossier).join(Dossier)).all())
        rijen += [
            (taak.volgorde, taak.id, taak.id)
            for taak, dossier in taken
            if taak.status == "open" and van(dossier) and fits(taak.volgorde)
        ]
    return [id_ for _, _, id_ in sorted(rijen)]


def of_whom(wie):
    if wie == "niemand":
        return lambda dossier: dossier.casemanager_id is None
    return lambda dossier: wie in {None, dossier.casemanager_id}


def leaf(store, **wanted):
    seen = []
    for pagina in range(1, 99):
        page = queries.BewakingFilter(pagina=pagina, **wanted)
        found = read(store.sessions, lambda s, f=page: queries.bewaking(s, TEAMLEIDER, f, VANDAAG))
        seen += [(rij.termijn or rij.taak).id for rij in found.lijst.rijen]
        if found.lijst.volgende is None:
            break
    return seen, found


def whole(store, filter_, actor=TEAMLEIDER):
    """Return the list as it leaves as a file."""
    return read(
        store.sessions,
        lambda s: [
            (rij.termijn or rij.taak).id
            for rij in queries.bewaking_alles(s, actor, filter_, VANDAAG)
        ],
    )


def test_the_file_of_a_long_list_holds_all_of_it_and_only_for_who_may_see_it(store):
    gemeente.fill(store, 900, history=False)
    filter_ = queries.BewakingFilter(weken=40)
    day = VANDAAG + timedelta(weeks=40)
    taken = select(Taak.id).where(TAAK_OPEN, Taak.volgorde.between(VANDAAG, day))
    termijnen = select(DossierTermijn.id).where(
        DossierTermijn.status == "loopt",
        DossierTermijn.uiterlijk.between(VANDAAG, day),
        DossierTermijn.naam.in_([naam for naam, regel in REGELS.items() if regel.gevolgd]),
    )
    wanted = read(store.sessions, lambda s: {*s.scalars(taken), *s.scalars(termijnen)})
    found = whole(store, filter_)
    assert len(found) == len(wanted) > 1_200
    assert set(found) == wanted
    with pytest.raises(NotAllowed):
        whole(store, filter_, partner("IVIO"))


def let_go(store, like):
    set_casemanager(store, None, select(Dossier).where(Dossier.naam.like(like)))


def set_casemanager(store, wie, dossiers):
    def work(session):
        for dossier in session.scalars(dossiers):
            dossier.casemanager_id = wie

    transact(store.sessions, work)


@pytest.mark.parametrize("stand", ["verstreken", "komend", "wacht"])
@pytest.mark.parametrize("wie", [None, "niemand", "een"])
def test_the_termijnbewaking_holds_what_it_must_in_its_order(filled, stand, wie):
    store, big = filled
    let_go(store, "%7")
    een = big.readers["casemanager"].account_id if wie == "een" else None
    seen, found = leaf(
        store, stand=stand, casemanager_id=een, zonder_casemanager=wie == "niemand", per_pagina=20
    )
    wanted = wanted_of(store, stand, een or wie)
    assert seen == wanted
    assert len(wanted) > 0
    assert found.lijst.totaal == found.standen[stand] == min(len(wanted), 1_000)
    filter_ = queries.BewakingFilter(
        stand=stand, casemanager_id=een, zonder_casemanager=wie == "niemand"
    )
    assert whole(store, filter_) == wanted
    for counts in (found.per_termijn, found.per_partij, found.per_casemanager):
        assert sum(counts.values()) == min(len(wanted), 1_001)


def test_the_termijnbewaking_of_thousands_without_casemanager_is_the_same(store):
    gemeente.fill(store, 3_200, history=False)
    let_go(store, "%")
    seen, found = leaf(store, stand="verstreken", zonder_casemanager=True, wat="wet", per_pagina=40)
    taken = {rij.id for rij in read(store.sessions, lambda s: list(s.scalars(select(Taak))))}
    assert seen == [id_ for id_ in wanted_of(store, "verstreken", "niemand") if id_ not in taken]
    assert set(found.per_casemanager) == {None}


def test_a_count_of_another_tab_of_one_casemanager_is_exact(store):
    big = gemeente.fill(store, 700, history=False)
    een = big.readers["casemanager"].account_id
    set_casemanager(store, een, select(Dossier))
    _, found = leaf(store, stand="verstreken", casemanager_id=een)
    assert found.standen["komend"] == len(wanted_of(store, "komend", een))
    assert not found.standen["komend"].meer
