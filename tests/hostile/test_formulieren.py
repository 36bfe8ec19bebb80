"""Every form of forms/, whatever is sent to it: an answer in words, and text that stays text."""

from functools import partial

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from routeflow import forms
from routeflow.commands import dossiers
from routeflow.errors import Invalid
from routeflow.store import open_store, read, transact
from routeflow.store.models import Taak
from support import bpmn
from support.huis import BEGIN, OPENER, build_app, make_people, project_set, put_in_service
from support.klein import person
from support.onzin import TEKSTEN, WAARDEN
from support.pagina import wrong_on
from support.programma import Programma

MARK = "indringer"
FORMULIEREN = sorted(
    pad.removeprefix("forms/").removesuffix(".form") for pad in project_set() if "forms/" in pad
)
GEMEEN = {
    "markup": f"<{MARK}>\"'><script>{MARK}()</script>{{{{7*7}}}}{{%raise%}}${{7*7}}</textarea>",
    "stuurtekens": "a\x1b[31m\x07\r\nb\u202e",
    "getal van 400 cijfers": "9" * 400,
}


def velden_van(formulier):
    """The names under which a browser sends the fields, those in the first row of a list too."""
    return [
        naam
        for veld in formulier.alle
        for naam in (
            [f"{veld.key}.0.{binnen.key}" for binnen in veld.velden] if veld.velden else [veld.key]
        )
        if naam
    ]


def geladen(naam):
    return forms.load(project_set()[f"forms/{naam}.form"])


@pytest.mark.parametrize("naam", FORMULIEREN)
def test_nonsense_in_any_one_field_is_answered_in_sentences(naam):
    formulier = geladen(naam)
    gevraagd = velden_van(formulier)
    for veld in gevraagd:
        for onzin in TEKSTEN.values():
            geantwoord(formulier, MultiDict({"csrf_token": "x", veld: onzin[:200_000]}))
    for veld in {een.key for een in formulier.alle if een.key}:
        for onzin in WAARDEN.values():
            geantwoord(formulier, {veld: onzin})
    geantwoord(
        formulier, MultiDict([("csrf_token", "x"), *((veld, "a") for veld in gevraagd * 300)])
    )
    geantwoord(
        formulier, MultiDict({"csrf_token": "x", **{f"x{n}.{n}.y": "a" for n in range(2000)}})
    )


def geantwoord(formulier, rauw):
    try:
        antwoorden = forms.validate(
            formulier, rauw, {}, now=BEGIN, functions={"termijn": lambda *_: None}
        )
    except Invalid as onjuist:
        zinnen = [str(onjuist), *onjuist.fouten.values()]
        assert all(zin.endswith(".") and len(zin) < 2000 for zin in zinnen)
    else:
        assert set(antwoorden.feiten) | set(antwoorden.taak) <= {
            een.key for een in formulier.alle
        } | {een.sleutel for een in formulier.alle if hasattr(een, "sleutel")}


def tekening(proces, namen):
    """A diagram in which these forms lie open side by side."""
    stappen = {naam: f"stap_{naam.replace('-', '_')}" for naam in namen}
    return bpmn.draw(
        proces,
        bpmn.lanes(f"{proces}_banen", casemanager=list(stappen.values())),
        bpmn.start(f"{proces}_s"),
        bpmn.parallel(f"{proces}_uit"),
        *(person(stap, form=naam) for naam, stap in stappen.items()),
        bpmn.parallel(f"{proces}_samen"),
        bpmn.end(f"{proces}_e"),
        bpmn.path(f"{proces}_s > {proces}_uit"),
        *(bpmn.path(f"{proces}_uit > {stap} > {proces}_samen") for stap in stappen.values()),
        bpmn.path(f"{proces}_samen > {proces}_e"),
    )


@pytest.fixture(scope="module")
def plek(tmp_path_factory, _databases):
    """Dossiers in which every form of the project lies open as a taak of the casemanager."""
    groepen = {f"g{van}": FORMULIEREN[van : van + 15] for van in range(0, len(FORMULIEREN), 15)}
    rest = {pad: data for pad, data in project_set().items() if not pad.endswith(".bpmn")}
    tekeningen = {f"processes/{naam}.bpmn": tekening(naam, deel) for naam, deel in groepen.items()}
    store = open_store(_databases.migrated())
    put_in_service(store, {**rest, **tekeningen})
    tokens = make_people(store)
    gegevens = {"naam": "Amina", "doelgroep": "asielstatushouder", "leerroute": "B1"}
    for proces in groepen:
        start = partial(
            dossiers.start_dossier, gegevens=gegevens, proces=proces, by=OPENER, now=BEGIN
        )
        transact(store.sessions, start)
    taken = read(
        store.sessions,
        lambda session: {taak.formulier: taak.id for taak in session.scalars(select(Taak))},
    )
    yield build_app(store, tmp_path_factory.mktemp("huis")), store, tokens, taken
    store.close()


def test_every_form_of_the_project_is_tried(plek):
    assert sorted(plek[3]) == FORMULIEREN


def test_nonsense_in_a_whole_form_is_kept_shown_and_refused_as_text(plek, als):
    app, store, _, taken = plek
    fatma, wrong = als((app, store), "fatma"), []
    for naam, taak in taken.items():
        velden = velden_van(geladen(naam))
        bewaard = fatma.post(
            f"/taken/{taak}", {**dict.fromkeys(velden, GEMEEN["markup"]), "actie": "concept"}
        )
        blad = fatma.get(f"/taken/{taak}")
        if (bewaard.status_code, blad.status_code) != (303, 200) or wrong_on(blad, MARK):
            wrong.append((naam, bewaard.status_code, blad.status_code, wrong_on(blad, MARK)))
        if velden and not ("{{7*7}}" in blad.text or MARK not in blad.text):
            wrong.append((naam, "template"))
        for soort in ("getal van 400 cijfers", "stuurtekens"):
            gestuurd = fatma.post(f"/taken/{taak}", dict.fromkeys(velden, GEMEEN[soort]))
            if gestuurd.status_code not in {303, 409, 422} or wrong_on(gestuurd, MARK):
                wrong.append((naam, soort, gestuurd.status_code, wrong_on(gestuurd, MARK)))
    assert wrong == []


def test_nonsense_of_a_program_is_refused_in_words(plek):
    app, _, tokens, taken = plek
    programma, wrong = Programma(app, tokens), []
    for naam, taak in taken.items():
        gevraagd = [veld.key for veld in geladen(naam).alle if veld.key]
        for soort in ("lijsten", "half teken"):
            lijf = {"antwoorden": dict.fromkeys(gevraagd, WAARDEN[soort])}
            antwoord = programma.call("fatma", "POST", f"/taken/{taak}/voltooien", lijf)
            if antwoord.status_code not in {200, 409, 422}:
                wrong.append((naam, soort, antwoord.status_code, antwoord.text[:200]))
    assert wrong == []


def test_what_was_answered_stays_text_on_every_page_of_the_dossier(plek, als):
    app, store, _, taken = plek
    fatma = als((app, store), "fatma")
    rijen = read(store.sessions, lambda session: session.scalars(select(Taak.dossier_id)).all())
    for dossier in sorted(set(rijen)):
        for deel in ("", "/gegevens", "/journaal", "/schema", "/brieven"):
            antwoord = fatma.get(f"/dossiers/{dossier}{deel}")
            assert antwoord.status_code == 200, deel
            assert wrong_on(antwoord, MARK) == [], deel
    assert len(taken) == len(FORMULIEREN)
