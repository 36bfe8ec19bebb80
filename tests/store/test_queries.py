"""Each reader sees in every list what is theirs, and nothing else."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from routeflow.commands import accounts
from routeflow.errors import Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol, is_eigen
from routeflow.store import queries, read, transact
from routeflow.store.models import OOIT, Deployment, Dossier, Taak
from routeflow.store.waarden import zoekterm
from support.klein import klein
from support.route import BUREAU

NOW = datetime(2026, 1, 7, 9, tzinfo=UTC)  # a Wednesday
VANDAAG = NOW.date()
CASEMANAGER = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))
TEAMLEIDER = Actor("Marjan", GEMEENTE, frozenset({Rol.TEAMLEIDER}))
HANDHAVER = Actor("Anouk", GEMEENTE, frozenset({Rol.HANDHAVER}))
IVIO = Actor("Ruud", "IVIO", frozenset({Rol.MAP_AANBIEDER, Rol.TAALAANBIEDER}))
WERKOM = Actor("Bram", "Werkom", frozenset({Rol.MAP_AANBIEDER}))
EIGENAAR = Actor("Esther", GEMEENTE, frozenset({Rol.PROCESEIGENAAR}))
BEHEERDER = Actor("Tom", GEMEENTE, frozenset({Rol.BEHEERDER}))

DAGEN = [None, *(VANDAAG + timedelta(days=n) for n in (-9, -1, 0, 3, 4, 5, 40))]
LIGT = [
    ("casemanager", GEMEENTE, None),
    ("handhaver", GEMEENTE, None),
    ("map-aanbieder", "IVIO", "Werkom"),
    ("map-aanbieder", "Fiolet", "Werkom"),
    ("taalaanbieder", "IVIO", None),
    ("taalaanbieder", GEMEENTE, None),
]


@pytest.fixture
def filled(store):
    """Every last day beside every place where a taak can lie, over six dossiers."""

    def fill(session):
        session.add(Deployment(id=1, gepubliceerd_op=NOW, door="x", reden="x", digest="0"))
        for number, (rol, partij, samen_met) in enumerate(LIGT):
            naam = f"Zoë Al-Şaïd {number}"
            dossier = Dossier(
                nummer=f"2026-{number}", naam=naam, doelgroep="gezinsmigrant", geopend_op=NOW
            )
            dossier.zoek = zoekterm(f"{naam} {dossier.nummer}")
            session.add(dossier)
            session.flush()
            for place, dag in enumerate(DAGEN):
                session.add(
                    Taak(
                        id=UUID(int=number * 100 + place),
                        dossier_id=dossier.id,
                        deployment_id=1,
                        proces="p",
                        element="e",
                        naam="Doe iets",
                        onderdeel="MAP" if place % 2 else "regie",
                        rol=rol,
                        partij=partij,
                        samen_met=samen_met,
                        houder="gemeente",
                        formulier="f",
                        uiterlijk=dag,
                        volgorde=dag or OOIT,
                        geopend_op=NOW,
                    )
                )

    transact(store.sessions, fill)
    return store


def werklijst(store, actor, **asked):
    wanted = queries.WerklijstFilter(**{"tab": "team", "per_pagina": 100} | asked)
    return read(store.sessions, lambda s: queries.werklijst(s, actor, wanted, VANDAAG))


def places(page):
    return {(rij.rol, rij.partij) for rij in page.rijen}


def test_the_gemeente_sees_all_and_a_partner_only_its_own(filled):
    everything = {(rol, partij) for rol, partij, _ in LIGT}
    assert places(werklijst(filled, CASEMANAGER)) == everything
    assert places(werklijst(filled, TEAMLEIDER)) == everything
    assert places(werklijst(filled, HANDHAVER)) == {("handhaver", GEMEENTE)}
    assert places(werklijst(filled, IVIO)) == {("map-aanbieder", "IVIO"), ("taalaanbieder", "IVIO")}
    assert places(werklijst(filled, WERKOM)) == {
        ("map-aanbieder", "IVIO"),
        ("map-aanbieder", "Fiolet"),
    }
    assert werklijst(filled, EIGENAAR).totaal == werklijst(filled, BEHEERDER).totaal == 0


def test_no_filter_and_no_search_shows_more(filled):
    for asked in ({"partij": "Fiolet"}, {"zoek": "zoe"}, {"rol": "casemanager"}, {"te_laat": True}):
        assert places(werklijst(filled, IVIO, **asked)) <= places(werklijst(filled, IVIO))
    assert werklijst(filled, IVIO, zoek="2026-0").totaal == 0


def test_the_most_urgent_is_first_and_what_has_no_last_day_is_last(filled):
    dagen = [rij.uiterlijk or OOIT for rij in werklijst(filled, CASEMANAGER).rijen]
    assert dagen == sorted(dagen)
    assert dagen[-1] == OOIT


def test_the_groups_are_counted_and_are_each_a_list(filled):
    page = werklijst(filled, WERKOM)
    assert dict(page.groepen) == {
        "te laat": 4,
        "deze week": 6,
        "volgende week": 2,
        "later": 2,
        "geen datum": 2,
    }
    for groep, aantal in page.groepen.items():
        part = werklijst(filled, WERKOM, groep=groep)
        assert (part.totaal, len(part.rijen)) == (aantal, aantal)
        assert {rij.groep for rij in part.rijen} == {groep}


def test_the_tabs_are_counted_and_are_each_a_list(filled):
    anouk = transact(
        filled.sessions,
        partial(
            accounts.create_account,
            login="anouk",
            naam="Anouk",
            partij=GEMEENTE,
            rollen=[Rol.CASEMANAGER],
            wachtwoord="een lange zin vol woorden",
            by=BEHEERDER,
            now=NOW,
        ),
    )
    wie = accounts.actor_of(anouk)
    mine = UUID(int=3)
    transact(filled.sessions, lambda s: setattr(s.get(Taak, mine), "behandelaar_id", anouk.id))
    page = werklijst(filled, wie, tab="mijn")
    assert [(rij.taak_id, rij.behandelaar) for rij in page.rijen] == [(mine, "Anouk")]
    # a casemanager also does a partner's taak that lies with the gemeente
    assert dict(page.tabs) == {"mijn": 1, "te verdelen": 15, "team": 48}
    assert werklijst(filled, wie, tab="te verdelen").totaal == 15


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    rollen=st.frozensets(st.sampled_from(Rol), max_size=4),
    partij=st.sampled_from([GEMEENTE, "IVIO", "Fiolet", "Werkom", "Netsheila"]),
)
def test_the_list_of_what_is_to_do_is_what_the_rights_say_one_by_one(filled, rollen, partij):
    actor = Actor("X", partij, rollen)
    listed = {rij.taak_id for rij in werklijst(filled, actor, tab="te verdelen").rijen}
    one_by_one = {
        UUID(int=number * 100 + place)
        for number, (rol, waar, samen) in enumerate(LIGT)
        for place in range(len(DAGEN))
        if is_eigen(actor, rol, waar, samen)
    }
    assert listed == one_by_one


def test_a_taak_that_a_partij_shares_with_itself_stands_in_its_list_once(filled):
    leg = lambda s: setattr(s.get(Taak, UUID(int=203)), "partij", "Werkom")  # noqa: E731 - as below
    transact(filled.sessions, leg)
    for tab in ("team", "te verdelen"):
        page = werklijst(filled, WERKOM, tab=tab)
        assert len({rij.taak_id for rij in page.rijen}) == len(page.rijen) == page.totaal == 16


def test_who_has_no_partij_sees_nothing_not_even_a_taak_without_one(filled):
    niemand = Actor("X", "", frozenset({Rol.MAP_AANBIEDER}))
    transact(filled.sessions, lambda s: setattr(s.get(Taak, UUID(int=203)), "partij", ""))
    for tab in ("team", "te verdelen"):
        assert werklijst(filled, niemand, tab=tab).totaal == 0
    vraag = partial(
        queries.dossiers, actor=niemand, filter=queries.DossierFilter(), vandaag=VANDAAG
    )
    assert not read(filled.sessions, vraag).rijen


@pytest.mark.parametrize("actor", [CASEMANAGER, WERKOM])
def test_paging_by_cursor_and_by_number_gives_each_row_once(filled, actor):
    whole = [rij.taak_id for rij in werklijst(filled, actor).rijen]
    by_number, by_cursor, cursor = [], [], None
    for pagina in range(1, 20):
        by_number += [
            rij.taak_id for rij in werklijst(filled, actor, pagina=pagina, per_pagina=7).rijen
        ]
        if pagina == 1 or cursor:
            page = werklijst(filled, actor, na=cursor, per_pagina=7)
            by_cursor += [rij.taak_id for rij in page.rijen]
            cursor = page.volgende
    assert by_number == by_cursor == whole


def test_a_cursor_that_is_not_ours_is_refused(filled):
    with pytest.raises(Invalid, match="cursor"):
        werklijst(filled, CASEMANAGER, na="'; DROP TABLE taak")


@pytest.mark.parametrize(
    ("zoek", "aantal"), [("zoe said", 48), ("2026-3", 8), ("SAÏD 4", 8), ("100%", 0), ("_", 0)]
)
def test_searching_finds_naam_and_nummer_without_accents(filled, zoek, aantal):
    assert werklijst(filled, CASEMANAGER, zoek=zoek).totaal == aantal


def test_a_page_of_the_werklijst_is_two_or_three_statements(filled):
    statements = []
    event.listen(
        filled.engine,
        "before_cursor_execute",
        lambda _c, _cu, statement, *_: statements.append(statement),
    )
    werklijst(filled, CASEMANAGER)
    assert len([one for one in statements if one.startswith("SELECT")]) == 2


def test_taken_for_the_api_follow_the_same_rights(filled):
    def look(actor, **asked):
        wanted = queries.TakenFilter(**{"per_pagina": 100} | asked)
        return read(filled.sessions, lambda s: queries.taken(s, actor, wanted, VANDAAG))

    assert {een.rol for een in look(IVIO).rijen} == {"map-aanbieder", "taalaanbieder"}
    assert look(CASEMANAGER, te_laat=True).totaal == 12
    assert look(CASEMANAGER, status="gedaan").totaal == 0
    first = look(CASEMANAGER, per_pagina=20)
    assert first.rijen[0].dossier.nummer
    assert len(look(CASEMANAGER, na=first.volgende).rijen) == 28
    assert look(EIGENAAR).totaal == 0


def test_dossiers_are_those_in_which_somebody_has_or_had_a_taak(filled):
    def look(actor, **asked):
        wanted = queries.DossierFilter(**asked)
        return read(filled.sessions, lambda s: queries.dossiers(s, actor, wanted, VANDAAG))

    assert [rij.nummer for rij in look(CASEMANAGER).rijen] == [f"2026-{n}" for n in range(6)]
    assert [rij.nummer for rij in look(IVIO).rijen] == ["2026-2", "2026-4"]
    assert look(EIGENAAR).totaal == 0
    assert look(IVIO, zoek="2026-0").totaal == 0
    (rij,) = look(CASEMANAGER, zoek="2026-0").rijen
    assert (rij.open_taken, rij.te_laat, rij.eerste) == (8, 2, VANDAAG - timedelta(days=9))
    first = look(CASEMANAGER, per_pagina=4)
    rest = look(CASEMANAGER, per_pagina=4, na=first.volgende)
    assert [rij.nummer for rij in rest.rijen] == ["2026-4", "2026-5"]
    assert rest.volgende is None


@pytest.fixture
def lived(route):
    route.given(
        "klein",
        klein(),
        leerroute="B1",
        bsn="111222333",
        gezondheid="rugklachten",
        schulden="veel",
        telefoon="0612345678",
    )
    route.when_done("meld_uren", urenNt2=4)
    return route


def detail(route, actor):
    return read(
        route.store.sessions,
        lambda s: queries.dossier_detail(s, actor, route.dossier_id, VANDAAG),
    )


def test_a_partner_sees_of_a_dossier_what_its_own_forms_name(lived):
    seen = detail(lived, IVIO)
    assert {feit.naam for feit in seen.feiten} == {
        "naam",
        "doelgroep",
        "leerroute",
        "telefoon",
        "urenNt2",
    }
    assert [taak.element for taak in seen.gedane_taken] == ["meld_uren"]
    assert seen.open_taken == seen.wacht_op == seen.termijnen == seen.incidenten == ()


def test_sensitive_facts_are_for_who_has_a_ground_for_them(lived):
    teamleider = {feit.naam for feit in detail(lived, TEAMLEIDER).feiten}
    casemanager = {feit.naam for feit in detail(lived, CASEMANAGER).feiten}
    assert casemanager - teamleider == {"gezondheid", "schulden"}
    assert "bsn" in teamleider


def test_somebody_without_a_taak_in_it_does_not_see_a_dossier(lived):
    for actor in (HANDHAVER, EIGENAAR, BEHEERDER, Actor("Mo", "Fiolet", IVIO.rollen)):
        with pytest.raises(NotAllowed):
            detail(lived, actor)
    lived.dossier_id = UUID(int=1)
    with pytest.raises(NotFound):
        detail(lived, CASEMANAGER)


def test_the_journal_hides_what_the_reader_may_not_see(lived):
    def look(actor, **rest):
        return read(
            lived.store.sessions,
            lambda s: queries.journaal(s, actor, lived.dossier_id, **rest),
        )

    newest, oldest = look(CASEMANAGER).rijen
    assert newest.gegevens["feiten"] == {"urenNt2": [None, 4]}
    assert "gezondheid" in oldest.gegevens["feiten"]
    assert "gezondheid" not in look(TEAMLEIDER).rijen[1].gegevens["feiten"]
    with pytest.raises(NotAllowed):
        look(IVIO)
    first = look(CASEMANAGER, per_pagina=1)
    assert look(CASEMANAGER, per_pagina=1, na=first.volgende).rijen == (oldest,)


def test_meldingen_reach_the_rol_and_the_person(route):
    route.given("klein", klein(), leerroute="onderwijsroute")

    def look(actor):
        return read(route.store.sessions, lambda s: queries.meldingen(s, actor))

    assert [een.soort for een in look(TEAMLEIDER).rijen] == ["partij ontbreekt"]
    assert look(CASEMANAGER).totaal == look(IVIO).totaal == 0


def test_incidents_are_for_who_keeps_the_product_going(route):
    route.given("klein", klein())
    read(route.store.sessions, lambda s: queries.incidenten(s, EIGENAAR))
    with pytest.raises(NotAllowed):
        read(route.store.sessions, lambda s: queries.incidenten(s, CASEMANAGER))
    with pytest.raises(NotAllowed):
        read(route.store.sessions, lambda s: queries.accounts(s, CASEMANAGER))


def test_who_may_be_given_a_taak_has_its_rol_at_its_partij(route):
    route.given("klein", klein(), leerroute="B1")
    for login, partij, rol in (
        ("ruud", "IVIO", Rol.MAP_AANBIEDER),
        ("bram", "Werkom", Rol.MAP_AANBIEDER),
        ("ineke", "Fiolet", Rol.MAP_AANBIEDER),
        ("mo", "IVIO", Rol.TAALAANBIEDER),
    ):
        transact(
            route.store.sessions,
            partial(
                accounts.create_account,
                login=login,
                naam=login.capitalize(),
                partij=partij,
                rollen=[rol],
                wachtwoord="een lange zin vol woorden",
                by=BUREAU,
                now=NOW,
            ),
        )
    taak = route.taak("meld_uren")
    names = read(route.store.sessions, lambda s: [a.naam for a in queries.behandelaars(s, taak)])
    assert names == ["Bram", "Ruud"]
