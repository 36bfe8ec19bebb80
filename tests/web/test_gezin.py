"""The household on the pages: tied, untied, and what asks for a solution before anybody is blamed."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select, update

from routeflow.commands import dossiers
from routeflow.store import read, transact
from routeflow.store.models import Gezinsband, Taak
from support.huis import BEGIN, OPENER

PLAN = {
    "weekplan": [{"dag": "maandag", "soort": "taalles"}],
    "kinderopvang": "nog niet",
    "heeftKinderen": True,
}


def tekst(antwoord):
    return antwoord.get_data(as_text=True)


def test_a_casemanager_ties_two_partners_and_sees_what_is_to_be_solved(huis):
    gegevens = PLAN | {"naam": "Bilal Aziz", "doelgroep": "gezinsmigrant"}
    start = partial(dossiers.start_dossier, gegevens=gegevens, proces="klein", by=OPENER, now=BEGIN)
    bilal = transact(huis.store.sessions, start)
    wijzig = partial(
        dossiers.wijzig_feiten, dossier_id=huis.dossier, feiten=PLAN, reden="x", by=OPENER,
        now=BEGIN + timedelta(minutes=1),
    )  # fmt: skip
    transact(huis.store.sessions, wijzig)
    fatma = huis.als("fatma")
    pad = f"/dossiers/{huis.dossier}"
    assert (
        fatma.post(f"{pad}/gezin", {"soort": "partner", "nummer": bilal.nummer}).status_code == 303
    )
    pagina = tekst(fatma.get(pad))
    assert "Dit vraagt om een oplossing" in pagina
    assert f"/dossiers/{bilal.id}" in pagina
    assert "Bilal" not in tekst(huis.als("ruud").get(pad)).replace("Dit vraagt", "")
    te_laat = (
        update(Taak)
        .where(Taak.id == huis.taken["teken"])
        .values(uiterlijk=BEGIN.date() - timedelta(9))
    )
    transact(huis.store.sessions, lambda s: s.execute(te_laat))
    assert "Kijk hier eerst naar" in tekst(fatma.get(f"/taken/{huis.taken['teken']}/vermoeden"))
    band = read(
        huis.store.sessions, lambda s: s.scalar(select(Gezinsband.id).order_by(Gezinsband.id))
    )
    assert fatma.post(f"{pad}/gezin/{band}/ontkoppel").status_code == 303
    assert "Dit vraagt om een oplossing" not in tekst(fatma.get(pad))


def test_what_is_typed_wrong_stays_on_the_page(huis):
    uit = huis.als("fatma").post(
        f"/dossiers/{huis.dossier}/gezin", {"soort": "kind", "naam": "Sami", "geboortejaar": "x"}
    )
    assert (uit.status_code, 'value="Sami"' in tekst(uit)) == (422, True)
    assert "Fout: Gezin" in tekst(uit)
