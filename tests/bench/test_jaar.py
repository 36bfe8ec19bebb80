"""Days in which everybody is late at random: no sanction begins, and every missed day is proven."""

from datetime import date

import pytest
from sqlalchemy import select

from routeflow.bench import jaar
from routeflow.store import read, transact
from routeflow.store.models import DossierTermijn, Melding, TermijnBewijs


@pytest.mark.parametrize(
    ("begin", "zaad"),
    [
        pytest.param(date(2028, 2, 7), 1, id="over 29 February and into summer time"),
        pytest.param(date(2028, 9, 25), 2, id="out of summer time"),
    ],
)
def test_however_late_everybody_is_no_sanction_begins_and_every_missed_day_is_proven(
    store, begin, zaad
):
    uitslag = jaar.leef(store, dossiers=6, dagen=70, zaad=zaad, begin=begin)
    assert uitslag.fouten == []
    telling = uitslag.telling
    assert telling["dossiers"] == 6
    assert telling["stappen gedaan"] > 20
    assert telling["bewijs: verstreken"] > 0
    assert telling["te laat aan casemanager"] > 0
    assert telling["onderbrekingen"] > 0


def test_the_count_afterwards_sees_what_is_wrong(store):
    """Else it would find nothing in anything."""
    jaar_ = jaar._Jaar(store, 3, date(2028, 2, 7))  # noqa: SLF001 - the same year, with damage in it
    jaar.demo.publish_project(store, now=jaar_.now)
    jaar.demo.make_accounts(store, now=jaar_.now)
    jaar_.open(4, 50)
    for dag in range(50):
        jaar_.dag(dag)
    jaar_.laatste_pas()

    def beschadig(session):
        for melding in session.scalars(select(Melding).where(Melding.soort == "te laat")).all():
            melding.rol = "handhaver"
        for termijn in session.scalars(select(DossierTermijn).where(DossierTermijn.naam == "pip")):
            termijn.uiterlijk, termijn.status = date(2028, 2, 10), "loopt"

    transact(store.sessions, beschadig)
    jaar_.verwacht.append(99)
    fouten = " ".join(jaar_.tel_na().fouten)
    assert "ging naar de handhaver" in fouten
    assert "zonder bewijs" in fouten
    assert "onderbrekingen: geteld" in fouten
    assert read(store.sessions, lambda s: s.scalar(select(TermijnBewijs).limit(1))) is not None
