"""A big gemeente that was filled before is measured again as it is."""

import pytest
from sqlalchemy import delete, select

from routeflow.bench import gemeente
from routeflow.store import read, transact
from routeflow.store.models import DossierTermijn, Taak


def test_what_was_filled_is_found_again(store):
    assert gemeente.find(store) is None
    filled = gemeente.fill(store, 40)
    found = gemeente.find(store)
    assert found.readers == filled.readers
    assert found.dossiers.keys() == filled.dossiers.keys()
    for partij, dossier_id in found.dossiers.items():
        taken = read(
            store.sessions,
            lambda s, een=dossier_id: list(s.scalars(select(Taak).where(Taak.dossier_id == een))),
        )
        assert partij in {wie for taak in taken for wie in (taak.partij, taak.samen_met)}
    assert found.rows >= filled.rows


def test_what_was_filled_by_half_is_refused(store):
    gemeente.fill(store, 40)
    transact(store.sessions, lambda s: s.execute(delete(DossierTermijn)))
    with pytest.raises(RuntimeError, match="by half"):
        gemeente.find(store)
