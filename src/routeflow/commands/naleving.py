"""The only door to P17: a person reports a suspicion. Nothing automatic ever starts it.

And the last gate: no answer to any form becomes a sanction that the law does not allow.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow import engine
from routeflow.commands.advance import PARTIJ_ONTBREEKT, advance
from routeflow.commands.boetes import FEIT
from routeflow.commands.feiten import Feiten
from routeflow.commands.ladder import vandaag
from routeflow.commands.toegang import eis
from routeflow.commands.zaak import Act, Zaak, neem_van_taak
from routeflow.engine import Element
from routeflow.errors import Conflict, Invalid, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Handeling
from routeflow.inburgering.sancties import (
    BOETE,
    GEEN_GEVOLG,
    MAATREGEL,
    PLICHTEN,
    Bezwaar,
    bezwaar_tegen_plicht,
    college_mag_beboeten,
    in_euro,
    plicht_bij,
)
from routeflow.inburgering.vrijstelling import UITLEG, tijdelijk_vrijgesteld, vraagt_van_inburgeraar
from routeflow.store.models import Dossier, Taak
from routeflow.store.waarden import from_json

VERMOEDEN = "vermoeden"
INBURGERAAR = "inburgeraar"
VERWIJTBAAR = "verwijtbaar"
"""A property of a step: "nee" where it is a right, so that leaving it is nobody's fault."""
GEGEVENS = ("plicht", "toelichting")

_OORDELEN = ("besluit", "uitkomst")
_REDENEN = ("redenOnwil", "redenTochBoete")
_ASIEL = "asielstatushouder"
_NAMEN = {
    "plicht": "plicht",
    "gedraging": "gedraging",
    "op": "gedragingDatum",
    "mate": "mateVanVerwijt",
    "verlaging": "verlagingBijstand",
    "nieuweTermijn": "nieuweTermijnDuo",
    "nieuweTermijnVanaf": "nieuweTermijnDuoVanaf",
    "vastgesteld": "rapport",
}
"""What ``boeteadvies`` asks, and how the diagrams call it."""
_BESLUIT = "besluit_boete"
_INTREKKEN, _BEKEND = "besluitIntrekken", "bekendmakingBoete"
_VERTELT_BESLUIT = frozenset({_BESLUIT, "geen_gevolg"})
"""The letters that tell a decision: their step is open from the decision until it is told."""


def meld_vermoeden(
    session: Session, taak_id: UUID, gegevens: Mapping[str, Any], *, by: Actor, now: datetime
) -> Dossier:
    """Start the review of a taak that the inburgeraar let pass.

    ``gegevens``: plicht (which duty it is about) and toelichting; nothing else is kept.
    Raises NotFound, NotAllowed, Invalid for a duty that the inburgeraar has not got, or Conflict when the taak is not overdue or is not the
    inburgeraar's move: what a partner, COA, DUO or the gemeente lets pass is never held
    against the inburgeraar (Awb art. 5:41).
    """
    zaak = neem_van_taak(session, taak_id, by=by, now=now)
    if zaak is None:
        raise NotFound("Deze taak bestaat niet.")
    eis(by, Handeling.VERMOEDEN_MELDEN)
    taak = next(taak for taak in zaak.taken if taak.id == taak_id)
    if not is_van_inburgeraar(taak):
        raise Conflict(
            f"Deze taak ligt bij {taak.partij}, niet bij de inburgeraar. Wat een ander laat "
            "liggen, is de inburgeraar niet te verwijten. Spreek de partij aan."
        )
    if tijdelijk_vrijgesteld(zaak.feiten.waarden):
        raise Conflict(UITLEG)
    if not college_mag_beboeten(zaak.route.dossier.wet):
        raise Conflict(
            "Deze inburgeraar valt onder de Wet inburgering 2013. De gemeente beboet daar niet: hulp "
            "is een aanbod (Wet artikel 54). Zoek contact en help."
        )
    stap = zaak.catalogus.element(taak.proces, taak.element)
    if stap is not None and stap.properties.get(VERWIJTBAAR) == "nee":
        raise Conflict(
            "Deze stap is een recht van de inburgeraar en geen plicht. Niet doen is nooit te "
            "verwijten. Zoek contact en help."
        )
    if taak.status != "open" or taak.uiterlijk is None or taak.uiterlijk >= vandaag(now):
        raise Conflict("Deze taak is niet te laat. Er is geen vermoeden om te melden.")
    _eis_plicht(zaak, gegevens.get("plicht"))
    melder = str(by.account_id) if by.account_id else by.naam
    gemeld = {naam: gegevens[naam] for naam in GEGEVENS if naam in gegevens}
    payload = {
        **gemeld,
        "gedraging": _gedraging(taak),
        "gedragingDatum": taak.uiterlijk,
        "vermoedenTaak": taak.naam,
        "vermoedenMelder": melder,
    }
    advance(
        zaak,
        lambda definition, state, world: engine.deliver(
            definition, state, VERMOEDEN, payload, world
        ),
        Act("vermoeden gemeld", taak.element, {"taak": taak.naam, "taakId": str(taak.id)}),
        feiten=payload,
    )
    session.flush()
    return zaak.route.dossier


