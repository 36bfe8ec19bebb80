"""What goes over the wire: one struct per request and answer. The OpenAPI text is made from these."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from routeflow.commands.berichtsoorten import SOORTEN

Tekst = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Gegevens = Annotated[dict[str, Any], msgspec.Meta(max_length=500)]
BerichtId = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=100,
        description="Id van de afzender. Hetzelfde bericht met hetzelfde id geeft hetzelfde antwoord "
        "en doet verder niets; een ander bericht met dat id wordt geweigerd.",
    ),
]


Sleutel = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=100,
        description="Sleutel van de afzender, een per verzoek. Hetzelfde verzoek met dezelfde sleutel "
        "geeft hetzelfde antwoord en schrijft niets dubbel.",
    ),
]


Berichtsoort = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=200,
        description="Wat er gebeurde. Een ander bericht wordt geweigerd.",
        extra_json_schema={"enum": list(SOORTEN)},
    ),
]


class Vorm(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """Base of all: camelCase on the wire."""


class Invoer(Vorm, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Base of requests: an unknown field is an error, not a guess."""


class DossierNieuw(Invoer, frozen=True, kw_only=True):
    """Een nieuw dossier. De route begint meteen, bij de stap die bij de doelgroep hoort."""

    naam: Tekst
    doelgroep: Literal["asielstatushouder", "gezinsmigrant"]
    geboortedatum: date | None = None
    bsn: Annotated[str, msgspec.Meta(pattern="^[0-9]{9}$")] | None = None
    v_nummer: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,12}$")] | None = None
    feiten: Gegevens = {}
    sleutel: Sleutel | None = None
    begin: (
        Annotated[
            str,
            msgspec.Meta(
                min_length=1,
                max_length=100,
                description="De id van de startgebeurtenis, als de route op meer manieren kan beginnen.",
            ),
        ]
        | None
    ) = None


class TaakKort(Vorm, frozen=True, kw_only=True):
    """Een taak zoals die in lijsten staat."""

    id: str
    dossier: str
    dossier_nummer: str
    element: str
    naam: str
    proces: str
    onderdeel: str
    rol: str
    partij: str
    samen_met: str | None
    houder: str
    status: Literal["open", "gedaan", "vervallen"]
    uiterlijk: date | None
    te_laat: bool
    grond: str | None
    behandelaar: str | None
    vlag: str | None
    geopend_op: datetime
    gesloten_op: datetime | None
    gesloten_door: str | None


class TaakVolledig(TaakKort, frozen=True, kw_only=True):
    """Een taak met zijn formulier en wat daarvan al bekend is."""

    formulier: dict[str, Any]
    bekend: dict[str, Any]
    uitleg: str


class TermijnUit(Vorm, frozen=True, kw_only=True):
    """Een wettelijke termijn van een dossier."""

    naam: str
    label: str
    grond: str
    begin: date | None
    uiterlijk: date | None
    streefdatum: date | None
    gehaald_op: date | None
    status: str


class TellingUit(Vorm, frozen=True, kw_only=True):
    """Een keer dat een termijn is geteld: ``oud`` en ``nieuw``, waardoor en door wie."""

    op: datetime
    door: str
    aanleiding: str
    oud: dict[str, Any] | None
    nieuw: dict[str, Any]


class TermijnRijUit(Vorm, frozen=True, kw_only=True):
    """Een termijn van een dossier zoals hij is geteld, met wat hij eerder was."""

    naam: str
    volgnummer: int
    label: str
    soort: Literal["uiterlijk", "duur", "venster"]
    houder: str
    status: Literal["wacht", "loopt", "opgeschort", "gehaald", "vervallen"]
    wacht_op: str | None
    begin: date | None
    uiterlijk: date | None
    eigen_dag: date | None
    gehaald_op: date | None
    op_tijd: bool | None
    grond: str
    tekst: str
    lengte: str
    atw: bool
    atw_reden: str
    feiten: dict[str, Any]
    uitleg: str
    historie: list[TellingUit]


class TermijnenUit(Vorm, frozen=True, kw_only=True):
    """De termijnen van een dossier, in de volgorde van de route."""

    items: list[TermijnRijUit]


