"""Whoever types a command wrong is told so in Dutch, also where the library finds the mistake."""

import ast
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from routeflow.cli import main
from routeflow.cli.nederlands import EEN, MEER

VAN_PROGRAMMEURS = (  # said only when the code of a command is wrong
    "Could not determine name for option",
    "No options defined but a name was passed",
    "Arguments take exactly one parameter declaration",
    "Name '{name}' defined twice",
    "Boolean option {decl!r} cannot use",
    "Invalid start character for option",
    "Unknown color",
    "Unknown standard stream",
    "%(prog)s, version %(version)s",  # ours is another
    "d",  # a letter in the bar of a long list
)


def sentences():
    """Yield every sentence that the installed library would have translated: of one, and of more."""
    for file in sorted(Path(click.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                said = [een.value for een in node.args if isinstance(een, ast.Constant)]
                if node.func.id in {"_", "ngettext"} and said:
                    yield node.func.id, said


def test_every_sentence_of_the_library_that_a_user_can_meet_has_one_of_ours():
    missing = [
        said[0]
        for name, said in sentences()
        if said[0] not in (EEN if name == "_" else MEER)
        and not said[0].startswith(VAN_PROGRAMMEURS)
    ]
    assert missing == []


def test_ours_names_nothing_that_the_sentence_of_the_library_does_not_know():
    def names(text):
        return {part.split("}")[0].split("!")[0] for part in text.split("{")[1:]}

    for theirs, ours in EEN.items():
        assert names(ours) <= names(theirs)
    both = {said[0]: names(said[0]) | names(said[1]) for name, said in sentences() if len(said) > 1}
    for theirs, pair in MEER.items():
        assert names("".join(pair)) <= both[theirs]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["niets"], "De opdracht 'niets' bestaat niet."),
        (["termijn", "pip", "--dag"], "De optie '--dag' bestaat niet."),
        (["publish", "processes"], "Er ontbreekt een optie '--reden'."),
        (["feel", "1", "2"], "Dit hoort er niet bij: 2"),
        (["migrate", "--naar", "x"], "'x' is geen getal."),
        (["decide", "er-is-niets.dmn"], "'er-is-niets.dmn' bestaat niet."),
        (["termijn", "--help"], "Toon deze uitleg en stop."),
        (["--help"], "Gebruik: routeflow [OPTIES] OPDRACHT [GEGEVENS]..."),
        (["publish", "--help"], "--reden TEKST"),
    ],
)
def test_a_mistake_and_the_help_are_told_in_dutch(asked, told):
    answer = CliRunner().invoke(main, asked, prog_name="routeflow")
    assert told in answer.output
    for english in ("Error", "Usage", "Try ", "Options", "Commands", "Missing", "No such", "Show "):
        assert english not in answer.output
