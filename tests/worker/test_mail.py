"""Notices go out by e-mail: to whom they are for, as they chose, once, and without a name in them."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import event, select, update

from routeflow import mail, worker
from routeflow.commands import post, uitgaand
from routeflow.commands.accounts import actor_of
from routeflow.commands.diensten import Omgeving, meld
from routeflow.config import Config
from routeflow.errors import Incident, Invalid
from routeflow.inburgering.rechten import GEMEENTE, Rol
from routeflow.mail import Mail
from routeflow.store import dialect_of, read, transact
from routeflow.store.models import Account, Dagpost, Dossier, Journaal, Melding, Uitgaand
from routeflow.worker import run_due
from support.klein import klein
from support.mailserver import mailserver

FATMA = "fatma@gemeente.example"
RUUD = "ruud@ivio.example"


def settings(box, **more):
    return Config(
        smtp_host="127.0.0.1",
        smtp_port=box.port,
        smtp_beveiliging="geen",
        mail_van="routeflow@gemeente.example",
        adres="https://routeflow.gemeente.example/",
        **more,
    )


@pytest.fixture
def people(route):
    """A dossier, a casemanager and a taalaanbieder with e-mail, and somebody without."""
    route.given("klein", klein(), leerroute="B1")

    def work(session):
        for login, email, partij, rol in (
            ("fatma", FATMA, GEMEENTE, Rol.CASEMANAGER),
            ("ruud", RUUD, "IVIO", Rol.TAALAANBIEDER),
            ("marjan", "", GEMEENTE, Rol.TEAMLEIDER),
        ):
            account = Account(
                login=login, naam=login, email=email, partij=partij, rollen=[rol], wachtwoord="-"
            )
            session.add(account)
        session.execute(update(Melding).values(nieuw=False))

    transact(route.store.sessions, work)
    return route


def tell(route, soort, rol=Rol.CASEMANAGER, **more):
    """Write a notice with a name in it, as the ladder does."""

    def work(session):
        dossier = session.get_one(Dossier, route.dossier_id)
        tekst = "Amina Yusuf, 123456782, is ziek"
        meld(Omgeving(session, dossier, route.now), rol=rol, tekst=tekst, soort=soort, **more)

    transact(route.store.sessions, work)


def account(route, login):
    return read(
        route.store.sessions, lambda s: s.scalar(select(Account).where(Account.login == login))
    )


def choose(route, login, **chosen):
    wie = actor_of(account(route, login))
    _, nu = read(route.store.sessions, lambda s: post.voorkeuren(s, by=wie))
    keuze = nu | {soort.replace("_", " "): wijze for soort, wijze in chosen.items()}
    transact(route.store.sessions, lambda s: post.stel_in(s, keuze, by=wie, now=route.now))


def outbox(route):
    return read(route.store.sessions, lambda s: s.scalars(select(Uitgaand)).all())


def body(message):
    return message.get_body(("plain",)).get_content() + message.get_body(("html",)).get_content()


def test_who_must_act_gets_one_mail_at_once_with_the_dossier_and_a_link(people):
    tell(people, "te laat")
    tell(people, "escalatie")
    with mailserver() as box:
        run_due(people.store, settings(box), people.now)
        run_due(people.store, settings(box), people.now)
    (message,) = box.inbox
    assert box.to == [[FATMA]]
    assert message["Subject"] == "2 meldingen vragen uw aandacht"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{outbox(people)[0].id}@gemeente.example>"
    assert "Een taak is te laat (dossier 2026-00001)" in body(message)
    link = f"https://routeflow.gemeente.example/dossiers/{people.dossier_id}"
    assert body(message).count(link) == 4  # in the text and in the page, for each
    assert outbox(people)[0].status == "verzonden"


def test_nothing_of_the_person_is_in_a_mail(people):
    for soort in post.SOORTEN:
        choose(people, "fatma", **{soort.replace(" ", "_"): "direct"})
        tell(people, soort)
    with mailserver() as box:
        run_due(people.store, settings(box), people.now)
    whole = str(box.inbox[0]) + body(box.inbox[0])
    for word in ("Amina", "Yusuf", "123456782", "ziek"):
        assert word not in whole


def test_one_notice_has_its_kind_in_the_subject(people):
    tell(people, "te laat")
    with mailserver() as box:
        run_due(people.store, settings(box), people.now)
    assert box.inbox[0]["Subject"] == "Een taak is te laat: dossier 2026-00001"


def test_a_notice_goes_to_its_rol_at_its_partij_and_to_nobody_else(people):
    tell(people, "te laat", rol=Rol.TAALAANBIEDER, partij="IVIO")
    tell(people, "te laat", rol=Rol.TAALAANBIEDER, partij="Fiolet")
    tell(people, "te laat", account_id=account(people, "marjan").id)
    with mailserver() as box:
        run_due(people.store, settings(box), people.now)
    assert box.to == [[RUUD]]


def test_what_can_wait_comes_together_at_seven_on_the_next_working_day(people):
    people.now = datetime(2026, 1, 9, 12, tzinfo=UTC)  # a Friday
    for _ in range(3):
        tell(people, "herinnering")
    with mailserver() as box:
        look = partial(run_due, people.store, settings(box), soorten=("uitgaand",))
        look(people.now)
        look(datetime(2026, 1, 12, 5, 59, tzinfo=UTC))
        assert box.inbox == []
        look(datetime(2026, 1, 12, 6, tzinfo=UTC))
        look(datetime(2026, 1, 13, 6, tzinfo=UTC))
    (message,) = box.inbox
    assert message["Subject"] == "Uw overzicht van vandaag: 3 meldingen"


def test_when_all_was_read_meanwhile_no_daily_mail_goes(people):
    tell(people, "herinnering")
    with mailserver() as box:
        run_due(people.store, settings(box), people.now)
        transact(
            people.store.sessions,
            lambda s: s.execute(update(Melding).values(gelezen_op=people.now)),
        )
        run_due(people.store, settings(box), people.now + timedelta(days=4))
    assert box.inbox == []
    assert read(people.store.sessions, lambda s: s.scalars(select(Dagpost)).all()) == []


@pytest.mark.parametrize(
    "anders", [{"rollen": [Rol.TRAINER]}, {"partij": "Fiolet"}, {"actief": False}]
)
def test_who_may_not_see_a_notice_any_more_finds_it_in_no_daily_mail(people, anders):
    """Another partij of the same morning has a notice too, and its mail goes."""
    tell(people, "herinnering")
    tell(people, "herinnering", rol=Rol.TAALAANBIEDER, partij="Fiolet")
    with mailserver() as box:
        run_due(people.store, settings(box), people.now)

        def wijzig(session, fiolet):
            fatma = session.scalar(select(Account).where(Account.login == "fatma"))
            for kolom, waarde in anders.items():
                setattr(fatma, kolom, waarde)
            ruud = session.scalar(select(Account).where(Account.login == "ruud"))
            session.add(
                Dagpost(account_id=ruud.id, melding_id=fiolet, op=post.ronde_na(people.now))
            )
            ruud.partij = "Fiolet"

        assert [een.account_id for een in _dagpost(people)] == [account(people, "fatma").id]
        fiolet = read(
            people.store.sessions,
            lambda s: s.scalar(select(Melding.id).where(Melding.partij == "Fiolet")),
        )
        transact(people.store.sessions, partial(wijzig, fiolet=fiolet))
        run_due(people.store, settings(box), people.now + timedelta(days=4))
    assert box.to == [[RUUD]]


def _wijzig(route, login, **anders):
    def work(session):
        wie = session.scalar(select(Account).where(Account.login == login))
        for kolom, waarde in anders.items():
            setattr(wie, kolom, waarde)

    transact(route.store.sessions, work)


def _niet_verstuurd(route):
    vraag = select(Journaal).where(Journaal.wat == "e-mail niet verstuurd")
    return read(route.store.sessions, lambda s: s.scalars(vraag).all())


@pytest.mark.parametrize(
    ("anders", "woord"),
    [
        ({"rollen": [Rol.TRAINER]}, "de rol"),
        ({"partij": "Fiolet"}, "de partij"),
        ({"actief": False}, "niet meer in gebruik"),
    ],
)
def test_a_mail_that_waited_for_the_server_does_not_go_to_who_may_not_know_any_more(
    people, anders, woord
):
    tell(people, "te laat")
    with mailserver("451 4.3.0 Busy") as box:
        run_due(people.store, settings(box), people.now)
        assert box.inbox == []
        _wijzig(people, "fatma", **anders)
        verslag = run_due(people.store, settings(box), people.now + timedelta(hours=1))
    assert box.inbox == []
    assert (outbox(people), people.incidenten) == ([], [])
    (regel,) = _niet_verstuurd(people)
    assert "fatma" in regel.gegevens["reden"]
    assert woord in regel.gegevens["reden"]
    assert people.dossier.nummer not in str(regel.gegevens)
    assert [een.tekst for een in verslag.gebeurtenissen] == [
        f"Een e-mail is niet verstuurd. {regel.gegevens['reden']}"
    ]
    assert people.ailments == []


def test_a_mail_that_waited_tells_only_what_its_reader_may_still_know(people):
    _wijzig(people, "fatma", rollen=[Rol.CASEMANAGER, Rol.TEAMLEIDER])
    tell(people, "te laat")
    tell(people, "escalatie", rol=Rol.TEAMLEIDER)
    with mailserver("451 4.3.0 Busy") as box:
        run_due(people.store, settings(box), people.now)
        _wijzig(people, "fatma", rollen=[Rol.CASEMANAGER])
        run_due(people.store, settings(box), people.now + timedelta(hours=1))
    (message,) = box.inbox
    assert message["Subject"] == "Een taak is te laat: dossier 2026-00001"
    assert "Er is hulp nodig" not in body(message)
    assert _niet_verstuurd(people) == []


def test_who_chose_no_mail_while_one_waited_does_not_get_it(people):
    tell(people, "te laat")
    with mailserver("451 4.3.0 Busy") as box:
        run_due(people.store, settings(box), people.now)
        choose(people, "fatma", te_laat="nooit")
        run_due(people.store, settings(box), people.now + timedelta(hours=1))
    assert (box.inbox, outbox(people)) == ([], [])
    assert "de keuze voor e-mail" in _niet_verstuurd(people)[0].gegevens["reden"]


@pytest.mark.parametrize(
    "anders", [{"rollen": [Rol.CASEMANAGER]}, {"partij": "IVIO"}, {"actief": False}]
)
def test_the_mail_about_the_weekrapport_is_judged_again_too(people, anders):
    _wijzig(people, "marjan", email="marjan@gemeente.example")
    klaar = partial(
        post.leg_rapport_klaar, rol=Rol.TEAMLEIDER, adres="", dag=people.now.date(), now=people.now
    )
    with mailserver() as box:
        for wijziging in ({}, anders):
            transact(people.store.sessions, klaar)
            _wijzig(people, "marjan", **wijziging)
            run_due(people.store, settings(box), people.now)
    assert [een.status for een in outbox(people)] == ["verzonden"]
    assert (len(box.inbox), len(_niet_verstuurd(people))) == (1, 1)


def test_a_mail_that_an_older_version_wrote_goes_as_it_is(people):
    wie = str(account(people, "fatma").id)
    inhoud = {
        "account": wie,
        "onderwerp": "Een melding",
        "tekst": "Log in.",
        "html": "<p>Log in.</p>",
    }
    rij = Uitgaand(soort="mail", inhoud=inhoud, aangemaakt_op=people.now, volgende_op=people.now)
    transact(people.store.sessions, lambda s: s.add(rij))
    with mailserver() as box:
        run_due(people.store, settings(box), people.now)
    assert (box.to, box.inbox[0]["Subject"]) == ([[FATMA]], "Een melding")


def _dagpost(route):
    return read(route.store.sessions, lambda s: s.scalars(select(Dagpost)).all())


def test_a_person_chooses_what_they_hear_and_how(people):
    choose(people, "fatma", te_laat="nooit", herinnering="direct")
    tell(people, "te laat")
    tell(people, "herinnering")
    with mailserver() as box:
        run_due(people.store, settings(box), people.now)
    assert [message["Subject"] for message in box.inbox] == [
        "Een herinnering aan een taak: dossier 2026-00001"
    ]


def test_a_choice_that_is_none_is_refused(people):
    with pytest.raises(Invalid) as refused:
        choose(people, "fatma", te_laat="misschien")
    assert list(refused.value.fouten) == ["te laat"]


def test_old_news_is_not_mailed_when_mail_is_switched_on(people):
    tell(people, "te laat")
    with mailserver() as box:
        run_due(people.store, settings(box), people.now + timedelta(days=8))
    assert box.inbox == []


def test_each_way_waits_for_its_own_setting(people):
    people.when_done("plan", leerroute="Z")
    tell(people, "te laat")
    with mailserver() as box:
        run_due(people.store, settings(box), people.now)
    assert sorted((row.soort, row.status) for row in outbox(people)) == [
        ("duo.pip", "klaar"),
        ("mail", "verzonden"),
    ]
    assert read(people.store.sessions, lambda s: uitgaand.wachtend(s, "post")) == 1


def test_a_message_that_was_taken_before_a_crash_comes_again_with_the_same_id(people):
    tell(people, "te laat")
    with mailserver("lost") as box:
        run_due(people.store, settings(box), people.now)
        assert outbox(people)[0].status == "klaar"
        run_due(people.store, settings(box), people.now + timedelta(hours=1))
    one, two = (message["Message-ID"] for message in box.inbox)
    assert one == two
    assert outbox(people)[0].status == "verzonden"


def test_a_busy_server_is_tried_again_and_a_refused_address_calls_the_beheerder(people):
    tell(people, "te laat")
    with mailserver("451 4.3.0 Busy", refused=FATMA) as box:
        box.refused.clear()
        run_due(people.store, settings(box), people.now)
        assert (outbox(people)[0].status, people.incidenten) == ("klaar", [])
        box.refused.add(FATMA)
        run_due(people.store, settings(box), people.now + timedelta(hours=1))
    (incident,) = people.incidenten
    assert (
        incident.reden == "De mailserver weigert het e-mailadres van het account fatma (fout 550)."
    )
    assert outbox(people)[0].status == "mislukt"


def test_a_server_that_is_not_there_is_tried_again(people):
    tell(people, "te laat")
    with mailserver() as box:
        pass
    run_due(people.store, settings(box), people.now)
    assert (outbox(people)[0].status, people.incidenten) == ("klaar", [])


def test_somebody_who_lost_the_row_sends_nothing(people):
    tell(people, "te laat")
    transact(people.store.sessions, lambda s: post.maak(s, now=people.now))
    due = partial(uitgaand.due, now=people.now, weg="mail")
    (claim,) = transact(people.store.sessions, due)
    transact(
        people.store.sessions,
        partial(uitgaand.due, now=people.now + timedelta(hours=1), weg="mail"),
    )
    assert read(people.store.sessions, lambda s: uitgaand.envelop(s, claim)) is None


@pytest.mark.parametrize(
    "aan",
    ["a@b.nl\r\nBcc: c@d.nl", "a@b.nl, c@d.nl", "<a@b.nl>", "a@b.nl\n", "é@b.nl", "niemand", ""],
)
def test_an_address_that_is_not_one_plain_address_is_never_used(aan):
    bericht = Mail(
        aan, "fatma", "Een taak", "tekst", "<p>tekst</p>", datetime(2026, 1, 5, tzinfo=UTC)
    )
    with pytest.raises(Incident, match="fatma"):
        mail.verstuur(Config(smtp_host="127.0.0.1", mail_van="r@b.nl"), bericht, sleutel="1")


def test_a_subject_cannot_add_a_header():
    op = datetime(2026, 1, 5, tzinfo=UTC)
    bericht = Mail(FATMA, "fatma", "Taak\r\nBcc: c@d.nl", "tekst", "<p>tekst</p>", op)
    with pytest.raises(Incident, match="onderwerp"):
        mail.maak(bericht, van="r@b.nl", sleutel="1")


def test_the_password_stands_in_a_file_and_never_goes_over_an_open_line(people, tmp_path):
    with pytest.raises(ValueError, match="open over de lijn"):
        Config.from_environment(
            {"ROUTEFLOW_SMTP_GEBRUIKER": "rf", "ROUTEFLOW_SMTP_BEVEILIGING": "geen"}
        )
    geheim = tmp_path / "wachtwoord"
    geheim.write_text("geheim\n")
    tell(people, "te laat")
    with mailserver(auth_require_tls=False) as box:
        config = settings(box, smtp_gebruiker="rf", smtp_wachtwoordbestand=geheim)
        run_due(people.store, config, people.now)
    assert box.to == [[FATMA]]


def test_starttls_that_a_server_does_not_offer_stops_the_mail(people):
    tell(people, "te laat")
    with mailserver() as box:
        config = Config(smtp_host="127.0.0.1", smtp_port=box.port, mail_van="r@b.nl")
        run_due(people.store, config, people.now)
    assert (box.inbox, len(people.incidenten)) == ([], 1)


def test_a_pass_without_news_looks_at_two_small_indexes_more(people):
    asked = []
    listen = (
        "after_cursor_execute",
        lambda _c, _u, sql, parameters, *_: asked.append((sql, parameters)),
    )
    config = Config(smtp_host="127.0.0.1", mail_van="r@b.nl")
    run_due(people.store, config, people.now)
    event.listen(people.store.engine, *listen)
    run_due(people.store, config, people.now, ("uitgaand",))
    event.remove(people.store.engine, *listen)
    looks = [(sql, parameters) for sql, parameters in asked if sql.startswith("SELECT")]
    assert len(looks) == 3
    if dialect_of(people.store.sessions()) != "sqlite":
        return

    def plans(session):
        rows = session.connection().exec_driver_sql
        return [str(list(rows(f"EXPLAIN QUERY PLAN {sql}", given))) for sql, given in looks]

    for plan, index in zip(
        read(people.store.sessions, plans),
        ("ix_melding_nieuw", "ix_dagpost_op", "ix_uitgaand_mail"),
        strict=True,
    ):
        assert index in plan


def test_the_worker_knows_when_the_daily_mail_is_due(people):
    tell(people, "herinnering")
    with mailserver() as box:
        config = settings(box)
        run_due(people.store, config, people.now)
        moment = read(people.store.sessions, partial(post.next_moment, na=people.now))
    assert moment == datetime(2026, 1, 6, 6, tzinfo=UTC)
    assert worker.SOORTEN == ("wekker", "bericht", "uitgaand")
