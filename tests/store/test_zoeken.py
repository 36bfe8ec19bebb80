"""Searching finds dossiers by the beginning of words, and long lists are counted no further than read."""

import pytest
from sqlalchemy import inspect, select

from routeflow.bench import gemeente
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import queries, read, transact
from routeflow.store.models import Deployment, Dossier, Zoekwoord
from routeflow.store.queries import Aantal
from routeflow.store.waarden import zoekterm

CASEMANAGER = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))
VANDAAG = gemeente.NOW.date()
MANY = 1_300


def dossiers(store, actor=CASEMANAGER, **asked):
    wanted = queries.DossierFilter(**{"status": "alle"} | asked)
    return read(store.sessions, lambda s: queries.dossiers(s, actor, wanted, VANDAAG))


def by_cursor(store, **asked):
    seen, cursor = [], None
    while True:
        page = dossiers(store, na=cursor, **asked)
        seen += [rij.nummer for rij in page.rijen]
        cursor = page.volgende
        if cursor is None:
            return seen


@pytest.fixture
def amina(store):
    def add(session):
        session.add(Deployment(id=1, gepubliceerd_op=gemeente.NOW, door="x", reden="x", digest="0"))
        dossier = Dossier(
            nummer="2026-00042",
            naam="Amina Al-Şaïd d'Hondt",
            doelgroep="gezinsmigrant",
            geopend_op=gemeente.NOW,
        )
        dossier.zoek = zoekterm(f"{dossier.naam} {dossier.nummer}")
        session.add(dossier)
        session.flush()
        return dossier.id

    return store, transact(store.sessions, add)


@pytest.mark.parametrize(
    ("zoek", "found"),
    [
        ("ami", True),
        ("said", True),
        ("al-sa", True),
        ("hondt amina", True),
        ("amina hondt sai 42", True),
        ("amina said 2026 d'h", True),
        ("amina mina", False),
        ("amina a_", False),
        ("amina a%i", False),
        ("amina \\\\", False),
        ("%  amina", False),
        ("Hondt, Amina", True),
        ("00042", True),
        ("42", True),
        ("2026-00042", True),
        ("  ", True),
        ("mina", False),
        ("amina jansen", False),
        (",", False),
        ("%", False),
        ("_", False),
    ],
)
def test_a_dossier_is_found_by_the_beginning_of_each_word(amina, zoek, found):
    store, _ = amina
    page = dossiers(store, zoek=zoek)
    assert (len(page.rijen), page.totaal) == ((1, 1) if found else (0, 0))


def test_who_gets_another_name_is_found_by_that_name_only(amina):
    store, id_ = amina
    transact(store.sessions, lambda s: setattr(s.get(Dossier, id_), "zoek", "yusuf 2026-00042"))
    assert dossiers(store, zoek="yusuf").totaal == 1
    assert dossiers(store, zoek="amina").totaal == 0
    words = read(store.sessions, lambda s: {row.woord for row in s.query(Zoekwoord)})
    assert words == {"yusuf", "2026-00042", "2026", "00042", "42"}


@pytest.fixture
def many(store):
    return store, gemeente.fill(store, MANY)


@pytest.mark.parametrize("zoek", ["", "2026", "a", "voornaam1 a"])
def test_each_dossier_of_a_wide_search_comes_once_however_one_turns_the_page(many, zoek):
    store, _ = many
    by_number = []
    for pagina in range(1, 40):
        by_number += [rij.nummer for rij in dossiers(store, zoek=zoek, pagina=pagina).rijen]
    assert by_number == by_cursor(store, zoek=zoek)
    assert len(by_number) == len(set(by_number))
    assert len(by_number) == (MANY if "voornaam" not in zoek else len(by_number)) > 0


def test_a_wide_search_shows_a_partner_no_more_than_its_own(many):
    store, big = many
    partner = big.readers["partner"]
    own = set()
    cursor = None
    while True:
        page = dossiers(store, partner, na=cursor)
        own |= {rij.nummer for rij in page.rijen}
        cursor = page.volgende
        if cursor is None:
            break
    assert 0 < len(own) < MANY
    found = {rij.nummer for rij in dossiers(store, partner, zoek="2026").rijen}
    assert found
    assert found <= own


@pytest.mark.parametrize("zoek", ["2026", "achternaam voornaam"])
@pytest.mark.parametrize("reader", ["casemanager", "handhaver", "partner", "partner (samen met)"])
def test_a_search_that_finds_every_dossier_shows_the_werklijst_as_it_is(many, reader, zoek):
    store, big = many

    def page(**asked):
        wanted = queries.WerklijstFilter(**asked)
        return read(
            store.sessions, lambda s: queries.werklijst(s, big.readers[reader], wanted, VANDAAG)
        )

    seen = 0
    for tab in ("mijn", "te verdelen", "team"):
        for asked in (
            {},
            {"pagina": 2, "per_pagina": 7},
            {"te_laat": True},
            {"groep": "later"},
            {"groep": "later", "te_laat": True},
        ):
            whole, found = page(tab=tab, **asked), page(tab=tab, zoek=zoek, **asked)
            assert (found.rijen, found.volgende) == (whole.rijen, whole.volgende)
            for is_, was in ((found.tabs, whole.tabs), (found.groepen, whole.groepen)):
                assert is_.keys() == was.keys()
                assert all(
                    aantal <= was[naam] if aantal.meer else aantal == was[naam]
                    for naam, aantal in is_.items()
                )
            if whole.volgende:
                behind = page(tab=tab, na=whole.volgende, **asked)
                assert page(tab=tab, zoek=zoek, na=found.volgende, **asked).rijen == behind.rijen
            seen += len(found.rijen)
    assert seen > 20


