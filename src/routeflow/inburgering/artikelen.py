"""The law's periods: one function per article that sets one.

Each docstring says which days are counted, from what, and where that is written, with the version of
the text that was read. "Not opened" there means: the article is certain, its wording was not read.
"Onzeker" means: no source settles it. What the gemeente agrees by itself is not here but in the
table of working agreements (``processes/werkafspraken.dmn``).
"""

from datetime import date, timedelta

from routeflow.inburgering.termijn import Termijn

_DAG = timedelta(days=1)

_IN_WET = "Atw art. 1: de termijn staat in een wet"
_IN_AMVB = "Atw art. 1 en 5: de termijn staat in een algemene maatregel van bestuur"
_IN_REGELING = "Atw art. 5 noemt geen ministeriële regeling"
_IN_JAREN = "Atw art. 4: de termijn is een jaar of langer"
_IN_MAANDEN = "Atw art. 4: de termijn is langer dan drie maanden"
_IN_WEKEN = "Atw art. 4: de termijn is langer dan twaalf weken"
_TERUG = "Atw art. 1 lid 2: er wordt teruggerekend"
_METEEN = "Er is geen termijn: na overlijden worden de gegevens niet langer bewaard"
_IN_BRIEF = "De Atw geldt niet: het college stelt de termijn in een brief"

ASIELSTATUSHOUDER = "asielstatushouder"
GEZINSMIGRANT = "gezinsmigrant"
ONDERWIJSROUTE = "onderwijsroute"

PIP_NIEUWE_TEKST = date(2023, 1, 1)
"""From this day on pip counts from the kennisgeving. Onzeker: only the texts of 2022 and of
2-4-2026 were read, so the day on which the article changed is a choice."""


def pip(
    kennisgeving: date, inschrijving_brp: date | None = None, doelgroep: str | None = None
) -> Termijn | None:
    """Return the period within which the college must set the PIP.

    Args:
        kennisgeving: civil day on which DUO told the person in writing that
            they are inburgeringsplichtig.
        inschrijving_brp: day of registration in the gemeente of housing; None
            while that is not so.
        doelgroep: "asielstatushouder", "gezinsmigrant" or None when unknown.
            The gemeente of housing (Huisvestingswet 2014 art. 28) only exists
            for an asielstatushouder.

    Returns:
        Ten weeks after the kennisgeving, or after the registration when that
        came later. None for an asielstatushouder who is not registered yet:
        no period runs.

    Source:
        Besluit inburgering 2021 art. 5.3 lid 1, text of 2-4-2026. The Atw
        applies (art. 5: also to an AMvB). Handbooks and the text of 2022 count
        from the registration for everybody: see ``pip_2022``.

    >>> def laatste(*feiten): return pip(*map(date.fromisoformat, feiten)).laatste_dag().isoformat()
    >>> laatste("2026-02-16")  # 27 April is Koningsdag
    '2026-04-28'
    >>> laatste("2026-01-23")  # Goede Vrijdag, weekend, tweede Paasdag
    '2026-04-07'
    >>> laatste("2026-02-24")  # 5 mei, every year
    '2026-05-06'
    >>> laatste("2026-03-05")  # Hemelvaartsdag
    '2026-05-15'
    >>> laatste("2026-10-16")  # eerste Kerstdag, and then a weekend
    '2026-12-28'
    >>> laatste("2026-01-05", "2026-02-16")  # registered after the kennisgeving
    '2026-04-28'
    >>> pip(date(2026, 2, 16), doelgroep="asielstatushouder") is None
    True
    """
    na = kennisgeving
    if is_waarde(doelgroep, ASIELSTATUSHOUDER) and inschrijving_brp is None:
        return None
    if inschrijving_brp is not None and not is_waarde(doelgroep, GEZINSMIGRANT):
        na = max(kennisgeving, inschrijving_brp)
    return Termijn(na, 10, "weken", "Besluit 5.3 lid 1", atw=True, atw_reden=_IN_AMVB)


