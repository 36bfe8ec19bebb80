"""The rights: who may do what, written out in full."""

from uuid import uuid4

import pytest

from routeflow.inburgering.rechten import (
    BEHEER_ROLLEN,
    GEMEENTE,
    GEMEENTE_ROLLEN,
    GEVOELIG,
    PARTNER_ROLLEN,
    Actor,
    Handeling,
    Rol,
    bezwaar_tegen,
    feiten_zichtbaar,
    is_eigen,
    zichtbaar,
)

# A: everything of the gemeente; e: only a taak of the own rol and partij (or a dossier with one); .: not.
# Columns: casemanager, teamleider, inkomensconsulent, handhaver, trainer, huisvesting | maatschappelijk
# begeleider, taalaanbieder, pvt-aanbieder, map-aanbieder, werkpartner, participatiepartner |
# proceseigenaar, beheerder
TABEL = """
                     cm tl ic ha tr hu | mb ta pv ma we pa | pe be
TAAK_INZIEN           A  A  e  e  e  e |  e  e  e  e  e  e |  .  .
TAAK_CLAIMEN          e  e  e  e  e  e |  e  e  e  e  e  e |  .  .
TAAK_VRIJGEVEN        e  A  e  e  e  e |  e  e  e  e  e  e |  .  .
TAAK_TOEWIJZEN        e  A  .  .  .  . |  .  .  .  .  .  . |  .  .
TAAK_OPSLAAN          e  e  e  e  e  e |  e  e  e  e  e  e |  .  .
TAAK_VOLTOOIEN        e  e  e  e  e  e |  e  e  e  e  e  e |  .  .
HERVERDELEN           .  A  .  .  .  . |  .  .  .  .  .  . |  A  .
DOSSIER_STARTEN       A  A  .  .  .  . |  .  .  .  .  .  . |  .  .
DOSSIER_INZIEN        A  A  e  e  e  e |  e  e  e  e  e  e |  .  .
FEITEN_WIJZIGEN       A  A  .  .  .  . |  .  .  .  .  .  . |  .  .
TERMIJN_WIJZIGEN      A  A  .  .  .  . |  .  .  .  .  .  . |  .  .
TERMIJNEN_BEWAKEN     A  A  .  .  .  . |  .  .  .  .  .  . |  .  .
UREN_SCHRIJVEN        A  .  .  .  .  . |  .  e  .  .  e  e |  .  .
JOURNAAL_LEZEN        A  A  .  .  .  . |  .  .  .  .  .  . |  .  .
BESLUITDOSSIER_INZIEN A  A  .  A  .  . |  .  .  .  .  .  . |  .  .
OVERDRACHT_MAKEN      A  A  .  .  .  . |  .  .  .  .  .  . |  .  .
BERICHT_INVOEREN      A  A  .  .  .  . |  .  .  .  .  .  . |  .  A
VERMOEDEN_MELDEN      A  A  .  .  .  . |  .  .  .  .  .  . |  .  .
SANCTIE_TOETSEN       .  .  .  e  .  . |  .  .  .  .  .  . |  .  .
SANCTIE_BEVESTIGEN    .  e  .  e  .  . |  .  .  .  .  .  . |  .  .
PROCES_INZIEN         A  A  .  .  .  . |  .  .  .  .  .  . |  A  A
PUBLICEREN            .  .  .  .  .  . |  .  .  .  .  .  . |  A  .
MIGREREN              .  .  .  .  .  . |  .  .  .  .  .  . |  A  A
INCIDENTEN_INZIEN     .  .  .  .  .  . |  .  .  .  .  .  . |  A  A
OPNIEUW_PROBEREN      .  .  .  .  .  . |  .  .  .  .  .  . |  A  A
ACCOUNTS_BEHEREN      .  .  .  .  .  . |  .  .  .  .  .  . |  .  A
GEGEVENS_VERWIJDEREN  .  A  .  .  .  . |  .  .  .  .  .  . |  .  A
KLOK_VERZETTEN        A  A  .  .  .  . |  .  .  .  .  .  . |  A  A
RAPPORT_INZIEN        A  A  .  .  .  . |  .  .  .  .  .  . |  A  .
"""

