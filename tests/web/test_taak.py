"""A taak from the werklijst to what comes after it, without JavaScript."""

import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from routeflow.commands import berichten, dossiers
from routeflow.commands.advance import WERKER
from routeflow.store import transact
from routeflow.store.models import Taak
from support.huis import BEGIN, OPENER, put_in_service
from support.klein import met_beginnen


def test_the_werklijst_says_how_long_is_left_and_why(huis):
    tekst = huis.als("fatma").get("/werklijst/?tab=te-verdelen").text
    assert re.search(r"nog \d+ (dagen|weken)", tekst)
    assert "Besluit" in tekst  # the article of the PIP term
    assert 'aria-label="Welke taken"' in tekst


def test_picking_up_a_taak_moves_it_to_my_own(huis):
    browser = huis.als("fatma")
    assert "U heeft geen taken" in browser.get("/werklijst/").text
    antwoord = browser.post(f"/werklijst/{huis.taken['plan']}/claim", {"terug": "/werklijst/"})
    assert antwoord.location == "/werklijst/"
    assert "u</td>" in browser.get("/werklijst/").text
    browser.post(f"/werklijst/{huis.taken['plan']}/vrijgeven")
    assert "U heeft geen taken" in browser.get("/werklijst/").text


def test_who_has_no_taken_is_led_to_those_of_the_team(huis):
    tekst = huis.als("marjan").get("/werklijst/").text
    assert "U heeft geen taken. Het team heeft er 3." in tekst
    assert 'href="/werklijst/?tab=team">Bekijk de taken van het team' in tekst


def test_the_filters_stand_in_the_address_and_can_be_taken_off_one_by_one(huis):
    tekst = huis.als("fatma").get("/werklijst/?tab=team&onderdeel=MAP&zoek=amina").text
    assert tekst.count("<tr data-rij") == 1
    assert ">meld_uren</a>" in tekst
    assert "/werklijst/?tab=team&amp;zoek=amina" in tekst
    assert "/werklijst/?tab=team&amp;onderdeel=MAP" in tekst


def test_a_page_beyond_the_last_shows_the_last(huis):
    assert "data-rij" in huis.als("fatma").get("/werklijst/?tab=team&pagina=99").text


def test_a_wrong_answer_keeps_what_was_typed_and_says_what_to_mend(huis):
    pad = f"/taken/{huis.taken['plan']}"
    antwoord = huis.als("fatma").post(pad, {"leerroute": "", "opmerking": "Belt morgen terug"})
    assert antwoord.status_code == 422
    assert "<title>Fout: " in antwoord.text
    assert 'href="#veld-leerroute"' in antwoord.text
    assert "Belt morgen terug" in antwoord.text


def test_after_finishing_the_page_says_what_comes_next_and_who_does_it(huis):
    browser = huis.als("fatma")
    antwoord = browser.post(f"/taken/{huis.taken['plan']}", {"leerroute": "Z"})
    assert antwoord.location == f"/taken/{huis.taken['plan']}/klaar"
    assert "Afgerond: " in browser.get(antwoord.location).text


def test_where_no_step_comes_next_the_page_says_for_what_the_route_waits_and_until_when(huis):
    browser = huis.als("fatma")
    dag = f"{BEGIN.date() + timedelta(days=30):%-d}"
    eerder = update(Taak).values(geopend_op=BEGIN - timedelta(days=1))
    transact(huis.store.sessions, lambda session: session.execute(eerder))
    antwoord = browser.post(f"/taken/{huis.taken['teken']}", {"getekend": "ja"})
    pagina = re.sub(r"<[^>]+>", " ", browser.get(antwoord.location).text)
    assert "De route wacht hierop" in pagina
    assert re.search(rf"{dag} februari 2026\s+uren_blijven_uit", pagina)
    assert re.search(r"als deze taak klaar is\s+meld_uren", pagina)
    assert "een datum, een bericht of een andere taak" not in pagina


