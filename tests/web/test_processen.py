"""Publishing by a process owner: choose, check, publish, and nothing by accident."""

import base64
import io
import json
import re
import tracemalloc
import zipfile
from html import unescape

import pytest

from routeflow.web import processen
from support.formulieren import formulier, opties, veld
from support.klein import klein

PAD = "forms/plan.form"


def ander_formulier(label="Nieuwe vraag"):
    schema = json.loads(klein()[PAD])
    schema["components"][1]["label"] = label
    return json.dumps(schema).encode()


def kies(browser, **bestanden):
    geladen = [(io.BytesIO(inhoud), naam.replace("_", ".")) for naam, inhoud in bestanden.items()]
    return browser.post("/processen/nieuw", {"bestanden": geladen})


def concept_van(antwoord):
    return re.search(r'name="concept" value="([^"]+)"', antwoord.text)[1]


def publiceer(browser, concept, reden="Vraag toegevoegd"):
    return browser.post("/processen/publiceer", {"concept": concept, "reden": reden})


@pytest.fixture
def esther(huis):
    return huis.als("esther")


def test_a_checked_set_is_published_with_a_reason(esther):
    gecontroleerd = kies(esther, plan_form=ander_formulier())
    assert "forms/plan.form" in gecontroleerd.text
    assert publiceer(esther, concept_van(gecontroleerd)).status_code == 303
    tekst = esther.get("/processen/").text
    assert "Versie 2 is in gebruik" in tekst
    assert "Vraag toegevoegd" in tekst
    assert "Nieuwe vraag" in esther.get("/processen/2/formulier/plan").text
    assert "Nieuwe vraag" not in esther.get("/processen/1/formulier/plan").text


def test_a_question_that_a_rule_asks_says_when_it_is_not_required(esther):
    vraag = veld("textfield", "waarom", properties={"verplichtTenzij": "de uitkomst niets is"})
    leerroute = veld("radio", "leerroute", verplicht=True, **opties("B1", "onderwijsroute", "Z"))
    nieuw = formulier(leerroute, vraag, veld("textfield", "los"), id="plan")
    publiceer(esther, concept_van(kies(esther, plan_form=nieuw)))
    tekst = esther.get("/processen/2/formulier/plan").text
    assert "(verplicht, tenzij de uitkomst niets is)" in tekst
    assert tekst.count("(niet verplicht)") == 1


def test_who_clicks_publish_twice_publishes_once_and_hears_that_it_is_done(esther):
    concept = concept_van(kies(esther, plan_form=ander_formulier()))
    assert [publiceer(esther, concept).status_code for _ in range(2)] == [303, 303]
    assert "Versie 2 is in gebruik" in esther.get("/processen/").text
    assert esther.get("/processen/3/formulier/plan").status_code == 404


def test_who_judged_on_an_older_version_does_not_undo_what_came_after_it(esther):
    een = concept_van(kies(esther, plan_form=ander_formulier()))
    twee = concept_van(kies(esther, teken_form=formulier(veld("textfield", "anders"), id="teken")))
    assert publiceer(esther, een).status_code == 303
    antwoord = publiceer(esther, twee)
    assert antwoord.status_code == 409
    assert "Intussen is een andere versie gepubliceerd" in antwoord.text


def test_without_a_reason_nothing_is_published_and_the_check_stays(esther):
    antwoord = publiceer(esther, concept_van(kies(esther, plan_form=ander_formulier())), reden="")
    assert antwoord.status_code == 422
    assert "Schrijf in een zin wat er verandert" in antwoord.text
    assert concept_van(antwoord)
    assert "Versie 1 is in gebruik" in esther.get("/processen/").text


def test_findings_are_listed_by_step_and_drawn_and_block_publishing(esther):
    kapot = klein()["processes/klein.bpmn"].replace(b"termijn(", b"termijn(&amp;")
    antwoord = kies(esther, klein_bpmn=kapot)
    assert "eerst anders" in antwoord.text
    assert "data-bpmn" in antwoord.text
    assert 'name="concept"' not in antwoord.text


def test_what_must_be_mended_comes_before_what_changes_and_faults_before_warnings(esther):
    kapot = klein()["processes/klein.bpmn"].replace(b"termijn(", b"termijn(&amp;")
    stuk, goed = kies(esther, klein_bpmn=kapot).text, kies(esther, plan_form=ander_formulier()).text
    assert stuk.index('id="kop-bevindingen"') < stuk.index('id="kop-anders"')
    ernst = re.findall(r'data-label="Ernst"><span[^>]*>(\w+)<', stuk)
    assert ernst == sorted(ernst)
    assert "fout" in ernst
    assert goed.index('id="kop-anders"') < goed.index("Publiceer")
    assert goed.count('id="kop-anders"') == 1


