"""The page with the frozen papers of decisions, and the files: the very bytes, for who may."""

import hashlib
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from routeflow.commands import dossiers, taken
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Besluitdossier, Taak
from support.huis import BEGIN, MENSEN, OPENER, project_set, put_in_service

HANDHAVER = next(login for login, _, partij, rollen in MENSEN if Rol.HANDHAVER in rollen)
MOGEN = {"fatma", "marjan", HANDHAVER}


@pytest.fixture
def besloten(huis):
    """A dossier in which a sanctietoets ended in nothing."""
    put_in_service(huis.store, project_set())
    start = partial(
        dossiers.start_dossier,
        gegevens={"naam": "Elif Demir", "doelgroep": "gezinsmigrant", "wet": "Wi2021"},
        proces="p17b_sanctietoets",
        by=OPENER,
        now=BEGIN,
    )
    dossier_id = transact(huis.store.sessions, start).id
    toets = read(
        huis.store.sessions,
        lambda s: s.scalar(select(Taak.id).where(Taak.dossier_id == dossier_id)),
    )
    transact(
        huis.store.sessions,
        partial(
            taken.complete_taak,
            taak_id=toets,
            rauw={"uitkomst": "niets", "conclusie": "Geen verwijt."},
            by=Actor("Hans", GEMEENTE, frozenset({Rol.HANDHAVER})),
            now=BEGIN,
        ),
    )
    alles = (undefer(Besluitdossier.gegevens), undefer(Besluitdossier.pdf))
    return read(
        huis.store.sessions, lambda s: s.scalars(select(Besluitdossier).options(*alles)).one()
    )


@pytest.mark.parametrize("einde", ["pdf", "json"])
def test_the_files_are_the_very_bytes_that_were_sealed(huis, besloten, einde):
    antwoord = huis.als(HANDHAVER).get(f"/besluiten/{besloten.id}.{einde}")
    zegel = {"pdf": besloten.pdf_hash, "json": besloten.gegevens_hash}[einde]
    assert hashlib.sha256(antwoord.data).hexdigest() == zegel
    assert "attachment" in antwoord.headers["Content-Disposition"]


def test_only_who_may_see_the_dossier_and_its_decisions_gets_them(huis, besloten):
    for pad in (
        f"/besluiten/{besloten.id}.pdf",
        f"/besluiten/{besloten.id}.json",
        f"/dossiers/{besloten.dossier_id}/besluiten",
    ):
        gekregen = {login: huis.als(login).get(pad).status_code for login, *_ in MENSEN}
        assert gekregen == {login: 200 if login in MOGEN else 403 for login, *_ in MENSEN}


def test_the_page_names_the_step_the_outcome_and_the_seal(huis, besloten):
    tekst = huis.als("marjan").get(f"/dossiers/{besloten.dossier_id}/besluiten").text
    for woord in ("Voer sanctietoets uit", "niets", "Hans", besloten.gegevens_hash[:12]):
        assert woord in tekst
    leeg = huis.als("marjan").get(f"/dossiers/{huis.dossier}/besluiten").text
    assert "nog niets besloten" in leeg
