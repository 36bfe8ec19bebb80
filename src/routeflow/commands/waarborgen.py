"""The safeguards of the law as the engine's judge knows them."""

from routeflow import engine
from routeflow.inburgering import waarborgen
from routeflow.inburgering.rechten import GEMEENTE_ROLLEN

WAARBORGEN = engine.Law(
    tuple(
        engine.Safeguard(
            een.naam,
            een.stap,
            een.betekenis,
            een.artikel,
            frozenset(een.velden),
            persoon=een.persoon,
            grond=een.grond,
        )
        for een in waarborgen.WAARBORGEN
    ),
    waarborgen.SANCTIE_FEITEN,
    waarborgen.MELDER,
    waarborgen.MELDING,
    gemeente=frozenset(GEMEENTE_ROLLEN),
    rollen={stap: frozenset(rollen) for stap, rollen in waarborgen.ROLLEN.items()},
    toetsers=frozenset(waarborgen.ROLLEN[waarborgen.VOORNEMEN]),
    mens=waarborgen.MENS,
    keuze=waarborgen.KEUZE,
    grens=waarborgen.GRENS,
    samen=waarborgen.SAMEN,
)
"""What the law asks before a sanction, in the words of the engine's judge."""
