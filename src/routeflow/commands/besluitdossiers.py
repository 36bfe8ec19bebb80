"""Freezes what a decision about a sanction was based on, at the moment that it is taken."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.brieven.besluitdossier import besluitdossier_pdf
from routeflow.brieven.brief import SOORTEN
from routeflow.commands.boetes import FEIT
from routeflow.commands.catalogus import Catalogus
from routeflow.commands.journaal import schrijf
from routeflow.commands.zaak import Zaak
from routeflow.engine import Element
from routeflow.inburgering.rechten import soort_gevoelig
from routeflow.store.models import Besluitdossier, Feit, Journaal, Taak
from routeflow.store.terugblik import Gegeven, Regel, Terugblik

Rij = TypeVar("Rij", Feit, Journaal)

WAT: Final = "besluitdossier"
"""The kind of journal row that holds the hashes."""

HOORT_ERBIJ: Final = "besluitdossier"
"""The property of a step whose answers a decision rests on, when no other mark says so."""

_BESLUIT, _TWEEDE_PERSOON = "besluit", "tweede persoon"
_VASTE_FEITEN: Final = frozenset(
    {FEIT, "doelgroep", "leerroute", "vermoedenMelder", "gedraging", "gedragingDatum", "plicht"}
)


def bevries(zaak: Zaak, taak: Taak) -> Besluitdossier | None:
    """Freeze the besluitdossier of ``taak``, just completed; None when it decides nothing.

    The diagram says which steps decide: a judgement by a second person, and a besluit. Also when
    the answer is that nothing follows: that ends a review, and nobody may be fined for it later.
    The session must hold everything of the act, and have written nothing of it yet.
    """
    blik = zaak.terugblik
    element = zaak.catalogus.element(taak.proces, taak.element)
    if blik is None or element is None or not legt_vast(element):
        return None
    beschermd: dict[str, Any] = {}
    tekst = canoniek(_inhoud(zaak, taak, blik, beschermd))
    pdf = besluitdossier_pdf(json.loads(tekst), sha256=_hash(tekst.encode()))
    rij = Besluitdossier(
        id=uuid4(),
        dossier_id=taak.dossier_id,
        taak_id=taak.id,
        naam=taak.naam,
        uitkomst=_uitkomst(taak),
        op=zaak.now,
        door=zaak.by.naam,
        gegevens=tekst,
        gegevens_hash=_hash(tekst.encode()),
        beschermd=beschermd,
        pdf=pdf,
        pdf_hash=_hash(pdf),
    )
    zaak.session.add(rij)
    schrijf(zaak.session, WAT, _zegels(rij), route=zaak.route, element=taak.element, by=zaak.by, now=zaak.now)  # fmt: skip
    return rij


def canoniek(inhoud: Any) -> str:  # noqa: ANN401 - any JSON
    """Return JSON in the one form that is hashed: sorted keys, no spaces, UTF-8.

    >>> canoniek({"b": 1, "a": ["é"]})
    '{"a":["é"],"b":1}'
    """
    return json.dumps(inhoud, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def nagaan(session: Session, dossiers: list[UUID]) -> Iterator[tuple[UUID, str]]:
    """Hold the besluitdossiers of these dossiers against their hashes and the journal."""
    rijen = session.scalars(
        select(Besluitdossier).where(Besluitdossier.dossier_id.in_(dossiers))
    ).all()
    gezegeld = {
        regel.gegevens.get("besluitdossier"): (regel.dossier_id, regel.gegevens)
        for regel in session.scalars(
            select(Journaal).where(Journaal.dossier_id.in_(dossiers), Journaal.wat == WAT)
        )
    }
    for rij in rijen:
        wat = f"Het besluitdossier bij “{rij.naam}” ({rij.id})"
        if _hash(rij.gegevens.encode()) != rij.gegevens_hash or _hash(rij.pdf) != rij.pdf_hash:
            yield rij.dossier_id, f"{wat} is veranderd: de inhoud past niet bij het zegel."
        elif gezegeld.pop(str(rij.id), (None, None))[1] != _zegels(rij):
            yield rij.dossier_id, f"{wat} staat niet zo in het journaal."
        elif not _beschermd_klopt(rij):
            yield rij.dossier_id, f"{wat}: een beschermd antwoord is veranderd."
        session.expunge(rij)
    over = gezegeld.keys() - {str(rij.id) for rij in rijen}
    for ident in sorted(map(str, over)):
        dossier_id = gezegeld[ident][0]
        if dossier_id is not None:
            yield dossier_id, f"Het besluitdossier {ident} staat in het journaal, maar is weg."


def legt_vast(element: Element) -> bool:
    """Say whether completing ``element`` decides something that is frozen."""
    return element.properties.get("sanctie") == _BESLUIT or _TWEEDE_PERSOON in (
        element.properties.get("waarborg", "")
    )


def _uitkomst(taak: Taak) -> str:
    antwoorden = taak.antwoorden or {}
    return str(antwoorden.get("besluit") or antwoorden.get("uitkomst") or taak.naam)[:60]


def _zegels(rij: Besluitdossier) -> dict[str, str]:
    return {
        "besluitdossier": str(rij.id),
        "taak": rij.naam,
        "taakId": str(rij.taak_id),
        "uitkomst": rij.uitkomst,
        "gegevens": rij.gegevens_hash,
        "pdf": rij.pdf_hash,
    }


def _inhoud(zaak: Zaak, taak: Taak, blik: Terugblik, beschermd: dict[str, Any]) -> dict[str, Any]:
    """Return everything that lay before who decided, and what they decided."""
    dossier = zaak.route.dossier
    taken = _taken(zaak, taak, blik)
    namen = _VASTE_FEITEN.union(*(_vraagt(zaak.catalogus, een) for een in taken))
    gevoelig = {
        veld.key: veld.gevoelig
        for een in taken
        if een.formulier
        for veld in zaak.catalogus.form(een.formulier).alle
        if veld.key and veld.gevoelig
    }

    def toon(naam: str, waarde: Any) -> Any:  # noqa: ANN401 - typed JSON
        soort = soort_gevoelig(naam, gevoelig)
        return _scherm(soort, waarde, beschermd) if soort else waarde

    return {
        "soort": WAT,
        "dossier": {"nummer": dossier.nummer, "id": str(dossier.id), "naam": dossier.naam},
        "besluit": _stap(taak, zaak.catalogus, toon) | {"uitkomst": _uitkomst(taak)},
        "stappen": [_stap(een, zaak.catalogus, toon) for een in taken if een.id != taak.id],
        "feiten": {
            feit.naam: {
                "waarde": toon(feit.naam, feit.waarde),
                "sinds": _moment(feit.sinds),
                "door": feit.door,
            }
            for feit in _feiten(zaak, blik)
            if feit.naam in namen
        },
        "termijnen": [
            {
                "naam": termijn.naam,
                "grond": termijn.grond,
                "tekst": termijn.tekst,
                "begin": termijn.begin and termijn.begin.isoformat(),
                "uiterlijk": termijn.uiterlijk and termijn.uiterlijk.isoformat(),
                "status": termijn.status,
                "uitleg": termijn.uitleg,
            }
            for termijn in sorted(blik.termijnen, key=lambda een: (een.naam, een.volgnummer))
        ],
        "brieven": [
            {
                "soort": SOORTEN[brief.soort].naam if brief.soort in SOORTEN else brief.soort,
                "taak": str(UUID(brief.taak_id)),
                "taal": brief.taal,
                "op": _moment(brief.op),
                "door": brief.door,
                "sha256": brief.hash,
            }
            for brief in blik.brieven
        ],
        "journaal": [
            {
                "op": _moment(regel.op),
                "door": regel.door,
                "wat": regel.wat,
                "element": regel.element,
                "keten": regel.keten,
            }
            for regel in _regels(zaak, blik)
        ],
        "versie": _versie(zaak, blik),
    }


def _nieuw(zaak: Zaak, soort: type[Rij]) -> Iterator[Rij]:
    """Return the rows of one kind that this act adds, in their order."""
    return (rij for rij in zaak.session.new if isinstance(rij, soort))


def _feiten(zaak: Zaak, blik: Terugblik) -> Iterator[Gegeven | Feit]:
    """Return the facts of now: those that stood and stayed, and those of this act."""
    for feit in blik.feiten:
        if feit.tot is None and feit.naam not in zaak.feiten.anders:
            yield feit
    yield from (feit for feit in _nieuw(zaak, Feit) if feit.tot is None)


def _regels(zaak: Zaak, blik: Terugblik) -> Iterator[Regel | Journaal]:
    """Return the journal with what this act adds to it."""
    yield from blik.regels
    yield from _nieuw(zaak, Journaal)


def _taken(zaak: Zaak, taak: Taak, blik: Terugblik) -> list[Taak]:
    """Return the done steps that the decision rests on, in order, ``taak`` among them.

    Those are the steps of the processes that hold a sanction, and what is marked elsewhere, such as
    the calls for the intake.
    """
    processen = _met_sanctie(zaak.catalogus)
    # Steps of one instant stand in the order in which the journal tells of them.
    plaats: dict[tuple[datetime | None, str | None], int] = {}
    for regel in blik.regels:
        plaats.setdefault((regel.op, regel.element), regel.id)
    laatste = max(plaats.values(), default=0) + 1
    op_rij = sorted(
        [*blik.gedaan, taak],
        key=lambda een: (
            een.gesloten_op,
            plaats.get((een.gesloten_op, een.element), laatste),
            een.id,
        ),
    )
    return [
        een
        for een in op_rij
        if een.proces in processen
        or ((element := zaak.catalogus.element(een.proces, een.element)) and _gemerkt(element))
    ]


def _gemerkt(element: Element) -> bool:
    return bool(element.properties.keys() & {"waarborg", "sanctie", HOORT_ERBIJ})


def _met_sanctie(catalogus: Catalogus) -> set[str]:
    return {
        proces
        for proces in catalogus.definition.processes
        if any(
            element.properties.get("sanctie") for element in catalogus.definition.elements(proces)
        )
    }


def _vraagt(catalogus: Catalogus, taak: Taak) -> frozenset[str]:
    return catalogus.form(taak.formulier).namen if taak.formulier else frozenset()


def _stap(taak: Taak, catalogus: Catalogus, toon: Any) -> dict[str, Any]:  # noqa: ANN401 - a function
    element = catalogus.element(taak.proces, taak.element)
    labels = (
        {veld.key: veld.label for veld in catalogus.form(taak.formulier).alle if veld.key}
        if taak.formulier
        else {}
    )
    weten = {**(taak.lokaal or {}), **(taak.antwoorden or {})}
    return {
        "taak": taak.naam,
        "id": str(taak.id),
        "proces": taak.proces,
        "element": taak.element,
        "rol": taak.rol,
        "grond": (element.properties.get("grond") if element else None) or taak.grond,
        "waarborg": element.properties.get("waarborg") if element else None,
        "door": taak.gesloten_door,
        "doorId": str(taak.behandelaar_id) if taak.behandelaar_id else None,
        "geopend": _moment(taak.geopend_op),
        "gedaan": _moment(taak.gesloten_op) if taak.gesloten_op else None,
        "uiterlijk": taak.uiterlijk and taak.uiterlijk.isoformat(),
        "antwoorden": [
            {"vraag": labels.get(naam, naam), "naam": naam, "antwoord": toon(naam, waarde)}
            for naam, waarde in weten.items()
        ],
    }


def _versie(zaak: Zaak, blik: Terugblik) -> dict[str, Any]:
    deployment = zaak.route.deployment
    return {
        "nummer": deployment.id,
        "sha256": deployment.digest,
        "inDienst": _moment(blik.in_dienst),
        "door": blik.door,
        "bestanden": {pad: _hash(inhoud) for pad, inhoud in zaak.catalogus.bestanden.items()},
    }


def _scherm(soort: str, waarde: Any, beschermd: dict[str, Any]) -> Any:  # noqa: ANN401 - typed JSON
    """Return what stands in the open instead of a sensitive answer: its kind and its hash."""
    if waarde is None:
        return None
    deel = {"soort": soort, "nonce": secrets.token_hex(16), "waarde": waarde}
    zegel = _hash(canoniek(deel).encode())
    beschermd[zegel] = deel
    return {"beschermd": soort, "sha256": zegel}


def _beschermd_klopt(rij: Besluitdossier) -> bool:
    """Say whether what is kept apart is just what the text names by its hash, and unchanged."""
    genoemd = set(_genoemd(json.loads(rij.gegevens)))
    return genoemd == rij.beschermd.keys() and all(
        _klopt(zegel, deel) for zegel, deel in rij.beschermd.items()
    )


def _genoemd(inhoud: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(inhoud, dict) and inhoud.keys() == {"beschermd", "sha256"}:
        yield inhoud["sha256"]
    elif isinstance(inhoud, dict | list):
        for deel in inhoud.values() if isinstance(inhoud, dict) else inhoud:
            yield from _genoemd(deel)


def _klopt(zegel: str, deel: Mapping[str, Any]) -> bool:
    return _hash(canoniek(dict(deel)).encode()) == zegel


def _hash(inhoud: bytes) -> str:
    return hashlib.sha256(inhoud).hexdigest()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
