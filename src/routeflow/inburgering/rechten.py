"""Who may do what: one decision function for commands, pages, lists, API and export alike.

The table ``RECHTEN`` is the whole policy. ``bezwaar_tegen`` reads it for one act, ``zichtbaar`` for a
list (SQL filters on the same columns), ``feiten_zichtbaar`` for the fields of a dossier.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal
from uuid import UUID

from routeflow.inburgering.feiten import snake

GEMEENTE = "Gemeente"


class Rol(StrEnum):
    """A rol is a lane in the diagrams. The value is the name of the lane."""

    CASEMANAGER = "casemanager"
    TEAMLEIDER = "teamleider"
    INKOMENSCONSULENT = "inkomensconsulent"
    HANDHAVER = "handhaver"
    TRAINER = "trainer"
    HUISVESTING = "huisvesting"
    MAATSCHAPPELIJK_BEGELEIDER = "maatschappelijk begeleider"
    TAALAANBIEDER = "taalaanbieder"
    PVT_AANBIEDER = "pvt-aanbieder"
    MAP_AANBIEDER = "map-aanbieder"
    WERKPARTNER = "werkpartner"
    PARTICIPATIEPARTNER = "participatiepartner"
    PROCESEIGENAAR = "proceseigenaar"
    BEHEERDER = "beheerder"


GEMEENTE_ROLLEN = frozenset(
    {
        Rol.CASEMANAGER,
        Rol.TEAMLEIDER,
        Rol.INKOMENSCONSULENT,
        Rol.HANDHAVER,
        Rol.TRAINER,
        Rol.HUISVESTING,
    }
)
"""These rollen only count at the gemeente; their taken always lie there."""

BEHEER_ROLLEN = frozenset({Rol.PROCESEIGENAAR, Rol.BEHEERDER})
"""These rollen keep the product going; they see no personal facts and have no taken."""

PARTNER_ROLLEN = frozenset(Rol) - GEMEENTE_ROLLEN - BEHEER_ROLLEN


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody (or something) that acts. ``account_id`` is None for the worker and for DUO."""

    naam: str
    partij: str
    rollen: frozenset[Rol]
    account_id: UUID | None = None


class Handeling(StrEnum):
    """An act. The value completes the sentence "U mag ... niet"."""

    TAAK_INZIEN = "deze taak niet inzien"
    TAAK_CLAIMEN = "deze taak niet op uw naam zetten"
    TAAK_VRIJGEVEN = "deze taak niet vrijgeven"
    TAAK_TOEWIJZEN = "deze taak niet aan iemand toewijzen"
    TAAK_OPSLAAN = "deze taak niet invullen"
    TAAK_VOLTOOIEN = "deze taak niet afronden"
    HERVERDELEN = "taken niet herverdelen"
    DOSSIER_STARTEN = "geen dossier starten"
    DOSSIER_INZIEN = "dit dossier niet inzien"
    FEITEN_WIJZIGEN = "de feiten van dit dossier niet wijzigen"
    TERMIJN_WIJZIGEN = "deze termijn niet opschorten of verlengen"
    TERMIJNEN_BEWAKEN = "de termijnbewaking niet inzien"
    UREN_SCHRIJVEN = "geen uren opschrijven"
    JOURNAAL_LEZEN = "het journaal niet lezen"
    BESLUITDOSSIER_INZIEN = "de besluitdossiers niet inzien"
    OVERDRACHT_MAKEN = "geen dossier overdragen"
    BERICHT_INVOEREN = "geen bericht invoeren"
    VERMOEDEN_MELDEN = "geen vermoeden melden"
    SANCTIE_TOETSEN = "de sanctietoets niet doen"
    SANCTIE_BEVESTIGEN = "het besluit niet bevestigen"
    PROCES_INZIEN = "de processen niet inzien"
    PUBLICEREN = "geen processen publiceren"
    MIGREREN = "geen dossiers naar een nieuwe versie brengen"
    INCIDENTEN_INZIEN = "de incidenten niet inzien"
    OPNIEUW_PROBEREN = "een incident niet opnieuw proberen"
    ACCOUNTS_BEHEREN = "geen accounts beheren"
    GEGEVENS_VERWIJDEREN = "geen gegevens verwijderen"
    KLOK_VERZETTEN = "de klok van de demonstratie niet verzetten"
    RAPPORT_INZIEN = "de rapportage niet inzien"


