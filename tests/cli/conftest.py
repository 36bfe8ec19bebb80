import json

import pytest
from click.testing import CliRunner

from routeflow.cli import main


class Opdracht:
    """Runs the command line in this process, on a database of the test's own."""

    def __init__(self, database: str, folder) -> None:
        self.env = {
            "ROUTEFLOW_DATABASE": database,
            "ROUTEFLOW_SLEUTELBESTAND": str(folder / "sleutel"),
            "TERMINAL_WIDTH": "200",
            "COLUMNS": "200",
        }

    def __call__(self, *woorden, stdin=None, stand=0, **env):
        """Run a command; another exit code than ``stand``, or a traceback, ends the test."""
        uitslag = CliRunner(env={**self.env, **env}).invoke(
            main, [str(woord) for woord in woorden], input=stdin
        )
        if uitslag.exception and not isinstance(uitslag.exception, SystemExit):
            raise uitslag.exception
        assert uitslag.exit_code == stand, uitslag.output
        return uitslag

    def json(self, *woorden, **rest):
        """Run a command and return the JSON that it prints."""
        return json.loads(self(*woorden, **rest).stdout)

    def regels(self, *woorden, stdin):
        """Run a command on lines of JSON and return its lines of JSON."""
        return [json.loads(regel) for regel in self(*woorden, stdin=stdin).stdout.splitlines()]


@pytest.fixture
def opdracht(tmp_path):
    """The command line for commands that need no database."""
    return Opdracht(f"sqlite:///{tmp_path}/ongebruikt.db", tmp_path)


@pytest.fixture
def met_database(database_url, tmp_path):
    """The command line on a database with the newest schema."""
    return Opdracht(database_url, tmp_path)
