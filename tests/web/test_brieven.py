"""A letter is made on the page of its taak, once it is known what it says, and is kept as it is."""

import hashlib
import re
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update

from routeflow.commands import dossiers
from routeflow.commands.doctor import diagnose
from routeflow.inburgering.rechten import Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Brief, Journaal, Taak
from routeflow.store.queries import brieven as lijst
from support.huis import BEGIN, OPENER, project_set, put_in_service

PERSOON = {
    "naam": "Nour Proef",
    "doelgroep": "asielstatushouder",
    "voorkeurstaal": "Arabisch",
    "brpDatum": date(2026, 1, 5),
    "datumKennisgeving": date(2026, 1, 7),
}


@pytest.fixture
def oproep(huis):
    return begin_oproep(huis)


def begin_oproep(huis):
    """Return the taak to send the first call, in a dossier of its own."""
    put_in_service(huis.store, project_set())
    start = partial(
        dossiers.start_dossier, gegevens=PERSOON, proces="p06_brede_intake", by=OPENER, now=BEGIN
    )
    dossier = transact(huis.store.sessions, start)
    vraag = select(Taak).where(
        Taak.dossier_id == dossier.id, Taak.element == "verstuur_oproep_1", Taak.status == "open"
    )
    return read(huis.store.sessions, lambda session: session.scalar(vraag))


def draft(fatma, taak, **answers):
    known = {"oproep1Dag": "26-01-2026", "oproep1Plaats": "Stadhuis, zaal 2"}
    data = {"actie": "concept", **known, **answers}
    assert fatma.post(f"/taken/{taak.id}", data).status_code == 303


def letters(huis):
    return read(huis.store.sessions, lambda s: s.scalars(select(Brief)).all())


def test_a_letter_with_holes_is_not_made_and_the_page_says_what_is_missing(huis, oproep):
    fatma = huis.als("fatma")
    assert fatma.post(f"/taken/{oproep.id}/brief").status_code == 303
    page = fatma.get(f"/taken/{oproep.id}").text
    assert "De brief kan nog niet worden gemaakt." in page
    assert "Vul eerst in: Waar?" in page
    assert letters(huis) == []


def test_what_stands_in_the_form_is_kept_when_the_letter_is_made_at_once(huis, oproep):
    fatma = huis.als("fatma")
    antwoord = fatma.post(f"/taken/{oproep.id}/brief", {"oproep1Plaats": "Stadhuis, zaal 2"})
    assert antwoord.status_code == 303
    page = fatma.get(f"/taken/{oproep.id}").text
    assert "De brief kan nog niet worden gemaakt." in page
    assert 'value="Stadhuis, zaal 2"' in page
    alles = {"oproep1Plaats": "Stadhuis, zaal 2", "oproep1Dag": "26-01-2026"}
    fatma.post(f"/taken/{oproep.id}/brief", alles)
    (letter,) = letters(huis)
    assert 'value="26-01-2026"' in fatma.get(f"/taken/{oproep.id}").text
    assert f"/brieven/{letter.id}.pdf" in fatma.get(f"/taken/{oproep.id}").text


def test_a_letter_is_made_from_the_draft_kept_sealed_and_found_in_the_dossier(huis, oproep):
    fatma = huis.als("fatma")
    draft(fatma, oproep)
    assert fatma.post(f"/taken/{oproep.id}/brief").status_code == 303
    (letter,) = letters(huis)
    assert (letter.soort, letter.taal, letter.door) == ("oproep_intake", "ar", "Fatma Yildiz")
    for page in (f"/taken/{oproep.id}", f"/dossiers/{oproep.dossier_id}/brieven"):
        assert f"/brieven/{letter.id}.pdf" in fatma.get(page).text
    answer = fatma.get(f"/brieven/{letter.id}.pdf")
    assert answer.data.startswith(b"%PDF-")
    assert hashlib.sha256(answer.data).hexdigest() == letter.hash
    assert re.fullmatch(
        r'attachment; filename="brief-oproep-intake-\d{8}\.pdf"',
        answer.headers["Content-Disposition"],
    )
    vraag = select(Journaal).where(Journaal.wat == "brief gemaakt")
    sealed = read(huis.store.sessions, lambda s: s.scalar(vraag))
    assert (sealed.gegevens["sha256"], sealed.element) == (letter.hash, "verstuur_oproep_1")
    assert sealed.keten


def test_whoever_makes_a_letter_hears_whether_an_address_stands_on_it(huis, oproep):
    fatma = huis.als("fatma")
    draft(fatma, oproep)
    assert "postadres van de gemeente is nog niet ingevuld" in fatma.get(f"/taken/{oproep.id}").text
    fatma.post(f"/taken/{oproep.id}/brief")
    assert "Op de brief staat geen adres" in fatma.get(f"/taken/{oproep.id}").text


