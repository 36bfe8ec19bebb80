"""Hours through the API: the acts of the pages, and a repeat that writes nothing twice."""

import threading
from datetime import date, datetime
from functools import partial

import pytest
from sqlalchemy import select

from routeflow.commands import dossiers
from routeflow.config import Config
from routeflow.store import read, transact
from routeflow.store.models import Dossier, Uren, Verzoek
from routeflow.worker import run_due
from support.huis import BEGIN, OPENER, build_app, make_people, project_set, put_in_service
from support.programma import Programma

KOP = "dossier;datum;soort;uren;aanwezig;fysiek;opmerking"
NERGENS = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def school(store, tmp_path):
    """A program of IVIO, and two people of whom it registers the hours of December."""
    put_in_service(store, project_set())
    programma = Programma(build_app(store, tmp_path), make_people(store))
    idents = []
    for naam in ("Nour Proef", "Bilal Aziz"):
        gegevens = {
            "naam": naam, "doelgroep": "asielstatushouder", "leerroute": "B1",
            "dagtekening": date(2025, 12, 1), "termijnStart": date(2025, 12, 2),
        }  # fmt: skip
        start = partial(
            dossiers.start_dossier, gegevens=gegevens, proces="p09_uren", by=OPENER,
            now=datetime(2025, 12, 1, 9, tzinfo=BEGIN.tzinfo),
        )  # fmt: skip
        idents.append(str(transact(store.sessions, start).id))
    run_due(store, Config(), BEGIN)
    return programma, *idents


def rijen(store):
    return read(store.sessions, lambda s: list(s.scalars(select(Uren).order_by(Uren.id))))


def regel(dossier, dag=12, uren=3, **anders):
    return {"dossier": dossier, "datum": f"2025-12-{dag:02}", "soort": "NT2", "uren": uren} | anders


def verzoek(*regels, sleutel="a"):
    return {"sleutel": sleutel, "regels": list(regels)}


def test_one_or_many_lines_are_written_at_once(school, store):
    programma, nour, bilal = school
    uit = programma.post(
        "ruud", "/uren", verzoek(regel(nour), regel(bilal, uren=1.5, soort="KNM", fysiek=False))
    )
    assert (uit["regels"], uit["dossiers"]) == (2, 2)
    een, twee = rijen(store)
    assert uit["ids"] == [een.id, twee.id]
    assert (een.partij, een.door, een.kwartieren) == ("IVIO", "Ruud Jansen", 12)
    assert (twee.kwartieren, twee.soort, twee.fysiek) == (6, "KNM", False)


def test_the_same_request_again_gets_the_same_answer_and_writes_nothing(school, store):
    programma, nour, _ = school
    eerste = programma.post("ruud", "/uren", verzoek(regel(nour)))
    assert programma.post("ruud", "/uren", verzoek(regel(nour))) == eerste
    assert len(rijen(store)) == 1