def pip_2022(inschrijving_brp: date) -> Termijn:
    """Return the period for the PIP as the text of 2022 had it: ten weeks after registration.

    Source:
        Besluit inburgering 2021 art. 5.3 lid 1, text of 2022; the Atw applies.

    >>> pip_2022(date(2022, 2, 14)).laatste_dag()
    datetime.date(2022, 4, 25)
    """
    grond = "Besluit 5.3 lid 1 (tekst 2022)"
    return Termijn(inschrijving_brp, 10, "weken", grond, atw=True, atw_reden=_IN_AMVB)


def pip_verhuizing(inschrijving_brp_nieuw: date) -> Termijn:
    """Return the period for the PIP of the gemeente to which somebody moved.

    Args:
        inschrijving_brp_nieuw: day of registration in the new gemeente.

    Source:
        Besluit inburgering 2021 art. 5.3 lid 3, text of 2-4-2026; the Atw applies.

    >>> pip_verhuizing(date(2026, 2, 16)).laatste_dag()
    datetime.date(2026, 4, 28)
    """
    grond = "Besluit 5.3 lid 3"
    return Termijn(inschrijving_brp_nieuw, 10, "weken", grond, atw=True, atw_reden=_IN_AMVB)


def pip_informatie_derde(ontvangst_informatie: date) -> Termijn:
    """Return the period for a PIP that had to wait for information of a third party.

    Only when the PIP was not reasonably possible without it; the casemanager
    judges that. The period of ten weeks is never made shorter by it.

    Args:
        ontvangst_informatie: day on which the college received the information.

    Source:
        Besluit inburgering 2021 art. 5.3 lid 2, text of 2-4-2026; the Atw applies.

    >>> pip_informatie_derde(date(2026, 4, 13)).laatste_dag()  # 27 April is Koningsdag
    datetime.date(2026, 4, 28)
    """
    grond = "Besluit 5.3 lid 2"
    return Termijn(ontvangst_informatie, 2, "weken", grond, atw=True, atw_reden=_IN_AMVB)


def pip_volgens_feiten(  # noqa: PLR0913 - each is a fact that the article names
    *,
    kennisgeving: date | None = None,
    inschrijving_brp: date | None = None,
    doelgroep: str | None = None,
    inschrijving_brp_nieuw: date | None = None,
    ontvangst_informatie: date | None = None,
    datum_recht: date | None = None,
) -> Termijn | None:
    """Choose the paragraph and the version of art. 5.3 that govern these facts."""
    recht = datum_recht or kennisgeving or inschrijving_brp
    if inschrijving_brp_nieuw is not None:
        gewoon: Termijn | None = pip_verhuizing(inschrijving_brp_nieuw)
    elif recht is not None and recht < PIP_NIEUWE_TEKST:
        gewoon = None if inschrijving_brp is None else pip_2022(inschrijving_brp)
    else:
        gewoon = None if kennisgeving is None else pip(kennisgeving, inschrijving_brp, doelgroep)
    if gewoon is None or ontvangst_informatie is None:
        return gewoon
    later = pip_informatie_derde(ontvangst_informatie)
    return max(gewoon, later, key=lambda een: een.laatste_dag())


def maatschappelijke_begeleiding(inschrijving_brp: date) -> Termijn:
    """Return the day on which the maatschappelijke begeleiding begins: that of registration.

    The law sets no end and no length (onzeker: the contract does).

    Source:
        Wet inburgering 2021 art. 13 lid 3, text of 1-1-2023.

    >>> maatschappelijke_begeleiding(date(2026, 4, 25)).laatste_dag()
    datetime.date(2026, 4, 25)
    """
    reden = "De wet noemt een begindag, geen termijn"
    return Termijn(inschrijving_brp, 0, "dagen", "Wet 13 lid 3", atw=False, atw_reden=reden)


def ontzorgen(bijstand_ingang: date) -> Termijn:
    """Return the six months in which the college pays the fixed costs from the bijstand.

    Args:
        bijstand_ingang: day on which the right to bijstand arose. It is the
            first day of the six months ("vanaf de dag").

    Source:
        Participatiewet art. 56a lid 2. Longer than three months: no Atw.

    >>> ontzorgen(date(2026, 1, 15)).laatste_dag()
    datetime.date(2026, 7, 14)
    """
    return Termijn(
        bijstand_ingang - _DAG,
        6,
        "maanden",
        "PW 56a lid 2",
        atw=False,
        atw_reden=_IN_MAANDEN,
        vanaf_begin=True,
    )