# rol -> its own partij, the partij beside it, a partij that is not its own
PARTIJ = {
    Rol.MAATSCHAPPELIJK_BEGELEIDER: "Vluchtelingenwerk",
    Rol.TAALAANBIEDER: "Fiolet",
    Rol.PVT_AANBIEDER: "Netsheila",
    Rol.MAP_AANBIEDER: "IVIO",
    Rol.WERKPARTNER: "Werkom",
    Rol.PARTICIPATIEPARTNER: "Clup Welzijn",
}


def gevallen():
    rijen = []
    for regel in TABEL.strip().splitlines()[1:]:
        naam, *cellen = regel.replace("|", " ").split()
        for rol, verwacht in zip(Rol, cellen, strict=True):
            rijen.append(
                pytest.param(Handeling[naam], rol, verwacht, id=f"{naam}-{rol}-{verwacht}")
            )
    return rijen


def iemand(*rollen, partij=None):
    return Actor("Iemand", partij or PARTIJ.get(rollen[0], GEMEENTE), frozenset(rollen), uuid4())


@pytest.mark.parametrize(("handeling", "rol", "verwacht"), gevallen())
def test_own_taak_at_the_own_partij(handeling, rol, verwacht):
    actor = iemand(rol)
    bezwaar = bezwaar_tegen(actor, handeling, rol=rol, partij=actor.partij)
    assert (bezwaar is None) == (verwacht in "Ae"), bezwaar


@pytest.mark.parametrize(("handeling", "rol", "verwacht"), gevallen())
def test_a_taak_of_the_same_rol_at_another_partij(handeling, rol, verwacht):
    bezwaar = bezwaar_tegen(iemand(rol), handeling, rol=rol, partij="Een andere partij")
    assert (bezwaar is None) == (verwacht == "A"), bezwaar


@pytest.mark.parametrize(("handeling", "rol", "verwacht"), gevallen())
def test_a_taak_of_another_rol_at_the_own_partij(handeling, rol, verwacht):
    ander = Rol.TRAINER if rol is not Rol.TRAINER else Rol.HANDHAVER
    actor = iemand(rol)
    bezwaar = bezwaar_tegen(actor, handeling, rol=ander, partij=actor.partij)
    assert (bezwaar is None) == (verwacht == "A"), bezwaar


@pytest.mark.parametrize(("handeling", "rol", "verwacht"), gevallen())
def test_a_rol_of_the_gemeente_means_nothing_at_another_partij(handeling, rol, verwacht):
    if rol in PARTNER_ROLLEN:
        actor = iemand(rol, partij=GEMEENTE)  # the gemeente may fill a partner's rol itself
        bezwaar = bezwaar_tegen(actor, handeling, rol=rol, partij=GEMEENTE)
        assert (bezwaar is None) == (verwacht in "Ae")
    else:
        actor = iemand(rol, partij="Fiolet")
        assert bezwaar_tegen(actor, handeling, rol=rol, partij="Fiolet") is not None


def test_the_table_holds_every_act_and_every_rol_is_in_one_group():
    namen = [regel.split()[0] for regel in TABEL.strip().splitlines()[1:]]
    assert namen == [handeling.name for handeling in Handeling]
    assert set(Rol) == GEMEENTE_ROLLEN | PARTNER_ROLLEN | BEHEER_ROLLEN
    assert len(GEMEENTE_ROLLEN) + len(PARTNER_ROLLEN) + len(BEHEER_ROLLEN) == len(Rol)


@pytest.mark.parametrize("rol", sorted(PARTNER_ROLLEN))
def test_a_casemanager_does_a_partners_taak_that_lies_with_the_gemeente(rol):
    kees = iemand(Rol.CASEMANAGER)
    assert bezwaar_tegen(kees, Handeling.TAAK_VOLTOOIEN, rol=rol, partij=GEMEENTE) is None
    assert bezwaar_tegen(kees, Handeling.TAAK_VOLTOOIEN, rol=rol, partij=PARTIJ[rol]) == (
        f"U mag deze taak niet afronden: de taak is voor de {rol} van {PARTIJ[rol]}."
    )


@pytest.mark.parametrize("rol", sorted(GEMEENTE_ROLLEN - {Rol.CASEMANAGER}))
def test_other_rollen_of_the_gemeente_do_not(rol):
    bezwaar = bezwaar_tegen(
        iemand(rol), Handeling.TAAK_VOLTOOIEN, rol=Rol.TAALAANBIEDER, partij=GEMEENTE
    )
    assert bezwaar is not None