def test_the_same_request_by_two_at_once_is_done_once(school, store):
    programma, nour, _ = school
    antwoorden = []

    def vraag():
        client = programma.client.application.test_client()
        antwoord = client.post(
            "/api/v1/uren",
            json=verzoek(regel(nour)),
            headers={"Authorization": f"Bearer {programma.tokens['ruud']}"},
        )
        antwoorden.append((antwoord.status_code, antwoord.get_json()))

    draden = [threading.Thread(target=vraag) for _ in range(4)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    assert {status for status, _ in antwoorden} == {201}
    assert len({tuple(uit["ids"]) for _, uit in antwoorden}) == 1
    assert len(rijen(store)) == 1


def test_a_key_stands_for_one_request(school, store):
    programma, nour, bilal = school
    programma.post("ruud", "/uren", verzoek(regel(nour)))
    ander = programma.call("ruud", "POST", "/uren", verzoek(regel(bilal)))
    assert ander.status_code == 409
    assert "sleutel" in ander.get_json()["detail"]
    eigen = regel(bilal) | {"soort": "participatie"}
    assert programma.post("fatma", "/uren", verzoek(eigen))["regels"] == 1
    assert len(rijen(store)) == 2


def test_what_was_refused_may_be_put_right_under_its_key(school, store):
    programma, nour, _ = school
    fout = programma.call("ruud", "POST", "/uren", verzoek(regel(nour), regel(nour, uren=1.1)))
    assert fout.status_code == 422
    assert list(fout.get_json()["fouten"]) == ["regel 2"]
    assert rijen(store) == []
    assert read(store.sessions, lambda s: s.query(Verzoek).count()) == 0
    programma.post("ruud", "/uren", verzoek(regel(nour)))


@pytest.mark.parametrize(
    "anders",
    [
        {"soort": "yoga"}, {"aanwezig": "misschien"}, {"uren": 13}, {"uren": 0}, {"uren": "3"},
        {"datum": "31-12-2025"}, {"datum": "2026-02-01"}, {"opmerking": "x" * 301}, {"wie": "ik"},
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_refused_in_words(school, store, anders):
    programma, nour, _ = school
    antwoord = programma.call("ruud", "POST", "/uren", verzoek(regel(nour) | anders))
    assert antwoord.status_code == 422
    assert antwoord.get_json()["fouten"]
    assert rijen(store) == []


def test_lines_are_found_by_what_they_are_and_page_by_page(school):
    programma, nour, bilal = school
    programma.post(
        "ruud",
        "/uren",
        verzoek(
            regel(nour, 10), regel(nour, 11, soort="KNM"), regel(bilal, 12),
            regel(bilal, 15, aanwezig="geoorloofd afwezig"),
        ),
    )  # fmt: skip

    def dagen(vraag=""):
        return [een["datum"][-2:] for een in programma.get("ruud", f"/uren?{vraag}")["items"]]

    assert dagen() == ["15", "12", "11", "10"]
    assert dagen(f"dossier={nour}") == ["11", "10"]
    assert dagen("van=2025-12-11&tot=2025-12-12") == ["12", "11"]
    assert dagen("soort=KNM") == ["11"]
    assert dagen("aanwezig=geoorloofd%20afwezig") == ["15"]
    assert dagen("afgesloten=true") == []
    eerste = programma.get("ruud", "/uren?limit=3")
    assert eerste["volgende"]
    assert dagen(f"limit=3&cursor={eerste['volgende']}") == ["10"]
    assert programma.get("ineke", "/uren")["items"] == []


@pytest.mark.parametrize(
    "vraag",
    [
        "van=gisteren",
        "soort=yoga",
        "aanwezig=x",
        "afgesloten=ja",
        "cursor=x",
        "cursor=2026-01-01.y",
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(school, vraag):
    programma, *_ = school
    assert programma.call("ruud", "GET", f"/uren?{vraag}").status_code == 422


@pytest.mark.parametrize("maand", ["x", "2026-13", "9999-12", "0001-01", "2026-02"])
def test_a_month_that_is_none_is_refused(school, maand):
    programma, *_ = school
    assert programma.call("ruud", "GET", f"/uren/maand?maand={maand}").status_code == 422


def test_a_line_is_taken_back_and_not_twice(school, store):
    programma, nour, _ = school
    (ident,) = programma.post("ruud", "/uren", verzoek(regel(nour)))["ids"]
    for vreemd in ("ineke", "fatma"):
        assert programma.call(vreemd, "POST", f"/uren/{ident}/terugnemen").status_code == 404
    assert programma.post("ruud", f"/uren/{ident}/terugnemen")["id"] == ident
    assert programma.call("ruud", "POST", f"/uren/{ident}/terugnemen").status_code == 404
    assert programma.get("ruud", "/uren")["items"] == []
    assert rijen(store)[0].vervallen_op is not None


@pytest.mark.parametrize("ident", ["x", "0", "-1", "9" * 40])
def test_a_line_that_does_not_exist_is_not_taken_back(school, ident):
    programma, *_ = school
    assert programma.call("ruud", "POST", f"/uren/{ident}/terugnemen").status_code == 404


def test_a_file_is_looked_at_read_once_and_told_line_by_line(school, store):
    programma, *_ = school
    nummer = read(
        store.sessions,
        lambda s: s.scalar(select(Dossier.nummer).where(Dossier.naam == "Nour Proef")),
    )
    goed = f"{KOP}\n{nummer};12-12-2025;NT2;3;aanwezig;ja;\n{nummer};13-12-2025;KNM;1,5;;;"
    stuk = f"{goed}\n{nummer};14-12-2025;NT2;veel;;;\n9999-1;14-12-2025;NT2;1;;;"
    fout = programma.call("ruud", "POST", "/uren/bestand", {"sleutel": "f", "csv": stuk})
    assert list(fout.get_json()["fouten"]) == ["regel 4", "regel 5"]
    proef = programma.post("ruud", "/uren/bestand", {"sleutel": "f", "csv": goed, "proef": True})
    assert (proef["regels"], proef["dossiers"], proef["ids"]) == (2, 1, [])
    assert rijen(store) == []
    eerste = programma.post("ruud", "/uren/bestand", {"sleutel": "f", "csv": goed})
    assert programma.post("ruud", "/uren/bestand", {"sleutel": "f", "csv": goed}) == eerste
    assert eerste["ids"] == [een.id for een in rijen(store)]
    opnieuw = programma.call("ruud", "POST", "/uren/bestand", {"sleutel": "g", "csv": goed})
    assert "staat er al" in opnieuw.get_json()["fouten"]["regel 2"]


def test_a_month_is_seen_and_closed_and_counts(school, store):
    programma, nour, _ = school
    programma.post(
        "ruud", "/uren", verzoek(regel(nour), regel(nour, 15, aanwezig="geoorloofd afwezig"))
    )
    maand = programma.get("ruud", "/uren/maand?maand=2025-12")["items"]
    assert [een["naam"] for een in maand] == ["Bilal Aziz", "Nour Proef"]
    assert (maand[1]["gevolgd"], maand[1]["afwezig"]) == ({"NT2": 3}, {"geoorloofd afwezig": 3})
    assert maand[1]["openMaand"] == "2025-12-01"
    taak = maand[1]["taak"]
    assert programma.call("ineke", "POST", "/uren/maand/sluiten", {"taak": taak}).status_code == 403
    uit = programma.post("ruud", "/uren/maand/sluiten", {"taak": taak})
    assert (uit["taak"]["status"], uit["taak"]["geslotenDoor"]) == (
        "gedaan",
        "Ruud Jansen",
    )
    assert programma.call("ruud", "POST", "/uren/maand/sluiten", {"taak": taak}).status_code == 409
    assert all(een["afgesloten"] for een in programma.get("ruud", "/uren")["items"])
    (ident, *_) = [een.id for een in rijen(store)]
    assert programma.call("ruud", "POST", f"/uren/{ident}/terugnemen").status_code == 409


def test_the_counters_tell_how_far_it_is_and_whether_it_will_do(school):
    programma, nour, _ = school
    programma.post("ruud", "/uren", verzoek(regel(nour)))
    gezien = programma.get("fatma", f"/dossiers/{nour}/tellers")["items"]
    tellers = {een["naam"]: een for een in gezien}
    assert set(tellers) == {"a2_nt2", "pvt", "map_praktijk"}
    assert (tellers["a2_nt2"]["gemaakt"], tellers["a2_nt2"]["norm"]) == (3, 600)
    assert tellers["a2_nt2"]["koers"] == "loopt achter"
    assert tellers["a2_nt2"]["verwacht"] < 600
    assert tellers["a2_nt2"]["perWeek"] > 0
    [eigen] = programma.get("ruud", f"/dossiers/{nour}/tellers")[
        "items"
    ]  # its monthly form asks it
    assert eigen["naam"] == "a2_nt2"
    assert programma.call("ineke", "GET", f"/dossiers/{nour}/tellers").status_code == 403


def test_who_writes_no_hours_writes_none_here(school, store):
    programma, nour, _ = school
    for login in ("marjan", "peter", "anouk", "kees", "sanne", "willem", "sheila", "esther", "tom"):
        for pad, body in (
            ("/uren", verzoek(regel(nour))),
            ("/uren/bestand", {"sleutel": "a", "csv": KOP}),
            ("/uren/1/terugnemen", None),
        ):
            assert programma.call(login, "POST", pad, body).status_code == 403, (login, pad)
    for login in ("ineke", "bram", "loes"):  # they write hours, but not of Nour
        antwoord = programma.call(login, "POST", "/uren", verzoek(regel(nour)))
        assert antwoord.status_code == 422
        assert "niet van u" in antwoord.get_json()["fouten"]["regel 1"]
    assert rijen(store) == []
    weg = programma.call("ruud", "POST", "/uren/maand/sluiten", {"taak": NERGENS})
    assert weg.status_code == 404
