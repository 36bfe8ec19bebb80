"""What the documents promise is what the code has."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from routeflow.cli import _COMMANDS
from routeflow.config import Config

PROJECT = Path(__file__).parent.parent


def test_the_readme_lists_every_setting_with_its_default():
    rows = dict(
        re.findall(
            r"^\| `ROUTEFLOW_(\w+)` \| `?([^|`]*)`? \|",
            (PROJECT / "README.md").read_text(),
            re.MULTILINE,
        )
    )
    words = {True: "ja", False: "nee"}
    expected = {
        field.name.upper(): words.get(field.default, str(field.default))
        if isinstance(field.default, bool)
        else str(field.default)
        for field in fields(Config)
    }
    assert {name: default.strip() for name, default in rows.items()} == expected


def test_the_readme_names_every_command():
    readme = (PROJECT / "README.md").read_text()
    assert [name for name in _COMMANDS if not re.search(rf"\b{name}\b", readme)] == []


@pytest.mark.parametrize(
    "document",
    sorted(
        str(p.relative_to(PROJECT)) for p in [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
    ),
)
def test_every_link_in_a_document_leads_to_a_file(document):
    here = (PROJECT / document).parent
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (PROJECT / document).read_text())
    assert [link for link in links if not (here / link).exists()] == []
