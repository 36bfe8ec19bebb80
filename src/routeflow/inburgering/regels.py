"""The register of the law's periods by name, and how to ask for one in a dossier."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from routeflow.errors import Invalid
from routeflow.inburgering import artikelen, ingrepen
from routeflow.inburgering.artikelen import ASIELSTATUSHOUDER, ONDERWIJSROUTE, is_waarde
from routeflow.inburgering.feestdagen import GELIJKGESTELD
from routeflow.inburgering.feiten import (
    FEITEN,
    als_datum,
    bekende,
    burgerlijke_dag,
    camel,
    lees,
    snake,
    spellingen,
)
from routeflow.inburgering.termijn import EENHEDEN, Eenheid, Termijn

_DAG = timedelta(days=1)

ONGELEZEN = "de wijziging van 21-10-2025 is niet gelezen"
"""What no rule of the Wet inburgering 2021 was held against yet; kept with each period as proof."""
WET = f"Wet inburgering 2021, tekst van 1-1-2023 ({ONGELEZEN})"
BESLUIT = "Besluit inburgering 2021, tekst van 2-4-2026"
BESLUIT_2022 = "Besluit inburgering 2021, tekst van 2022"
REGELING = "Regeling inburgering 2021, tekst van 18-4-2026"
PW = "Participatiewet"
AWB = "Algemene wet bestuursrecht, tekst van 1-1-2026"
AWB_NIET_GEOPEND = "Algemene wet bestuursrecht (tekst niet geopend)"

Soort = Literal["uiterlijk", "duur", "venster"]
OPGESCHORT = "opgeschort"


@dataclass(frozen=True, slots=True)
class Regel:
    """A rule in the register.

    ``nodig``: the facts without which it cannot count; of each group one is enough.
    ``extra``: facts that it uses when they are known. ``einde``: the fact that shows that the act
    was done. ``soort``: "uiterlijk" somebody must act before it; "duur" it just passes; "venster"
    it opens. ``altijd``: shown in the overview before its start fact is known. ``streef``: the
    working agreement that aims at an earlier day. ``houder``: whose move it is. ``gevolgd``: it has
    a row of its own in each dossier. ``opschorting`` and ``verlenging``: the article that allows a
    person to stop its clock or to move its end; empty when nothing does. ``ook_2013``: it also holds
    for who is under the law of 2013, which knows no PIP, leerroute or fine of the college (Wet 54).
    ``na_einde``: it goes on when the plicht has ended, such as bezwaar and payment.
    """

    naam: str
    label: str
    functie: Callable[..., Termijn | None]
    nodig: tuple[tuple[str, ...], ...]
    artikel: str
    tekst: str
    extra: tuple[str, ...] = ()
    opmerking: str = ""
    einde: str | None = None
    soort: Soort = "uiterlijk"
    altijd: bool = False
    in_overzicht: bool = True
    doelgroep: str | None = None
    leerroute: Literal["onderwijsroute", "andere"] | None = None
    streef: str | None = None
    houder: str = "gemeente"
    gevolgd: bool = True
    opschorting: str = ""
    verlenging: str = ""
    ook_2013: bool = False
    na_einde: bool = False

    @property
    def feiten(self) -> tuple[str, ...]:
        """Every fact this rule may use, the ones it needs first."""
        return tuple(
            dict.fromkeys([naam for groep in self.nodig for naam in groep] + [*self.extra])
        )

    def toepassen(self, feiten: Mapping[str, Any]) -> Termijn | None:
        """Return the period for ``feiten``; None while a fact that it needs is unknown."""
        bekend = bekende(feiten, self.feiten)
        if not all(any(naam in bekend for naam in groep) for groep in self.nodig):
            return None
        gewoon = self.functie(**bekend)
        if gewoon is None:
            return None
        return ingrepen.toepassen(gewoon, ingrepen.ingrepen(feiten, self.naam))

    def ontbreekt(self, feiten: Mapping[str, Any]) -> str | None:
        """Return the first fact that is needed and unknown, None when all are known."""
        for groep in self.nodig:
            if all(lees(feiten, naam) is None for naam in groep):
                return groep[0]
        return None


WET_2013: Final = "Wi2013"
_START = (("dagtekening", "termijn_start"),)
_REGELS = (
    Regel(
        naam="pip",
        label="PIP vaststellen",
        functie=artikelen.pip_volgens_feiten,
        nodig=(("kennisgeving", "inschrijving_brp_nieuw", "inschrijving_brp"),),
        extra=("doelgroep", "ontvangst_informatie", "datum_recht"),
        artikel="Besluit inburgering 2021 art. 5.3",
        tekst=f"{BESLUIT}; {BESLUIT_2022}",
        opmerking="Onzeker op welke dag de tekst van 2022 is vervangen.",
        einde="dagtekening",
        altijd=True,
        streef="pip_opstellen",
    ),
    Regel(
        naam="pip_verhuizing",
        label="PIP vaststellen na verhuizing",
        functie=artikelen.pip_verhuizing,
        nodig=(("inschrijving_brp_nieuw",),),
        artikel="Besluit inburgering 2021 art. 5.3 lid 3",
        tekst=BESLUIT,
        in_overzicht=False,
        gevolgd=False,
    ),
    Regel(
        naam="pip_informatie_derde",
        label="PIP vaststellen na informatie van een derde",
        functie=artikelen.pip_informatie_derde,
        nodig=(("ontvangst_informatie",),),
        artikel="Besluit inburgering 2021 art. 5.3 lid 2",
        tekst=BESLUIT,
        in_overzicht=False,
        gevolgd=False,
    ),
    Regel(
        naam="maatschappelijke_begeleiding",
        label="Begin maatschappelijke begeleiding",
        functie=artikelen.maatschappelijke_begeleiding,
        nodig=(("inschrijving_brp",),),
        artikel="Wet inburgering 2021 art. 13 lid 3",
        tekst=WET,
        opmerking="De wet kent geen einde; het contract bepaalt dit.",
        in_overzicht=False,
        doelgroep=ASIELSTATUSHOUDER,
    ),
    Regel(
        naam="ontzorgen",
        label="Financieel ontzorgen",
        functie=artikelen.ontzorgen,
        nodig=(("bijstand_ingang",),),
        artikel="Participatiewet art. 56a lid 2",
        tekst=PW,
        opmerking="Alleen met een asielvergunning (Vw 28) en bijstand.",
        soort="duur",
        altijd=True,
        doelgroep=ASIELSTATUSHOUDER,
        streef="overdracht_betalingen",
        verlenging="Participatiewet art. 57",
    ),
    Regel(
        naam="inburgeringstermijn",
        label="Inburgeringstermijn",
        functie=artikelen.inburgeringstermijn,
        nodig=_START,
        extra=("termijn_eind_exclusief",),
        artikel="Wet inburgering 2021 art. 11",
        tekst=WET,
        opmerking="DUO stelt de termijn vast; dit is de berekening ter controle.",
        einde="einde_plicht",
        altijd=True,
        houder="inburgeraar",
        opschorting="Wet inburgering 2021 art. 4 (SS109); Besluit art. 4.2 (SS123)",
    ),
    Regel(
        naam="verblijf_buiten_nederland",
        label="Terug in Nederland",
        functie=artikelen.verblijf_buiten_nederland,
        nodig=(("vertrokken_op",),),
        artikel="Besluit inburgering 2021 art. 2.1 lid 2 en 4.2",
        tekst=BESLUIT,
        opmerking="Daarna eindigt de plicht; DUO meldt dat (SS110).",
        soort="duur",
        in_overzicht=False,
        houder="inburgeraar",
        gevolgd=False,
    ),
    Regel(
        naam="pvt",
        label="PVT afronden",
        functie=artikelen.inburgeringstermijn,
        nodig=_START,
        extra=("termijn_eind_exclusief",),
        artikel="Wet inburgering 2021 art. 6 lid 1 en 11",
        tekst=WET,
        opmerking="Binnen de inburgeringstermijn; DUO stelt de gevolgen vast (Wet art. 24).",
        einde="pvt_datum",
        streef="pvt_ondertekening",
        opschorting="Wet inburgering 2021 art. 4 (SS109); Besluit art. 4.2 (SS123)",
    ),
    Regel(
        naam="map",
        label="MAP afronden",
        functie=artikelen.inburgeringstermijn,
        nodig=_START,
        extra=("termijn_eind_exclusief",),
        artikel="Wet inburgering 2021 art. 6 lid 1, 8 lid 3 en 11",
        tekst=WET,
        opmerking="Niet in de onderwijsroute. Binnen de inburgeringstermijn (Wet art. 24).",
        einde="map_eindgesprek_datum",
        leerroute="andere",
        streef="map_eindgesprek",
        opschorting="Wet inburgering 2021 art. 4 (SS109); Besluit art. 4.2 (SS123)",
    ),
    Regel(
        naam="route_switch",
        label="Laatste dag voor een andere leerroute",
        functie=artikelen.route_switch,
        nodig=_START,
        artikel="Wet inburgering 2021 art. 17 lid 2; Besluit art. 5.4 lid 1",
        tekst=f"{WET}; {BESLUIT}",
        opmerking="Van onderwijsroute naar B1 kan altijd.",
        soort="duur",
        streef="voortgang_maand_15",
    ),
    Regel(
        naam="verlengingsvenster",
        label="Verlenging kan worden gevraagd",
        functie=artikelen.verlengingsvenster,
        nodig=_START,
        extra=("termijn_eind_exclusief",),
        artikel="Besluit inburgering 2021 art. 4.5 lid 1",
        tekst=BESLUIT,
        soort="venster",
        houder="inburgeraar",
    ),
    Regel(
        naam="aanbod",
        label="Inburgeringsaanbod doen",
        functie=artikelen.aanbod,
        nodig=(("dagtekening",),),
        extra=("dagtekening_route",),
        artikel="Wet inburgering 2021 art. 16 lid 1; Regeling art. 4.1 lid 1 onder g",
        tekst=f"{WET}; {REGELING}",
        opmerking="Na drie maanden zonder aanbod krijgt de inburgeraar verlenging (grond g).",
        einde="datum_aanbod",
        altijd=True,
        doelgroep=ASIELSTATUSHOUDER,
        leerroute="andere",
        streef="aanbod_plaatsing",
    ),
    Regel(
        naam="onderwijsroute_start",
        label="Start van de onderwijsroute",
        functie=artikelen.onderwijsroute_start,
        nodig=(("dagtekening",),),
        extra=("dagtekening_route",),
        artikel="Wet inburgering 2021 art. 16 lid 1; Regeling art. 4.1 lid 2 onder g",
        tekst=f"{WET}; {REGELING}",
        opmerking="Start het later, dan krijgt de inburgeraar zes maanden verlenging (grond g).",
        einde="start_datum",
        doelgroep=ASIELSTATUSHOUDER,
        leerroute="onderwijsroute",
        streef="aanbieder_kiezen",
    ),
    Regel(
        naam="bezwaar",
        label="Bezwaar maken",
        functie=artikelen.bezwaar,
        nodig=(("bekendmaking",),),
        artikel="Algemene wet bestuursrecht art. 6:7 en 6:8",
        tekst=AWB,
        soort="duur",
        houder="inburgeraar",
        na_einde=True,
    ),
    Regel(
        naam="bezwaar_boete",
        label="Bezwaar maken tegen de boete",
        functie=artikelen.bezwaar_boete,
        nodig=(("bekendmaking_boete",),),
        artikel="Algemene wet bestuursrecht art. 6:7 en 6:8",
        tekst=AWB,
        opmerking="Daarna is de boete onherroepelijk; dat telt voor recidive.",
        soort="duur",
        houder="inburgeraar",
        na_einde=True,
    ),
    Regel(
        naam="besluit_bezwaar",
        label="Besluit op bezwaar",
        functie=artikelen.besluit_bezwaar,
        nodig=(("bekendmaking",),),
        extra=("commissie",),
        artikel="Algemene wet bestuursrecht art. 7:10 lid 1",
        tekst=AWB,
        opmerking="Kan ten hoogste zes weken worden verdaagd.",
        in_overzicht=False,
        opschorting="Awb art. 7:10 lid 2 en 4",
        verlenging="Awb art. 7:10 lid 3",
        na_einde=True,
    ),
    Regel(
        naam="besluit_bezwaar_boete",
        label="Besluit op bezwaar tegen de boete",
        functie=artikelen.besluit_bezwaar_boete,
        nodig=(("bekendmaking_boete",),),
        extra=("commissie",),
        artikel="Algemene wet bestuursrecht art. 7:10 lid 1",
        tekst=AWB,
        opmerking="Kan ten hoogste zes weken worden verdaagd.",
        in_overzicht=False,
        opschorting="Awb art. 7:10 lid 2 en 4",
        verlenging="Awb art. 7:10 lid 3",
        na_einde=True,
    ),
    Regel(
        naam="nieuwe_termijn_intake",
        label="Nieuwe termijn voor de intake",
        functie=artikelen.nieuwe_termijn_intake,
        nodig=(("bekendmaking_boete",),),
        artikel="Wet inburgering 2021 art. 22 lid 2",
        tekst=WET,
        opmerking="Onzeker hoe dit past binnen de tien weken van het PIP.",
        in_overzicht=False,
    ),
    Regel(
        naam="zienswijze",
        label="Zienswijze geven",
        functie=artikelen.zienswijze,
        nodig=(("voornemen",),),
        artikel="Algemene wet bestuursrecht art. 4:8 en 5:50",
        tekst=AWB_NIET_GEOPEND,
        opmerking="De wet noemt geen lengte; twee weken is een voorstel.",
        soort="duur",
        houder="inburgeraar",
        verlenging="Awb art. 4:8; de gemeente stelt deze termijn zelf",
    ),
    Regel(
        naam="besluit_boete",
        label="Besluit over de boete",
        functie=artikelen.besluit_boete,
        nodig=(("rapport",),),
        artikel="Algemene wet bestuursrecht art. 5:51",
        tekst=AWB_NIET_GEOPEND,
        opmerking="Termijn van orde: de bevoegdheid vervalt niet.",
        einde="besluit_boete_datum",
    ),
    Regel(
        naam="betaling_boete",
        label="Boete betalen",
        functie=artikelen.betaling_boete,
        nodig=(("bekendmaking_boete",),),
        artikel="Algemene wet bestuursrecht art. 4:87 lid 1",
        tekst=AWB_NIET_GEOPEND,
        einde="betaald_op",
        in_overzicht=False,
        houder="inburgeraar",
        verlenging="Awb art. 4:94 (uitstel van betaling)",
        na_einde=True,
    ),
    Regel(
        naam="aanmaning",
        label="Betalen na aanmaning",
        functie=artikelen.aanmaning,
        nodig=(("aanmaning_datum",),),
        artikel="Algemene wet bestuursrecht art. 4:112 lid 1",
        tekst=AWB_NIET_GEOPEND,
        einde="betaald_op",
        in_overzicht=False,
        houder="inburgeraar",
        na_einde=True,
    ),
    Regel(
        naam="recidivevenster",
        label="Eerdere overtreding telt mee vanaf",
        functie=artikelen.recidivevenster,
        nodig=(("vaststelling",),),
        artikel="Besluit inburgering 2021 art. 7.1 lid 3",
        tekst=BESLUIT,
        opmerking="Alleen als de eerdere boete onherroepelijk is.",
        soort="venster",
        in_overzicht=False,
        gevolgd=False,
    ),
    Regel(
        naam="duo_besluit",
        label="Besluit van DUO",
        functie=artikelen.duo_besluit,
        nodig=(("aanvraag",),),
        artikel="Besluit inburgering 2021 art. 2.7, 2.8 en 4.5",
        tekst=BESLUIT,
        einde="besluit_duo",
        houder="duo",
    ),
    Regel(
        naam="bewaartermijn",
        label="Dossier bewaren",
        functie=artikelen.bewaartermijn,
        nodig=(("einde_plicht", "overlijdensdatum"),),
        extra=("lening_afgelost_op",),
        na_einde=True,
        artikel="Besluit inburgering 2021 art. 9.9 lid 1 en 3",
        tekst=BESLUIT_2022,
        opmerking="Een korte lijst gegevens mag vijftig jaar bewaard blijven (lid 2).",
        soort="duur",
        ook_2013=True,
    ),
)
REGELS: Mapping[str, Regel] = {regel.naam: regel for regel in _REGELS}


class OnbekendeTermijn(Invalid, ValueError):
    """No law and no working agreement has this name. For FEEL it is a wrong argument."""


@dataclass(frozen=True, slots=True)
class Afspraak:
    """A working agreement of the gemeente: one row of ``processes/werkafspraken.dmn``.

    ``vanaf``: "taak" for the day on which the taak or timer opened, "termijn:naam" for the last day
    of another period, otherwise the name of a fact. A negative ``aantal`` counts back.
    """

    naam: str
    vanaf: str
    aantal: int
    eenheid: Eenheid
    grond: str

    @classmethod
    def uit(cls, naam: str, rij: "Afspraak | Mapping[str, Any]") -> "Afspraak":
        """Read a row as the decision table gives it; raises Invalid when it cannot be counted."""
        if isinstance(rij, Afspraak):
            return rij
        fout = f"De werkafspraak {naam} is niet te lezen: "
        try:
            vanaf, eenheid = str(rij["vanaf"]), rij["eenheid"]
            aantal, grond = int(rij["aantal"]), str(rij["grond"])
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            raise Invalid(fout + f"{error!r}") from error
        if eenheid not in EENHEDEN:
            raise Invalid(fout + f"de eenheid {eenheid!r} bestaat niet")
        return cls(naam, vanaf, aantal, eenheid, grond)


Afspraken = Iterable[Afspraak] | Callable[[str], Afspraak | Mapping[str, Any] | None]
"""The working agreements: all of them, or a function that looks one up by its name."""


def termijn(
    naam: str,
    feiten: Mapping[str, Any],
    *,
    afspraken: Afspraken = (),
    geopend: date | datetime | None = None,
    gelijkgesteld: Collection[date] = GELIJKGESTELD,
) -> Termijn | None:
    """Return the period called ``naam`` for a dossier, None while its start fact is unknown.

    A name of the law always means the law; an agreement cannot change it.

    Args:
        naam: a name of ``REGELS`` or of a working agreement.
        feiten: the facts of the dossier, in either spelling.
        afspraken: the working agreements, or a function that looks one up.
        geopend: when the taak or timer opened, for agreements that count from it.
        gelijkgesteld: days equated by decree (Atw art. 3 lid 3).

    Raises:
        OnbekendeTermijn: neither law nor agreement has this name, or agreements
            count from each other in a circle.

    >>> termijn("pip", {"datumKennisgeving": date(2026, 2, 16)}).laatste_dag()
    datetime.date(2026, 4, 28)
    >>> uiterst = Afspraak("intakeverslag", "termijn:pip", -2, "weken", "Werkafspraak")
    >>> termijn("intakeverslag", {"kennisgeving": "2026-02-16"}, afspraken=[uiterst]).laatste_dag()
    datetime.date(2026, 4, 14)
    """
    if naam in REGELS:
        return REGELS[naam].toepassen(feiten)
    return _afgesproken(naam, feiten, _opzoeker(afspraken), geopend, gelijkgesteld, ())


def is_wet(naam: str) -> bool:
    """Say whether ``naam`` is a period of the law, so that no agreement may have it."""
    return naam in REGELS


def _opzoeker(afspraken: Afspraken) -> Callable[[str], Afspraak | None]:
    if callable(afspraken):
        zoek = afspraken

        def een(naam: str) -> Afspraak | None:
            rij = zoek(naam)
            return None if rij is None else Afspraak.uit(naam, rij)

        return een
    return {afspraak.naam: afspraak for afspraak in afspraken}.get


def _afgesproken(  # noqa: PLR0913, PLR0917 - the arguments of termijn, plus the way travelled
    naam: str,
    feiten: Mapping[str, Any],
    zoek: Callable[[str], Afspraak | None],
    geopend: date | datetime | None,
    gelijkgesteld: Collection[date],
    via: tuple[str, ...],
) -> Termijn | None:
    if naam in via:
        kring = " -> ".join((*via, naam))
        raise OnbekendeTermijn(f"De werkafspraken wijzen in een kring naar elkaar: {kring}.")
    if naam in REGELS:
        return REGELS[naam].toepassen(feiten)
    afspraak = zoek(naam)
    if afspraak is None:
        raise OnbekendeTermijn(
            f"De termijn {naam!r} bestaat niet. Bekend uit de wet: {', '.join(REGELS)}."
            " Andere namen staan in de tabel werkafspraken."
        )
    na = _begin(afspraak, feiten, zoek, geopend, gelijkgesteld, (*via, naam))
    if na is None:
        return None
    werkdagen = afspraak.eenheid == "werkdagen"
    return Termijn(
        na,
        afspraak.aantal,
        afspraak.eenheid,
        afspraak.grond,
        atw=False,
        atw_reden="De Atw geldt niet: dit is een werkafspraak, geen wet",
        doorschuiven=not werkdagen and afspraak.eenheid != "maanden" and afspraak.aantal > 0,
    )


def _begin(  # noqa: PLR0913, PLR0917 - see _afgesproken
    afspraak: Afspraak,
    feiten: Mapping[str, Any],
    zoek: Callable[[str], Afspraak | None],
    geopend: date | datetime | None,
    gelijkgesteld: Collection[date],
    via: tuple[str, ...],
) -> date | None:
    if afspraak.vanaf == "taak":
        return None if geopend is None else burgerlijke_dag(geopend)
    soort, _, naam = afspraak.vanaf.partition(":")
    if soort == "termijn" and naam:
        ander = _afgesproken(naam, feiten, zoek, geopend, gelijkgesteld, via)
        return None if ander is None else ander.laatste_dag(gelijkgesteld)
    sleutel = snake(afspraak.vanaf)
    bekend = sleutel if sleutel in FEITEN else None
    bekend = bekend or next((feit for feit in FEITEN if sleutel in spellingen(feit)), None)
    if bekend is not None:
        dag: date | None = lees(feiten, bekend)
        return dag
    waarde = next(
        (w for s, w in feiten.items() if snake(s) == sleutel and w is not None and w != ""), None
    )
    return None if waarde is None else als_datum(waarde, afspraak.vanaf)


@dataclass(frozen=True, slots=True)
class Stand:
    """How a statutory period of one dossier stands today.

    ``status``: "loopt", "verlopen", "gehaald", "opgeschort" or "wacht op ...". ``op_tijd``: whether the act was
    done in time; None while it is not done. ``streefdatum``: the earlier day the gemeente agreed.
    """

    naam: str
    label: str
    grond: str
    begin: date | None
    uiterlijk: date | None
    status: str
    soort: Soort
    gehaald_op: date | None = None
    op_tijd: bool | None = None
    streefdatum: date | None = None
    uitleg: str = ""
    opmerking: str = ""


def overzicht(
    feiten: Mapping[str, Any],
    *,
    afspraken: Afspraken = (),
    vandaag: date,
    gelijkgesteld: Collection[date] = GELIJKGESTELD,
) -> list[Stand]:
    """Return the statutory periods of a dossier, in the order of the route.

    Args:
        feiten: the facts of the dossier, in either spelling.
        afspraken: the working agreements, for the earlier target days.
        vandaag: civil day in the Netherlands.
        gelijkgesteld: days equated by decree.

    >>> stand = overzicht({"kennisgeving": date(2026, 2, 16)}, vandaag=date(2026, 4, 29))[0]
    >>> stand.naam, stand.status, stand.uiterlijk.isoformat()
    ('pip', 'verlopen', '2026-04-28')
    """
    zoek = _opzoeker(afspraken)
    standen = []
    for regel in REGELS.values():
        if not regel.in_overzicht or not geldt(regel, feiten):
            continue
        gevonden = regel.toepassen(feiten)
        gehaald = regel.einde is not None and lees(feiten, regel.einde) is not None
        laatste = None if gevonden is None else slot(regel, gevonden, gelijkgesteld)
        if not loopt_door(regel, feiten, laatste) and not (gevonden and gehaald):
            continue
        if gevonden is not None:
            streef = _streefdag(regel, feiten, zoek, gelijkgesteld)
            standen.append(_stand(regel, gevonden, feiten, streef, vandaag, gelijkgesteld))
        elif regel.ontbreekt(feiten) is None and any(
            een.loopt_nog for een in ingrepen.ingrepen(feiten, regel.naam)
        ):
            standen.append(
                Stand(regel.naam, regel.label, regel.artikel, None, None, OPGESCHORT, regel.soort)
            )
        elif regel.altijd:
            wacht = f"wacht op {FEITEN[mist(regel, feiten)].tekst}"
            standen.append(
                Stand(regel.naam, regel.label, regel.artikel, None, None, wacht, regel.soort)
            )
    return standen


def bereken(naam: str, feiten: Mapping[str, Any]) -> dict[str, Any]:
    """Count one period of the law and say how: for the command line and the API.

    Days come as ISO text. Raises Invalid, in Dutch and naming the known facts,
    when the name or a fact is unknown, missing or wrong.

    >>> antwoord = bereken("pip", {"kennisgeving": "2026-01-23"})
    >>> antwoord["ruwe_laatste_dag"], antwoord["laatste_dag"], len(antwoord["overgeslagen"])
    ('2026-04-03', '2026-04-07', 4)
    """
    regel = REGELS.get(naam)
    if regel is None:
        raise OnbekendeTermijn(f"De termijn {naam!r} bestaat niet. Bekend: {', '.join(REGELS)}.")
    bekende = {spelling for feit in regel.feiten for spelling in spellingen(feit)}
    namen = ", ".join(
        f"{feit} (ook: {camel((*spellingen(feit), feit)[1])})" for feit in regel.feiten
    )
    for sleutel in feiten:
        if snake(sleutel) not in bekende:
            zin = f"De termijn {naam} kent het feit {sleutel!r} niet. Bekende feiten: {namen}."
            raise Invalid(zin, {sleutel: zin})
    try:
        gevonden = regel.toepassen(feiten)
    except Invalid as fout:
        raise Invalid(f"{fout} Bekende feiten van {naam}: {namen}.", fout.fouten) from fout
    if gevonden is None:
        ontbreekt = mist(regel, feiten)
        zin = f"Voor de termijn {naam} is het feit {ontbreekt} nodig. Bekende feiten: {namen}."
        raise Invalid(zin, {ontbreekt: zin})
    uitleg = gevonden.uitleg()
    antwoord: dict[str, Any] = {
        "naam": naam,
        "label": regel.label,
        "grond": gevonden.grond,
        "artikel": regel.artikel,
        "bron": regel.tekst,
        "opmerking": regel.opmerking,
        "begin": gevonden.begin.isoformat(),
        "lengte": gevonden.lengte,
        "ruwe_laatste_dag": uitleg.ruwe_laatste_dag.isoformat(),
        "laatste_dag": uitleg.laatste_dag.isoformat(),
        "atw": uitleg.atw,
        "atw_reden": uitleg.atw_reden,
        "overgeslagen": [
            {"dag": over.dag.isoformat(), "reden": over.reden} for over in uitleg.overgeslagen
        ],
        "uitleg": uitleg.tekst,
    }
    if naam == "inburgeringstermijn":
        antwoord["einddatum_exclusief"] = (uitleg.laatste_dag + _DAG).isoformat()
    return antwoord


def geldt(regel: Regel, feiten: Mapping[str, Any]) -> bool:
    """Say whether a rule is about a dossier with these facts at all.

    Who moved away has no terms of this gemeente any more, except how long it is kept.
    """
    if regel.naam != "bewaartermijn" and lees(feiten, "dossier_einde") is not None:
        return False
    doelgroep, leerroute = lees(feiten, "doelgroep"), lees(feiten, "leerroute")
    if lees(feiten, "wet") == WET_2013 and not regel.ook_2013:
        return False
    if regel.doelgroep and doelgroep and not is_waarde(doelgroep, regel.doelgroep):
        return False
    if regel.leerroute is None:
        return True
    return (regel.leerroute == "onderwijsroute") == is_waarde(leerroute, ONDERWIJSROUTE)


def loopt_door(regel: Regel, feiten: Mapping[str, Any], laatste_dag: date | None) -> bool:
    """Say whether a rule still counts: after the end of the plicht few do, after death but one.

    What had run out before that end did not end with it, and stays as it was.

    >>> loopt_door(REGELS["bezwaar"], {"eindePlicht": date(2026, 3, 1)}, date(2026, 4, 1))
    True
    >>> loopt_door(REGELS["bezwaar"], {"overlijdensdatum": date(2026, 3, 1)}, date(2026, 4, 1))
    False
    >>> loopt_door(REGELS["ontzorgen"], {"eindePlicht": date(2029, 3, 1)}, date(2026, 7, 14))
    True
    """
    overleden, einde = lees(feiten, "overlijdensdatum"), lees(feiten, "einde_plicht")
    if einde is None and overleden is None:
        return True
    if laatste_dag is not None and laatste_dag < (overleden or einde):
        return True
    return regel.na_einde if overleden is None else regel.naam == "bewaartermijn"


def slot(regel: Regel, termijn: Termijn, gelijkgesteld: Collection[date]) -> date:
    """Return the last day of a period; of a window its last day, not the day on which it opens."""
    if regel.soort == "venster":
        return termijn.na - _DAG
    return termijn.laatste_dag(gelijkgesteld)


def mist(regel: Regel, feiten: Mapping[str, Any]) -> str:
    """Name the fact that a rule waits for: one it needs, or one that its article waits for."""
    wacht = ("kennisgeving", "inschrijving_brp")
    return regel.ontbreekt(feiten) or next(naam for naam in wacht if lees(feiten, naam) is None)


def _streefdag(
    regel: Regel,
    feiten: Mapping[str, Any],
    zoek: Callable[[str], Afspraak | None],
    gelijkgesteld: Collection[date],
) -> date | None:
    if regel.streef is None or zoek(regel.streef) is None:
        return None
    streef = _afgesproken(regel.streef, feiten, zoek, None, gelijkgesteld, ())
    return None if streef is None else streef.laatste_dag(gelijkgesteld)


def _stand(  # noqa: PLR0913, PLR0917 - one row needs all of it
    regel: Regel,
    gevonden: Termijn,
    feiten: Mapping[str, Any],
    streef: date | None,
    vandaag: date,
    gelijkgesteld: Collection[date],
) -> Stand:
    uitleg = gevonden.uitleg(gelijkgesteld)
    begin, uiterlijk = gevonden.begin, uitleg.laatste_dag
    wacht = ""
    if regel.soort == "venster":
        begin, uiterlijk = uitleg.laatste_dag, slot(regel, gevonden, gelijkgesteld)
        if vandaag < begin:
            wacht = f"wacht op {begin.day}-{begin.month}-{begin.year}"
    gehaald = lees(feiten, regel.einde) if regel.einde else None
    if gehaald is not None:
        status = "gehaald"
    elif vandaag > uiterlijk:
        status = "verlopen"
    else:
        status = wacht or "loopt"
    return Stand(
        naam=regel.naam,
        label=regel.label,
        grond=gevonden.grond,
        begin=begin,
        uiterlijk=uiterlijk,
        status=status,
        soort=regel.soort,
        gehaald_op=gehaald,
        op_tijd=None if gehaald is None else gehaald <= uiterlijk,
        streefdatum=streef,
        uitleg=uitleg.tekst,
        opmerking=regel.opmerking,
    )