def test_counts_stop_where_nobody_reads_on_and_say_so(many):
    store, big = many
    assert str(dossiers(store).totaal) == "1.000+"
    wanted = queries.WerklijstFilter(tab="team", pagina=22)
    page = read(store.sessions, lambda s: queries.werklijst(s, CASEMANAGER, wanted, VANDAAG))
    assert str(page.tabs["team"]) == "1.000+"
    assert page.tabs["mijn"] == 0
    assert page.paginas == 23  # this page is there, and one after it
    few = read(
        store.sessions,
        lambda s: queries.werklijst(
            s, big.readers["handhaver"], queries.WerklijstFilter(tab="team"), VANDAAG
        ),
    )
    assert not few.totaal.meer
    assert few.totaal == sum(few.groepen.values()) == len(few.rijen)


def test_a_page_past_the_end_of_a_long_list_leads_back():
    page = queries.Page((), Aantal(1000, meer=True), pagina=99)
    assert page.paginas == 20


def test_two_wide_words_that_few_dossiers_have_both_are_found_and_counted_in_full(many):
    store, big = many
    ids = read(
        store.sessions, lambda s: list(s.scalars(select(Dossier.id).order_by(Dossier.nummer)))
    )
    wide = {"alfa": ids[:1_100], "beta": ids[-1_100:], "betadine": ids[-1_100:]}

    def add(session):
        for woord, met in wide.items():
            for dossier in session.scalars(select(Dossier).where(Dossier.id.in_(met))):
                dossier.zoek += f" {woord}"

    transact(store.sessions, add)
    both = set(ids[:1_100]) & set(ids[-1_100:])
    page = dossiers(store, zoek="alfa betadine", per_pagina=MANY)
    assert {rij.id for rij in page.rijen} == both
    assert str(page.totaal) == str(len(both)) == "900"
    assert len(by_cursor(store, zoek="beta alfa 2026")) == len(both)
    wanted = queries.WerklijstFilter(tab="team", zoek="alfa betadine 2026", per_pagina=MANY)
    taken = read(store.sessions, lambda s: queries.werklijst(s, CASEMANAGER, wanted, VANDAAG))
    assert {rij.dossier_id for rij in taken.rijen} == both
    partner = dossiers(store, big.readers["partner"], zoek="alfa betadine", per_pagina=MANY)
    own = {rij.id for rij in dossiers(store, big.readers["partner"], per_pagina=MANY).rijen}
    assert {rij.id for rij in partner.rijen} == both & own
    assert 0 < len(both & own) < len(both)


@pytest.mark.parametrize("woord", ["50%", "a_b", "c\\d", "e'f"])
def test_a_sign_that_means_something_to_the_database_is_a_sign_of_the_word(amina, woord):
    store, id_ = amina
    transact(store.sessions, lambda s: setattr(s.get(Dossier, id_), "zoek", f"amina {woord}"))
    assert dossiers(store, zoek=f"amina {woord}").totaal == 1
    assert dossiers(store, zoek=f"{woord[:-1]} ami").totaal == 1
    assert dossiers(store, zoek=f"amina {woord[0]}x{woord[2:]}").totaal == 0


@pytest.mark.parametrize(("eerste", "lengte", "aantal"), [(0x4E00, 30, 11), (0x20000, 95, 4)])
def test_a_naam_that_is_none_is_kept_and_found_by_its_first_words_and_its_nummer(
    amina, eerste, lengte, aantal
):
    store, id_ = amina
    tekens = "".join(chr(eerste + teken) for teken in range(lengte * aantal))
    naam = [f"{tekens[van : van + lengte]}-{van}" for van in range(0, len(tekens), lengte)]
    zoek = zoekterm(f"{' '.join(naam)} 42")
    assert len(zoek) <= 400
    transact(store.sessions, lambda s: setattr(s.get(Dossier, id_), "zoek", zoek))
    for gezocht in (naam[0], f"{naam[1]} {naam[0]}", f"{naam[0]} 42", "42"):
        assert dossiers(store, zoek=gezocht).totaal == 1
    assert dossiers(store, zoek="amina").totaal == 0
    together = read(store.sessions, lambda s: {row.woorden for row in s.query(Zoekwoord)})
    assert len(together) == 1
    assert 450 < len(together.pop()) <= 500


def test_each_word_of_a_naam_of_the_greatest_length_is_kept(amina):
    store, id_ = amina
    naam = " ".join(f"al-naam{number:02d}" for number in range(18))
    assert 170 < len(naam) <= 200
    transact(store.sessions, lambda s: setattr(s.get(Dossier, id_), "zoek", f"{naam} 2026-00042"))
    for woord in naam.replace("-", " ").split():
        assert dossiers(store, zoek=f"{woord} 42").totaal == 1


def test_the_index_of_words_holds_what_the_models_say(store):
    with store.engine.connect() as connection:
        found = inspect(connection).get_pk_constraint("zoekwoord")
    assert found["constrained_columns"] == ["woord", "begin", "dossier_id"]
    if store.engine.dialect.name == "postgresql":
        held = found["dialect_options"]["postgresql_include"]
        assert held == Zoekwoord.__table__.primary_key.dialect_options["postgresql"]["include"]