def test_files_that_did_not_change_are_nothing_to_publish(esther):
    antwoord = kies(esther, plan_form=klein()[PAD])
    assert "Er is niets te publiceren" in antwoord.text
    assert 'name="concept"' not in antwoord.text


def test_a_check_of_another_person_or_changed_on_the_way_is_refused(huis, esther):
    concept = concept_van(kies(esther, plan_form=ander_formulier()))
    andere = concept[:-27] + concept[-27:].swapcase()
    assert publiceer(esther, andere).status_code == 409
    assert publiceer(huis.als("tom"), concept).status_code == 403


def test_a_version_that_came_between_check_and_publishing_stops_it(esther):
    eerste = concept_van(kies(esther, plan_form=ander_formulier("Een")))
    tweede = concept_van(kies(esther, plan_form=ander_formulier("Twee")))
    assert publiceer(esther, eerste).status_code == 303
    antwoord = publiceer(esther, tweede)
    assert antwoord.status_code == 409
    assert "andere versie gepubliceerd" in antwoord.text


def test_what_is_downloaded_is_what_was_published(esther):
    with zipfile.ZipFile(io.BytesIO(esther.get("/processen/1.zip").data)) as archief:
        bestanden = {naam: archief.read(naam) for naam in archief.namelist()}
    assert {naam: bestanden[naam] for naam in klein()} == klein()


def test_element_templates_travel_with_the_set(esther):
    gecontroleerd = kies(esther, eigen_json=b"[]")
    assert "processes/element-templates/eigen.json" in gecontroleerd.text
    publiceer(esther, concept_van(gecontroleerd))
    with zipfile.ZipFile(io.BytesIO(esther.get("/processen/2.zip").data)) as archief:
        assert "processes/element-templates/eigen.json" in archief.namelist()


def test_a_downloaded_set_can_be_uploaded_whole(esther):
    inhoud = esther.get("/processen/1.zip").data
    antwoord = kies(esther, set_zip=inhoud)
    assert "Er is niets te publiceren" in antwoord.text


