"""Households: tied in both dossiers, and lessons at once without childcare are for the gemeente to solve."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from routeflow.commands import dossiers, gezin
from routeflow.errors import Conflict, Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Gezinsband, Journaal, Melding
from routeflow.store.queries.gezin import gezin as gezin_van
from support.huis import BEGIN, OPENER, put_in_service
from support.klein import klein

FATMA = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))
SCHOOL = Actor("Mo", "IVIO", frozenset({Rol.TAALAANBIEDER}))
PLAN = {
    "weekplan": [{"dag": "maandag", "soort": "taalles"}, {"dag": "dinsdag", "soort": "werk"}],
    "kinderopvang": "nog niet",
    "heeftKinderen": True,
}


@pytest.fixture
def paar(store):
    put_in_service(store, klein())
    return store, *(
        transact(
            store.sessions,
            partial(
                dossiers.start_dossier,
                gegevens={"naam": naam, "doelgroep": "gezinsmigrant", "brpDatum": date(2026, 1, 5)}
                | PLAN,
                proces="klein",
                by=OPENER,
                now=BEGIN,
            ),
        )
        for naam in ("Amina", "Bilal")
    )


def doe(store, act, *args, by=FATMA, **rest):
    return transact(store.sessions, lambda s: act(s, *args, by=by, now=BEGIN, **rest))


def zie(store, dossier, by=FATMA):
    return read(store.sessions, lambda s: gezin_van(s, by, dossier.id))


def test_partners_are_tied_in_both_dossiers_and_both_journals_tell(paar):
    store, amina, bilal = paar
    doe(store, gezin.koppel, amina.id, "partner", nummer=bilal.nummer)
    assert [lid.naam for lid in zie(store, amina).leden] == ["Bilal"]
    assert [lid.naam for lid in zie(store, bilal).leden] == ["Amina"]
    waar = select(Journaal.dossier_id).where(Journaal.wat == "gezinsband gelegd")
    assert set(read(store.sessions, lambda s: list(s.scalars(waar)))) == {amina.id, bilal.id}


def test_lessons_on_one_day_without_childcare_are_told_to_the_casemanager(paar):
    store, amina, bilal = paar
    doe(store, gezin.koppel, amina.id, "partner", nummer=bilal.nummer)
    assert zie(store, amina).botsing == ("maandag",)
    vraag = select(Melding.tekst).where(Melding.soort == "gezin")
    teksten = read(store.sessions, lambda s: list(s.scalars(vraag)))
    assert len(teksten) == len([amina, bilal])
    assert "Zoek samen een oplossing" in teksten[0]


def test_once_childcare_is_arranged_nothing_is_left_to_solve(paar):
    store, amina, bilal = paar
    doe(store, gezin.koppel, amina.id, "partner", nummer=bilal.nummer)
    doe(store, dossiers.wijzig_feiten, amina.id, {"kinderopvang": "geregeld"}, reden="x")
    assert zie(store, bilal).botsing == ()


def test_a_child_without_a_dossier_is_kept_by_name_and_year(paar):
    store, amina, _ = paar
    doe(store, gezin.koppel, amina.id, "kind", naam="Sami", geboortejaar=2022)
    assert [(lid.naam, lid.geboortejaar) for lid in zie(store, amina).leden] == [("Sami", 2022)]


def test_a_tie_that_ends_ends_in_both_and_its_rows_stay(paar):
    store, amina, bilal = paar
    band = doe(store, gezin.koppel, amina.id, "kind", nummer=bilal.nummer)
    assert [lid.soort for lid in zie(store, bilal).leden] == ["ouder"]
    doe(store, gezin.ontkoppel, amina.id, band.id)
    assert zie(store, amina).leden == zie(store, bilal).leden == ()
    rijen = read(store.sessions, lambda s: list(s.scalars(select(Gezinsband))))
    assert [rij.vervallen_op for rij in rijen] == [BEGIN, BEGIN]
    with pytest.raises(NotFound):
        doe(store, gezin.ontkoppel, amina.id, band.id)


def test_who_may_not_see_a_dossier_sees_no_household_and_ties_nothing(paar):
    store, amina, bilal = paar
    doe(store, gezin.koppel, amina.id, "partner", nummer=bilal.nummer)
    doe(store, gezin.koppel, amina.id, "kind", naam="Noor", geboortejaar=2023)
    assert zie(store, amina, by=SCHOOL).leden == ()
    with pytest.raises(NotAllowed):
        doe(store, gezin.koppel, amina.id, "kind", naam="Sami", geboortejaar=2022, by=SCHOOL)
    with pytest.raises(Conflict):
        doe(store, gezin.koppel, bilal.id, "partner", nummer=amina.nummer)


@pytest.mark.parametrize(
    ("soort", "rest", "veld"),
    [
        ("buur", {"nummer": "x"}, "soort"),
        ("partner", {}, "nummer"),
        ("partner", {"nummer": "9-9"}, "nummer"),
        ("kind", {}, "naam"),
        ("kind", {"naam": "Sami", "geboortejaar": 2030}, "geboortejaar"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(paar, soort, rest, veld):
    store, amina, _ = paar
    with pytest.raises(Invalid) as fout:
        doe(store, gezin.koppel, amina.id, soort, **rest)
    assert veld in fout.value.fouten


def test_a_tie_ends_only_from_a_dossier_that_has_it(paar):
    store, amina, bilal = paar
    kind = doe(store, gezin.koppel, amina.id, "kind", naam="Sami", geboortejaar=2022)
    with pytest.raises(NotFound):
        doe(store, gezin.ontkoppel, bilal.id, kind.id)
    assert [lid.naam for lid in zie(store, amina).leden] == ["Sami"]
