"""The law's conditions: each function says why something may not be, in a sentence; None when it may.

Diagrams and forms advise with them; the decision stays with the person who takes it.
"""

from datetime import date
from decimal import Decimal

from routeflow.inburgering.artikelen import (
    ASIELSTATUSHOUDER,
    ONDERWIJSROUTE,
    is_waarde,
    route_switch,
)
from routeflow.inburgering.normen import norm

MAP_THEMAS = (
    "beroepenorientatie",
    "werknemerscompetenties",
    "realistisch beroepsbeeld",
    "beroepskansen",
    "beroepscompetenties",
    "netwerk",
    "werk vinden",
    "werkcultuur",
)
"""The eight themes, as the forms write them. Besluit inburgering 2021 art. 3.2 lid 1, text of 2-4-2026."""

OPROEPEN_INTAKE = 3
"""After so many calls the intake is completed in absence (Wet art. 14 lid 2, text of 1-1-2023)."""


def routewijziging(
    *, van: str, naar: str, besluit: date, termijn_start: date, uitzondering: bool = False
) -> str | None:
    """Judge whether the college may still set another leerroute.

    Args:
        van: present leerroute ("B1", "onderwijsroute" or "Z").
        naar: new leerroute.
        besluit: day of the decision.
        termijn_start: first day of the inburgeringstermijn.
        uitzondering: after a non-exempting education, or a special individual case.

    Source:
        Wet art. 17 lid 2 (text of 1-1-2023), Besluit art. 5.4 lid 1-3 (text of 2-4-2026).

    >>> grens = {"van": "B1", "naar": "Z", "termijn_start": date(2026, 3, 11)}
    >>> routewijziging(**grens, besluit=date(2027, 9, 10))
    >>> routewijziging(**grens, besluit=date(2027, 9, 11))
    'Een andere leerroute kon tot en met 10-9-2027 (Besluit 5.4 lid 1).'
    """
    if van == naar:
        return f"De leerroute is al {van}."
    if uitzondering or (van == ONDERWIJSROUTE and naar == "B1"):
        return None
    laatste = route_switch(termijn_start=termijn_start).laatste_dag()
    if besluit <= laatste:
        return None
    dag = f"{laatste.day}-{laatste.month}-{laatste.year}"
    return f"Een andere leerroute kon tot en met {dag} (Besluit 5.4 lid 1)."


def afschalen_naar_a2(
    *, leerroute: str, uren_nt2: Decimal | int, inspanning_voldoende: bool
) -> str | None:
    """Judge whether exam parts may go down to level A2.

    Source:
        Wet art. 17 lid 3 (text of 1-1-2023), Besluit art. 5.5 (text of 2-4-2026).

    >>> afschalen_naar_a2(leerroute="B1", uren_nt2=600, inspanning_voldoende=True)
    """
    if leerroute != "B1":
        return "Afschalen naar A2 kan alleen in de B1-route (Wet 17 lid 3)."
    if uren_nt2 < norm("a2_nt2"):
        return (
            f"Afschalen kan na {norm('a2_nt2')} uur Nederlandse les; nu {uren_nt2} (Besluit 5.5)."
        )
    if not inspanning_voldoende:
        return "Afschalen kan alleen bij voldoende inspanning (Besluit 5.5)."
    return None


def dagtekening_pip(
    dagtekening: date, *, begin_plicht: date, inschrijving_brp: date | None, vandaag: date
) -> str | None:
    """Judge the date on a first PIP as DUO's interface does.

    Source:
        DUO, koppelvlak gemeenten, PIP 1.2.0 (11-6-2026): not before the start
        of the plicht, nor before vestiging in the gemeente; not in the future.

    >>> dagtekening_pip(date(2026, 3, 10), begin_plicht=date(2026, 1, 5), inschrijving_brp=None, vandaag=date(2026, 3, 10))
    'Schrijf de inburgeraar eerst in: DUO weigert een PIP van voor de vestiging.'
    """
    if inschrijving_brp is None or dagtekening < inschrijving_brp:
        return "Schrijf de inburgeraar eerst in: DUO weigert een PIP van voor de vestiging."
    if dagtekening < begin_plicht:
        return "De dagtekening ligt voor het begin van de inburgeringsplicht."
    if dagtekening > vandaag:
        return "De dagtekening ligt in de toekomst."
    return None


def datum_pvt_of_map(datum: date, *, termijn_start: date, vandaag: date) -> str | None:
    """Judge the date on which PVT was signed, or MAP ended with its eindgesprek.

    Hours of the intake may count (Besluit art. 3.1 lid 5); the signing comes after the PIP.

    Source:
        DUO, koppelvlak gemeenten, MAP, PVT en Z-route 1.0.0 (30-3-2026).

    >>> datum_pvt_of_map(date(2026, 3, 10), termijn_start=date(2026, 3, 11), vandaag=date(2026, 4, 1))
    'Deze datum ligt voor de start van de inburgeringstermijn. DUO weigert dat.'
    """
    if datum < termijn_start:
        return "Deze datum ligt voor de start van de inburgeringstermijn. DUO weigert dat."
    if datum > vandaag:
        return "Deze datum ligt in de toekomst."
    return None


