"""What happens to everybody on the way, whichever of the two whole lines they are on."""

from support.tekening import Spel
from support.tocht import reis


def vertrekt_en_komt_terug(spel: Spel) -> None:
    """Let somebody leave the country and come back: the route goes on where it was."""
    voor = spel.open
    spel.when_message("SS123", vertrokkenOp=spel.vandaag)
    assert spel.open - voor == {("maak_administratie_af_na_vertrek", "casemanager")}
    spel.when_done("maak_administratie_af_na_vertrek")
    spel.when_message("SS120", datumVestigingDuo=spel.vandaag)
    spel.when_done("hervat_route_na_vertrek")
    assert spel.open == voor


def haalt_diploma(spel: Spel) -> None:
    """Let the plicht end with a diploma on the way, and the afronding begin."""
    spel.when_facts_change(eindePlicht=spel.vandaag, eindePlichtWijze="diploma")
    assert spel.open == {("voer_diplomagesprek", "casemanager")}
    reis(spel)


def overlijdt_na_certificaat(spel: Spel, stap: str) -> None:
    """Let somebody die while the afronding goes on; ``stap`` is what is left to do."""
    spel.when_facts_change(eindePlicht=spel.vandaag, eindePlichtWijze="certificaat")
    spel.when_message("SS111", overlijdensdatum=spel.vandaag)
    spel.when_done(stap)
