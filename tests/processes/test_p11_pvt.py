"""P11: the participatieverklaringstraject. Twelve hours, an activity, and a signature in freedom."""

from datetime import date
from decimal import Decimal

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p11_pvt")


def _programma_gevolgd(spel, **feiten):
    spel.given(dagtekening=date(2026, 3, 10), **({"termijnStart": date(2026, 3, 11)} | feiten))
    spel.when_done("nodig_uit_voor_pvt", pvtEersteBijeenkomst=date(2026, 4, 1))
    spel.when_done("registreer_pvt_bijeenkomst", uren=Decimal(8), soortBijeenkomst="les")
    spel.when_done("registreer_pvt_bijeenkomst", uren=Decimal(4), soortBijeenkomst="excursie")


def test_the_pvt_aanbieder_invites_within_six_months_after_the_pip(spel):
    spel.given(dagtekening=date(2026, 3, 10), termijnStart=date(2026, 3, 11))
    assert spel.open == {("nodig_uit_voor_pvt", "pvt-aanbieder")}
    assert spel.uiterlijk("nodig_uit_voor_pvt") == date(2026, 9, 10)


def test_twelve_hours_without_an_activity_are_not_enough(spel):
    spel.given(dagtekening=date(2026, 3, 10), termijnStart=date(2026, 3, 11))
    spel.when_done("nodig_uit_voor_pvt", pvtEersteBijeenkomst=date(2026, 4, 1))
    spel.when_done("registreer_pvt_bijeenkomst", uren=Decimal(12), soortBijeenkomst="les")
    assert spel.open == {("registreer_pvt_bijeenkomst", "pvt-aanbieder")}


def test_hours_without_the_inburgeraar_do_not_count(spel):
    spel.given(dagtekening=date(2026, 3, 10), termijnStart=date(2026, 3, 11))
    spel.when_done("nodig_uit_voor_pvt", pvtEersteBijeenkomst=date(2026, 4, 1))
    spel.when_done(
        "registreer_pvt_bijeenkomst", uren=Decimal(12), soortBijeenkomst="excursie", aanwezig="nee"
    )
    assert spel.feiten["urenPvt"] == 0
    assert spel.feiten["pvtActiviteitGedaan"] is False


def test_pvt_hours_of_the_brede_intake_count(spel):
    spel.given(intakeActiviteiten=[{"soort": "PVT", "uren": 4}], termijnStart=date(2026, 3, 11))
    spel.when_done("nodig_uit_voor_pvt", pvtEersteBijeenkomst=date(2026, 4, 1))
    spel.when_done("registreer_pvt_bijeenkomst", uren=Decimal(8), soortBijeenkomst="activiteit")
    assert spel.feiten["urenPvt"] == 12
    assert spel.wachten == {"wacht_termijn_loopt"}


def test_signing_waits_until_the_termijn_runs(spel):
    _programma_gevolgd(spel, termijnStart=date(2026, 6, 1))
    assert spel.open == set()
    assert spel.moment("wacht_termijn_loopt") == date(2026, 6, 1)
    spel.when_time_comes("wacht_termijn_loopt")
    with pytest.raises(AssertionError, match="start van de termijn"):
        spel.when_done("registreer_ondertekening", getekend="ja", pvtDatum=date(2026, 5, 31))
    spel.when_done("registreer_ondertekening", getekend="ja")
    assert spel.open == {("controleer_pvt", "casemanager")}


def test_while_duo_has_not_told_the_start_of_the_termijn_nobody_signs(spel):
    _programma_gevolgd(spel, termijnStart=None)
    assert spel.open == set()
    assert spel.moment("wacht_termijn_loopt") is None


def _mag_tekenen(spel):
    _programma_gevolgd(spel)
    spel.when_time_comes("wacht_termijn_loopt")


def test_the_casemanager_checks_and_tells_duo(spel):
    _mag_tekenen(spel)
    spel.when_done("registreer_ondertekening", getekend="ja")
    spel.when_done("controleer_pvt", pvtAkkoord="nee")
    assert spel.open == {("registreer_ondertekening", "pvt-aanbieder")}
    spel.when_done("registreer_ondertekening", getekend="ja")
    spel.when_done("controleer_pvt", pvtAkkoord="ja")
    spel.when_done("geef_pvt_door")
    assert spel.einden == ["einde_p11"]


def test_who_does_not_sign_is_asked_why_and_may_still_sign(spel):
    _mag_tekenen(spel)
    spel.when_done("registreer_ondertekening", getekend="nee")
    assert spel.open == {("voer_gesprek_over_tekenen", "casemanager")}
    spel.when_done("voer_gesprek_over_tekenen", wilTekenen="ja")
    assert spel.open == {("registreer_ondertekening", "pvt-aanbieder")}


def test_nobody_is_forced_to_sign(spel):
    _mag_tekenen(spel)
    spel.when_done("registreer_ondertekening", getekend="nee")
    spel.when_done("voer_gesprek_over_tekenen", wilTekenen="nee")
    assert spel.klaar
    assert spel.einden == ["einde_pvt_open"]
    assert "pvtDatum" not in spel.feiten


def test_who_was_not_there_cannot_have_signed(spel):
    _mag_tekenen(spel)
    with pytest.raises(AssertionError, match="bij de bijeenkomst"):
        spel.when_done("registreer_ondertekening", aanwezigOndertekening="nee", getekend="ja")


def test_hours_of_another_gemeente_and_of_the_intake_here_both_count(spel):
    spel.given(
        urenPvt=6,
        overgenomenPvt=6,
        intakeActiviteiten=[{"soort": "PVT", "uren": 2}],
        termijnStart=date(2026, 3, 11),
    )
    spel.when_done("nodig_uit_voor_pvt", pvtEersteBijeenkomst=date(2026, 4, 1))
    spel.when_done("registreer_pvt_bijeenkomst", uren=Decimal(4), soortBijeenkomst="activiteit")
    assert spel.feiten["urenPvt"] == 12


def test_who_signed_in_another_gemeente_does_not_do_it_again(spel):
    spel.given(termijnStart=date(2026, 3, 11), pvtDatum=date(2026, 3, 20))
    assert spel.einden == ["einde_pvt_al_gedaan"]
    assert spel.klaar
