"""What the judge of a set says about deadlines and lists; the command line asks the same judge."""

import pytest
from click.testing import CliRunner

from routeflow.cli import main
from routeflow.commands import deployments
from routeflow.store import transact
from support.huis import BEGIN, OPENER
from support.route import project_files

WERKAFSPRAKEN = "processes/werkafspraken.dmn"
P21 = "processes/p21-ondertussengroep.bpmn"
KIES = "forms/wijs-casemanager-toe.form"
GEEN_WET = "De termijn pip staat in de wet en mag niet in de tabel met werkafspraken."
ONBEKEND = "De termijn ooit is geen wet en geen werkafspraak."
GEEN_LIJST = "casemanager: de lijst klassen met antwoorden is er niet. Er zijn: casemanagers."


def anders(pad, oud, nieuw):
    inhoud = project_files()[pad]
    assert oud in inhoud
    return {**project_files(), pad: inhoud.replace(oud, nieuw)}


FOUT = [
    pytest.param(
        anders(WERKAFSPRAKEN, b"&quot;eerste_contact&quot;", b"&quot;pip&quot;"),
        (WERKAFSPRAKEN, "eerste_contact", GEEN_WET),
        id="a law's name among the working agreements",
    ),
    pytest.param(
        anders(P21, b'=termijn("contact_ondertussengroep")', b'=termijn("ooit")'),
        (P21, "drie_maanden_zonder_contact", ONBEKEND),
        id="a timer with an unknown name",
    ),
    pytest.param(
        anders(P21, b"ondersteuning_ondertussengroep&quot;)", b"ooit&quot;)"),
        (P21, "bespreek_ondersteuning_ondertussengroep", ONBEKEND),
        id="a last day with an unknown name",
    ),
    pytest.param(
        anders(KIES, b'"casemanagers"', b'"klassen"'),
        (KIES, "casemanager", GEEN_LIJST),
        id="a list that the house does not have",
    ),
]


@pytest.mark.parametrize(("files", "bevinding"), FOUT)
def test_a_set_is_refused_at_the_element_that_is_wrong(files, bevinding):
    gevonden = {
        (b.file, b.element, b.message.partition(" Haal")[0]) for b in deployments.check(files)
    }
    assert bevinding in gevonden


def test_our_own_set_has_no_findings():
    assert deployments.check(project_files()) == []


def test_publishing_refuses_what_the_judge_refuses(store):
    files = FOUT[0].values[0]
    with pytest.raises(deployments.Afgekeurd) as afgekeurd:
        transact(
            store.sessions,
            lambda s: deployments.publish(s, files, reden="test", by=OPENER, now=BEGIN),
        )
    assert GEEN_WET in afgekeurd.value.fouten["eerste_contact"]


def test_the_command_line_refuses_the_same(tmp_path):
    for pad, inhoud in FOUT[0].values[0].items():
        (tmp_path / pad).parent.mkdir(exist_ok=True)
        (tmp_path / pad).write_bytes(inhoud)
    antwoord = CliRunner().invoke(main, ["check", str(tmp_path / "processes")])
    assert antwoord.exit_code == 1
    assert f"{WERKAFSPRAKEN}: fout: eerste_contact (pip): {GEEN_WET}" in antwoord.output