def test_a_letter_that_waits_for_who_logs_in_again_is_named_as_what_was_chosen(demo):
    oproep = begin_oproep(demo)
    fatma = demo.als("fatma")
    pad = f"/taken/{oproep.id}"
    fatma.get(pad)
    with fatma.client.session_transaction() as cookie:
        cookie["laatst"] -= 3600
    wacht = fatma.post(f"{pad}/brief", {"oproep1Plaats": "Stadhuis, zaal 2"}).text
    mee = re.search(r'name="mee" value="([^"]+)"', wacht)[1]
    fatma.get("/inloggen")
    verder = fatma.post("/inloggen/demo", {"login": "fatma", "mee": mee}).text
    getoond = dict(re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", verder, re.DOTALL))
    assert getoond["U koos"] == "Maak de brief"
    assert getoond["Waar?"] == "Stadhuis, zaal 2"


def test_the_language_that_is_filled_in_here_goes_before_the_one_that_is_known(huis, oproep):
    fatma = huis.als("fatma")
    draft(fatma, oproep, oproep1Taal="Engels")
    fatma.post(f"/taken/{oproep.id}/brief")
    assert [letter.taal for letter in letters(huis)] == ["en"]


def test_who_may_not_do_the_taak_makes_no_letter_and_who_may_not_see_it_reads_none(huis, oproep):
    fatma = huis.als("fatma")
    draft(fatma, oproep)
    for login in ("ruud", "tom", "anouk"):
        assert huis.als(login).post(f"/taken/{oproep.id}/brief").status_code == 403
    fatma.post(f"/taken/{oproep.id}/brief")
    (letter,) = letters(huis)
    gave = {
        login: huis.als(login).get(f"/brieven/{letter.id}.pdf").status_code
        for login in ("fatma", "marjan", "ruud", "tom", "esther", "anouk")
    }
    assert {login for login, status in gave.items() if status == 200} == {"fatma", "marjan"}
    assert set(gave.values()) == {200, 403}


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (update(Brief).values(pdf=b"%PDF-"), "is veranderd: de inhoud past niet bij het zegel."),
        (
            update(Brief).values(pdf=b"%PDF-", hash=hashlib.sha256(b"%PDF-").hexdigest()),
            "staat niet zo in het journaal.",
        ),
        (delete(Brief), "staat in het journaal, maar is weg."),
    ],
)
def test_the_doctor_sees_what_was_done_to_a_letter_beside_the_product(
    huis, oproep, damage, sentence
):
    fatma = huis.als("fatma")
    draft(fatma, oproep)
    fatma.post(f"/taken/{oproep.id}/brief")
    (letter,) = letters(huis)

    def told():
        found = read(huis.store.sessions, partial(diagnose, now=BEGIN))
        return [een.tekst for een in found if een.soort == "brief"]

    assert told() == []
    transact(huis.store.sessions, lambda s: s.execute(damage))
    (tekst,) = told()
    assert str(letter.id) in tekst
    assert tekst.endswith(sentence)


def test_a_partner_with_a_taak_in_the_dossier_finds_no_letters_of_the_taken_of_others(huis, oproep):
    fatma = huis.als("fatma")
    draft(fatma, oproep)
    fatma.post(f"/taken/{oproep.id}/brief")

    def geef_ruud_ook_een_taak(session):
        kolommen = [kolom.key for kolom in Taak.__table__.columns if kolom.key != "version"]
        zelfde = {naam: getattr(oproep, naam) for naam in kolommen}
        anders = {"id": uuid4(), "rol": "taalaanbieder", "partij": "IVIO", "behandelaar_id": None}
        session.add(Taak(**zelfde | anders))

    transact(huis.store.sessions, geef_ruud_ook_een_taak)
    ruud = Actor("Ruud", "IVIO", frozenset({Rol.TAALAANBIEDER}))
    vraag = partial(lijst.brieven, dossier_id=oproep.dossier_id)
    assert read(huis.store.sessions, partial(vraag, actor=ruud)) == []
    assert len(read(huis.store.sessions, partial(vraag, actor=OPENER))) == 1


def test_a_taak_without_a_letter_or_that_is_done_gives_none(huis, oproep):
    fatma = huis.als("fatma")
    assert fatma.post(f"/taken/{huis.taken['plan']}/brief").status_code == 409
    transact(
        huis.store.sessions,
        lambda s: s.execute(update(Taak).where(Taak.id == oproep.id).values(status="vervallen")),
    )
    assert fatma.post(f"/taken/{oproep.id}/brief").status_code == 409
    assert "Maak de brief" not in fatma.get(f"/taken/{oproep.id}").text
    assert fatma.get("/brieven/00000000-0000-4000-8000-000000000000.pdf").status_code == 404


def test_a_letter_is_never_changed(huis, oproep):
    fatma = huis.als("fatma")
    draft(fatma, oproep)
    fatma.post(f"/taken/{oproep.id}/brief")

    def change(session):
        session.scalar(select(Brief)).door = "iemand anders"

    with pytest.raises(ValueError, match="staat vast"):
        transact(huis.store.sessions, change)