def test_a_taak_that_is_done_says_whether_it_was_in_time_and_counts_no_days(huis):
    pad = f"/taken/{huis.taken['plan']}"
    marjan = huis.als("marjan")
    assert re.search(r"nog \d+ (dagen|weken)", marjan.get(pad).text)
    huis.als("fatma").post(pad, {"leerroute": "Z"})
    tekst = marjan.get(pad).text
    assert "op tijd gedaan" in tekst
    assert not re.search(r"nog \d+ (dagen|weken)|te laat", tekst)


def test_who_comes_second_reads_who_was_first(huis):
    pad = f"/taken/{huis.taken['meld_uren']}"
    assert huis.als("bram").post(pad, {"urenNt2": "12"}).status_code == 303
    tweede = huis.als("ruud").post(pad, {"urenNt2": "14"})
    assert tweede.status_code == 409
    assert "Bram Hoek" in tweede.text
    assert "afgerond door Bram Hoek" in huis.als("ruud").get(pad).text


def test_a_concept_waits_until_its_writer_comes_back(huis):
    browser = huis.als("fatma")
    pad = f"/taken/{huis.taken['plan']}"
    browser.post(pad, {"opmerking": "Half klaar", "actie": "concept"})
    assert "Half klaar" in browser.get(pad).text
    assert "concept bewaard" in browser.get("/werklijst/").text


def test_a_taak_of_a_colleague_can_be_read_and_not_filled_in(huis):
    huis.als("fatma").post(f"/werklijst/{huis.taken['plan']}/claim")
    tekst = huis.als("marjan").get(f"/taken/{huis.taken['plan']}").text
    assert "U kunt meekijken, maar niet invullen" in tekst
    assert 'name="leerroute"' not in tekst


@pytest.mark.parametrize("actie", ["", "concept"])
def test_who_was_typing_when_a_colleague_picked_it_up_reads_back_what_they_typed(huis, actie):
    pad = f"/taken/{huis.taken['meld_uren']}"
    ruud = huis.als("ruud")
    assert 'name="urenNt2"' in ruud.get(pad).text
    huis.als("bram").post(f"/werklijst/{huis.taken['meld_uren']}/claim")
    antwoord = ruud.post(pad, {"urenNt2": "1417", "actie": actie})
    assert antwoord.status_code == 403
    assert "ligt bij Bram Hoek" in antwoord.text
    assert "Wat u net verstuurde, is niet bewaard." in antwoord.text
    assert re.search(r"niet bewaard\)</h2>.*?<dd[^>]*>1417<", antwoord.text, re.DOTALL)
    geen = huis.als("loes").post(pad, {"urenNt2": "1417", "actie": actie})
    assert (geen.status_code, "niet bewaard" in geen.text) == (403, False)


def test_a_concept_that_comes_after_the_end_is_shown_too(huis):
    pad = f"/taken/{huis.taken['meld_uren']}"
    huis.als("bram").post(pad, {"urenNt2": "12"})
    antwoord = huis.als("ruud").post(pad, {"urenNt2": "1417", "actie": "concept"})
    assert antwoord.status_code == 409
    assert "afgerond door Bram Hoek" in antwoord.text
    assert re.search(r"niet bewaard\)</h2>.*?<dd[^>]*>1417<", antwoord.text, re.DOTALL)


def test_a_partner_reads_who_goes_on_but_not_with_what(huis):
    browser = huis.als("bram")
    antwoord = browser.post(f"/taken/{huis.taken['meld_uren']}", {"urenNt2": "12"})
    tekst = browser.get(antwoord.location).text
    assert "Wat er nu gebeurt" in tekst
    assert "onderzoek" not in tekst


def test_the_button_for_a_suspicion_is_only_at_a_late_taak_of_the_inburgeraar(huis):
    browser = huis.als("fatma")
    assert "Meld een vermoeden" not in browser.get(f"/taken/{huis.taken['teken']}").text
    antwoord = browser.get(f"/taken/{huis.taken['teken']}/vermoeden")
    assert antwoord.status_code == 409
    assert "te laat is" in antwoord.text


