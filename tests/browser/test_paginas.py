"""The pages as people use them: by keyboard, at a desk and on a phone, with a late taak to find."""

from datetime import date
from functools import partial

import pytest

from routeflow.commands import dossiers, overdrachten
from routeflow.store import transact
from support.browser import DESK, PHONE, axe, sideways, too_small
from support.huis import (
    BEGIN,
    OPENER,
    build_app,
    make_people,
    make_report,
    project_set,
    put_in_service,
)
from support.klein import klein, met_beginnen
from support.versies import RENAMED, altered

PERSOON = {
    "doelgroep": "asielstatushouder",
    "leerroute": "B1",
    "brpDatum": date(2025, 10, 1),
    "datumKennisgeving": date(2025, 10, 7),
    "bekendmaking": date(2025, 11, 28),
}


def eigen_ids(files=None):
    """Return the small set with ids that the project's set does not have."""
    small = files or klein()
    return {pad: inhoud.replace(b"bij_", b"klein_bij_") for pad, inhoud in small.items()}


@pytest.fixture
def adres(store, tmp_path, serve):
    """The address of a served demo in which the PIP of Amina is late."""
    put_in_service(store, {**project_set(), **eigen_ids()})
    make_people(store)
    make_report(store)
    for naam, proces in (("Amina Yusuf", "klein"), ("Nour Proef", "p06_brede_intake")):
        start = partial(
            dossiers.start_dossier,
            gegevens=PERSOON | {"naam": naam},
            proces=proces,
            by=OPENER,
            now=BEGIN,
        )
        transact(store.sessions, start)
    return serve(build_app(store, tmp_path))


@pytest.fixture
def als(page, adres):
    def log_in(naam):
        page.goto(adres)
        page.get_by_role("button", name=f"Log in als {naam}").click()
        page.wait_for_url(f"{adres}/**")
        return page

    return log_in


def tab(page, naam):
    """Go to a tab of the page."""
    page.get_by_label("Welke taken").get_by_role("link", name=naam).click()


