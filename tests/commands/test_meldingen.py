from functools import partial

import pytest

from routeflow.commands import meldingen
from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import queries, read, transact
from support.klein import klein


def test_a_notice_is_read_by_whom_it_is_for(route):
    route.given("klein", klein(), leerroute="onderwijsroute")
    (melding,) = route.meldingen
    lees = partial(meldingen.lees, melding_id=melding.id, now=route.now)
    stranger = Actor("Mo", "IVIO", frozenset({Rol.TAALAANBIEDER}))
    with pytest.raises(NotAllowed):
        transact(route.store.sessions, partial(lees, by=stranger))
    teamleider = Actor("Marjan", GEMEENTE, frozenset({Rol.TEAMLEIDER}))
    assert transact(route.store.sessions, partial(lees, by=teamleider)).gelezen_op == route.now
    assert read(route.store.sessions, lambda s: queries.meldingen(s, teamleider)).totaal == 0
    with pytest.raises(NotFound):
        transact(route.store.sessions, partial(lees, melding_id=0, by=teamleider))