def test_the_partij_that_helps_may_do_the_taak_too():
    jan = iemand(Rol.MAP_AANBIEDER, partij="Werkom")
    taak = {"rol": Rol.MAP_AANBIEDER, "partij": "Fiolet"}
    assert bezwaar_tegen(jan, Handeling.TAAK_CLAIMEN, **taak, samen_met="Werkom") is None
    assert bezwaar_tegen(jan, Handeling.TAAK_CLAIMEN, **taak) is not None


def test_somebody_without_a_partij_has_nothing_of_their_own():
    niemand = Actor("Niemand", "", frozenset({Rol.TAALAANBIEDER}))
    assert not is_eigen(niemand, Rol.TAALAANBIEDER, "")
    assert not is_eigen(niemand, Rol.TAALAANBIEDER, None, None)


def test_a_taak_in_the_name_of_somebody_else_is_filled_in_by_nobody_else():
    kees, taak = iemand(Rol.CASEMANAGER), {"rol": Rol.CASEMANAGER, "partij": GEMEENTE}
    voltooi = Handeling.TAAK_VOLTOOIEN
    assert bezwaar_tegen(kees, voltooi, **taak, behandelaar_id=kees.account_id) is None
    assert bezwaar_tegen(kees, voltooi, **taak, behandelaar_id=uuid4()) == (
        "U mag deze taak niet afronden: de taak staat op naam van iemand anders."
    )
    assert bezwaar_tegen(kees, Handeling.TAAK_INZIEN, **taak, behandelaar_id=uuid4()) is None


def test_a_refusal_says_who_may():
    assert bezwaar_tegen(iemand(Rol.TRAINER), Handeling.INCIDENTEN_INZIEN) == (
        "U mag de incidenten niet inzien. Dat kan alleen de proceseigenaar of de beheerder."
    )


def test_a_partner_without_a_taak_in_a_dossier_does_not_see_it():
    bezwaar = bezwaar_tegen(iemand(Rol.PVT_AANBIEDER), Handeling.DOSSIER_INZIEN)
    assert bezwaar == "U mag dit dossier niet inzien: u heeft er geen taak in."


@pytest.mark.parametrize(
    ("rol", "partij", "dossiers"),
    [
        (Rol.CASEMANAGER, GEMEENTE, "alle"),
        (Rol.TEAMLEIDER, GEMEENTE, "alle"),
        (Rol.HANDHAVER, GEMEENTE, "eigen"),
        (Rol.INKOMENSCONSULENT, GEMEENTE, "eigen"),
        (Rol.TAALAANBIEDER, "IVIO", "eigen"),
        (Rol.CASEMANAGER, "IVIO", "geen"),
        (Rol.PROCESEIGENAAR, GEMEENTE, "geen"),
        (Rol.BEHEERDER, GEMEENTE, "geen"),
    ],
)
def test_lists_show_what_the_rol_at_the_partij_allows(rol, partij, dossiers):
    assert zichtbaar(iemand(rol, partij=partij)).dossiers == dossiers


def test_a_list_of_own_taken_filters_on_the_same_rollen_as_the_act():
    assert zichtbaar(iemand(Rol.CASEMANAGER)).rollen == {Rol.CASEMANAGER} | PARTNER_ROLLEN
    assert zichtbaar(iemand(Rol.TEAMLEIDER)).rollen == {Rol.TEAMLEIDER}
    assert zichtbaar(iemand(Rol.WERKPARTNER)).rollen == {Rol.WERKPARTNER}


VELDEN = ("naam", "bsn", "gezondheidMentaal", "schulden", "urenNt2", "vNummer", "leerroute")