def check(page):
    """Look at the page as it is now, at a desk and on a phone."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert axe(page) == []
        assert sideways(page) <= 0
    assert too_small(page, 44) == []
    page.set_viewport_size(DESK)


def test_a_casemanager_finds_the_late_taak_and_sees_what_comes_next(als):
    page = als("Fatma Yildiz")
    tab(page, "Te verdelen")
    rij = page.get_by_role("row").filter(has_text="dagen te laat").filter(has_text="plan")
    rij.get_by_role("button", name="Pak op").click()
    tab(page, "Mijn taken")
    check(page)
    page.get_by_role("link", name="plan", exact=True).click()
    check(page)

    page.get_by_label("opmerking").fill("x" * 501)
    page.get_by_role("button", name="Rond de taak af").click()
    page.get_by_role("alert").wait_for()
    assert page.title().startswith("Fout: ")
    assert page.evaluate("document.activeElement.id") == "foutenlijst"
    check(page)

    page.get_by_label("opmerking").fill("Wil in de zorg werken")
    page.get_by_role("button", name="Rond de taak af").click()
    page.get_by_role("heading", name="Afgerond: plan").wait_for()
    check(page)
    page.get_by_role("link", name="Bekijk het dossier").click()
    assert page.get_by_text("MAP-aanbieder, IVIO, samen met Werkom").is_visible()
    check(page)


def test_the_next_one_sees_it_at_their_own_partij(als):
    page = als("Ruud Jansen")
    tab(page, "Te verdelen")
    page.get_by_role("link", name="meld_uren").click()
    page.get_by_role("textbox").last.fill("12")
    page.get_by_role("button", name="Rond de taak af").click()
    page.get_by_role("heading", name="Afgerond: meld_uren").wait_for()
    check(page)


def test_a_taak_can_be_done_with_the_keyboard_alone(als):
    page = als("Fatma Yildiz")
    page.goto(page.url.split("?")[0] + "?tab=te-verdelen")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1).wait_for()
    eerste = page.get_by_role("radio").first
    eerste.focus()
    page.keyboard.press("Space")
    knop = page.get_by_role("button", name="Rond de taak af")
    for _ in range(12):
        if knop.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Wat er nu gebeurt").wait_for()


def test_the_clock_of_the_demo_moves_and_says_what_happened(als):
    page = als("Fatma Yildiz")
    page.get_by_role("button", name="+1 week").click()
    page.get_by_text("Het is nu maandag 19 januari 2026.").wait_for()
    check(page)


@pytest.mark.parametrize(
    ("naam", "paden"),
    [
        (
            "Fatma Yildiz",
            [
                "/werklijst/?tab=team",
                "/dossiers/",
                "/dossiers/nieuw",
                "/meldingen/",
                "/meldingen/e-mail",
                "/mis",
            ],
        ),
        (
            "Esther de Boer",
            [
                "/processen/",
                "/processen/1/proces/p06_brede_intake",
                "/processen/1/tabel/processes/rolverdeling.dmn",
                "/processen/1/formulier/plan",
                "/processen/nieuw",
                "/herverdelen/",
                "/incidenten/",
                "/rapport/",
            ],
        ),
        ("Tom Beheer", ["/accounts/", "/accounts/nieuw", "/accounts/tokens"]),
    ],
)
def test_axe_finds_nothing_on_the_pages_of(als, adres, naam, paden):
    page = als(naam)
    for pad in paden:
        page.goto(adres + pad)
        check(page)


def test_axe_finds_nothing_on_the_pages_of_a_dossier(als):
    page = als("Fatma Yildiz")
    page.get_by_role("link", name="Dossiers").click()
    page.get_by_role("link", name="Nour Proef").click()
    for naam in ("Schema", "Gegevens", "Journaal"):
        page.get_by_role("link", name=naam, exact=True).click()
        page.get_by_role("link", name=naam, exact=True).and_(
            page.locator("[aria-current=page]")
        ).wait_for()
        check(page)
    page.get_by_role("link", name="Gegevens", exact=True).click()
    page.get_by_role("link", name="Verbeter Naam").click()
    page.get_by_role("button", name="Verbeter").click()
    page.get_by_role("alert").get_by_role("link", name="Schrijf waarom dit verandert.").click()
    assert page.evaluate("document.activeElement.id") == "veld-redenVerbetering"
    check(page)
    page.get_by_role("link", name="Niet verbeteren").click()
    page.get_by_role("link", name="Bericht vastleggen").click()
    page.get_by_label("Welk bericht?").select_option("SS131")
    page.get_by_role("button", name="Leg vast").wait_for()
    check(page)


def test_a_letter_is_made_beside_its_taak_and_found_in_the_dossier(als, adres):
    page = als("Fatma Yildiz")
    page.goto(f"{adres}/werklijst/?tab=te-verdelen")
    page.get_by_role("link", name="Verstuur oproep 1", exact=False).first.click()
    page.get_by_role("heading", name="Brief", exact=True).wait_for()
    page.get_by_label("Op welke dag verwacht u de inburgeraar?").fill("26-01-2026")
    page.get_by_label("Waar?").fill("Stadhuis, zaal 2")
    page.get_by_role("button", name="Maak de brief").click()
    page.get_by_text("De brief is gemaakt.").wait_for()
    assert page.get_by_label("Waar?").input_value() == "Stadhuis, zaal 2"
    check(page)
    page.get_by_role("link", name="Nour Proef").first.click()
    page.get_by_role("link", name="Brieven", exact=True).click()
    page.get_by_role("table", name="Brieven").wait_for()
    check(page)


def test_on_paper_a_list_is_a_table_without_what_can_only_be_pressed(als, adres):
    page = als("Fatma Yildiz")
    page.set_viewport_size({"width": 700, "height": 1000})  # what a sheet of A4 is wide
    page.goto(f"{adres}/werklijst/?tab=team")
    kop, tabs = page.locator("thead").first, page.get_by_label("Welke taken")
    stijl = "one => getComputedStyle(one).display"
    assert (kop.evaluate(stijl), tabs.is_visible()) == ("block", True)
    page.emulate_media(media="print")
    assert (kop.evaluate(stijl), tabs.is_visible()) == ("table-header-group", False)
    assert page.locator("td.tabel__knop").first.is_hidden()
    assert sideways(page) == 0


def test_a_period_is_found_and_its_clock_stopped_and_every_page_on_the_way_reads_well(als):
    page = als("Fatma Yildiz")
    page.get_by_role("link", name="Termijnen", exact=True).click()
    page.get_by_label("Casemanager", exact=True).wait_for()
    page.goto(page.url + "?weken=52&naam=besluit_bezwaar")
    page.get_by_role("table", name="Termijnen en taken").get_by_role(
        "link", name="Besluit op bezwaar"
    ).first.click()
    page.get_by_role("heading", name="Hoe deze dag is berekend").wait_for()
    check(page)
    page.get_by_role("link", name="Termijn stilzetten").click()
    check(page)
    page.get_by_role("button", name="Zet de termijn stil").click()
    page.get_by_role("alert").wait_for()
    check(page)
    page.get_by_label("Vanaf welke dag?").fill("12-01-2026")
    page.get_by_label("Waarom mag dit?").fill("Awb 7:10 lid 2: wacht op stukken")
    page.get_by_role("button", name="Zet de termijn stil").click()
    page.get_by_text("staat stil sinds 12 januari 2026").first.wait_for()
    check(page)
    page.get_by_label("Kruimelpad").get_by_role("link").last.click()
    page.get_by_role("heading", name="Termijnen uit de wet").wait_for()
    check(page)


def test_the_household_of_a_dossier_reads_well(als):
    page = als("Fatma Yildiz")
    page.get_by_role("link", name="Dossiers").click()
    page.get_by_role("link", name="Nour Proef").click()
    page.get_by_role("link", name="Wijzig het gezin").click()
    check(page)
    page.get_by_label("Kind", exact=True).check()
    page.get_by_role("button", name="Leg vast").click()
    page.get_by_role("alert").wait_for()
    check(page)
    page.get_by_label("Naam van het kind").fill("Sami")
    page.get_by_label("Geboortejaar").fill("2022")
    page.get_by_role("button", name="Leg vast").click()
    page.get_by_text("De band is vastgelegd.").wait_for()
    check(page)


def test_a_school_writes_hours_with_the_keyboard_and_every_page_of_it_reads_well(als, adres):
    page = als("Ruud Jansen")
    page.get_by_role("link", name="Uren", exact=True).click()
    check(page)
    page.get_by_label("Uren van Amina Yusuf").fill("veel")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    check(page)
    page.get_by_label("Uren van Amina Yusuf").fill("2,5")
    page.keyboard.press("Enter")
    page.get_by_text("zijn opgeslagen voor 1 persoon").wait_for()
    check(page)
    for pad in ("/uren/maand", "/uren/bestand"):
        page.goto(adres + pad)
        check(page)
    page.goto(adres + "/uren/maand")
    page.get_by_role("link", name="Amina Yusuf").click()
    page.get_by_role("button", name="Neem terug").wait_for()
    check(page)


def test_findings_of_an_upload_are_drawn_and_listed(page, store, tmp_path, serve):
    put_in_service(store, project_set())
    make_people(store)
    page.goto(serve(build_app(store, tmp_path)) + "/inloggen?volgende=/processen/nieuw")
    page.get_by_role("button", name="Log in als Esther de Boer").click()
    kapot = project_set()["processes/p11-pvt.bpmn"].replace(b'formId="', b'formId="geen-')
    page.get_by_label("Bestanden").set_input_files(
        {"name": "p11-pvt.bpmn", "mimeType": "application/xml", "buffer": kapot}
    )
    page.get_by_role("button", name="Controleer").click()
    page.get_by_role("heading", name="Wat de controle vond").wait_for()
    page.locator(".diagram[data-getekend]").wait_for()
    check(page)


def test_rows_of_a_table_that_come_and_go_in_an_upload_read_well(page, store, tmp_path, serve):
    put_in_service(store, project_set())
    make_people(store)
    page.goto(serve(build_app(store, tmp_path)) + "/inloggen?volgende=/processen/nieuw")
    page.get_by_role("button", name="Log in als Esther de Boer").click()
    tabel = project_set()["processes/rolverdeling.dmn"]
    anders = tabel.replace(b'"rol_werkpartner"', b'"rol_werkbedrijf"')
    page.get_by_label("Bestanden").set_input_files(
        {"name": "rolverdeling.dmn", "mimeType": "application/xml", "buffer": anders}
    )
    page.get_by_role("button", name="Controleer").click()
    page.get_by_role("cell", name="Rol: werkpartner").first.wait_for()
    check(page)


def test_a_badge_in_a_card_on_a_phone_is_as_wide_as_its_word(als, adres):
    page = als("Tom Beheer")
    page.set_viewport_size(PHONE)
    page.goto(adres + "/accounts/")
    badge = page.locator(".tabel .badge").first
    assert badge.bounding_box()["width"] < badge.locator("..").bounding_box()["width"] / 2


def test_the_login_page_reads_well(page, adres):
    page.goto(adres)
    check(page)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    assert page.title().startswith("Fout: ")
    check(page)


def test_choosing_where_a_route_begins_reads_well(page, store, tmp_path, serve):
    put_in_service(store, met_beginnen())
    make_people(store)
    page.goto(serve(build_app(store, tmp_path)) + "/inloggen?volgende=/dossiers/nieuw")
    page.get_by_role("button", name="Log in als Fatma Yildiz").click()
    check(page)
    page.get_by_label("Naam van de inburgeraar").fill("Samir Haddad")
    page.get_by_label("Asielstatushouder", exact=True).check()
    page.get_by_role("button", name="Open het dossier").click()
    page.get_by_role("link", name="Kies hoe de route begint").click()
    check(page)
    page.get_by_label("Verhuisd uit een andere gemeente").check()
    page.get_by_role("button", name="Open het dossier").click()
    page.get_by_role("link", name="overnemen").first.wait_for()


def test_bringing_dossiers_to_another_version_reads_well(als, adres, store):
    renamed = altered(*RENAMED)
    put_in_service(store, {**project_set(), **eigen_ids(renamed)})
    page = als("Esther de Boer")
    page.goto(adres + "/processen/2/migreren/")
    page.get_by_text("“teken” bestaat niet meer in de nieuwe versie.").first.wait_for()
    check(page)
    page.get_by_label("“teken” bestaat niet meer").select_option("onderteken")
    page.get_by_role("button", name="Kijk opnieuw").click()
    page.get_by_label("Waarom gaan deze dossiers over?").fill("Nieuwe afspraken")
    check(page)
    page.get_by_role("button", name="Breng 2 dossiers over").click()
    page.get_by_text("2 dossiers zijn over op versie 2.").wait_for()
    check(page)


def test_a_second_click_while_the_first_is_on_its_way_sends_nothing(als, adres):
    page = als("Fatma Yildiz")
    page.goto(f"{adres}/werklijst/?tab=te-verdelen")
    page.get_by_role("link", name="plan", exact=True).click()
    page.get_by_label("B1").check()
    tegengehouden = page.evaluate(
        """() => {
          const gezien = [];
          window.addEventListener('submit', (event) => gezien.push(event.defaultPrevented));
          const knop = document.querySelector('#formulier .utrecht-button--primary-action');
          knop.click();
          knop.click();
          return gezien;
        }"""
    )
    assert tegengehouden == [False, True]
    page.get_by_role("heading", name="Afgerond: plan").wait_for()
    page.go_back()
    assert page.locator("form[aria-busy]").count() == 0


def test_who_comes_back_and_what_the_other_gemeente_sent_reads_well(als, adres, store):
    def begin(proces, **feiten):
        gegevens = PERSOON | {"naam": "Hana Saleh", "bsn": "111222333"} | feiten
        start = partial(
            dossiers.start_dossier, gegevens=gegevens, proces=proces, by=OPENER, now=BEGIN
        )
        return transact(store.sessions, start)

    boete = {"plicht": "PVT", "soort": "boete", "bedrag": 25, "herroepen": None}
    weg = begin(
        "p19d_overdracht",
        urenNt2=240,
        dagtekening=date(2025, 11, 28),
        nalevingsbesluiten=[{**boete, "gedraging": "PVT (1)"}],
    )
    maak = partial(
        overdrachten.maak_overdracht, dossier_id=weg.id, van="Hoorn", aan="Purmerend",
        gevraagd_op=BEGIN.date(), by=OPENER, now=BEGIN,
    )  # fmt: skip
    transact(store.sessions, maak)
    page = als("Fatma Yildiz")
    page.goto(f"{adres}/dossiers/{weg.id}")
    page.get_by_role("link", name="Open een nieuw dossier").click()
    page.get_by_text("Het nieuwe dossier neemt over").wait_for()
    check(page)
    terug = begin("p19a_verhuizing_in", brpDatumNieuw=date(2026, 1, 5))
    with page.expect_download() as bestand:
        page.goto(f"{adres}/dossiers/{weg.id}/overdracht")
        page.get_by_role("link", name="gegevens").click()
    page.goto(f"{adres}/dossiers/{terug.id}")
    page.get_by_role("heading", name="Perioden in deze gemeente").wait_for()
    check(page)
    page.get_by_role("link", name="Lees de overdracht in").click()
    check(page)
    page.get_by_label("Bestand van de overdracht").set_input_files(bestand.value.path())
    page.get_by_role("button", name="Kijk het bestand na").click()
    page.get_by_role("heading", name="Dit wordt overgenomen").wait_for()
    check(page)
    page.get_by_role("button", name="Neem dit over").click()
    page.get_by_text("De gegevens zijn overgenomen.").wait_for()
