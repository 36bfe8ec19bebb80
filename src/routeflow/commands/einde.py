"""What the end of a plicht does besides the diagram: naleving stops, and others hear of it."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from routeflow.commands.berichtsoorten import OVERLEDEN, Soort
from routeflow.commands.boetes import FEIT as BESLUITEN
from routeflow.commands.diensten import meld
from routeflow.commands.zaak import Zaak
from routeflow.inburgering import sancties
from routeflow.inburgering.rechten import GEMEENTE, Rol
from routeflow.store.models import Gezinsband, Melding

NALEVING: Final = frozenset({"p17_naleving", "p17a_naleving_intake", "p17b_sanctietoets"})
"""The processes in which somebody looks at a gedraging."""

_STOPT: Final = "gestopt"


def feiten_bij_einde(zaak: Zaak, soort: Soort, feiten: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a message, with what the end of the plicht adds to them.

    The day and the way of an end that is known already stay: they are on the short list of the law.
    A gedraging that was being looked at ends without consequence: without a plicht there is nothing
    to hold somebody to, and nobody may be fined for it later (Wet 22 and 23; Awb 5:43).
    """
    if not soort.eindigt:
        return dict(feiten)
    samen = dict(feiten)
    bekend = zaak.feiten.waarden
    if "eindePlicht" not in feiten and soort.op and bekend.get("eindePlicht") is None:
        samen |= {"eindePlicht": feiten[soort.op], "eindePlichtWijze": soort.eindigt}
    besluiten = bekend.get(BESLUITEN) or []
    gedraging = bekend.get("gedraging")
    beoordeeld = {een.get("gedraging") for een in besluiten}
    if gedraging and gedraging not in beoordeeld and _loopt(zaak):
        niets = {
            "gedraging": gedraging,
            "plicht": bekend.get("plicht"),
            "soort": sancties.GEEN_GEVOLG,
            "bedrag": 0,
            "vastgesteld": None,
            "bekendgemaakt": None,
            "onherroepelijk": None,
            "herroepen": None,
            "reden": f"De plicht eindigde: {soort.eindigt}.",
        }
        samen[BESLUITEN] = [*besluiten, niets]
    return samen


def vertel(zaak: Zaak, soort: Soort) -> None:
    """Tell who must know of the end of a plicht: once, and nobody outside the gemeente.

    Call it before the act, while what runs can still be seen.
    """
    bekend = zaak.feiten.waarden
    eerder = bekend.get("overlijdensdatum" if soort.eindigt == OVERLEDEN else "eindePlicht")
    if not soort.eindigt or eerder is not None:
        return
    nummer = zaak.route.dossier.nummer
    if soort.eindigt == OVERLEDEN and any(map(_staat, bekend.get(BESLUITEN) or [])):
        tekst = (
            f"De inburgeraar van dossier {nummer} is overleden. Een boete die nog niet "
            "onherroepelijk of nog niet betaald is, vervalt (Awb artikel 5:42). Stop de invordering."
        )
        meld(zaak.omgeving, rol=Rol.HANDHAVER, tekst=tekst, soort=_STOPT)
    bezwaren = [een.naam for een in zaak.taken if een.status == "open" and _bezwaar(een.element)]
    if bezwaren and soort.eindigt != OVERLEDEN:
        tekst = (
            f"De route van dossier {nummer} is gestopt, maar er loopt een bezwaar. Besluit daar toch "
            "op (Awb artikel 7:10)."
        )
        meld(zaak.omgeving, rol=Rol.TEAMLEIDER, tekst=tekst, soort=_STOPT)
    anderen = select(Gezinsband.ander_dossier_id).where(
        Gezinsband.dossier_id == zaak.route.dossier_id,
        Gezinsband.ander_dossier_id.is_not(None),
        Gezinsband.vervallen_op.is_(None),
    )
    zaak.session.add_all(
        Melding(
            partij=GEMEENTE,
            rol=Rol.CASEMANAGER,
            dossier_id=ander,
            soort=_STOPT,
            tekst="De inburgering van een gezinslid is gestopt. Kijk of dit iets verandert.",
            op=zaak.now,
        )
        for ander in zaak.session.scalars(anderen.distinct())
    )


def _staat(besluit: Mapping[str, Any]) -> bool:
    return besluit.get("soort") == sancties.BOETE and not besluit.get("herroepen")


def _bezwaar(element: str) -> bool:
    return "bezwaar" in element


def _loopt(zaak: Zaak) -> bool:
    """Say whether somebody looks at a gedraging now: a taak, a timer or a message is awaited."""
    processen = {een.proces for een in zaak.taken if een.status == "open"}
    processen |= {
        een.gegevens.get("proces", "") for een in zaak.open.wekkers if een.soort == "timer"
    }
    processen |= {een.proces for een in zaak.open.wachten}
    return not NALEVING.isdisjoint(processen)