def _eis_plicht(zaak: Zaak, plicht: object) -> None:
    bezwaar = bezwaar_tegen_plicht(str(plicht), zaak.feiten.waarden) if plicht else None
    if bezwaar is not None:
        zin = f"{bezwaar.tekst} ({bezwaar.grond}). Kies een andere plicht."
        raise Invalid("Over deze plicht kan geen vermoeden gaan.", {"plicht": zin})


def plichten(session: Session, taak: Taak) -> list[tuple[str, Bezwaar | None]]:
    """Return the duties a suspicion of ``taak`` can be about, what fits it first, and why not others."""
    feiten = Feiten(session, taak.dossier).waarden
    past = plicht_bij(taak.onderdeel)
    volgorde = sorted(PLICHTEN, key=lambda plicht: plicht != past)
    return [(plicht, bezwaar_tegen_plicht(plicht, feiten)) for plicht in volgorde]


def is_van_inburgeraar(taak: Taak) -> bool:
    """Say whether it is the inburgeraar who lets a taak pass, whatever its diagram says.

    Not where a partner registers it, and not where the gemeente stands in for a partner that is
    missing: then nobody can tell who was late (Awb art. 5:41).
    """
    van_gemeente = taak.partij == GEMEENTE and taak.vlag != PARTIJ_ONTBREEKT
    return taak.houder == INBURGERAAR and van_gemeente


def _gedraging(taak: Taak) -> str:
    """Return by what a second report about the same omission is known: the taak that was let pass.

    Nobody is punished twice for one gedraging (Awb art. 5:43; Wet inburgering art. 27).
    """
    return f"{taak.naam} ({taak.id})"


