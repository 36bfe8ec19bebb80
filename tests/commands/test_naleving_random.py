"""Whatever people do in whatever order: the promises of naleving hold (P17, invariants a to g).

Each history is a dossier with somebody's steps that are too late and calls for the intake that may be
missed, seven people with the rollen of a small gemeente, answers at random that lean toward a sanction,
earlier fines, objections, an exemption by DUO, an end in the middle, and time that passes. The real
diagrams, forms, engine, commands and database; what the product refuses is simply tried and refused.

``ROUTEFLOW_GESCHIEDENISSEN=1000`` lives more of them than a run of all tests does.
"""

import os
import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import cache

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from routeflow import forms
from routeflow.commands import doctor
from routeflow.errors import Conflict, Invalid, NotAllowed
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.inburgering.sancties import PLAFOND, PLICHTEN_ART_23, bezwaar_tegen_plicht
from routeflow.store import open_store, read
from routeflow.store.models import Besluitdossier, Taak
from routeflow.worker import run_due
from support import bpmn
from support.formulieren import formulier
from support.klein import person
from support.route import BEGIN, RouteUnderTest, project_files

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
OPROEPEN = {
    "verstuur_oproep_1",
    "leg_komst_1_vast",
    "waarschuw_en_roep_op",
    "leg_komst_2_vast",
    "beoordeel_wegblijven",
    "verstuur_oproep_3",
    "leg_komst_3_vast",
}
WACHT_OP = {
    "p17_naleving": ("hersteltermijn_voorbij", "waarschuwing_voorbij"),
    "p17b_sanctietoets": (
        "zienswijze_voorbij",
        "bezwaartermijn_voorbij",
        "betaaltermijn_voorbij",
        "aanmaning_voorbij",
        "nieuwe_termijn_voorbij",
    ),
}
WEKKERS = {element for elementen in WACHT_OP.values() for element in elementen}
AANTAL = int(os.environ.get("ROUTEFLOW_GESCHIEDENISSEN", "8"))
GEWONE_BOETE = Decimal(50)
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
    "besluitIntrekken": False,
    "boeteVoorstel": 50,
    "nieuweTermijnDuo": "nee",
    "verschenenOproep1": "nee",
    "verschenenOproep2": "nee",
    "verschenenOproep3": "nee",
    "verwijtbaar": "mogelijk",
    "plichtUitgelegd": "ja",
    "oproepAangekomen": "ja",
    "sanctietoetsGevraagd": "ja",
    "gekomenInNieuweTermijn": "nee",
    "zienswijzeAdvies": "doorgaan",
    "redenTochBoete": "Bewezen en aanhoudend.",
}
NAAR_HULP = {
    "verwijt": "nee",
    "hersteld": "ja",
    "uitkomst": "niets",
    "besluit": "niets",
    "boeteVoorstel": 0,
    "contactGelukt": "ja",
    "besluitBlijft": "nee",
    "betaald": "ja",
    "invordering": "afzien",
    "gekomenInNieuweTermijn": "ja",
    "sanctietoetsGevraagd": "nee",
    "verschenenOproep1": "ja",
    "verschenenOproep2": "ja",
    "verschenenOproep3": "ja",
}


