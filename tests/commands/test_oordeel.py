"""What the judge of a set knows of a dossier besides the forms."""

from routeflow.commands import deployments
from routeflow.commands.berichtsoorten import feiten_uit_berichten
from support.bpmn import draw, end, path, script, start


def doubtful(expression):
    data = draw("p", start(), script("x", expression, "n"), end(), path("s > x > e"))
    found = deployments.check({"processes/p.bpmn": data})
    return [finding.message for finding in found if finding.code == "gegeven"]


def test_what_a_dossier_or_a_message_brings_needs_no_form():
    assert doubtful("=[naam, leerroute, vNummer]") == []
    assert {"lbtScore", "overlijdensdatum", "eindePlichtWijze"} <= feiten_uit_berichten()
    assert doubtful("=[lbtScore, overlijdensdatum, eindePlichtWijze]") == []


def test_a_fact_that_nobody_brings_is_doubtful_and_named():
    (zin,) = doubtful("=[naam, lbtScroe]")
    assert zin == (
        "Geen formulier, bericht, tabel of stap levert het gegeven lbtScroe. Bedoelde u lbtScore?"
        " Zolang niets het levert, is het leeg."
    )


def test_a_comparison_without_an_equals_sign_is_recognised():
    (zin,) = doubtful("=naam als ja")
    assert zin.endswith('Vergelijken gaat met een is-teken, zoals naam = "ja".')
