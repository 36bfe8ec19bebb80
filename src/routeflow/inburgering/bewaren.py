"""What is kept of a person, for how long, and what must be erased."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from routeflow.inburgering.artikelen import bewaartermijn, lange_bewaartermijn
from routeflow.inburgering.feiten import lees

Soort = Literal["bewaartermijn", "vijftig jaar", "correctie"]

GROND: Final[Mapping[str, str]] = {
    "bewaartermijn": "Besluit inburgering 2021 art. 9.9 lid 1 en 3",
    "vijftig jaar": "Besluit inburgering 2021 art. 9.9 lid 2",
    "correctie": "AVG art. 17 lid 1 onder d: DUO legde de plicht ten onrechte op",
}
"""On what each kind of erasure rests."""

KORTE_LIJST: Final[Mapping[str, str]] = {
    "naam": "naam",
    "bsn": "BSN",
    "adres": "adres",
    "postcode": "postcode",
    "woonplaats": "plaats",
    "geboortedatum": "geboortedatum",
    "vrijstelling": "vrijstelling",
    "ontheffing": "ontheffing",
    "ontheffingOnderdelen": "onderdelen waarvoor ontheffing is gegeven",
    "eindePlicht": "dag waarop de plicht eindigde",
    "eindePlichtWijze": "wijze waarop de plicht eindigde",
    "oninbareLening": "leenschuld die niet te innen is",
}
"""What may be kept for fifty years (Besluit 9.9 lid 2): the fact, and what it is."""


def blijft(soort: Soort) -> Mapping[str, str]:
    """Return which facts an erasure leaves.

    >>> "bsn" in blijft("bewaartermijn"), dict(blijft("correctie"))
    (True, {})
    """
    return KORTE_LIJST if soort == "bewaartermijn" else {}


def laatste_dag(soort: Soort, feiten: Mapping[str, Any]) -> date | None:
    """Return the last day on which the gegevens are kept; None while the end is unknown.

    What DUO imposed wrongly is not kept for a single day: for a correctie it is None too.

    >>> laatste_dag("bewaartermijn", {"eindePlicht": date(2026, 3, 1)})
    datetime.date(2031, 3, 1)
    """
    einde, overleden = lees(feiten, "einde_plicht"), lees(feiten, "overlijdensdatum")
    if soort == "correctie" or (einde is None and overleden is None):
        return None
    if soort == "vijftig jaar":
        return None if einde is None else lange_bewaartermijn(einde).laatste_dag()
    return bewaartermijn(einde, overleden, lees(feiten, "lening_afgelost_op")).laatste_dag()


def lening_loopt(feiten: Mapping[str, Any]) -> bool:
    """Say whether a loan was used of which nobody noted that it is paid off (Besluit 9.9 lid 3).

    >>> lening_loopt({"leningGebruikt": 4000}), lening_loopt({"leningGebruikt": 0})
    (True, False)
    """
    try:
        gebruikt = Decimal(str(feiten.get("leningGebruikt") or 0))
    except InvalidOperation:
        return True
    return gebruikt > 0 and lees(feiten, "lening_afgelost_op") is None
