"""Every list and page that people read, filtered in SQL by what the reader may see.

A list costs by what is shown, not by what is there: see docs/decisions/0008-flat-lists.md.
"""

from routeflow.store.queries.agenda import agenda
from routeflow.store.queries.bladzijde import GRENS, PER_PAGINA, Aantal, Page
from routeflow.store.queries.dossiers import (
    DossierDetail,
    DossierFilter,
    DossierRij,
    FeitRij,
    Inzage,
    TermijnRij,
    detail_van,
    dossier_detail,
    dossiers,
    feiten,
    inzage,
)
from routeflow.store.queries.journaal import JournaalRij, journaal
from routeflow.store.queries.meldingen import accounts, incidenten, melding_voor, meldingen
from routeflow.store.queries.perioden import Periode, perioden
from routeflow.store.queries.termijnen import (
    Bewaking,
    BewakingFilter,
    BewakingRij,
    bewaking,
    bewaking_alles,
)
from routeflow.store.queries.werklijst import (
    Groep,
    Rij,
    TakenFilter,
    WerklijstFilter,
    behandelaars,
    mag_doen,
    taak,
    taken,
    werklijst,
)
from routeflow.store.queries.zicht import Tab

__all__ = [
    "GRENS",
    "PER_PAGINA",
    "Aantal",
    "Bewaking",
    "BewakingFilter",
    "BewakingRij",
    "DossierDetail",
    "DossierFilter",
    "DossierRij",
    "FeitRij",
    "Groep",
    "Inzage",
    "JournaalRij",
    "Page",
    "Periode",
    "Rij",
    "Tab",
    "TakenFilter",
    "TermijnRij",
    "WerklijstFilter",
    "accounts",
    "agenda",
    "behandelaars",
    "bewaking",
    "bewaking_alles",
    "detail_van",
    "dossier_detail",
    "dossiers",
    "feiten",
    "incidenten",
    "inzage",
    "journaal",
    "mag_doen",
    "melding_voor",
    "meldingen",
    "perioden",
    "taak",
    "taken",
    "werklijst",
]