def pvt_compleet(uren: Decimal | int, *, activiteit: bool) -> str | None:
    """Judge whether somebody may sign the participatieverklaring.

    Source:
        Besluit art. 3.1 lid 1-3, text of 2-4-2026.

    >>> pvt_compleet(11, activiteit=True)
    'Het PVT duurt ten minste 12 uur; nu 11 (Besluit 3.1 lid 3).'
    """
    if uren < norm("pvt"):
        return f"Het PVT duurt ten minste {norm('pvt')} uur; nu {uren} (Besluit 3.1 lid 3)."
    if not activiteit:
        return "Bij het PVT hoort ten minste één activiteit of excursie (Besluit 3.1 lid 2)."
    return None


def map_compleet(praktijkuren: Decimal | int, *, themas: frozenset[str]) -> str | None:
    """Judge whether the eindgesprek of the MAP may be held.

    Source:
        Besluit art. 3.2 lid 1 (text of 2-4-2026), Regeling art. 3.1 (text of 18-4-2026).

    >>> map_compleet(40, themas=frozenset(MAP_THEMAS))
    """
    nodig = norm("map_praktijk")
    if praktijkuren < nodig:
        return f"De MAP vraagt ten minste {nodig} uur praktijk; nu {praktijkuren} (Regeling 3.1)."
    if mist := [thema for thema in MAP_THEMAS if thema not in themas]:
        return f"Deze thema's van de MAP missen nog: {', '.join(mist)} (Besluit 3.2 lid 1)."
    return None


def z_route_compleet(
    *, doelgroep: str, nt2_knm: Decimal | int, participatie: Decimal | int
) -> str | None:
    """Judge whether the hours of the Z-route are done, so that the eindgesprek can be held.

    Args:
        doelgroep: only an asielstatushouder has hours of participation.
        nt2_knm: hours of NT2 (with alfabetisering) and KNM together.
        participatie: hours of participation, with PVT and MAP.

    Source:
        Besluit art. 3.14 lid 2, 3 and 5, text of 2-4-2026.

    >>> z_route_compleet(doelgroep="gezinsmigrant", nt2_knm=800, participatie=0)
    """
    if nt2_knm < (nodig := norm("z_nt2_knm")):
        return f"De Z-route vraagt {nodig} uur taal en KNM; nu {nt2_knm} (Besluit 3.14 lid 2)."
    if not is_waarde(doelgroep, ASIELSTATUSHOUDER):
        return None
    if participatie < (nodig := norm("z_participatie")):
        return (
            f"De Z-route vraagt {nodig} uur participatie; nu {participatie} (Besluit 3.14 lid 2)."
        )
    return None


def ontzorgen(*, wet: str, verblijfsrecht: str, bijstand: bool) -> str | None:
    """Judge the right to ontzorgen.

    Args:
        wet: "Wi2021" or "Wi2013".
        verblijfsrecht: "asiel_bepaald" is a permit of Vw 2000 art. 28; a family
            member with a regular permit has no right.
        bijstand: has a right to bijstand.

    Source:
        Participatiewet art. 56a lid 1.

    >>> ontzorgen(wet="Wi2021", verblijfsrecht="regulier_bij_asiel", bijstand=True)
    'Ontzorgen is er alleen met een eigen asielvergunning (PW 56a lid 1).'
    """
    if wet != "Wi2021":
        return "Ontzorgen is er alleen onder de Wet inburgering 2021 (PW 56a lid 1)."
    if verblijfsrecht != "asiel_bepaald":
        return "Ontzorgen is er alleen met een eigen asielvergunning (PW 56a lid 1)."
    return None if bijstand else "Ontzorgen is er alleen met bijstand (PW 56a lid 1)."


def boete_intake(*, oproepen: int, gewaarschuwd: bool) -> str | None:
    """Judge whether a sanctietoets for the brede intake may begin.

    The order is fixed: a call, then a written warning with a second call.

    Source:
        Wet art. 14 lid 1 and 22 lid 1, text of 1-1-2023.

    >>> boete_intake(oproepen=1, gewaarschuwd=False)
    'Eerst komt een schriftelijke waarschuwing met een tweede oproep (Wet 14 lid 1).'
    """
    if oproepen < 2 or not gewaarschuwd:  # noqa: PLR2004 - the repeated call of the article
        return "Eerst komt een schriftelijke waarschuwing met een tweede oproep (Wet 14 lid 1)."
    return None


def intake_in_afwezigheid(*, oproepen: int) -> str | None:
    """Judge whether the intake may be completed without the person.

    Source:
        Wet art. 14 lid 2, text of 1-1-2023.

    >>> intake_in_afwezigheid(oproepen=3)
    """
    if oproepen < OPROEPEN_INTAKE:
        return f"Dit kan pas na {OPROEPEN_INTAKE} oproepen; nu {oproepen} (Wet 14 lid 2)."
    return None