class Bereik(StrEnum):
    """How far a right reaches."""

    ALLES = "alles"  # whatever dossier or taak it is
    EIGEN = "eigen"  # a taak of the own rol and the own partij, a dossier with such a taak


_C, _T, _I, _H = Rol.CASEMANAGER, Rol.TEAMLEIDER, Rol.INKOMENSCONSULENT, Rol.HANDHAVER
_P, _B = Rol.PROCESEIGENAAR, Rol.BEHEERDER
_UITVOEREND = frozenset(Rol) - BEHEER_ROLLEN
_NIEMAND: frozenset[Rol] = frozenset()
_LESGEVEND = frozenset({Rol.TAALAANBIEDER, Rol.WERKPARTNER, Rol.PARTICIPATIEPARTNER})

# act                          rollen for whom it reaches everything   rollen for whom it reaches their own
_TABEL: Mapping[Handeling, tuple[frozenset[Rol], frozenset[Rol]]] = {
    Handeling.TAAK_INZIEN: (frozenset({_C, _T}), _UITVOEREND),
    Handeling.TAAK_CLAIMEN: (_NIEMAND, _UITVOEREND),
    Handeling.TAAK_VRIJGEVEN: (frozenset({_T}), _UITVOEREND),
    Handeling.TAAK_TOEWIJZEN: (frozenset({_T}), frozenset({_C})),
    Handeling.TAAK_OPSLAAN: (_NIEMAND, _UITVOEREND),
    Handeling.TAAK_VOLTOOIEN: (_NIEMAND, _UITVOEREND),
    Handeling.HERVERDELEN: (frozenset({_T, _P}), _NIEMAND),
    Handeling.DOSSIER_STARTEN: (frozenset({_C, _T}), _NIEMAND),
    Handeling.DOSSIER_INZIEN: (frozenset({_C, _T}), _UITVOEREND),
    Handeling.FEITEN_WIJZIGEN: (frozenset({_C, _T}), _NIEMAND),
    Handeling.TERMIJN_WIJZIGEN: (frozenset({_C, _T}), _NIEMAND),
    Handeling.TERMIJNEN_BEWAKEN: (frozenset({_C, _T}), _NIEMAND),
    Handeling.UREN_SCHRIJVEN: (frozenset({_C}), _LESGEVEND),
    Handeling.JOURNAAL_LEZEN: (frozenset({_C, _T}), _NIEMAND),
    Handeling.BESLUITDOSSIER_INZIEN: (frozenset({_C, _T, _H}), _NIEMAND),
    Handeling.OVERDRACHT_MAKEN: (frozenset({_C, _T}), _NIEMAND),
    Handeling.BERICHT_INVOEREN: (frozenset({_C, _T, _B}), _NIEMAND),
    Handeling.VERMOEDEN_MELDEN: (frozenset({_C, _T}), _NIEMAND),
    Handeling.SANCTIE_TOETSEN: (_NIEMAND, frozenset({_H})),
    Handeling.SANCTIE_BEVESTIGEN: (_NIEMAND, frozenset({_H, _T})),
    Handeling.PROCES_INZIEN: (frozenset({_C, _T, _P, _B}), _NIEMAND),
    Handeling.PUBLICEREN: (frozenset({_P}), _NIEMAND),
    Handeling.MIGREREN: (frozenset({_P, _B}), _NIEMAND),
    Handeling.INCIDENTEN_INZIEN: (frozenset({_P, _B}), _NIEMAND),
    Handeling.OPNIEUW_PROBEREN: (frozenset({_P, _B}), _NIEMAND),
    Handeling.ACCOUNTS_BEHEREN: (frozenset({_B}), _NIEMAND),
    Handeling.GEGEVENS_VERWIJDEREN: (frozenset({_T, _B}), _NIEMAND),
    Handeling.KLOK_VERZETTEN: (frozenset({_C, _T, _P, _B}), _NIEMAND),
    Handeling.RAPPORT_INZIEN: (frozenset({_C, _T, _P}), _NIEMAND),
}

RECHTEN: Mapping[Handeling, Mapping[Rol, Bereik]] = {
    handeling: dict.fromkeys(eigen, Bereik.EIGEN) | dict.fromkeys(alles, Bereik.ALLES)
    for handeling, (alles, eigen) in _TABEL.items()
}
"""Act -> rol -> how far. A rol that is not there may not."""

