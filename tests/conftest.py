from collections.abc import Iterator

import pytest
from hypothesis import settings

from routeflow.store import Store, open_store
from support.database import Databases, databases
from support.route import RouteUnderTest

# A busy machine is no fault of the code: speed is for the bench.
settings.register_profile("routeflow", deadline=None)
settings.load_profile("routeflow")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands on a database, so that a second run can repeat just that on the other one."""
    for item in items:
        if "_databases" in getattr(item, "fixturenames", ()):
            item.add_marker("database")


@pytest.fixture(scope="session")
def _databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with databases(tmp_path_factory.mktemp("databases")) as made:
        yield made


@pytest.fixture
def empty_database_url(_databases: Databases) -> str:
    """The address of a database without any table."""
    return _databases.empty()


@pytest.fixture
def database_url(_databases: Databases) -> str:
    """The address of a database with the newest schema and no rows."""
    return _databases.migrated()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store on a database of this test's own."""
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def route(store: Store) -> RouteUnderTest:
    """A dossier under test: see support/route.py."""
    return RouteUnderTest(store)
