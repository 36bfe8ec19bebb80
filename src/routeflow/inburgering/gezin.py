"""Households: when two partners have lessons at once and nobody can be with the children."""

from collections.abc import Mapping
from typing import Any, Final

SOORTEN: Final = ("partner", "kind", "ouder")
OMGEKEERD: Final[Mapping[str, str]] = {"partner": "partner", "kind": "ouder", "ouder": "kind"}
"""How the other one stands to the first."""


def botsende_dagen(
    een: Mapping[str, Any], ander: Mapping[str, Any], *, kinderen: bool
) -> list[str]:
    """Return the days on which both have a lesson while there is no childcare yet.

    A weekplan knows days, no parts of a day. It is something for the gemeente to solve, and no
    fault of anybody. ``kinderen``: a child is known in the household; else the facts tell.

    >>> plan = {"weekplan": [{"dag": "maandag", "soort": "taalles"}], "kinderopvang": "nog niet"}
    >>> botsende_dagen(plan, plan, kinderen=True), botsende_dagen(plan, plan, kinderen=False)
    (['maandag'], [])
    """
    if not (kinderen or een.get("heeftKinderen") is True or ander.get("heeftKinderen") is True):
        return []
    opvang = {een.get("kinderopvang"), ander.get("kinderopvang")}
    if "nog niet" not in opvang or "geregeld" in opvang:
        return []
    wel = _lesdagen(ander)
    return [dag for dag in _lesdagen(een) if dag in wel]


def _lesdagen(feiten: Mapping[str, Any]) -> list[str]:
    plan = feiten.get("weekplan")
    regels = plan if isinstance(plan, list) else []
    return list(
        dict.fromkeys(
            str(regel["dag"])
            for regel in regels
            if isinstance(regel, Mapping) and regel.get("soort") == "taalles" and regel.get("dag")
        )
    )
