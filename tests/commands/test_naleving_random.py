"""Whatever people do in whatever order: the promises of naleving hold (P17, invariants a to g).

Each history is a dossier with somebody's steps that are too late, seven people with the rollen of a
small gemeente, answers at random that lean toward a sanction, and time that passes. The real diagrams,
forms, engine, commands and database; what the product refuses is simply tried and refused.
"""

import random
from decimal import Decimal
from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from routeflow import forms
from routeflow.commands import doctor
from routeflow.errors import Conflict, Invalid, NotAllowed
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.inburgering.sancties import PLAFOND, PLICHTEN_ART_23
from routeflow.store import open_store, read
from routeflow.store.models import Besluitdossier, Taak
from routeflow.worker import run_due
from support import bpmn
from support.formulieren import formulier
from support.klein import person
from support.route import RouteUnderTest, project_files

MENSEN = [
    Actor(naam, GEMEENTE, frozenset(rollen))
    for naam, *rollen in (
        ("Anouk", Rol.CASEMANAGER),
        ("Bilal", Rol.CASEMANAGER, Rol.HANDHAVER),
        ("Chantal", Rol.HANDHAVER),
        ("Dirk", Rol.HANDHAVER, Rol.INKOMENSCONSULENT),
        ("Esra", Rol.TEAMLEIDER),
        ("Femke", Rol.TEAMLEIDER),
        ("Gerrit", Rol.TEAMLEIDER),
    )
]
MELDERS = MENSEN[:2]
STAPPEN = ("les", "les_2", "partner")
LADDER = ("p17_naleving", "p17a_naleving_intake", "p17b_sanctietoets")
SANCTIES = ("boete", "maatregel Participatiewet")
NAAR_SANCTIE = {
    "plichtBegrepen": "ja",
    "oproepGekregen": "ja",
    "verwijt": "ja",
    "hersteld": "nee",
    "contactGelukt": "ja",
    "foutGemeenteOfPartner": "nee",
    "aanhoudendeOnwil": "ja",
    "verlagingBijstand": "nee",
    "plafondBereikt": "nee",
    "mateVanVerwijt": "opzet",
    "uitkomst": "boete",
    "besluit": "boete",
    "besluitBlijft": "ja",
    "boeteBedrag": 50,
    "boeteVoorstel": 50,
    "nieuweTermijnDuo": "nee",
}
NAAR_HULP = {
    "verwijt": "nee",
    "hersteld": "ja",
    "uitkomst": "niets",
    "besluit": "niets",
    "contactGelukt": "ja",
    "besluitBlijft": "nee",
    "betaald": "ja",
    "invordering": "afzien",
    "gekomenInNieuweTermijn": "ja",
    "sanctietoetsGevraagd": "nee",
}


@cache
def verzameling():
    """The project's set, with a route in which three steps are late and a report can come."""
    gegevens = ("gedraging", "gedragingDatum", "plicht", "toelichting", "vermoedenTaak")
    melding = bpmn.event_sub(
        "bij_vermoeden_proef",
        bpmn.start("vermoeden_proef", bpmn.message("vermoeden"), isInterrupting="false"),
        bpmn.call(
            "roep_proef",
            bpmn.called("p17_naleving", propagateAllChildVariables="false"),
            bpmn.mapping(inputs={naam: f"={naam}" for naam in gegevens}),
        ),
        bpmn.end("klaar_proef"),
        bpmn.path("vermoeden_proef > roep_proef > klaar_proef"),
    )
    drawn = bpmn.draw(
        "proef",
        bpmn.lanes("lanes", casemanager=list(STAPPEN)),
        bpmn.start(),
        bpmn.parallel("samen"),
        bpmn.parallel("klaar"),
        bpmn.end(),
        person("les", houder="inburgeraar", due="=today()"),
        person("les_2", houder="inburgeraar", due="=today()"),
        person("partner", houder="partner", due="=today()"),
        melding,
        bpmn.path("s > samen"),
        bpmn.path("klaar > e"),
        *(bpmn.path(f"samen > {stap} > klaar") for stap in STAPPEN),
    )
    erbij = {
        f"forms/{s.replace('_', '-')}.form": formulier(id=s.replace("_", "-")) for s in STAPPEN
    }
    return {**project_files(), "processes/proef.bpmn": drawn, **erbij}


