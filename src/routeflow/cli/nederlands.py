"""What the library of the command line says by itself, in Dutch: help, mistakes and questions."""

import sys
from collections.abc import Mapping
from typing import Final

import click

EEN: Final[Mapping[str, str]] = {
    "Aborted!": "Afgebroken.",
    "deprecated": "verouderd",
    "Missing command.": "Noem een opdracht.",
    "required": "verplicht",
    "Options": "Opties",
    "Positional arguments": "Gegevens",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": (
        "Let op: de opdracht {name!r} is verouderd.{extra_message}"
    ),
    "Commands": "Opdrachten",
    "Value must be an iterable.": "Geef een lijst.",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": (
        "Let op: {name!r} is verouderd.{extra_message}"
    ),
    "env var: {var}": "variabele: {var}",
    "default: {default}": "standaard: {default}",
    "(dynamic)": "(wordt berekend)",
    "Do you want to continue?": "Wilt u doorgaan?",
    "Confirm the action without prompting.": "Doe het zonder te vragen.",
    "Show the version and exit.": "Toon de versie en stop.",
    "Show this message and exit.": "Toon deze uitleg en stop.",
    "Missing argument": "Er ontbreekt een gegeven",
    "unknown error": "onbekende fout",
    "Invalid value for {param_hint}: {message}": "{param_hint} klopt niet: {message}",
    "Missing option": "Er ontbreekt een optie",
    "Could not open file {filename!r}: {message}": (
        "Het bestand {filename!r} gaat niet open: {message}"
    ),
    "Error: {message}": "Fout: {message}",
    "Try '{command} {option}' for help.": "Uitleg: {command} {option}",
    "Missing parameter": "Er ontbreekt een gegeven",
    "Missing parameter: {param_name}": "Er ontbreekt een gegeven: {param_name}",
    "No such option {name!r}.": "De optie {name!r} bestaat niet.",
    "No such command {name!r}.": "De opdracht {name!r} bestaat niet.",
    "Invalid value: {message}": "Dit klopt niet: {message}",
    "Missing {param_type}": "Er ontbreekt iets: {param_type}",
    "Usage:": "Gebruik:",
    "Option {name!r} does not take a value.": "Bij de optie {name!r} hoort geen waarde.",
    "Argument {name!r} takes {nargs} values.": "Bij {name!r} horen {nargs} waarden.",
    "Couldn't detect Bash version, shell completion is not supported.": (
        "De versie van Bash is niet bekend: aanvullen met Tab kan niet."
    ),
    "Shell completion is not supported for Bash versions older than 4.4.": (
        "Aanvullen met Tab kan vanaf Bash 4.4."
    ),
    "Press any key to continue...": "Druk op een toets om door te gaan...",
    "Repeat for confirmation": "Typ het nog een keer",
    "Error: The two entered values do not match.": "Fout: u typte twee keer iets anders.",
    "Error: invalid input": "Fout: dit kan hier niet.",
    "{editor}: Editing failed": "{editor}: bewerken lukte niet",
    "{editor}: Editing failed: {e}": "{editor}: bewerken lukte niet: {e}",
    "Windows error: {error}": "Fout van Windows: {error}",
    "file": "bestand",
    "Choose from:\n\t{choices}": "Kies uit:\n\t{choices}",
    "Choice({choices})": "Keuze({choices})",
    "directory": "map",
    "path": "pad",
    "{value} is not in the range {range}.": "{value} ligt buiten {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": (
        "{value!r} is geen ja of nee. Bekend zijn: {states}"
    ),
    "{value!r} is not a valid {number_type}.": "{value!r} is geen getal.",
    "{value!r} is not a valid UUID.": "{value!r} is geen UUID.",
    "{name} {filename!r} is a file.": "{filename!r} is een bestand.",
    "{name} {filename!r} is a directory.": "{filename!r} is een map.",
    "{name} {filename!r} is not readable.": "{filename!r} is niet te lezen.",
    "{name} {filename!r} is not writable.": "In {filename!r} mag niet worden geschreven.",
    "{name} {filename!r} is not executable.": "{filename!r} is geen programma.",
    "{name} {filename!r} does not exist.": "{filename!r} bestaat niet.",
}
"""Sentence of the library -> ours."""

MEER: Final[Mapping[str, tuple[str, str]]] = {
    "Got unexpected extra argument ({args})": ("Dit hoort er niet bij: {args}",) * 2,
    "Takes {nargs} values but 1 was given.": (
        "Hier horen {nargs} waarden bij; u gaf er 1.",
        "Hier horen {nargs} waarden bij; u gaf er {len}.",
    ),
    "Did you mean {possibility}?": (
        "Bedoelt u {possibility}?",
        "(Bedoelt u een van deze: {possibilities}?)",
    ),
    "Option {name!r} requires an argument.": (
        "Bij de optie {name!r} hoort een waarde.",
        "Bij de optie {name!r} horen {nargs} waarden.",
    ),
    "{value!r} is not {choice}.": (
        "{value!r} kan niet; het moet {choice} zijn.",
        "{value!r} kan niet; kies uit {choices}.",
    ),
    "{value!r} does not match the format {format}.": (
        "{value!r} is niet geschreven als {format}.",
        "{value!r} is niet geschreven als een van {formats}.",
    ),
    "{len_type} values are required, but {len_value} was given.": (
        "Er zijn {len_type} waarden nodig; u gaf er {len_value}.",
    )
    * 2,
}
"""The same for what is said of one and of more, under the sentence about one."""

_SOORTEN: Final[Mapping[str, str]] = {
    "boolean": "JA/NEE",
    "directory": "MAP",
    "file": "BESTAND",
    "filename": "BESTAND",
    "float": "GETAL",
    "integer": "GETAL",
    "integer range": "GETAL",
    "float range": "GETAL",
    "path": "PAD",
    "text": "TEKST",
    "datetime": "DATUM",
    "uuid": "UUID",
}


def vertaal(zin: str) -> str:
    """Return a sentence of the library in Dutch; one that only a programmer can meet as it is."""
    return EEN.get(zin, zin)


def vertaal_aantal(een: str, meer: str, aantal: int) -> str:
    """Return a sentence about ``aantal`` in Dutch."""
    enkel, veel = MEER.get(een, (een, meer))
    return enkel if aantal == 1 else veel


def spreek_nederlands() -> None:
    """Let the library say everything with ours: it asks gettext, under these names in its modules.

    A file of translations would serve only who set the language of the machine to Dutch.
    """
    for naam, module in sys.modules.items():
        if naam.startswith("click."):
            delen = vars(module)
            if "_" in delen:
                delen["_"] = vertaal
            if "ngettext" in delen:
                delen["ngettext"] = vertaal_aantal


def nederlands(opdracht: click.Command) -> click.Command:
    """Give a command Dutch words for what stands in capitals in its help; its commands as well."""
    opdracht.options_metavar = "[OPTIES]"
    for gegeven in opdracht.params:
        if isinstance(gegeven, click.Option) and not gegeven.is_flag and gegeven.metavar is None:
            gegeven.metavar = _SOORTEN.get(gegeven.type.name)
    if isinstance(opdracht, click.Group):
        opdracht.subcommand_metavar = "OPDRACHT [GEGEVENS]..."
        for onder in opdracht.commands.values():
            nederlands(onder)
    return opdracht