def eis_wettig(
    zaak: Zaak, taak: Taak, antwoorden: Mapping[str, Any], weten: Mapping[str, Any]
) -> None:
    """Raise Invalid for a sanction that the law does not allow, whatever the form of today says.

    Who takes back a decision that nobody was told of does not punish: that is never refused.
    The rules of a form are data, and somebody may take one away. What the law fixes stays: no fine
    above its ceiling, none beside or after another for the same (Wet art. 27, Awb 5:43), none that
    is not the college's, and none of an asielstatushouder without the reason for it.
    """
    element = zaak.catalogus.element(taak.proces, taak.element)
    bedrag = antwoorden.get("boeteBedrag")
    gemerkt = element is not None and element.properties.keys() & {"sanctie", "waarborg"}
    keuzen = {antwoorden.get(naam): naam for naam in _OORDELEN} if gemerkt else {}
    boete, maatregel = bedrag or BOETE in keuzen, MAATREGEL in keuzen
    brief = element.properties.get("brief") if element else None
    bekend = boete or maatregel or antwoorden.get(_BEKEND)
    if brief == _BESLUIT and antwoorden.get(_INTREKKEN) is True and not bekend:
        return
    if tijdelijk_vrijgesteld(weten):
        _eis_rust(element, antwoorden, sanctie=bool(boete or maatregel))
    if brief == _BESLUIT:
        _eis_nog_te_vertellen({**weten, **antwoorden})
    if not boete and not maatregel:
        return
    weten = {**weten, **antwoorden}
    if weten.get("toetsRapport"):  # of this very review, where two run side by side
        weten["rapport"] = weten["toetsRapport"]
    zaak_ = {naam: weten.get(hier) for naam, hier in _NAMEN.items()}
    advies = zaak.functies(taak.geopend_op)["boeteadvies"](zaak_)
    veld = keuzen.get(BOETE) or keuzen.get(MAATREGEL) or "boeteBedrag"
    if _al_beslist(zaak, taak, weten.get("gedraging")):
        zin = (
            "Over dezelfde gedraging is al beslist; dat wordt nog bekendgemaakt. Voor een gedraging "
            "is er hoogstens een sanctie (Wet artikel 27; Awb artikel 5:43). Kies niets of maatwerk."
        )
        raise Invalid("Deze sanctie kan niet.", {veld: zin})
    if (boete and not advies["boeteKan"]) or (maatregel and not advies["maatregelKan"]):
        raise Invalid("Deze sanctie kan niet.", {veld: str(advies["tekst"])})
    if bedrag and advies["bedrag"] is not None and bedrag > advies["bedrag"]:
        zin = f"De wet staat hier hoogstens € {in_euro(advies['bedrag'])} toe. {advies['tekst']}"
        raise Invalid("Dit bedrag kan niet.", {"boeteBedrag": zin})
    if boete and weten.get("doelgroep") == _ASIEL and not any(map(antwoorden.get, _REDENEN)):
        zin = (
            "Schrijf waarom bij deze asielstatushouder toch een boete kan: bewezen en aanhoudende "
            "onwil (HvJEU C-158/23)."
        )
        raise Invalid("Deze boete kan niet.", {_REDENEN[0]: zin})


def _eis_nog_te_vertellen(weten: Mapping[str, Any]) -> None:
    """Raise Conflict for a sanction of which another review told meanwhile that nothing follows."""
    if any(
        een["soort"] == GEEN_GEVOLG and een["gedraging"] == weten.get("gedraging")
        for een in weten.get(FEIT) or ()
    ):
        raise Conflict(
            "Over deze gedraging is al verteld dat er niets volgt. Een sanctie kan dan niet meer "
            "(Awb artikel 5:43). Trek dit besluit in."
        )


def _al_beslist(zaak: Zaak, taak: Taak, gedraging: object) -> bool:
    """Say whether another review decided on the same gedraging and must still tell it.

    A diagram that does not hand the gedraging on leaves it as a fact of the dossier.
    """
    for ander in zaak.taken:
        element = zaak.catalogus.element(ander.proces, ander.element)
        if (
            ander.id != taak.id
            and ander.status == "open"
            and element is not None
            and element.properties.get("brief") in _VERTELT_BESLUIT
            and {**zaak.feiten.waarden, **from_json(ander.lokaal)}.get("gedraging") == gedraging
        ):
            return True
    return False


def _eis_rust(element: Element | None, antwoorden: Mapping[str, Any], *, sanctie: bool) -> None:
    """Raise Conflict for a step that calls, warns or punishes somebody whom DUO has exempted.

    What the inburgeraar does of free will is never refused.
    """
    toets = antwoorden.get("sanctietoetsGevraagd") == "ja"
    vraagt = element is not None and vraagt_van_inburgeraar("", element.properties)
    if sanctie or toets or vraagt:
        raise Conflict(UITLEG)