class BewaaktUit(Vorm, frozen=True, kw_only=True):
    """Een termijn of een open taak in de termijnbewaking. ``taak``: de id, als het een taak is."""

    dossier: str
    dossier_nummer: str
    naam: str | None
    label: str
    taak: str | None
    status: Literal["wacht", "loopt", "opgeschort"]
    uiterlijk: date | None
    te_laat: bool
    wacht_op: str | None
    grond: str
    partij: str
    casemanager: str | None


class Bewaking(Vorm, frozen=True, kw_only=True):
    """Een bladzijde; ``volgende`` is de cursor van de volgende. Aantallen: hoogstens de eerste duizend."""

    items: list[BewaaktUit]
    standen: dict[str, int]
    per_termijn: dict[str, int]
    per_partij: dict[str, int]
    volgende: str | None


class DossierKort(Vorm, frozen=True, kw_only=True):
    """Een dossier zoals het in lijsten staat."""

    id: str
    nummer: str
    naam: str
    doelgroep: str
    leerroute: str | None
    fase: str
    casemanager: str | None
    geopend_op: datetime
    gesloten_op: datetime | None


class PeriodeUit(Vorm, frozen=True, kw_only=True):
    """Een periode van een inburgeraar in deze gemeente: een dossier."""

    dossier: str
    nummer: str
    geopend_op: datetime
    gesloten_op: datetime | None
    verhuisd_op: date | None
    verhuisd_naar: str


class DossierVolledig(DossierKort, frozen=True, kw_only=True):
    """Een dossier met de feiten die deze gebruiker mag zien.

    ``wachtOp``: de berichten van buiten waar de route nu op wacht. ``perioden``: alle dossiers van
    wie verhuisde en terugkwam, het eerste eerst; leeg als er maar een is.
    """

    feiten: dict[str, Any]
    taken: list[TaakKort]
    termijnen: list[TermijnUit]
    wacht_op: list[str]
    perioden: list[PeriodeUit]


class JournaalRegel(Vorm, frozen=True, kw_only=True):
    """Een regel van het journaal: alleen bijschrijven, nooit wijzigen."""

    id: int
    op: datetime
    door: str
    wat: str
    element: str | None
    gegevens: dict[str, Any]


class Dossiers(Vorm, frozen=True, kw_only=True):
    """Een bladzijde dossiers; ``volgende`` is de cursor van de volgende bladzijde."""

    items: list[DossierKort]
    volgende: str | None


class Taken(Vorm, frozen=True, kw_only=True):
    """Een bladzijde taken; ``volgende`` is de cursor van de volgende bladzijde."""

    items: list[TaakKort]
    volgende: str | None


class JournaalUit(Vorm, frozen=True, kw_only=True):
    """Een bladzijde van het journaal, nieuwste eerst."""

    items: list[JournaalRegel]
    volgende: str | None


class Voltooien(Invoer, frozen=True, kw_only=True):
    """De antwoorden op het formulier van de taak, met de sleutels van het formulier."""

    antwoorden: Gegevens = {}


class VoltooidUit(Vorm, frozen=True, kw_only=True):
    """De voltooide taak en de taken van hetzelfde dossier die nu open staan en die u mag zien."""

    taak: TaakKort
    volgende: list[TaakKort]


class Vermoeden(Invoer, frozen=True, kw_only=True):
    """Een vermoeden dat de inburgeraar een plicht niet nakwam. Een mens zoekt uit wat er is."""

    plicht: Literal["intake", "begeleiding", "PVT", "MAP", "leerroute", "ontzorgen"]
    toelichting: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class BerichtNieuw(Invoer, frozen=True, kw_only=True):
    """Een gebeurtenis van buiten, zoals een SS-code van DUO. Noem het dossier, het BSN of het V-nummer."""

    bericht_id: BerichtId
    bericht: Berichtsoort
    dossier: str | None = None
    bsn: Annotated[str, msgspec.Meta(pattern="^[0-9]{9}$")] | None = None
    v_nummer: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,12}$")] | None = None
    gegevens: Gegevens = {}


class BerichtUit(Vorm, frozen=True, kw_only=True):
    """De ontvangst van een bericht."""

    bericht_id: str
    bericht: str
    dossier: str | None
    status: Literal["ontvangen", "bezorgd", "onbestelbaar"]
    ontvangen_op: datetime


