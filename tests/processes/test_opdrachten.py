"""Whatever is completed in whatever diagram costs at most twelve statements and one commit.

Every story of every diagram is played once more as a dossier in the house, on a database.
"""

import pytest
from sqlalchemy.orm import Session

from routeflow.commands import deployments
from support.huis import BEGIN, OPENER, make_people
from support.huisspel import Huisspel, Telling
from support.route import project_files
from support.tekening import definitie, verhalen_van

MEEST = 12


@pytest.fixture
def telling(store):
    def begin(session: Session) -> None:
        deployments.zet_in_dienst(session, project_files(), reden="test", by=OPENER, now=BEGIN)

    with store.sessions.begin() as session:
        begin(session)
    make_people(store)
    return Telling(store)


@pytest.mark.parametrize("proces", sorted(definitie().processes))
def test_every_completion_takes_at_most_twelve_statements_and_one_commit(proces, telling):
    stappen = {een.id for een in definitie().elements(proces) if een.kind == "userTask"}
    gedaan = set()
    for naam, verhaal in verhalen_van(proces).items():
        spel = Huisspel(proces, telling)
        verhaal(spel)
        for een in spel.gedaan:
            kost = 1 + len(een.statements)  # who asks is looked up before
            assert kost <= MEEST, f"{naam}: {een.element} takes {kost}: {een.statements}"
            assert een.commits == 1, f"{naam}: {een.element}"
            gedaan.add(een.element)
    assert gedaan >= stappen