def test_a_suspicion_offers_what_fits_first_and_nothing_that_cannot_be(huis):
    fatma, teken = huis.als("fatma"), huis.taken["teken"]
    laat = update(Taak).where(Taak.id == teken).values(uiterlijk=BEGIN.date() - timedelta(9))
    transact(huis.store.sessions, lambda session: session.execute(laat))
    pad = f"/taken/{teken}/vermoeden"
    pagina = fatma.get(pad).text
    keuzen = re.findall(r'name="plicht" value="(\w+)"', pagina)
    assert keuzen == ["begeleiding", "intake", "PVT", "MAP", "leerroute"]
    assert "begeleiding (past bij deze stap)" in pagina
    assert "Ontzorgen: Er is geen bijstand (Participatiewet 56a)." in pagina
    fout = fatma.post(pad, {"plicht": "ontzorgen", "toelichting": "Gebeld met tolk."})
    assert fout.status_code == 422
    assert "Er is geen bijstand." in fout.text
    assert "Gebeld met tolk." in fout.text


def test_a_message_is_asked_field_by_field_and_kept_once(huis):
    browser = huis.als("fatma")
    pad = f"/dossiers/{huis.dossier}/bericht"
    vraag = browser.get(f"{pad}?bericht=SS131").text
    assert 'name="lbtResultaat"' in vraag
    stuur = partial(
        browser.post, pad, {"bericht": "SS131", "bericht_id": "hand-1", "lbtDatum": "05-01-2026"}
    )
    assert [stuur().status_code, stuur().status_code] == [303, 303]
    fout = browser.post(pad, {"bericht": "SS131", "lbtDatum": "vorige week"})
    assert fout.status_code == 422
    assert "dag-maand-jaar" in fout.text


def test_the_casemanager_is_chosen_from_who_they_are(huis):
    browser = huis.als("marjan")
    pad = f"/dossiers/{huis.dossier}/casemanager"
    assert "Fatma Yildiz" in browser.get(pad).text
    assert browser.post(pad, {"casemanager": "fatma", "reden": "Verlof"}).status_code == 303
    assert "Casemanager: Fatma Yildiz" in browser.get(f"/dossiers/{huis.dossier}").text


def test_a_dossier_says_what_is_done_what_is_now_and_what_is_expected(huis):
    browser = huis.als("fatma")
    browser.post(f"/taken/{huis.taken['plan']}", {"leerroute": "B1"})
    tekst = browser.get(f"/dossiers/{huis.dossier}").text
    assert tekst.index("kop-nu") < tekst.index("kop-straks") < tekst.index("kop-gedaan")
    assert "Fatma Yildiz" in tekst
    assert "stap--klaar" in browser.get(f"/dossiers/{huis.dossier}/schema").text


def test_a_new_dossier_starts_its_route_or_says_what_is_missing(huis):
    browser = huis.als("fatma")
    fout = browser.post("/dossiers/nieuw", {"naam": "Nour Proef", "bsn": "123"})
    assert fout.status_code == 422
    assert 'value="Nour Proef"' in fout.text
    assert "elfproef" in fout.text


def test_who_clicks_twice_sees_what_happened_and_no_reproach(huis):
    browser = huis.als("fatma")
    pad = f"/taken/{huis.taken['plan']}"
    for _ in range(2):
        assert browser.post(pad, {"leerroute": "Z"}).location == f"{pad}/klaar"
    assert "U rondde deze taak al af" in browser.get(f"{pad}/klaar").text


def test_who_sends_something_else_the_second_time_is_not_told_that_it_was_kept(huis):
    pad = f"/taken/{huis.taken['meld_uren']}"
    browser = huis.als("bram")
    assert browser.post(pad, {"urenNt2": "12"}).status_code == 303
    assert browser.post(pad, {"urenNt2": "12,0"}).status_code == 303
    anders = browser.post(pad, {"urenNt2": "14"})
    assert anders.status_code == 409
    assert "Wat u net verstuurde, is niet bewaard" in anders.text
    assert browser.post(pad, {"urenNt2": "veel"}).status_code == 409