@cache
def velden(naam):
    vel = forms.load(verzameling()[f"forms/{naam}.form"])
    return [veld for veld in vel.alle if veld.vraagt and veld.key]


class Geschiedenis:
    """One dossier, and chance."""

    def __init__(self, route, zaad, doelgroep):
        self.route, self.kans = route, random.Random(zaad)  # noqa: S311 - chance that repeats
        self.melders = set()
        route.given("proef", verzameling(), doelgroep=doelgroep, leerroute="B1")
        route.when_days_pass(2)

    def meld(self):
        stap = self.kans.choice(STAPPEN)
        wie = self.kans.choice(MELDERS)
        plicht = self.kans.choice([*PLICHTEN_ART_23, "intake", "ontzorgen"])
        try:
            self.route.when_suspected(stap, by=wie, plicht=plicht, toelichting="Kwam niet.")
        except Conflict:
            assert stap == "partner"
            return
        assert stap != "partner"
        self.melders.add(wie.naam)

    def doe(self, taak, *, voorkeur, trouw):
        """Try to complete a taak; tells whether that was possible."""
        rauw = {veld.key: self.antwoord(veld, voorkeur, trouw) for veld in velden(taak.formulier)}
        mensen = [wie for wie in MENSEN if taak.rol in wie.rollen]
        self.kans.shuffle(mensen)
        for wie in mensen:
            try:
                self.route.when_done(
                    taak.element, by=wie, **{k: w for k, w in rauw.items() if w is not None}
                )
            except NotAllowed:
                continue
            except Invalid:
                return False
            return True
        return False

    def antwoord(self, veld, voorkeur, trouw):
        if veld.key in voorkeur and self.kans.random() < trouw:
            return voorkeur[veld.key]
        if veld.opties:
            keuze = self.kans.choice(veld.opties).waarde
            return [keuze] if veld.soort == "checklist" else keuze
        vandaag = self.route.now.date()
        return {
            "checkbox": True,
            "date": vandaag,
            "number": self.kans.choice([0, 10, 25, 50, 250, 800]),
            "dynamiclist": [{"datum": vandaag, "wijze": "brief", "resultaat": "bereikt"}],
        }.get(veld.soort, "Besproken.")

    def ladder(self):
        open_ = [taak for taak in self.route.taken if taak.proces in LADDER]
        return sorted(open_, key=lambda taak: (taak.element, taak.geopend_op))

    def tijd(self):
        """Let the next timer of the route go off."""
        momenten = [op for op in self.route.armed.values() if op]
        if momenten:
            self.route.now = max(self.route.now, min(momenten))
            run_due(self.route.store, self.route.config, self.route.now)

    def leef(self, stappen, *, trouw=0.9):
        for _ in range(stappen):
            open_ = self.ladder()
            if open_ and self.kans.random() < 0.8:
                self.doe(self.kans.choice(open_), voorkeur=NAAR_SANCTIE, trouw=trouw)
            elif not (open_ or self.route.armed) or self.kans.random() < 0.2:
                self.meld()
            else:
                self.tijd()

    def naar_huis(self):
        """Let everybody be mild from here: every ladder must come to an end without a sanction."""
        for _ in range(60):
            open_ = self.ladder()
            if not open_ and not self.route.armed:
                return
            if open_:
                gedaan = [self.doe(taak, voorkeur=NAAR_HULP, trouw=1) for taak in open_[:1]]
                assert all(gedaan), f"{open_[0].element} kan niet met hulp worden afgerond"
            else:
                self.tijd()
        raise AssertionError(f"er blijft iets open: {self.route.open_elements}, {self.route.armed}")

    def gedaan(self):
        return read(
            self.route.store.sessions,
            lambda s: (
                s.query(Taak).filter(Taak.status == "gedaan").order_by(Taak.gesloten_op).all()
            ),
        )

    def besluiten(self):
        return self.route.facts.get("nalevingsbesluiten") or []

    def beloften(self):
        besluiten, gedaan = self.besluiten(), self.gedaan()
        sancties = [een for een in besluiten if een["soort"] in SANCTIES]

        # a: only what the inburgeraar let pass, reported by a person, ever starts a ladder
        meldingen = [rij for rij in self.route.journal if rij.wat == "vermoeden gemeld"]
        assert bool(meldingen) == bool(self.melders)
        assert {rij.gegevens["taak"] for rij in meldingen} <= {"les", "les_2"}
        assert all(
            een["gedraging"].startswith(("les ", "les_2 ", "weggebleven")) for een in besluiten
        )

        # b: one sanction for one gedraging, and none after the word that nothing follows
        for een in sancties:
            zelfde = [b for b in besluiten if b["gedraging"] == een["gedraging"]]
            voor = zelfde[: zelfde.index(een)]
            assert not [b for b in voor if b["soort"] in SANCTIES and b["herroepen"] is None]
            assert not [b for b in voor if b["soort"] == "geen gevolg"]

        # c: all fines together stay under the ceiling
        boetes = [een for een in sancties if een["soort"] == "boete" and een["herroepen"] is None]
        assert sum((Decimal(een["bedrag"]) for een in boetes), Decimal(0)) <= PLAFOND.euro

        # d: who reported never judges, who wrote the report never decides
        schreven = {taak.gesloten_door for taak in gedaan if taak.element == "stuur_voornemen"}
        for taak in gedaan:
            if taak.element in {"neem_besluit", "maak_besluit_bekend"}:
                assert taak.gesloten_door not in schreven
        laatste = meldingen[-1].op if meldingen else None
        for taak in gedaan:
            if taak.proces == "p17b_sanctietoets" and taak.element == "voer_sanctietoets_uit":
                eerder = {rij.door for rij in meldingen if rij.op <= taak.gesloten_op}
                assert laatste is not None
                assert taak.gesloten_door not in eerder

        # e: nothing of DUO or of another law is fined here
        assert {een["plicht"] for een in boetes} <= {*PLICHTEN_ART_23, "intake"}

        # f: an asielstatushouder is fined with a reason for the opposite of the rule only
        if self.route.facts["doelgroep"] == "asielstatushouder":
            for taak in gedaan:
                antwoorden = taak.antwoorden or {}
                if taak.element == "voer_sanctietoets_uit" and antwoorden["uitkomst"] == "boete":
                    assert antwoorden["aanhoudendeOnwil"] == "ja"
                    assert antwoorden["redenTochBoete"]
                if taak.element == "neem_besluit" and antwoorden["besluit"] == "boete":
                    assert antwoorden["redenOnwil"]

        # and each judgement left its papers, which are whole
        beslist = {"voer_sanctietoets_uit", "neem_besluit", "maak_besluit_bekend"}
        aantal = read(self.route.store.sessions, lambda s: s.query(Besluitdossier).count())
        assert aantal == len([taak for taak in gedaan if taak.element in beslist])
        klopt = read(self.route.store.sessions, lambda s: doctor.diagnose(s, now=self.route.now))
        assert klopt == []
        assert self.route.incidenten == []


@settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
@given(
    zaad=st.integers(0, 2**32),
    doelgroep=st.sampled_from(["asielstatushouder", "gezinsmigrant"]),
    stappen=st.integers(8, 20),
)
def test_whatever_happens_the_promises_hold_and_mildness_ends_it(
    _databases,  # noqa: PT019 - a database for each history
    zaad,
    doelgroep,
    stappen,
):
    store = open_store(_databases.migrated())
    try:
        verhaal = Geschiedenis(RouteUnderTest(store), zaad, doelgroep)
        verhaal.leef(stappen)
        verhaal.beloften()
        voor = len([een for een in verhaal.besluiten() if een["soort"] in SANCTIES])
        onderweg = [t for t in verhaal.ladder() if t.element == "maak_besluit_bekend"]
        verhaal.naar_huis()  # g: from everywhere before the decision nothing can still follow
        na = len([een for een in verhaal.besluiten() if een["soort"] in SANCTIES])
        assert na <= voor + len(onderweg)
        verhaal.beloften()
    finally:
        store.close()


def test_a_history_can_come_to_a_fine_at_all(_databases):  # noqa: PT019 - as above
    """Else the promises above would hold of nothing."""
    store = open_store(_databases.migrated())
    try:
        verhaal = Geschiedenis(RouteUnderTest(store), 3, "gezinsmigrant")
        for _ in range(12):
            verhaal.leef(5, trouw=1)
            if any(een["soort"] == "boete" for een in verhaal.besluiten()):
                break
        assert any(een["soort"] == "boete" for een in verhaal.besluiten())
        verhaal.beloften()
    finally:
        store.close()
