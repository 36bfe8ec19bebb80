"""After an erasure no answer of the API holds what was erased, and each is as described."""

from uuid import UUID, uuid4

from routeflow.commands import verwijderen
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import transact
from support.huis import BEGIN

EEN = Actor("Marjan", GEMEENTE, frozenset({Rol.TEAMLEIDER}), uuid4())
ANDER = Actor("Tom", GEMEENTE, frozenset({Rol.BEHEERDER}), uuid4())
AMINA = {
    "naam": "Amina Haddad",
    "doelgroep": "asielstatushouder",
    "bsn": "111222333",
    "vNummer": "2800000001",
    "geboortedatum": "1994-05-17",
    "feiten": {"leerroute": "B1", "telefoon": "0612345678", "brpDatum": "2026-01-05"},
}
GEHEIM = ("Haddad", "111222333", "2800000001", "0612345678", "1994-05-17")


def test_no_answer_holds_what_was_erased(programma, store):
    dossier = programma.post("fatma", "/dossiers", AMINA)["id"]
    adressen = [
        "/dossiers?status=alle",
        f"/dossiers/{dossier}",
        f"/dossiers/{dossier}/journaal",
        f"/dossiers/{dossier}/termijnen",
        f"/dossiers/{dossier}/tellers",
        "/taken",
        "/termijnen",
    ]

    def staat_er():
        return [
            (adres, woord)
            for wie in ("fatma", "marjan", "ruud")
            for adres in adressen
            for woord in GEHEIM
            if woord in programma.call(wie, "GET", adres).text
        ]

    assert staat_er()

    def wis(session):
        rij = verwijderen.stel_voor(
            session, UUID(dossier), "correctie", kenmerk="DUO 1", by=EEN, now=BEGIN
        )
        verwijderen.voer_uit(session, rij.dossier_id, rij.id, by=ANDER, now=BEGIN)

    transact(store.sessions, wis)
    assert staat_er() == []
    assert programma.get("fatma", f"/dossiers/{dossier}")["naam"] == "Verwijderd"
