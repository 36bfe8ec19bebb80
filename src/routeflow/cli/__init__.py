"""The command line. Results on stdout, progress and remarks on stderr, exit codes for scripts."""

import sys
from importlib import import_module
from typing import Any

import click

from routeflow.cli.nederlands import nederlands, spreek_nederlands
from routeflow.errors import Incident, Invalid, Refusal

# Loaded when asked for, so that `routeflow feel` does not wait for the web framework.
_COMMANDS = {
    "account": "beheer",
    "backup": "bewaren",
    "bench": "dienst",
    "check": "diagrammen",
    "decide": "taal",
    "demo": "dienst",
    "doctor": "beheer",
    "dossier": "beheer",
    "feel": "taal",
    "migrate": "migratie",
    "opschonen": "bewaren",
    "publish": "beheer",
    "restore": "bewaren",
    "run": "proef",
    "serve": "dienst",
    "taken": "beheer",
    "termijn": "termijnen",
    "token": "beheer",
    "worker": "dienst",
}


class _Lazy(click.Group):
    """Imports the module of a command when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"routeflow.cli.{_COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return nederlands(command)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click says it
        try:
            answer = super().invoke(ctx)
        except Refusal as refusal:
            click.echo(str(refusal), err=True)
            if isinstance(refusal, Invalid):
                for veld, zin in refusal.fouten.items():
                    if zin != str(refusal):
                        click.echo(f"  {veld}: {zin}", err=True)
        except Incident as incident:
            plaats = f"{incident.element}: " if incident.element else ""
            click.echo(f"{plaats}{incident.reden}", err=True)
        except Exception as error:
            if (gestoord := _storing(error)) is None:
                raise
            click.echo(gestoord, err=True)
        else:
            return answer
        sys.exit(1)


def _storing(error: Exception) -> str | None:
    from routeflow.store.storing import storing  # noqa: PLC0415 - `feel` needs no database

    return storing(error)


spreek_nederlands()


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[OPTIES]",
    subcommand_metavar="OPDRACHT [GEGEVENS]...",
)
@click.version_option(package_name="routeflow", message="routeflow %(version)s")
def main() -> None:
    """De inburgeringsroute van een gemeente, uitgevoerd als BPMN-processen."""
