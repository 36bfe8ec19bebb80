from collections.abc import Iterator

import pytest

from routeflow.store import Store
from support.huis import build_app, make_people, put_in_service
from support.proefset import proefset
from support.programma import Programma

AMINA = {
    "naam": "Amina Haddad",
    "doelgroep": "asielstatushouder",
    "bsn": "111222333",
    "vNummer": "2800000001",
    "geboortedatum": "1994-05-17",
    "feiten": {
        "leerroute": "B1",
        "telefoon": "0612345678",
        "gezondheidFysiek": "Rug",
        "schulden": "Ja",
        "brpDatum": "2026-01-05",
    },
}
ELIF = {"naam": "Elif Demir", "doelgroep": "gezinsmigrant"}


@pytest.fixture
def programma(store: Store, tmp_path) -> Iterator[Programma]:
    """A demo with the small set, in which everybody has a token."""
    put_in_service(store, proefset())
    return Programma(build_app(store, tmp_path), make_people(store))


@pytest.fixture
def amina(programma):
    """A dossier in which everybody but Ineke has a step."""
    return programma.post("fatma", "/dossiers", AMINA)


@pytest.fixture
def elif_(programma):
    """A dossier in which only the casemanager has a step."""
    return programma.post("fatma", "/dossiers", ELIF)