@pytest.mark.parametrize(
    ("rol", "ziet"),
    [
        (
            Rol.CASEMANAGER,
            {"naam", "bsn", "gezondheidMentaal", "schulden", "urenNt2", "vNummer", "leerroute"},
        ),
        (Rol.TEAMLEIDER, {"naam", "bsn", "urenNt2", "vNummer", "leerroute"}),
        (Rol.INKOMENSCONSULENT, {"naam", "bsn", "schulden", "leerroute", "urenNt2"}),
        (Rol.HANDHAVER, {"naam", "bsn", "leerroute", "urenNt2"}),
        (Rol.TRAINER, {"naam", "leerroute", "urenNt2"}),
        (Rol.HUISVESTING, {"naam", "leerroute", "urenNt2"}),
        (Rol.MAATSCHAPPELIJK_BEGELEIDER, {"naam", "leerroute", "urenNt2"}),
        (Rol.TAALAANBIEDER, {"naam", "bsn", "leerroute", "urenNt2"}),
        (Rol.PVT_AANBIEDER, {"naam", "leerroute", "urenNt2"}),
        (Rol.MAP_AANBIEDER, {"naam", "leerroute", "urenNt2"}),
        (Rol.WERKPARTNER, {"naam", "leerroute", "urenNt2"}),
        (Rol.PARTICIPATIEPARTNER, {"naam", "leerroute", "urenNt2"}),
        (Rol.PROCESEIGENAAR, set()),
        (Rol.BEHEERDER, set()),
    ],
)
def test_a_field_is_shown_only_to_the_rollen_with_a_legal_basis(rol, ziet):
    van_taken = ["bsn", "gezondheidMentaal", "schulden", "urenNt2"]
    assert feiten_zichtbaar(iemand(rol), VELDEN, van_taken=van_taken) == ziet


def test_a_partner_sees_no_fact_that_its_forms_do_not_name():
    assert feiten_zichtbaar(iemand(Rol.TAALAANBIEDER), VELDEN) == {"naam", "leerroute"}


def test_health_is_for_the_casemanager_of_the_gemeente_alone():
    assert feiten_zichtbaar(iemand(Rol.CASEMANAGER, partij="IVIO"), VELDEN) == set()
    assert GEVOELIG["gezondheid"].rollen == {Rol.CASEMANAGER}


def test_what_a_form_marks_as_sensitive_is_hidden_too_and_an_unknown_kind_from_everybody():
    gevoelig = {"opmerkingArts": "gezondheid", "geheim": "onbekend"}
    velden = list(gevoelig)
    teamleider, kees = iemand(Rol.TEAMLEIDER), iemand(Rol.CASEMANAGER)
    assert feiten_zichtbaar(teamleider, velden, gevoelig=gevoelig) == set()
    assert feiten_zichtbaar(kees, velden, gevoelig=gevoelig) == {"opmerkingArts"}


@pytest.mark.parametrize(
    ("rol", "veld", "soort"),
    [(Rol.TRAINER, "bsn", ""), (Rol.HANDHAVER, "gezondheid", "bsn")],
)
def test_a_form_cannot_make_a_sensitive_field_ordinary_or_of_a_kind_that_more_may_see(
    rol, veld, soort
):
    zien = feiten_zichtbaar(iemand(rol), [veld], van_taken=[veld], gevoelig={veld: soort})
    assert zien == set()


@pytest.mark.parametrize("soort", GEVOELIG)
def test_every_kind_of_sensitive_field_has_its_legal_basis(soort):
    assert "Wet" in GEVOELIG[soort].grond


@pytest.mark.parametrize("handeling", [Handeling.TAAK_OPSLAAN, Handeling.TAAK_VOLTOOIEN])
def test_a_taak_on_the_name_of_somebody_else_is_neither_filled_in_nor_completed(handeling):
    kees = Actor("Kees", GEMEENTE, frozenset({Rol.CASEMANAGER}), uuid4())
    taak = {"rol": Rol.CASEMANAGER, "partij": GEMEENTE}
    bezwaar = bezwaar_tegen(kees, handeling, **taak, behandelaar_id=uuid4())
    assert bezwaar.endswith("de taak staat op naam van iemand anders.")
    assert bezwaar_tegen(kees, handeling, **taak, behandelaar_id=kees.account_id) is None


@pytest.mark.parametrize(
    "veld",
    ["gezondheid", "gezondheidFysiek", "gezondheidMentaal", "welzijn", "zintuiglijkeBeperking"],
)
def test_what_tells_of_health_by_its_name_is_for_the_casemanager_alone(veld):
    for rol in Rol:
        wie = Actor("Iemand", GEMEENTE, frozenset({rol}))
        ziet = feiten_zichtbaar(wie, [veld], van_taken=[veld])
        assert bool(ziet) == (rol is Rol.CASEMANAGER), rol


@pytest.mark.parametrize("veld", ["naam", "telefoon", "email", "taal", "tolkNodig", "fase"])
def test_a_partner_can_reach_the_person_without_a_form_that_asks_it(veld):
    school = Actor("Mo", "IVIO", frozenset({Rol.TAALAANBIEDER}))
    assert feiten_zichtbaar(school, [veld, "adres"]) == {veld}