_OP_NAAM = frozenset({Handeling.TAAK_OPSLAAN, Handeling.TAAK_VOLTOOIEN})


def bezwaar_tegen(  # noqa: PLR0913 - the columns that a right depends on
    actor: Actor,
    handeling: Handeling,
    *,
    rol: str | None = None,
    partij: str | None = None,
    samen_met: str | None = None,
    behandelaar_id: UUID | None = None,
) -> str | None:
    """Return why ``actor`` may not do this, in a sentence for them; None when they may.

    Args:
        actor: who asks.
        handeling: the act.
        rol: of the taak. Together with ``partij`` and ``samen_met`` it decides
            whether a taak (or the dossier that holds it) is the actor's own.
        partij: where the taak lies.
        samen_met: the partij that does it together with ``partij``.
        behandelaar_id: the account that has the taak; nobody else may fill it in.

    >>> kees = Actor("Kees", GEMEENTE, frozenset({Rol.CASEMANAGER}))
    >>> bezwaar_tegen(kees, Handeling.TAAK_VOLTOOIEN, rol="casemanager", partij=GEMEENTE)
    >>> bezwaar_tegen(kees, Handeling.PUBLICEREN)
    'U mag geen processen publiceren. Dat kan alleen de proceseigenaar.'
    """
    bereik = _bereik(actor, handeling)
    if bereik is None:
        return f"U mag {handeling}. Dat kan alleen {_opsomming(RECHTEN[handeling])}."
    if bereik is Bereik.EIGEN and not is_eigen(actor, rol, partij, samen_met):
        if rol is None:
            return f"U mag {handeling}: u heeft er geen taak in."
        waar = f" van {partij}" if partij else ""
        return f"U mag {handeling}: de taak is voor de {rol}{waar}."
    if handeling in _OP_NAAM and behandelaar_id not in {None, actor.account_id}:
        return f"U mag {handeling}: de taak staat op naam van iemand anders."
    return None


def is_eigen(
    actor: Actor, rol: str | None, partij: str | None, samen_met: str | None = None
) -> bool:
    """Say whether a taak is for this actor: their rol, at their partij.

    >>> jan = Actor("Jan", "Werkom", frozenset({Rol.MAP_AANBIEDER}))
    >>> is_eigen(jan, "map-aanbieder", "Fiolet", "Werkom"), is_eigen(jan, "map-aanbieder", "IVIO")
    (True, False)
    """
    zicht = zichtbaar(actor)
    return bool(actor.partij) and rol in zicht.rollen and actor.partij in {partij, samen_met}


@dataclass(frozen=True, slots=True)
class Zicht:
    """What an actor sees in lists: the conditions that SQL filters on.

    ``dossiers``: "alle"; "eigen" (the dossiers in which they have or had a taak); "geen".
    A taak is their own when its rol is in ``rollen`` and ``partij`` is its partij or samen_met.
    With "alle" they see every taak, but ``rollen`` still says which ones they may do.
    """

    dossiers: Literal["alle", "eigen", "geen"]
    partij: str
    rollen: frozenset[Rol]


@lru_cache(maxsize=1024)  # asked of each row of a list
def zichtbaar(actor: Actor) -> Zicht:
    """Return what ``actor`` may see.

    A casemanager also does a partner's taak that lies with the gemeente: nobody else can.

    >>> zichtbaar(Actor("Mo", "IVIO", frozenset({Rol.TAALAANBIEDER}))).dossiers
    'eigen'
    """
    rollen = _geldige_rollen(actor)
    if Rol.CASEMANAGER in rollen:
        rollen |= PARTNER_ROLLEN
    if _bereik(actor, Handeling.DOSSIER_INZIEN) is Bereik.ALLES:
        return Zicht("alle", actor.partij, rollen)
    return Zicht("eigen" if rollen else "geen", actor.partij, rollen)


@dataclass(frozen=True, slots=True)
class Gevoelig:
    """A kind of sensitive field: which rollen may see it, and by which article."""

    grond: str
    rollen: frozenset[Rol]