def test_who_comes_second_can_still_read_and_copy_what_they_typed(huis):
    pad = f"/taken/{huis.taken['meld_uren']}"
    huis.als("bram").post(pad, {"urenNt2": "12"})
    tekst = huis.als("ruud").post(pad, {"urenNt2": "14"}).text
    assert "Wat u net verstuurde, is niet bewaard" in tekst
    assert re.search(r"niet bewaard\)</h2>.*?<dd[^>]*>14<", tekst, re.DOTALL)
    assert re.search(r"Wat hier is ingevuld</h2>.*?<dd[^>]*>12<", tekst, re.DOTALL)


def test_a_taak_that_is_done_shows_what_was_filled_in(huis):
    pad = f"/taken/{huis.taken['plan']}"
    browser = huis.als("fatma")
    browser.post(pad, {"leerroute": "Z", "opmerking": "Wil in de zorg werken"})
    assert f'href="{pad}"' in browser.get(f"/dossiers/{huis.dossier}").text
    tekst = browser.get(pad).text
    assert "Wil in de zorg werken" in tekst
    assert "U kunt meekijken" not in tekst


def test_what_was_changed_later_stands_beside_what_was_filled_in(huis):
    pad = f"/taken/{huis.taken['plan']}"
    huis.als("fatma").post(pad, {"leerroute": "Z"})
    wijzig = partial(
        dossiers.wijzig_feiten, dossier_id=huis.dossier, feiten={"leerroute": "B1"},
        reden="Vergist", by=OPENER, now=BEGIN + timedelta(days=1),
    )  # fmt: skip
    transact(huis.store.sessions, wijzig)
    tekst = huis.als("fatma").get(pad).text
    assert re.search(r"<dd[^>]*>Z[^<]*<br>.*?Later veranderd in: B1", tekst, re.DOTALL)


def test_a_refusal_that_is_nobodys_doing_does_not_say_that_somebody_was_first(huis):
    antwoord = huis.als("fatma").get(f"/taken/{huis.taken['teken']}/vermoeden")
    assert "Dit kan nu niet" in antwoord.text
    assert "Iemand was u voor" not in antwoord.text


def test_who_opens_a_dossier_chooses_the_start_where_there_are_more(huis):
    browser = huis.als("fatma")
    assert "Hoe begint de route" not in browser.get("/dossiers/nieuw").text
    put_in_service(huis.store, met_beginnen())
    pagina = browser.get("/dossiers/nieuw").text
    assert "Hoe begint de route van een asielstatushouder?" in pagina
    assert "Hoe begint de route van een gezinsmigrant?" not in pagina
    nieuw = {"naam": "Nour Proef", "doelgroep": "asielstatushouder"}
    fout = browser.post("/dossiers/nieuw", nieuw)
    assert fout.status_code == 422
    assert 'href="#begin_asielstatushouder"' in fout.text
    assert 'value="verhuisd"' in fout.text
    goed = browser.post("/dossiers/nieuw", {**nieuw, "begin_asielstatushouder": "verhuisd"})
    assert goed.status_code == 303
    assert "overnemen" in browser.get(goed.location).text


def test_a_dossier_that_one_page_sends_twice_is_opened_once(huis):
    """Twice at once, or once more after the answer got lost on its way."""
    put_in_service(huis.store, met_beginnen())
    browser = huis.als("fatma")
    pagina = re.search(r'name="pagina" value="([^"]+)"', browser.get("/dossiers/nieuw").text)[1]
    nieuw = {"naam": "Nour Proef", "doelgroep": "gezinsmigrant", "pagina": pagina}
    een, twee = (browser.post("/dossiers/nieuw", nieuw) for _ in range(2))
    assert (een.status_code, een.location) == (303, twee.location)
    ander = browser.post("/dossiers/nieuw", {**nieuw, "naam": "Selam Proef"})
    assert ander.status_code == 303
    assert ander.location != een.location


@pytest.mark.parametrize("pagina", ["niets", "x" * 5000, "\U0001f600" * 36])
def test_a_page_with_a_mark_that_is_none_of_ours_opens_a_dossier_as_ever(huis, pagina):
    put_in_service(huis.store, met_beginnen())
    nieuw = {"naam": "Nour Proef", "doelgroep": "gezinsmigrant", "pagina": pagina}
    assert huis.als("fatma").post("/dossiers/nieuw", nieuw).status_code == 303