def inburgeringstermijn(
    dagtekening: date | None = None,
    termijn_start: date | None = None,
    termijn_eind_exclusief: date | None = None,
) -> Termijn:
    """Return the three years in which somebody must satisfy the inburgeringsplicht.

    Args:
        dagtekening: date on the first PIP; the period begins the day after.
        termijn_start: the first day according to DUO. It wins: a new or
            replaced PIP does not move the period (art. 11 lid 3).
        termijn_eind_exclusief: first day after the end according to DUO. Only
            a later one counts: that is an extension (art. 12).

    Source:
        Wet inburgering 2021 art. 11 lid 1-3 and 12, text of 1-1-2023. A period
        in years: no Atw (art. 4). DUO's interface gives the end exclusively.

    >>> termijn = inburgeringstermijn(date(2026, 3, 10))
    >>> termijn.begin.isoformat(), termijn.laatste_dag().isoformat()  # a Saturday, and it stays
    ('2026-03-11', '2029-03-10')
    >>> inburgeringstermijn(date(2024, 2, 29)).laatste_dag(), inburgeringstermijn(date(2025, 2, 28)).laatste_dag()
    (datetime.date(2027, 2, 28), datetime.date(2028, 2, 29))
    >>> inburgeringstermijn(date(2026, 3, 10), termijn_eind_exclusief=date(2029, 9, 11)).laatste_dag()
    datetime.date(2029, 9, 10)
    """
    gewoon = Termijn(
        _dag_voor_begin(dagtekening, termijn_start),
        3,
        "jaren",
        "Wet 11 lid 1 en 2",
        atw=False,
        atw_reden=_IN_JAREN,
        vanaf_begin=True,
    )
    if termijn_eind_exclusief is None:
        return gewoon
    return gewoon.verlengen_tot(termijn_eind_exclusief - _DAG)


def verblijf_buiten_nederland(vertrokken_op: date) -> Termijn:
    """Return how long somebody may be out of the Netherlands and still be inburgeringsplichtig.

    Who is back within it gets the days of the gap added to the inburgeringstermijn; after it the
    duty ends, as DUO tells.

    Source:
        Besluit inburgering 2021 art. 2.1 lid 2 and 4.2, text of 2-4-2026. A period in years: no
        Atw.

    >>> verblijf_buiten_nederland(date(2026, 3, 2)).laatste_dag()
    datetime.date(2027, 3, 2)
    """
    grond = "Besluit 2.1 lid 2 en 4.2"
    return Termijn(vertrokken_op, 1, "jaren", grond, atw=False, atw_reden=_IN_JAREN)


def route_switch(dagtekening: date | None = None, termijn_start: date | None = None) -> Termijn:
    """Return until when the college may set another leerroute.

    From the onderwijsroute to the B1-route is possible at any time, and art. 5.4
    lid 2 and 3 hold exceptions: see ``processes/routewijziging.dmn``.

    Args:
        dagtekening: date on the first PIP; the termijn begins the day after.
        termijn_start: first day of the inburgeringstermijn, when DUO gave it.

    Source:
        Wet inburgering 2021 art. 17 lid 2 and Besluit art. 5.4 lid 1 (1,5 jaar
        after the start of the termijn), text of 2-4-2026; no Atw.

    >>> route_switch(date(2026, 3, 10)).laatste_dag()
    datetime.date(2027, 9, 10)
    """
    return Termijn(
        _dag_voor_begin(dagtekening, termijn_start),
        18,
        "maanden",
        "Besluit 5.4 lid 1",
        atw=False,
        atw_reden=_IN_JAREN,
        vanaf_begin=True,
    )