GEVOELIG: Mapping[str, Gevoelig] = {
    "bsn": Gevoelig("Wet 36; Besluit 9.10", frozenset({_C, _T, _I, _H, Rol.TAALAANBIEDER})),
    "gezondheid": Gevoelig("Wet 37 lid 2; Besluit 9.11", frozenset({_C})),
    "schulden": Gevoelig("Wet 14 lid 3 onder c en 35 lid 5; PW 67a", frozenset({_C, _I})),
}
"""BSN: the gemeente and the cursusinstelling. No basis was found for Vluchtelingenwerk, Netsheila,
Werkom and Clup Welzijn (onzeker: ask the functionaris gegevensbescherming)."""

_SOORT_VAN_VELD = {
    "bsn": "bsn",
    "gezondheid": "gezondheid",
    "gezondheid_fysiek": "gezondheid",
    "gezondheid_mentaal": "gezondheid",
    "welzijn": "gezondheid",
    "zintuiglijke_beperking": "gezondheid",
    "schulden": "schulden",
}

_BASIS = frozenset(
    {
        "naam",
        "nummer",
        "telefoon",
        "email",
        "taal",
        "voorkeurstaal",
        "tolk_nodig",
        "doelgroep",
        "leerroute",
        "fase",
        "casemanager",
    }
)


def soort_gevoelig(veld: str, gevoelig: Mapping[str, str] | None = None) -> str | None:
    """Return the kind of sensitive field that ``veld`` is, None when it is not sensitive.

    ``gevoelig`` is what the forms say (field -> kind); it can add to the list here, not take off.

    >>> soort_gevoelig("gezondheidMentaal"), soort_gevoelig("telefoon")
    ('gezondheid', None)
    """
    if soort := _SOORT_VAN_VELD.get(snake(veld)):
        return soort
    return (gevoelig or {}).get(veld)


def feiten_zichtbaar(
    actor: Actor,
    velden: Iterable[str],
    *,
    van_taken: Collection[str] = (),
    gevoelig: Mapping[str, str] | None = None,
) -> frozenset[str]:
    """Return which of ``velden`` the actor may see, in every way out: page, list, API, export, log.

    Args:
        actor: who reads.
        velden: names of facts.
        van_taken: the facts that the forms of the actor's own taken name. A
            partner sees those and the basis (name, contact, language), no more.
        gevoelig: what the forms mark as sensitive, field -> kind. A kind that
            is not known here is shown to nobody.

    >>> school = Actor("Mo", "IVIO", frozenset({Rol.TAALAANBIEDER}))
    >>> sorted(feiten_zichtbaar(school, ["naam", "bsn", "schulden", "urenNt2"], van_taken=["bsn", "urenNt2"]))
    ['bsn', 'naam', 'urenNt2']
    """
    rollen, alles = _geldige_rollen(actor), zichtbaar(actor).dossiers == "alle"
    if not rollen:
        return frozenset()
    eigen = {snake(veld) for veld in van_taken} | _BASIS
    zien = set()
    for veld in velden:
        if not alles and snake(veld) not in eigen:
            continue
        soort = soort_gevoelig(veld, gevoelig)
        if soort is None or (soort in GEVOELIG and rollen & GEVOELIG[soort].rollen):
            zien.add(veld)
    return frozenset(zien)


def _geldige_rollen(actor: Actor) -> frozenset[Rol]:
    """Keep the rollen with taken that mean something at the actor's partij.

    A partner rol at the gemeente stays: the gemeente may fill it itself.
    """
    rollen = actor.rollen - BEHEER_ROLLEN
    return rollen if actor.partij == GEMEENTE else rollen - GEMEENTE_ROLLEN


def _bereik(actor: Actor, handeling: Handeling) -> Bereik | None:
    rollen = _geldige_rollen(actor)
    if actor.partij == GEMEENTE:
        rollen |= actor.rollen & BEHEER_ROLLEN
    bereiken = {RECHTEN[handeling][rol] for rol in rollen if rol in RECHTEN[handeling]}
    if Bereik.ALLES in bereiken:
        return Bereik.ALLES
    return Bereik.EIGEN if bereiken else None


def _opsomming(rollen: Collection[Rol]) -> str:
    namen = [f"de {rol}" for rol in Rol if rol in rollen]
    return namen[0] if len(namen) == 1 else ", ".join(namen[:-1]) + " of " + namen[-1]