def ingepakt(*delen, hoe=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archief:
        for naam, inhoud in delen:
            archief.writestr(zipfile.ZipInfo(naam), inhoud, hoe)
    return buffer.getvalue()


@pytest.mark.parametrize("hoe", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_unpacks_all_at_once_is_refused_before_it_does(esther, hoe):
    bom = ingepakt(("processes/x.bpmn", b"\0" * 50_000_000), hoe=hoe)
    tracemalloc.start()
    try:
        antwoord = kies(esther, set_zip=bom)
        _, meest = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert antwoord.status_code == 422
    assert "ongewone manier" in antwoord.text
    assert meest < 30_000_000


@pytest.mark.parametrize(
    "naam",
    [
        "a\r\nSet-Cookie: x.bpmn", "a\x1b[31m.bpmn", "\u202enpmb.bpmn", "<b>.bpmn", "a" * 101 + ".bpmn",
        "{{7*7}}.bpmn", ".bpmn", " .bpmn", "=cmd.bpmn",
    ],
)  # fmt: skip
def test_a_name_that_is_none_for_a_file_is_refused(esther, naam):
    antwoord = kies(
        esther, set_zip=ingepakt((f"processes/{naam}", klein()["processes/klein.bpmn"]))
    )
    assert antwoord.status_code == 422
    assert "bestand" in antwoord.text
    assert 'name="concept"' not in antwoord.text


@pytest.mark.parametrize("namen", [("a.bpmn", "A.bpmn"), ("é.bpmn", "e\u0301.bpmn")])
def test_names_that_are_one_name_on_another_machine_are_refused(esther, namen):
    inhoud = klein()["processes/klein.bpmn"]
    antwoord = kies(esther, set_zip=ingepakt(*((naam, inhoud) for naam in namen)))
    assert antwoord.status_code == 422
    assert "twee keer" in antwoord.text


def test_a_draft_survives_its_trip_through_the_page(huis):
    with huis.app.test_request_context("/processen/nieuw"):
        from flask import g  # noqa: PLC0415 - belongs to the request

        from support.huis import OPENER  # noqa: PLC0415

        g.actor = OPENER
        anders = {PAD: b"x" * 1000, "processes/a.bpmn": b"\x00\xff"}
        assert processen._open_concept(processen._sluit_concept(7, anders)) == (7, anders)  # noqa: SLF001


def test_a_decision_table_reads_as_sentences(esther):
    tekst = esther.get("/processen/1/tabel/processes/rolverdeling.dmn").text
    assert "De eerste regel die past, geldt." in tekst
    assert "casemanager of teamleider" in tekst
    assert "Vluchtelingenwerk" in tekst


def test_what_changes_is_told_before_publishing_and_can_be_read_back_after_it(esther):
    gecontroleerd = kies(esther, plan_form=ander_formulier())
    publiceer(esther, concept_van(gecontroleerd))
    later = esther.get("/processen/2/verschillen").text
    for tekst in (gecontroleerd.text, later):
        assert re.search(r"Veld “Opmerking”.*?naam.*?Opmerking.*?Nieuwe vraag", tekst, re.DOTALL)
    assert 'href="/processen/2/verschillen"' in esther.get("/processen/").text
    assert "Dit is de eerste versie" in esther.get("/processen/1/verschillen").text
    assert esther.get("/processen/3/verschillen").status_code == 404


def test_a_row_or_question_that_comes_or_goes_is_told_with_what_it_holds(esther):
    tabel = klein()["processes/rolverdeling.dmn"]
    korter = re.sub(rb'<rule id="rol_werkpartner">.*?</rule>', b"", tabel, flags=re.DOTALL)
    vraag = {"type": "textfield", "key": "reden", "label": "Reden", "validate": {"required": True}}
    schema = json.loads(klein()[PAD])
    schema["components"].append(vraag)
    gecontroleerd = kies(esther, rolverdeling_dmn=korter, plan_form=json.dumps(schema).encode())
    tekst = " ".join(re.sub(r"<[^>]+>", " ", gecontroleerd.text).split())
    assert "Regel 2 weg Rol: werkpartner → Partij: Werkom; Samen met: leeg" in tekst
    assert "(uitleg: Beleidsplan 5.1" in tekst
    assert "Veld “Reden” nieuw" in tekst
    assert "gegeven: reden; naam: Reden; verplicht: ja" in tekst


def test_a_warning_is_no_green_light(esther):
    twijfel = klein()["processes/klein.bpmn"].replace(b"=leerroute", b"=leerruote")
    tekst = kies(esther, klein_bpmn=twijfel).text
    assert re.search(r"geen fouten, maar wel \d+ waarschuwing", tekst)
    assert "Bedoelde u leerroute?" in tekst
    assert 'name="concept"' in tekst


def test_an_element_with_a_fault_and_a_warning_is_marked_as_a_fault_with_both_texts(esther):
    eerst = klein()["processes/klein.bpmn"]
    taak = re.search(rb'<bpmn:userTask id="(\w+)" name="[^"]*"', eerst)
    slecht = f'<bpmn:userTask id="{taak[1].decode()}" name="Bel ${{naam}}" onbekend="ja"'.encode()
    tekst = kies(esther, klein_bpmn=eerst.replace(taak[0], slecht)).text
    merken = json.loads(unescape(re.search(r'data-status="([^"]+)"', tekst)[1]))
    assert tekst.count("Wat de controle vond, staat hierboven.") == 2
    merk = merken[taak[1].decode()]
    assert merk["status"] == "fout"
    assert "Het kenmerk onbekend" in merk["tekst"]
    assert "wordt niet ingevuld" in merk["tekst"]


def test_a_bpmn_file_with_the_name_of_another_tool_is_told_its_name(esther):
    naam = "klein_bpmn20_xml"
    assert (
        "naam die eindigt op .bpmn" in kies(esther, **{naam: klein()["processes/klein.bpmn"]}).text
    )


def test_a_file_that_cannot_be_read_comes_before_all_that_follows_from_it(esther):
    tekst = kies(esther, klein_bpmn=klein()["processes/klein.bpmn"][:900]).text
    assert "1 punt moet" in tekst
    assert "De rest van de controle volgt" in tekst


@pytest.mark.parametrize(
    ("zegt", "is_"),
    [
        ("UTF-16", "utf-16"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("UTF-8", "utf-8"),
    ],
)
def test_a_diagram_of_any_encoding_is_drawn_with_its_own_letters(esther, zegt, is_):
    bron = klein()["processes/klein.bpmn"].decode().replace('name="plan"', 'name="Één pïp"')
    kapot = bron.replace("termijn(", "termijn(&amp;")
    for tekst in (bron, kapot):
        inhoud = tekst.replace('encoding="UTF-8"', f'encoding="{zegt}"').encode(is_)
        pagina = kies(esther, klein_bpmn=inhoud)
        for getekend in re.findall(r"data:application/xml;base64,([\w+/=]+)", pagina.text):
            assert "Één pïp" in base64.b64decode(getekend).decode()
        if 'name="concept"' in pagina.text:
            assert publiceer(esther, concept_van(pagina)).status_code == 303
    assert "Één pïp" in esther.get("/processen/2/proces/klein.bpmn").data.decode()
    assert "Één pïp" in esther.get("/processen/2/proces/klein").text