def verlengingsvenster(
    dagtekening: date | None = None,
    termijn_start: date | None = None,
    termijn_eind_exclusief: date | None = None,
) -> Termijn:
    """Return the first day on which an extension can be asked: six months before the end.

    Counted back from the first day after the termijn, so that the last six
    months are whole.

    Source:
        Besluit inburgering 2021 art. 4.5 lid 1, text of 2-4-2026. Counted
        back: never moves (Atw art. 1 lid 2).

    >>> verlengingsvenster(date(2026, 3, 10)).laatste_dag()
    datetime.date(2028, 9, 11)
    """
    geheel = inburgeringstermijn(dagtekening, termijn_start, termijn_eind_exclusief)
    einde = geheel.laatste_dag() + _DAG
    return Termijn(einde, -6, "maanden", "Besluit 4.5 lid 1", atw=False, atw_reden=_TERUG)


def aanbod(dagtekening: date, dagtekening_route: date | None = None) -> Termijn:
    """Return the three months in which an asielstatushouder must have an inburgeringsaanbod.

    The law only says "tijdig" (Wet art. 16). After three months without one
    the termijn is extended with the delay (ground g).

    Args:
        dagtekening: date on the first PIP.
        dagtekening_route: date on the PIP that set another leerroute. Onzeker:
            the article does not name a new PIP; a new leerroute asks a new
            aanbod, so its months count from there.

    Source:
        Regeling inburgering 2021 art. 4.1 lid 1 onder g, text of 18-4-2026. A
        ministeriële regeling: Atw art. 5 does not name it, so it never moves.

    >>> aanbod(date(2026, 1, 31)).laatste_dag(), aanbod(date(2026, 1, 27)).laatste_dag()
    (datetime.date(2026, 4, 30), datetime.date(2026, 4, 27))
    >>> aanbod(date(2026, 1, 31), date(2027, 2, 10)).laatste_dag()
    datetime.date(2027, 5, 10)
    """
    grond = "Wet 16 lid 1; Regeling 4.1 lid 1 onder g"
    na = dagtekening_route or dagtekening
    return Termijn(na, 3, "maanden", grond, atw=False, atw_reden=_IN_REGELING)


def onderwijsroute_start(dagtekening: date, dagtekening_route: date | None = None) -> Termijn:
    """Return the six months in which somebody in the onderwijsroute must be able to start.

    Args:
        dagtekening: date on the first PIP.
        dagtekening_route: date on the PIP that set the onderwijsroute later; see ``aanbod``.

    Source:
        Regeling inburgering 2021 art. 4.1 lid 2 onder g, text of 18-4-2026; no Atw.

    >>> onderwijsroute_start(date(2026, 8, 31)).laatste_dag()
    datetime.date(2027, 2, 28)
    """
    grond = "Wet 16 lid 1; Regeling 4.1 lid 2 onder g"
    na = dagtekening_route or dagtekening
    return Termijn(na, 6, "maanden", grond, atw=False, atw_reden=_IN_REGELING)


def bezwaar(bekendmaking: date) -> Termijn:
    """Return the period in which bezwaar can be made: six weeks.

    Args:
        bekendmaking: day on which the decision was sent or handed over (Awb 3:41).

    Source:
        Awb art. 6:7 and 6:8 lid 1, text of 1-1-2026; the Atw applies.

    >>> bezwaar(date(2026, 3, 16)).laatste_dag(), bezwaar(date(2026, 2, 20)).laatste_dag()
    (datetime.date(2026, 4, 28), datetime.date(2026, 4, 7))
    """
    return Termijn(bekendmaking, 6, "weken", "Awb 6:7 en 6:8", atw=True, atw_reden=_IN_WET)


def bezwaar_boete(bekendmaking_boete: date) -> Termijn:
    """Return the period in which bezwaar can be made against a fine; see ``bezwaar``.

    Without bezwaar the fine is onherroepelijk after it, which matters for
    recidive (Besluit art. 7.1 lid 3).

    >>> bezwaar_boete(date(2026, 3, 16)) == bezwaar(date(2026, 3, 16))
    True
    """
    return bezwaar(bekendmaking_boete)


