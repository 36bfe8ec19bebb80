"""What diagrams and forms may ask about a fine: an amount as advice, with the reasons."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from routeflow.inburgering import sancties
from routeflow.inburgering.sancties import EerderBesluit, Overtreding

FEIT: Final = "nalevingsbesluiten"
"""The fact in which the diagrams note every decision about a gedraging."""


def boeteadvies(
    feiten: Mapping[str, Any], beleid: Callable[[str], str | None], vandaag: date
) -> Callable[[Any], dict[str, Any]]:
    """Return the function ``boeteadvies`` for the facts of one dossier.

    It takes a context: plicht, gedraging, mate (of culpability), verlaging (ja when bijstand was
    lowered for the same), op (day of the omission), vastgesteld (day of the report), and
    nieuweTermijn with nieuweTermijnVanaf. It answers bedrag (the most that is allowed, null when no
    fine is), boeteKan, maatregelKan, and tekst and vooraf to show.
    """

    def advies(zaak: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever FEEL hands over
        if not isinstance(zaak, Mapping):
            raise ValueError("boeteadvies vraagt een context")  # noqa: TRY004 - FEEL answers null
        overtreding = _overtreding(zaak, feiten, vandaag)
        eerdere = list(_eerdere(feiten.get(FEIT)))
        recidive = beleid("recidive") or sancties.VERDUBBELEN
        gevonden = sancties.boetebedrag(overtreding, eerdere, recidive=recidive)
        return {
            "bedrag": gevonden.bedrag,
            "boeteKan": not gevonden.bezwaren,
            "maatregelKan": not gevonden.tegen_maatregel,
            "tekst": "\n".join(_regels(overtreding, eerdere, gevonden, recidive)),
            "vooraf": sancties.standaardadvies(overtreding.doelgroep).reden,
        }

    return advies


def _regels(
    overtreding: Overtreding,
    eerdere: list[EerderBesluit],
    gevonden: sancties.Bedragadvies,
    recidive: str,
) -> Iterator[str]:
    yield sancties.in_woorden(gevonden)
    if overtreding.mate is None and gevonden.bedrag and overtreding.plicht != sancties.INTAKE:
        per_mate = sancties.per_mate(overtreding, eerdere, recidive=recidive)
        yield f"Na een oordeel over het verwijt: {per_mate}."
    if gevonden.tegen_maatregel:
        yield "Een maatregel van de Participatiewet kan niet:"
        yield from (f"- {een.tekst} ({een.grond})" for een in gevonden.tegen_maatregel)


def _overtreding(zaak: Mapping[str, Any], feiten: Mapping[str, Any], vandaag: date) -> Overtreding:
    maanden, vanaf = zaak.get("nieuweTermijn"), _dag(zaak.get("nieuweTermijnVanaf"))
    nieuw = str(maanden or "").isdecimal() and vanaf
    return Overtreding(
        gedraging=_tekst(zaak.get("gedraging")),
        plicht=_tekst(zaak.get("plicht")),
        vastgesteld=_dag(zaak.get("vastgesteld")) or vandaag,
        mate=_tekst(zaak.get("mate")),
        op=_dag(zaak.get("op")),
        doelgroep=_tekst(feiten.get("doelgroep")),
        bijstand_verlaagd=zaak.get("verlaging") == "ja",
        herhaalde_oproep=feiten.get("oproep2Verzonden") is not None,
        nieuwe_termijn=(int(str(maanden)), vanaf) if nieuw and vanaf else None,
    )


def _eerdere(rijen: Any) -> Iterator[EerderBesluit]:  # noqa: ANN401 - a fact
    for rij in rijen if isinstance(rijen, list) else ():
        yield EerderBesluit(
            gedraging=str(rij.get("gedraging") or ""),
            plicht=str(rij.get("plicht") or ""),
            soort=str(rij.get("soort") or ""),
            bedrag=Decimal(str(rij.get("bedrag") or 0)),
            vastgesteld=_dag(rij.get("vastgesteld")),
            bekendgemaakt=_dag(rij.get("bekendgemaakt")),
            onherroepelijk=_dag(rij.get("onherroepelijk")),
            herroepen=_dag(rij.get("herroepen")),
        )


def _tekst(waarde: Any) -> str | None:  # noqa: ANN401 - a FEEL value
    return waarde if isinstance(waarde, str) and waarde else None


def _dag(waarde: Any) -> date | None:  # noqa: ANN401 - a FEEL value
    return waarde if isinstance(waarde, date) else None