@cache
def verzameling():
    """The project's set, with a route in which three steps are late and a report can come.

    Beside them the calls for the intake, and what DUO may say in the middle: SS109 and SS110.
    """
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
    intake = {
        "gedraging": '="oproep 2 van " + string(oproep2Dag)',
        "gedragingDatum": "=oproep2Dag",
        "plicht": '="intake"',
        "toelichting": '="Niet gekomen na de waarschuwing en de tweede oproep."',
        "vermoedenTaak": '="Beoordeel het wegblijven"',
    }
    toets = bpmn.event_sub(
        "bij_toets_proef",
        bpmn.start("toets_proef", bpmn.signal("sanctietoets_intake"), isInterrupting="false"),
        bpmn.call(
            "roep_toets_proef",
            bpmn.called("p17a_naleving_intake", propagateAllChildVariables="false"),
            bpmn.mapping(inputs=intake),
        ),
        bpmn.end("getoetst_proef"),
        bpmn.path("toets_proef > roep_toets_proef > getoetst_proef"),
    )
    vrij = bpmn.event_sub(
        "bij_vrijstelling_proef",
        bpmn.start("vrijstelling_proef", bpmn.message("SS109"), isInterrupting="false"),
        bpmn.call("roep_vrij_proef", bpmn.called("p22_tijdelijke_vrijstelling")),
        bpmn.end("vrij_klaar_proef"),
        bpmn.path("vrijstelling_proef > roep_vrij_proef > vrij_klaar_proef"),
    )
    ingetrokken = bpmn.event_sub(
        "bij_intrekken_proef",
        bpmn.start("ingetrokken_proef", bpmn.message("SS110"), isInterrupting="true"),
        bpmn.end("gestopt_proef"),
        bpmn.path("ingetrokken_proef > gestopt_proef"),
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
        bpmn.call("roep_intake_proef", bpmn.called("p06_brede_intake")),
        melding,
        toets,
        vrij,
        ingetrokken,
        bpmn.path("s > samen"),
        bpmn.path("klaar > e"),
        *(bpmn.path(f"samen > {stap} > klaar") for stap in (*STAPPEN, "roep_intake_proef")),
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

    def __init__(self, route, zaad, doelgroep, eerder=0):
        self.route, self.kans = route, random.Random(zaad)  # noqa: S311 - chance that repeats
        self.melders = set()
        self.vroegen = []
        self.eerder = Decimal(eerder)
        self.tel = Counter()
        vroeger = [
            {
                "gedraging": f"vroeger {nummer}",
                "plicht": "begeleiding",
                "soort": "boete",
                "bedrag": min(Decimal(800), self.eerder - 800 * nummer),
                "vastgesteld": (BEGIN - timedelta(days=90)).date(),
                "bekendgemaakt": (BEGIN - timedelta(days=80)).date(),
                "onherroepelijk": (BEGIN - timedelta(days=30)).date(),
                "herroepen": None,
            }
            for nummer in range(-(-eerder // 800))
        ]
        feiten = {"nalevingsbesluiten": vroeger} if vroeger else {}
        route.given(
            "proef",
            verzameling(),
            doelgroep=doelgroep,
            leerroute="B1",
            datumKennisgeving=BEGIN.date(),
            brpDatum=BEGIN.date(),
            **feiten,
        )
        route.when_days_pass(2)

    def meld(self):
        self.route.now += timedelta(seconds=1)
        stap = self.kans.choice(STAPPEN)
        wie = self.kans.choice(MELDERS)
        plicht = self.kans.choice([*PLICHTEN_ART_23, "intake", "ontzorgen"])
        bezwaar = bezwaar_tegen_plicht(plicht, self.route.facts)
        try:
            self.route.when_suspected(stap, by=wie, plicht=plicht, toelichting="Kwam niet.")
        except Conflict:
            assert stap == "partner" or self.vrijgesteld
            return
        except Invalid:
            assert bezwaar is not None
            return
        assert bezwaar is None
        assert stap != "partner"
        assert not self.vrijgesteld
        self.melders.add(wie.naam)

    def doe(self, taak, *, voorkeur, trouw):
        """Try to complete a taak; tells whether that was possible."""
        self.route.now += timedelta(seconds=1)
        rauw = {veld.key: self.antwoord(veld, voorkeur, trouw) for veld in velden(taak.formulier)}
        if self.kans.random() < 0.2 and trouw < 1:  # the other law, for the same
            rauw |= {
                naam: "maatregel Participatiewet"
                for naam in ("uitkomst", "besluit")
                if naam in rauw
            }
        mensen = [wie for wie in MENSEN if taak.rol in wie.rollen]
        self.kans.shuffle(mensen)
        for wie in mensen:
            try:
                self.route.when_done(
                    taak.element, by=wie, **{k: w for k, w in rauw.items() if w is not None}
                )
            except NotAllowed:
                continue
            except Conflict:  # nothing is held against who is exempt for a time
                assert self.vrijgesteld
                return False
            except Invalid:
                self.tel[f"geweigerd {taak.element}"] += 1
                return False
            if rauw.get("sanctietoetsGevraagd") == "ja":
                self.vroegen.append((self.route.now, wie.naam))
            self.tel[taak.element] += 1
            return True
        return False

    @property
    def vrijgesteld(self):
        """Whether DUO has exempted them for a time."""
        return self.route.facts.get("tijdelijkVrijgesteld") == "ja"

    def antwoord(self, veld, voorkeur, trouw):
        if veld.key == "nieuweTermijnDuo":  # a term after a fine of DUO has a ceiling of its own
            return "nee"
        if veld.key in voorkeur and self.kans.random() < trouw:
            return voorkeur[veld.key]
        if veld.opties:
            keuze = self.kans.choice(veld.opties).waarde
            return [keuze] if veld.soort == "checklist" else keuze
        vandaag = self.route.now.date()
        if veld.key in {"oproep1Dag", "oproep2Dag", "oproep3Dag", "nieuweTermijnIntake"}:
            return vandaag + timedelta(days=7)
        if veld.soort == "dynamiclist":
            return [{deel.key: self.antwoord(deel, {}, 1) for deel in veld.velden if deel.key}]
        return {
            "checkbox": True,
            "date": vandaag,
            "number": self.kans.choice([0, 10, 25, 50, 250, 800]),
        }.get(veld.soort, "Besproken.")

    def ladder(self):
        open_ = [
            taak for taak in self.route.taken if taak.proces in LADDER or taak.element in OPROEPEN
        ]
        return sorted(open_, key=lambda taak: (taak.element, taak.geopend_op))

    @property
    def wekkers(self):
        """The moments for which a ladder waits."""
        return [op for element, op in self.route.armed.items() if op and element in WEKKERS]

    def tijd(self):
        """Let the next timer of a ladder go off, or some days pass."""
        momenten = self.wekkers
        self.route.now = max(
            self.route.now, min(momenten) if momenten else self.route.now + timedelta(days=3)
        )
        run_due(self.route.store, self.route.config, self.route.now)

    def bericht(self):
        """Let somebody object, or DUO say something."""
        vandaag = self.route.now.date()
        wacht = {taak.element for taak in self.route.taken}
        soort = self.kans.choice(["bezwaar"] * 6 + ["SS109", "SS129", "SS110"])
        if soort == "SS129" and "leg_tijdelijke_vrijstelling_uit" not in wacht:
            soort = "bezwaar"
        naam = {
            "bezwaar": "bezwaarDatum",
            "SS109": "tijdelijkVrijgesteldVanaf",
            "SS129": "tijdelijkeVrijstellingTot",
            "SS110": "plichtIngetrokkenOp",
        }[soort]
        if soort == "bezwaar" and "bezwaartermijn_voorbij" not in self.route.armed:
            return
        if soort == "SS110" and self.kans.random() < 0.7:
            return
        if self.tel[soort] and soort in {"SS109", "SS129"}:
            return
        self.tel[soort] += 1
        assert self.route.when_message(soort, **{naam: vandaag}) == "bezorgd"

    def leef(self, stappen, *, trouw=0.9):
        for _ in range(stappen):
            open_ = self.ladder()
            if self.route.ended:
                return
            if open_ and self.kans.random() < 0.8:
                self.doe(self.kans.choice(open_), voorkeur=NAAR_SANCTIE, trouw=trouw)
            elif trouw < 1 and self.kans.random() < 0.25:
                self.bericht()
            elif not (open_ or self.wekkers) or self.kans.random() < 0.3:
                self.meld()
            else:
                self.tijd()

    def naar_huis(self):
        """Let everybody be mild from here: every ladder must come to an end without a sanction."""
        if self.vrijgesteld and not self.route.ended:  # what is asked of them waits until then
            self.route.when_message("SS129", tijdelijkeVrijstellingTot=self.route.now.date())
        for _ in range(90):
            open_ = self.ladder()
            if self.route.ended or (not open_ and not self.wekkers):
                return
            if open_:
                gelukt = any(self.doe(open_[0], voorkeur=NAAR_HULP, trouw=1) for _ in range(9))
                assert gelukt, f"{open_[0].element} kan niet met hulp worden afgerond"
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
        vroeger = [een for een in self.besluiten() if een["gedraging"].startswith("vroeger ")]
        besluiten, gedaan = self.besluiten()[len(vroeger) :], self.gedaan()
        assert sum((Decimal(een["bedrag"]) for een in vroeger), Decimal(0)) == self.eerder
        sancties = [een for een in besluiten if een["soort"] in SANCTIES]

        self.eigen_gedraging(besluiten)
        self.een_keer(besluiten, sancties)

        # c: all fines together stay under the ceiling
        boetes = [een for een in sancties if een["soort"] == "boete" and een["herroepen"] is None]
        samen = sum((Decimal(een["bedrag"]) for een in boetes), self.eerder)
        assert samen <= max(PLAFOND.euro, self.eerder)
        for een in boetes:
            self.bedrag_kan(een, [*vroeger, *besluiten])

        self.een_ander(gedaan)
        self.op_tijd(gedaan)

        # e: nothing of DUO or of another law is fined here
        assert {een["plicht"] for een in boetes} <= {*PLICHTEN_ART_23, "intake"}

        self.met_reden(gedaan)
        self.in_orde(gedaan)

    def eigen_gedraging(self, besluiten):
        """(a) Only what the inburgeraar let pass, reported by a person, ever starts a ladder."""
        meldingen = [rij for rij in self.route.journal if rij.wat == "vermoeden gemeld"]
        assert {rij.door for rij in meldingen} <= self.melders
        assert {rij.gegevens["taak"] for rij in meldingen} <= {"les", "les_2"}
        assert all(een["gedraging"].startswith(EIGEN) for een in besluiten)

    def een_keer(self, besluiten, sancties):
        """(b) One sanction for one gedraging, and none after the word that nothing follows."""
        for een in sancties:
            zelfde = [b for b in besluiten if b["gedraging"] == een["gedraging"]]
            voor = zelfde[: zelfde.index(een)]
            assert not [b for b in voor if b["soort"] in SANCTIES and b["herroepen"] is None]
            assert not [b for b in voor if b["soort"] == "geen gevolg"]

    def een_ander(self, gedaan):
        """(d) Who reported never judges, who wrote the report never decides."""
        meldingen = [rij for rij in self.route.journal if rij.wat == "vermoeden gemeld"]
        schreven = {taak.gesloten_door for taak in gedaan if taak.element == "stuur_voornemen"}
        for taak in gedaan:
            if taak.element in {"neem_besluit", "maak_besluit_bekend"}:
                assert taak.gesloten_door not in schreven
            if taak.element == "voer_sanctietoets_uit":
                eerder = {rij.door for rij in meldingen if rij.op <= taak.gesloten_op}
                eerder |= {naam for op, naam in self.vroegen if op <= taak.gesloten_op}
                assert eerder
                assert taak.gesloten_door not in eerder

    def met_reden(self, gedaan):
        """(f) An asielstatushouder is fined with a reason for the opposite of the rule only."""
        if self.route.facts["doelgroep"] != "asielstatushouder":
            return
        for taak in gedaan:
            antwoorden = taak.antwoorden or {}
            if taak.element == "voer_sanctietoets_uit" and antwoorden["uitkomst"] == "boete":
                assert antwoorden["aanhoudendeOnwil"] == "ja"
                assert antwoorden["redenTochBoete"]
            if taak.element == "neem_besluit" and antwoorden["besluit"] == "boete":
                assert antwoorden["redenOnwil"]

    def in_orde(self, gedaan):
        """An end in the middle ends every ladder, and each judgement left its papers, whole."""
        if self.route.ended:
            assert not self.ladder()
            assert not self.wekkers
        beslist = {"voer_sanctietoets_uit", "neem_besluit", "maak_besluit_bekend"}
        aantal = read(self.route.store.sessions, lambda s: s.query(Besluitdossier).count())
        assert aantal == len([taak for taak in gedaan if taak.element in beslist])
        klopt = read(self.route.store.sessions, lambda s: doctor.diagnose(s, now=self.route.now))
        assert klopt == []
        assert self.route.incidenten == []

    def bedrag_kan(self, boete, alle):
        """Count again what the law allows at most, by hand (Besluit 7.1)."""
        bedrag = Decimal(boete["bedrag"])
        if boete["plicht"] == "intake":
            assert bedrag <= 250
            return
        jaar = boete["vastgesteld"] - timedelta(days=366)
        eerder = [
            een
            for een in alle[: alle.index(boete)]
            if een["soort"] == "boete"
            and een["plicht"] != "intake"
            and een["onherroepelijk"]
            and een["vastgesteld"] >= jaar
        ]
        assert bedrag <= min(Decimal(800), GEWONE_BOETE * 2 ** len(eerder))

    def op_tijd(self, gedaan):
        """Time to be heard before each decision, and a last day for it that never moves."""
        for taak in gedaan:
            if taak.element == "neem_besluit":
                gestuurd = [
                    een.gesloten_op
                    for een in gedaan
                    if een.element == "stuur_voornemen"
                    and een.lokaal["gedraging"] == taak.lokaal["gedraging"]
                ]
                weken = [taak.uiterlijk - een.date() for een in gestuurd]
                assert timedelta(weeks=13) in weken
                assert taak.geopend_op.date() > min(gestuurd).date() + timedelta(days=13)


EIGEN = ("les ", "les_2 ", "weggebleven", "oproep 2 van ")


@settings(
    max_examples=AANTAL,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(
    zaad=st.integers(0, 2**32),
    doelgroep=st.sampled_from(["asielstatushouder", "gezinsmigrant"]),
    eerder=st.sampled_from([0, 0, 100, 800, 2350, 2400]),
    stappen=st.integers(8, 60),
)
# Two decisions on one gedraging, neither told yet.
@example(zaad=65535, doelgroep="gezinsmigrant", eerder=0, stappen=57)
def test_whatever_happens_the_promises_hold_and_mildness_ends_it(
    _databases,  # noqa: PT019 - a database for each history
    zaad,
    doelgroep,
    eerder,
    stappen,
):
    store = open_store(_databases.migrated())
    try:
        verhaal = Geschiedenis(RouteUnderTest(store), zaad, doelgroep, eerder)
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


def test_two_reviews_side_by_side_each_count_from_their_own_report(_databases):  # noqa: PT019 - as above
    store = open_store(_databases.migrated())
    try:
        verhaal = Geschiedenis(RouteUnderTest(store), 5, "gezinsmigrant")

        def toetsen():
            return {taak.lokaal["gedraging"][:5]: taak for taak in verhaal.ladder() if taak.lokaal.get("gedraging")}  # fmt: skip

        def breng(stap, naar):
            for _ in range(40):
                taak = toetsen().get(stap)
                if taak is not None and taak.element == naar:
                    return taak
                if taak is None:
                    verhaal.tijd()
                else:
                    verhaal.doe(taak, voorkeur=NAAR_SANCTIE, trouw=1)
            raise AssertionError(f"{stap} komt niet bij {naar}")

        for stap in ("les", "les_2"):
            verhaal.route.when_suspected(
                stap, by=MELDERS[0], plicht="PVT", toelichting="Kwam niet."
            )
        eerste = breng("les (", "stuur_voornemen")
        verhaal.doe(eerste, voorkeur=NAAR_SANCTIE, trouw=1)
        rapport = verhaal.route.now.date()
        verhaal.route.when_days_pass(3)
        verhaal.doe(breng("les_2", "stuur_voornemen"), voorkeur=NAAR_SANCTIE, trouw=1)
        assert verhaal.route.facts["rapport"] > rapport
        besluit = breng("les (", "neem_besluit")
        assert besluit.uiterlijk == rapport + timedelta(weeks=13)
        verhaal.doe(besluit, voorkeur=NAAR_SANCTIE, trouw=1)
        verhaal.doe(breng("les (", "maak_besluit_bekend"), voorkeur=NAAR_SANCTIE, trouw=1)
        assert [een["vastgesteld"] for een in verhaal.besluiten()] == [rapport]
    finally:
        store.close()