def besluit_bezwaar(bekendmaking: date, *, commissie: bool = False) -> Termijn:
    """Return the period in which the college decides on a bezwaar.

    Args:
        bekendmaking: day on which the decision was sent or handed over.
        commissie: an advisory committee was set up (Awb 7:13).

    Returns:
        Six weeks, or twelve with a committee, after the bezwaar period ended.
        It can be adjourned by at most six weeks (lid 3).

    Source:
        Awb art. 7:10 lid 1, text of 1-1-2026; the Atw applies.

    >>> besluit_bezwaar(date(2026, 3, 16)).laatste_dag()
    datetime.date(2026, 6, 9)
    """
    weken = 12 if commissie else 6
    na = bezwaar(bekendmaking).laatste_dag()
    return Termijn(na, weken, "weken", "Awb 7:10 lid 1", atw=True, atw_reden=_IN_WET)


def besluit_bezwaar_boete(bekendmaking_boete: date, *, commissie: bool = False) -> Termijn:
    """Return the period in which the college decides on bezwaar against a fine.

    See ``besluit_bezwaar``.

    >>> besluit_bezwaar_boete(date(2026, 3, 16)) == besluit_bezwaar(date(2026, 3, 16))
    True
    """
    return besluit_bezwaar(bekendmaking_boete, commissie=commissie)


def nieuwe_termijn_intake(bekendmaking_boete: date) -> Termijn:
    """Return the latest day that the college may set for the new call in a fine for the intake.

    The maximum does not move; choose a working day on or before it.

    Args:
        bekendmaking_boete: day on which the fine was sent or handed over.

    Source:
        Wet inburgering 2021 art. 22 lid 2, text of 1-1-2023: at most two
        months. Onzeker how this fits inside the ten weeks of the PIP.

    >>> nieuwe_termijn_intake(date(2025, 12, 31)).laatste_dag()
    datetime.date(2026, 2, 28)
    """
    reden = "De Atw geldt niet: het college kiest een dag binnen een wettelijk maximum"
    return Termijn(bekendmaking_boete, 2, "maanden", "Wet 22 lid 2", atw=False, atw_reden=reden)


def zienswijze(voornemen: date) -> Termijn:
    """Return the period in which somebody may give a zienswijze: two weeks (a proposal).

    No law sets its length. A last day off moves on by agreement, in the
    interest of the person.

    Args:
        voornemen: day on which the intention and the report were sent.

    Source:
        Awb art. 4:8 and 5:50 (not opened) for the duty; the two weeks are a
        proposal, set in a letter.

    >>> zienswijze(date(2026, 4, 13)).laatste_dag()
    datetime.date(2026, 4, 28)
    """
    grond = "Awb 4:8 en 5:50 (twee weken: voorstel, geen wet)"
    return Termijn(voornemen, 2, "weken", grond, atw=False, atw_reden=_IN_BRIEF, doorschuiven=True)


def besluit_boete(rapport: date) -> Termijn:
    """Return the period in which the college decides on a fine: thirteen weeks.

    A "termijn van orde": the power does not lapse, long delay may lower the
    fine (ABRvS 4-10-2023, ECLI:NL:RVS:2023:3702).

    Args:
        rapport: date of the report.

    Source:
        Awb art. 5:51 lid 1 (not opened). Longer than twelve weeks: no Atw.

    >>> besluit_boete(date(2026, 1, 26)).laatste_dag()  # Koningsdag, and it stays
    datetime.date(2026, 4, 27)
    """
    return Termijn(rapport, 13, "weken", "Awb 5:51", atw=False, atw_reden=_IN_WEKEN)


def betaling_boete(bekendmaking_boete: date) -> Termijn:
    """Return the period in which a fine is paid: six weeks.

    Source:
        Awb art. 4:87 lid 1 (not opened); the Atw applies.

    >>> betaling_boete(date(2026, 3, 16)).laatste_dag()
    datetime.date(2026, 4, 28)
    """
    return Termijn(bekendmaking_boete, 6, "weken", "Awb 4:87", atw=True, atw_reden=_IN_WET)


def aanmaning(aanmaning_datum: date) -> Termijn:
    """Return the period in which a fine is paid after a written reminder: two weeks.

    Source:
        Awb art. 4:112 lid 1 (not opened); the Atw applies.

    >>> aanmaning(date(2026, 4, 21)).laatste_dag()
    datetime.date(2026, 5, 6)
    """
    return Termijn(aanmaning_datum, 2, "weken", "Awb 4:112", atw=True, atw_reden=_IN_WET)