def test_another_message_sent_from_a_page_that_went_before_is_asked_again_and_not_lost(huis):
    browser = huis.als("fatma")
    plek = f"/dossiers/{huis.dossier}/bericht"
    pagina = browser.get(f"{plek}?bericht=SS131").text
    ident = re.search(r'name="bericht_id" value="([^"]+)"', pagina)[1]
    bericht = {"bericht": "SS131", "bericht_id": ident, "lbtResultaat": "B1 haalbaar"}
    assert [browser.post(plek, bericht).status_code for _ in range(2)] == [303, 303]
    anders = browser.post(plek, {**bericht, "lbtResultaat": "A2 haalbaar"})
    assert anders.status_code == 409
    assert "al een ander bericht" in anders.text
    nieuw = re.search(r'name="bericht_id" value="([^"]+)"', anders.text)[1]
    opnieuw = {**bericht, "lbtResultaat": "A2 haalbaar", "bericht_id": nieuw}
    assert browser.post(plek, opnieuw).status_code == 303


def test_who_chose_a_start_and_made_another_mistake_keeps_the_choice(huis):
    put_in_service(huis.store, met_beginnen())
    keuze = {"doelgroep": "asielstatushouder", "begin_asielstatushouder": "verhuisd"}
    fout = huis.als("fatma").post("/dossiers/nieuw", keuze)
    assert 'value="verhuisd" checked' in fout.text
    gezin = {"naam": "Elif", "doelgroep": "gezinsmigrant", "begin_asielstatushouder": "verhuisd"}
    assert huis.als("fatma").post("/dossiers/nieuw", gezin).status_code == 303


def test_a_message_that_ends_the_plicht_is_confirmed_first(huis):
    browser = huis.als("fatma")
    pad = f"/dossiers/{huis.dossier}/bericht"
    vraag = browser.get(f"{pad}?bericht=SS110").text
    assert "Met dit bericht eindigt de plicht van Amina Yusuf." in vraag
    assert "SS110) – de route wacht hierop" not in vraag
    data = {"bericht": "SS110", "bericht_id": "hand-2"}
    zonder = browser.post(pad, data)
    assert zonder.status_code == 422
    assert "Kruis aan dat u het bericht heeft gezien." in zonder.text
    assert browser.post(pad, data | {"zeker": "ja"}).status_code == 303


def test_a_dossier_that_exists_is_told_at_the_field_and_the_rest_stays(huis):
    browser = huis.als("fatma")
    data = {"naam": "Nog Eens", "doelgroep": "asielstatushouder", "bsn": "999900006"}
    antwoord = browser.post("/dossiers/nieuw", data)
    assert antwoord.status_code == 409
    assert 'id="bsn-fout">Er is al een dossier met dit BSN' in antwoord.text
    assert "Nog Eens" in antwoord.text


def test_a_message_with_nothing_in_it_is_not_kept_and_says_so(huis):
    antwoord = huis.als("fatma").post(f"/dossiers/{huis.dossier}/bericht", {"bericht": "SS131"})
    assert antwoord.status_code == 422
    assert "Vul in wat er in het bericht staat." in antwoord.text


def test_the_journal_tells_who_wrote_a_message_down(huis):
    fatma = huis.als("fatma")
    data = {"bericht": "SS131", "lbtDatum": "05-01-2026"}
    assert fatma.post(f"/dossiers/{huis.dossier}/bericht", data).status_code == 303

    def bezorg(session):
        for wacht in berichten.due(session, BEGIN + timedelta(minutes=1)):
            berichten.deliver_bericht(session, wacht, by=WERKER, now=BEGIN + timedelta(minutes=1))

    transact(huis.store.sessions, bezorg)
    journaal = fatma.get(f"/dossiers/{huis.dossier}/journaal").text
    assert "uitslag van de leerbaarheidstoets (SS131) (vastgelegd door Fatma Yildiz)" in journaal