class UrenRegel(Invoer, frozen=True, kw_only=True):
    """Uren van een inburgeraar op een dag. ``uren``: in hele kwartieren, zoals 1.5 of 2.25."""

    dossier: str
    datum: date
    soort: Literal["NT2", "alfabetisering", "KNM", "participatie"]
    uren: Annotated[float, msgspec.Meta(ge=0.25, le=12)]
    aanwezig: Literal[
        "aanwezig", "geoorloofd afwezig", "ongeoorloofd afwezig", "vervallen door de aanbieder"
    ] = "aanwezig"
    fysiek: bool = True
    opmerking: Annotated[str, msgspec.Meta(max_length=300)] = ""


class UrenNieuw(Invoer, frozen=True, kw_only=True):
    """Een of meer regels uren. Klopt er een niet, dan wordt er geen opgeslagen."""

    sleutel: Sleutel
    regels: Annotated[list[UrenRegel], msgspec.Meta(min_length=1, max_length=500)]


class UrenBestand(Invoer, frozen=True, kw_only=True):
    """Een CSV-bestand met uren. ``proef``: kijk het na en sla niets op."""

    sleutel: Sleutel
    csv: Annotated[str, msgspec.Meta(min_length=1, max_length=900_000)]
    proef: bool = False


class UrenGeschreven(Vorm, frozen=True, kw_only=True):
    """Hoeveel regels er zijn opgeslagen, voor hoeveel dossiers, en de ids. Bij een proef: geen ids."""

    regels: int
    dossiers: int
    ids: list[int]


class UrenUit(Vorm, frozen=True, kw_only=True):
    """Een regel uren. ``afgesloten``: de maand is dicht, dus de regel blijft zoals hij is."""

    id: int
    dossier: str
    datum: date
    soort: str
    uren: float
    aanwezig: str
    fysiek: bool
    opmerking: str
    door: str
    op: datetime
    afgesloten: bool


class UrenLijst(Vorm, frozen=True, kw_only=True):
    """Een bladzijde uren, de laatste dag eerst; ``volgende`` is de cursor van de volgende bladzijde."""

    items: list[UrenUit]
    volgende: str | None


class MaandUit(Vorm, frozen=True, kw_only=True):
    """De uren van een inburgeraar in een maand: gevolgd per soort, gemist per reden.

    ``taak``: de taak waarmee ``openMaand`` wordt afgesloten, als die nu open staat.
    """

    dossier: str
    dossier_nummer: str
    naam: str
    gevolgd: dict[str, float]
    afwezig: dict[str, float]
    taak: str | None
    open_maand: date | None
    uiterlijk: date | None


class MaandenUit(Vorm, frozen=True, kw_only=True):
    """Een bladzijde van een maand, op naam; ``volgende`` is de cursor van de volgende bladzijde."""

    items: list[MaandUit]
    volgende: str | None


class MaandSluiten(Invoer, frozen=True, kw_only=True):
    """De taak waarmee de maand van een dossier wordt afgesloten."""

    taak: str


class TellerUit(Vorm, frozen=True, kw_only=True):
    """Een norm in uren en hoe ver het is. ``verwacht``: aan het eind van de termijn, in dit tempo.

    ``perWeek``: wat vanaf nu per week nodig is om het op ``eind`` te halen.
    """

    naam: str
    label: str
    gemaakt: float
    norm: int
    grond: str
    koers: Literal["gehaald", "op koers", "loopt achter", "nog niet te zeggen"]
    verwacht: float | None
    per_week: float | None
    eind: date | None


class TellersUit(Vorm, frozen=True, kw_only=True):
    """De tellers van een dossier die voor deze gebruiker zijn."""

    items: list[TellerUit]


class KlokVerzetten(Invoer, frozen=True, kw_only=True):
    """Hoeveel dagen de klok van de demo vooruit gaat."""

    dagen: Annotated[int, msgspec.Meta(ge=1, le=4000)]


class Gebeurtenis(Vorm, frozen=True, kw_only=True):
    """Iets wat vanzelf gebeurde: een wekker ging af, een bericht is bezorgd of iets stokte."""

    op: datetime
    soort: str
    tekst: str
    dossier: str | None
    dossier_nummer: str | None


class KlokVerzet(Vorm, frozen=True, kw_only=True):
    """De nieuwe stand van de klok en wat er onderweg gebeurde, in volgorde."""

    nu: datetime
    gebeurd: list[Gebeurtenis]


class Probleem(Vorm, frozen=True, kw_only=True):
    """Een fout volgens RFC 9457 (application/problem+json)."""

    type: str
    title: str
    status: int
    detail: str
    fouten: dict[str, str] = {}
