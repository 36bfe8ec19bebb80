"""E-mail: how it reads, and how it is handed to the mail server of the gemeente.

It says what kind of notice waits, in which dossier and where to read it, and nothing more: no
names, no numbers of people, no health. Who may read on logs in.
"""

import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from routeflow.config import Config
from routeflow.errors import Incident, Transient

_TEMPORARY = range(400, 500)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one account. ``wie``: the login, by which the beheerder finds the account."""

    aan: str
    wie: str
    onderwerp: str
    tekst: str
    html: str
    op: datetime


@dataclass(frozen=True, slots=True)
class Regel:
    """One notice as a mail tells it: what happened, in which dossier, and where to read it."""

    wat: str
    nummer: str
    adres: str = ""


def opstellen(sjabloon: str, gegevens: Mapping[str, object]) -> dict[str, str]:
    """Return ``onderwerp``, ``tekst`` and ``html`` of a template: the first line is the subject."""
    onderwerp, _, tekst = _omgeving.get_template(f"{sjabloon}.txt").render(gegevens).partition("\n")
    html = _omgeving.get_template(f"{sjabloon}.html").render(gegevens, onderwerp=onderwerp)
    return {"onderwerp": onderwerp.strip(), "tekst": tekst.strip() + "\n", "html": html}


def verstuur(config: Config, mail: Mail, *, sleutel: str) -> None:
    """Hand one message to the mail server. ``sleutel`` is its identity, the same at each try.

    Raises Transient when trying again may help, Incident when a person must look.
    """
    if not is_adres(mail.aan):
        raise Incident(f"Het e-mailadres van het account {mail.wie} klopt niet.")
    bericht = maak(mail, van=config.mail_van, sleutel=sleutel)
    try:
        with _server(config) as server:
            server.send_message(bericht, from_addr=config.mail_van, to_addrs=[mail.aan])
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        if code in _TEMPORARY:
            raise Transient(f"De mailserver neemt het bericht nu niet aan ({code}).") from error
        raise Incident(
            f"De mailserver weigert het e-mailadres van het account {mail.wie} (fout {code})."
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise Transient("De mailserver weigert de gebruiker of het wachtwoord.") from error
    except smtplib.SMTPNotSupportedError as error:
        raise Incident(
            f"De mailserver kan niet wat nodig is voor het account {mail.wie}: {error}"
        ) from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code in _TEMPORARY or isinstance(error, smtplib.SMTPConnectError):
            raise Transient(f"De mailserver antwoordt met fout {error.smtp_code}.") from error
        raise Incident(
            f"De mailserver weigert het bericht aan het account {mail.wie} (fout {error.smtp_code})."
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Transient("De mailserver is niet te bereiken.") from error


def maak(mail: Mail, *, van: str, sleutel: str) -> EmailMessage:
    """Return the message as it travels. Raises Incident when a header would not hold its value."""
    if not is_adres(van):
        raise Incident("ROUTEFLOW_MAIL_VAN is geen e-mailadres.")
    bericht = EmailMessage(policy=SMTP)
    try:
        bericht["From"] = Address("Routeflow", addr_spec=van)
        bericht["To"] = Address(addr_spec=mail.aan)
        bericht["Subject"] = mail.onderwerp
        bericht["Date"] = format_datetime(mail.op)
        bericht["Message-ID"] = f"<{sleutel}@{van.rpartition('@')[2]}>"
        bericht["Auto-Submitted"] = "auto-generated"
        bericht["Content-Language"] = "nl"
    except (HeaderParseError, ValueError, IndexError) as error:
        raise Incident(
            f"Het e-mailadres van het account {mail.wie} of het onderwerp klopt niet."
        ) from error
    bericht.set_content(mail.tekst, cte="quoted-printable")
    bericht.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return bericht


def is_adres(tekst: str) -> bool:
    """Say whether ``tekst`` is one plain e-mail address.

    >>> is_adres("a.b@example.org"), is_adres("a@b, c@d"), is_adres("Amina <a@b>")
    (True, False, False)
    """
    if not tekst.isascii() or not tekst.isprintable() or " " in tekst:
        return False
    try:
        adres = Address(addr_spec=tekst)
    except (HeaderParseError, ValueError, IndexError):
        return False
    return bool(adres.username and adres.domain) and adres.addr_spec == tekst


@contextmanager
def _server(config: Config) -> Iterator[smtplib.SMTP]:
    """Yield a connection that is as safe as was asked, and logged in to."""
    plaats = (config.smtp_host, config.smtp_port, config.mail_van.rpartition("@")[2])
    wacht = config.uitgaand_timeout
    server: smtplib.SMTP
    if config.smtp_beveiliging == "tls":
        server = smtplib.SMTP_SSL(*plaats, timeout=wacht, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(*plaats, timeout=wacht)
    try:
        if config.smtp_beveiliging == "starttls":
            server.starttls(context=ssl.create_default_context())
        if config.smtp_gebruiker:
            server.login(config.smtp_gebruiker, _wachtwoord(config))
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()  # the message was accepted: how they say goodbye changes nothing
    finally:
        server.close()


def _wachtwoord(config: Config) -> str:
    try:
        return config.smtp_wachtwoordbestand.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Incident(
            "Het bestand met het wachtwoord van de mailserver is niet te lezen."
        ) from error


def afgekort(regels: Sequence[Regel], aantal: int = 40) -> tuple[Sequence[Regel], int]:
    """Return the lines that a mail shows and how many more there are."""
    return regels[:aantal], max(0, len(regels) - aantal)


_omgeving = SandboxedEnvironment(
    loader=PackageLoader("routeflow", "mail"),
    autoescape=lambda naam: bool(naam and naam.endswith(".html")),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