def recidivevenster(vaststelling: date) -> Termijn:
    """Return the first day on which an earlier violation still raises the fine.

    Args:
        vaststelling: day on which the present violation was found.

    Source:
        Besluit inburgering 2021 art. 7.1 lid 3, text of 2-4-2026: within
        twelve months before. Counted back: never moves.

    >>> recidivevenster(date(2026, 5, 5)).laatste_dag()
    datetime.date(2025, 5, 5)
    """
    grond = "Besluit 7.1 lid 3"
    return Termijn(vaststelling, -12, "maanden", grond, atw=False, atw_reden=_TERUG)


def duo_besluit(aanvraag: date) -> Termijn:
    """Return the period in which DUO decides on an extension, exemption or waiver: eight weeks.

    Args:
        aanvraag: day on which DUO received the application.

    Source:
        Besluit inburgering 2021 art. 4.5, 2.7 lid 5 and 2.8 lid 3, text of
        2-4-2026; the Atw applies.

    >>> duo_besluit(date(2026, 3, 2)).laatste_dag()
    datetime.date(2026, 4, 28)
    """
    grond = "Besluit 2.7, 2.8 en 4.5"
    return Termijn(aanvraag, 8, "weken", grond, atw=True, atw_reden=_IN_AMVB)


def bewaartermijn(
    einde_plicht: date | None = None,
    overlijdensdatum: date | None = None,
    lening_afgelost_op: date | None = None,
) -> Termijn:
    """Return how long the dossier is kept: five years after the end of the plicht.

    After death it ends at once. Of who has a loan (Wi2013) the five years begin when it is paid
    off, if that is later. A short list may be kept for longer: see ``lange_bewaartermijn``.

    Source:
        Besluit inburgering 2021 art. 9.9 lid 1 and 3, text of 2022; no Atw.

    >>> bewaartermijn(date(2029, 3, 10)).laatste_dag()
    datetime.date(2034, 3, 10)
    >>> bewaartermijn(date(2029, 3, 10), date(2030, 1, 2)).laatste_dag()
    datetime.date(2030, 1, 2)
    >>> bewaartermijn(date(2024, 3, 10), None, date(2027, 5, 1)).laatste_dag()
    datetime.date(2032, 5, 1)
    """
    if overlijdensdatum is not None:
        grond = "Besluit 9.9 lid 1"
        return Termijn(overlijdensdatum, 0, "dagen", grond, atw=False, atw_reden=_METEEN)
    if einde_plicht is None:
        raise ValueError("needs einde_plicht or overlijdensdatum")
    if lening_afgelost_op is not None and lening_afgelost_op > einde_plicht:
        grond = "Besluit 9.9 lid 3"
        return Termijn(lening_afgelost_op, 5, "jaren", grond, atw=False, atw_reden=_IN_JAREN)
    return Termijn(einde_plicht, 5, "jaren", "Besluit 9.9 lid 1", atw=False, atw_reden=_IN_JAREN)


def lange_bewaartermijn(einde_plicht: date) -> Termijn:
    """Return how long the short list is kept at most: fifty years after the end of the plicht.

    From which day the fifty years count is not in the text that was read: uncertain.

    Source:
        Besluit inburgering 2021 art. 9.9 lid 2, text of 2022; no Atw.

    >>> lange_bewaartermijn(date(2029, 3, 10)).laatste_dag()
    datetime.date(2079, 3, 10)
    """
    return Termijn(einde_plicht, 50, "jaren", "Besluit 9.9 lid 2", atw=False, atw_reden=_IN_JAREN)


def _dag_voor_begin(dagtekening: date | None, termijn_start: date | None) -> date:
    if termijn_start is not None:
        return termijn_start - _DAG
    if dagtekening is None:
        raise ValueError("needs dagtekening or termijn_start")
    return dagtekening


def is_waarde(waarde: str | None, verwacht: str) -> bool:
    return waarde is not None and waarde.strip().lower().startswith(verwacht)
