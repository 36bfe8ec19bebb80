"""Hours: written down day by day, taken from a file, closed a month at a time."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select, update

from routeflow.commands import maanduren, uren
from routeflow.commands.uren import Regel
from routeflow.errors import Conflict, Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.inburgering.uren import AANWEZIG, GEOORLOOFD, ONGEOORLOOFD, VERVALLEN
from routeflow.store import read, transact
from routeflow.store.models import Dossier, Taak, Uren
from routeflow.store.queries import uren as queries_uren

IVIO = Actor("Joost van IVIO", "IVIO", frozenset({Rol.TAALAANBIEDER}))
FIOLET = Actor("Kim van Fiolet", "Fiolet", frozenset({Rol.TAALAANBIEDER}))
BUREAU = Actor("Teamleider", GEMEENTE, frozenset({Rol.TEAMLEIDER}))
REGIE = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))
KOP = "dossier;datum;soort;uren;aanwezig;fysiek;opmerking"


@pytest.fixture
def les(route):
    """A dossier in which IVIO registers the hours of January."""
    route.now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    route.given("p09_uren", leerroute="B1", termijnStart=date(2026, 1, 1))
    route.now = datetime(2026, 2, 6, 9, tzinfo=UTC)
    route.when_moment_comes("einde_maand")
    return route


def doe(route, act, *, by=IVIO, **rest):
    return transact(route.store.sessions, partial(act, by=by, now=route.now, **rest))


def schrijf(route, *regels, by=IVIO):
    return doe(route, uren.schrijf_uren, regels=[(route.dossier_id, een) for een in regels], by=by)


def lees_in(route, *regels, kop=KOP, by=IVIO):
    return doe(route, uren.importeer, inhoud="\n".join((kop, *regels)).encode(), by=by)


def rijen(route):
    return read(route.store.sessions, lambda s: list(s.scalars(select(Uren).order_by(Uren.id))))


def jan(dag, uren_=3, soort="NT2", **rest):
    return Regel(date(2026, 1, dag), soort, Decimal(str(uren_)), **rest)


NUL = dict.fromkeys(
    ("nt2", "alfabetiseringUren", "knm", "geoorloofd", "ongeoorloofd", "vervallen"), 0
)


def test_sums_by_hand_beside_lines_of_that_month_would_count_twice_and_are_refused(les):
    schrijf(les, jan(6))
    schrijf(les, Regel(date(2026, 2, 3), "NT2", Decimal(2)))
    taak = les.taak("registreer_maanduren")
    with pytest.raises(Conflict, match="uren per dag opgeschreven"):
        les.when_done("registreer_maanduren", by=IVIO, **NUL | {"nt2": 3})
    doe(les, uren.sluit_maand, taak_id=taak.id)
    assert les.facts["urenNt2"] == 3


def test_sums_by_hand_do_where_no_lines_of_that_month_stand(les):
    schrijf(les, Regel(date(2026, 2, 3), "NT2", Decimal(2)))
    schrijf(les, Regel(date(2026, 1, 6), "NT2", Decimal(2)))
    doe(les, uren.neem_terug, uren_id=rijen(les)[1].id)
    les.when_done("registreer_maanduren", by=IVIO, **NUL | {"nt2": 3})
    assert les.facts["urenNt2"] == 3


def test_hours_are_kept_with_who_wrote_them_and_for_which_party(les):
    schrijf(les, jan(6), jan(7, "1.5", "KNM"))
    een, twee = rijen(les)
    assert (een.partij, een.door, een.kwartieren, een.soort) == (
        "IVIO",
        "Joost van IVIO",
        12,
        "NT2",
    )
    assert (twee.kwartieren, twee.datum) == (6, date(2026, 1, 7))


@pytest.mark.parametrize(
    ("regel", "woord"),
    [
        (jan(6, soort="yoga"), "kan hier niet"),
        (jan(6, soort="PVT"), "hun eigen taken"),
        (jan(6, soort="MAP"), "hun eigen taken"),
        (jan(6, aanwezig="misschien"), "geen aanwezigheid"),
        (jan(6, "1.1"), "kwartieren"),
        (jan(6, 0), "kwartieren"),
        (jan(6, -2), "kwartieren"),
        (jan(6, 13), "Meer dan 12"),
        (Regel(date(2027, 1, 1), "NT2", Decimal(1)), "toekomst"),
        (jan(6, opmerking="x" * 301), "te lang"),
    ],
)
def test_a_line_that_cannot_be_is_told_and_nothing_is_kept(les, regel, woord):
    with pytest.raises(Invalid) as fout:
        schrijf(les, jan(5), regel)
    assert list(fout.value.fouten) == ["regel 2"]
    assert woord in fout.value.fouten["regel 2"]
    assert rijen(les) == []


def test_a_day_holds_no_more_than_twelve_hours_over_all_lines(les):
    schrijf(les, jan(6, 8))
    with pytest.raises(Invalid, match="niet opgeslagen"):
        schrijf(les, jan(6, 5, "KNM"))


def test_another_school_sees_and_writes_nothing(les):
    with pytest.raises(Invalid) as fout:
        schrijf(les, jan(6), by=FIOLET)
    assert fout.value.fouten == {"regel 1": "Dit dossier is gesloten, of is niet van u."}
    assert rijen(les) == []


def test_a_rol_without_a_taak_in_the_dossier_reads_no_hours_of_its_own_school(les):
    schrijf(les, jan(6))
    vraag = partial(queries_uren.lijst, filter=queries_uren.UrenFilter())
    ander = Actor("Els van IVIO", "IVIO", frozenset({Rol.MAP_AANBIEDER}))
    assert len(read(les.store.sessions, partial(vraag, actor=IVIO))[0]) == 1
    assert read(les.store.sessions, partial(vraag, actor=ander)) == ([], None)


def test_no_hours_come_in_once_the_dossier_is_closed(les):
    nummer = les.dossier.nummer
    dicht = update(Dossier).where(Dossier.id == les.dossier_id).values(gesloten_op=les.now)
    transact(les.store.sessions, lambda s: s.execute(dicht))
    with pytest.raises(Invalid) as fout:
        schrijf(les, jan(6))
    assert fout.value.fouten == {"regel 1": "Dit dossier is gesloten, of is niet van u."}
    with pytest.raises(Invalid):
        lees_in(les, f"{nummer};06-01-2026;NT2;3;aanwezig;ja;")
    assert rijen(les) == []


def test_a_file_of_another_school_brings_nothing_in(les):
    with pytest.raises(Invalid) as fout:
        lees_in(les, f"{les.dossier.nummer};06-01-2026;NT2;3;aanwezig;ja;", by=FIOLET)
    assert "niet van u" in " ".join(fout.value.fouten.values())
    assert rijen(les) == []


def test_a_month_is_closed_on_the_day_after_it_and_not_before(les):
    schrijf(les, jan(6))
    sluit = partial(doe, les, uren.sluit_maand, taak_id=les.taak("registreer_maanduren").id)
    les.now = datetime(2026, 1, 31, 12, tzinfo=UTC)
    with pytest.raises(Conflict, match="nog niet voorbij"):
        sluit()
    assert rijen(les)[0].afgesloten_op is None
    les.now = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)  # half past midnight in the Netherlands
    sluit()
    assert les.facts["urenNt2"] == 3


def test_a_line_that_stands_there_already_is_not_written_again(les):
    schrijf(les, jan(6))
    with pytest.raises(Invalid) as fout:
        schrijf(les, jan(7), jan(6), jan(7))
    assert list(fout.value.fouten) == ["regel 2", "regel 3"]
    assert len(rijen(les)) == 1


def test_participation_of_who_closes_no_months_waits_for_the_judgement_of_the_casemanager(route):
    route.now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    feiten = {"leerroute": "Z", "doelgroep": "asielstatushouder", "termijnStart": date(2026, 1, 1)}
    route.given("p09_uren", **feiten)
    route.now = datetime(2026, 2, 6, 9, tzinfo=UTC)
    route.when_moment_comes("einde_maand")
    februari = Regel(date(2026, 2, 3), "participatie", Decimal(1))
    schrijf(
        route, jan(6, 4, "participatie"), jan(7, 2, "participatie", aanwezig=GEOORLOOFD), februari,
        by=REGIE,
    )  # fmt: skip
    schrijf(route, jan(8, 3, "participatie"), by=FIOLET)
    doe(route, uren.sluit_maand, taak_id=route.taak("registreer_maanduren").id, by=FIOLET)
    taak = route.taak("accepteer_participatie_uren")
    wachten = read(route.store.sessions, lambda s: maanduren.participatie(s, s.merge(taak)))
    assert wachten == {"Fiolet": 3, GEMEENTE: 4}
    route.when_done("accepteer_participatie_uren", participatieGeaccepteerd=7)
    assert route.facts["urenParticipatie"] == 7
    assert [een.afgesloten_op is None for een in rijen(route)] == [False, False, True, False]


def test_a_lesson_of_who_does_not_close_the_month_is_refused_at_its_line(les):
    with pytest.raises(Invalid) as fout:
        schrijf(les, jan(6), jan(7, 2, "participatie"), by=REGIE)
    assert "IVIO sluit hier de maand af" in fout.value.fouten["regel 1"]
    assert fout.value.fouten.keys() == {"regel 1"}
    schrijf(les, jan(7, 2, "participatie"), by=REGIE)
    schrijf(les, jan(6))
    doe(les, uren.sluit_maand, taak_id=les.taak("registreer_maanduren").id)
    with pytest.raises(Invalid):
        schrijf(les, jan(8), by=REGIE)


def test_who_has_the_open_month_closes_it_whatever_the_rolverdeling_says(les):
    bij_regie = update(Taak).where(Taak.element == "registreer_maanduren").values(partij=GEMEENTE)
    transact(les.store.sessions, lambda session: session.execute(bij_regie) and None)
    schrijf(les, jan(6), by=REGIE)
    assert [een.partij for een in rijen(les)] == [GEMEENTE]


def test_before_the_first_month_the_rolverdeling_says_whose_lessons_count(route):
    route.now = datetime(2026, 1, 12, 9, tzinfo=UTC)
    route.given("p09_uren", leerroute="B1", termijnStart=date(2026, 1, 1))
    with pytest.raises(Invalid) as fout:
        schrijf(route, jan(6), by=REGIE)
    assert "IVIO sluit hier de maand af" in fout.value.fouten["regel 1"]


def test_the_gemeente_writes_the_lessons_of_who_chose_a_school_alone(route):
    route.now = datetime(2026, 1, 12, 9, tzinfo=UTC)
    feiten = {"leerroute": "B1", "doelgroep": "gezinsmigrant", "termijnStart": date(2026, 1, 1)}
    route.given("p09_uren", **feiten)
    schrijf(route, jan(6), by=REGIE)
    route.now = datetime(2026, 2, 6, 9, tzinfo=UTC)
    route.when_moment_comes("einde_maand")
    schrijf(route, jan(7), by=REGIE)
    doe(route, uren.sluit_maand, taak_id=route.taak("registreer_maanduren").id, by=REGIE)
    assert all(een.afgesloten_op for een in rijen(route))


@pytest.mark.parametrize("rol", [Rol.PVT_AANBIEDER, Rol.MAP_AANBIEDER])
def test_who_gives_pvt_or_map_alone_registers_them_in_their_own_steps(les, rol):
    with pytest.raises(NotAllowed):
        schrijf(les, jan(6), by=Actor("Sheila", "IVIO", frozenset({rol})))


def test_a_teamleider_writes_no_hours(les):
    with pytest.raises(NotAllowed):
        schrijf(les, jan(6), by=BUREAU)


def test_a_line_can_be_taken_back_until_its_month_is_closed(les):
    weg, blijft = schrijf(les, jan(6), jan(7))
    doe(les, uren.neem_terug, uren_id=weg.id)
    doe(les, uren.sluit_maand, taak_id=les.taak("registreer_maanduren").id)
    assert [rij.vervallen_op is not None for rij in rijen(les)] == [True, False]
    with pytest.raises(Conflict, match="afgesloten"):
        doe(les, uren.neem_terug, uren_id=blijft.id)
    with pytest.raises(NotFound):
        doe(les, uren.neem_terug, uren_id=weg.id)


def test_the_sums_of_a_closed_month_are_the_answers_of_its_taak(les):
    schrijf(
        les, jan(6), jan(7, 2, "alfabetisering", fysiek=False), jan(8, "1.5", "KNM"),
        jan(9, 3, aanwezig=GEOORLOOFD), jan(12, 2, aanwezig=ONGEOORLOOFD),
        jan(13, 3, aanwezig=VERVALLEN),
    )  # fmt: skip
    doe(les, uren.sluit_maand, taak_id=les.taak("registreer_maanduren").id)
    assert les.facts["urenNt2"] == 5
    assert les.facts["urenNt2Knm"] == Decimal("6.5")
    assert all(rij.afgesloten_op == les.now for rij in rijen(les))
    assert les.open_elements == set()


def test_a_month_counts_once_and_late_lines_go_with_the_next(les):
    schrijf(les, jan(6))
    doe(les, uren.sluit_maand, taak_id=les.taak("registreer_maanduren").id)
    schrijf(les, jan(20, 4))
    les.when_moment_comes("einde_maand")
    doe(les, uren.sluit_maand, taak_id=les.taak("registreer_maanduren").id)
    assert les.facts["urenNt2"] == 7


def test_the_first_day_of_the_next_month_is_not_of_this_one(les):
    schrijf(les, jan(31), Regel(date(2026, 2, 1), "NT2", Decimal(2)))
    doe(les, uren.sluit_maand, taak_id=les.taak("registreer_maanduren").id)
    assert les.facts["urenNt2"] == 3
    les.when_moment_comes("einde_maand")
    doe(les, uren.sluit_maand, taak_id=les.taak("registreer_maanduren").id)
    assert les.facts["urenNt2"] == 5


def test_a_month_without_a_line_closes_with_nothing(les):
    doe(les, uren.sluit_maand, taak_id=les.taak("registreer_maanduren").id)
    assert les.facts["urenNt2"] == 0


def test_what_the_form_refuses_closes_no_month(les):
    schrijf(les, jan(6))
    taak_id = les.taak("registreer_maanduren").id
    with pytest.raises((NotAllowed, NotFound)):
        doe(les, uren.sluit_maand, taak_id=taak_id, by=FIOLET)
    assert rijen(les)[0].afgesloten_op is None


# files


def test_a_file_is_read_as_spreadsheets_write_it(les):
    nummer = les.dossier.nummer
    uit = lees_in(
        les, f"{nummer};06-01-2026;nt2;3;aanwezig;ja;", f"{nummer};2026-01-07;KNM;1,5;;nee;x"
    )
    assert (uit.regels, uit.dossiers) == (2, 1)
    een, twee = rijen(les)
    assert (een.soort, een.aanwezig, twee.kwartieren, twee.fysiek) == ("NT2", AANWEZIG, 6, False)


def test_every_line_with_a_fault_is_told_by_its_number_and_nothing_is_read(les):
    nummer = les.dossier.nummer
    with pytest.raises(Invalid) as fout:
        lees_in(
            les,
            f"{nummer};06-01-2026;NT2;3",
            "9999-00001;06-01-2026;NT2;3",
            f"{nummer};31-02-2026;NT2;3",
            "",
            f"{nummer};07-01-2026;NT2;veel",
            f"{nummer};07-01-2026;NT2;2;aanwezig;soms",
            f"{nummer};07-01-2026;zwemmen;2",
        )
    assert list(fout.value.fouten) == ["regel 3", "regel 4", "regel 6", "regel 7", "regel 8"]
    assert "niet van u" in fout.value.fouten["regel 3"]
    assert "geen datum" in fout.value.fouten["regel 4"]
    assert rijen(les) == []


def test_the_same_file_twice_counts_once(les):
    regel = f"{les.dossier.nummer};06-01-2026;NT2;3;aanwezig;ja;"
    lees_in(les, regel)
    with pytest.raises(Invalid) as fout:
        lees_in(les, regel)
    assert fout.value.fouten == {
        "regel 2": "Deze regel staat er al. Dezelfde uren tellen een keer."
    }


@pytest.mark.parametrize(
    ("inhoud", "woord"),
    [
        (b"", "mist"),
        (b"naam;uren\nx;1", "mist"),
        (KOP.encode(), "geen regels"),
        (b'dossier;datum;soort;uren\n"x;1', "geen CSV"),
        (b"x" * (uren.MAX_BESTAND + 1), "groter"),
        ((KOP + "\n" + "x;1;NT2;1\n" * (uren.MAX_REGELS + 1)).encode(), "meer dan"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(les, inhoud, woord):
    with pytest.raises(Invalid) as fout:
        doe(les, uren.importeer, inhoud=inhoud)
    assert woord in fout.value.fouten["bestand"]


def test_a_file_of_an_old_spreadsheet_is_read_too(les):
    inhoud = f"{KOP}\n{les.dossier.nummer};06-01-2026;NT2;3;aanwezig;ja;privé".encode("cp1252")
    doe(les, uren.importeer, inhoud=inhoud)
    assert rijen(les)[0].opmerking == "privé"


def test_the_school_of_the_b1_route_sees_how_far_the_hours_for_a2_are(les):
    schrijf(les, jan(6), jan(7, 2, "alfabetisering"), jan(8, 2, "KNM"))
    for wie in (IVIO, BUREAU):
        standen = read(
            les.store.sessions,
            lambda s, wie=wie: queries_uren.stand(s, wie, les.dossier_id, les.now.date()),
        )
        [a2] = [een for een in standen if een.naam == "a2_nt2"]
        assert (a2.gemaakt, a2.norm) == (5, 600)
    with pytest.raises(NotAllowed):
        read(
            les.store.sessions,
            lambda s: queries_uren.stand(s, FIOLET, les.dossier_id, les.now.date()),
        )
