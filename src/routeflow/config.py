"""Settings, read once from the environment. See docs/handleiding for what a beheerder needs."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

_PREFIX = "ROUTEFLOW_"


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting. The variable is ``ROUTEFLOW_`` + the name in capitals.

    =================  ==========================  ==================================================
    setting            default                     meaning
    =================  ==========================  ==================================================
    database           sqlite:///data/routeflow.db SQLAlchemy address; postgresql://... in production
    sleutelbestand     data/sleutel                file with the secret that signs cookies
    demo               nee                         invented people, and a clock that can be moved
    uitgaand_url       (empty)                     where outgoing messages are POSTed; empty: they wait
    uitgaand_timeout   10                          seconds to wait for that address
    smtp_host          (empty)                     mail server for e-mail; empty: no e-mail is made
    smtp_port          587                         its port
    smtp_beveiliging   starttls                    starttls, tls or geen
    smtp_gebruiker     (empty)                     user name at the mail server; empty: none is asked
    smtp_wachtwoordbestand data/smtp-wachtwoord    file with the password of that user
    mail_van           (empty)                     address that e-mail comes from
    adres              (empty)                     https address of this product, for links in mail and calendars
    host               127.0.0.1                   address on which the web server listens
    port               8080                        its port
    threads            8                           threads of the web server
    https              nee                         ja: cookies only over HTTPS, HSTS on
    proxies            0                           reverse proxies in front whose headers are trusted
    worker             ja                          ja: this process also fires timers and messages
    tik                5                           seconds between two looks of the worker
    pogingen           5                           tries before the worker calls a person
    log_level          INFO                        DEBUG, INFO, WARNING or ERROR
    gemeente           Gemeente                    name of the gemeente above the pages and letters
    postadres          (empty)                     its postal address on letters, lines apart by a comma
    telefoon           (empty)                     its telephone number on letters
    email              (empty)                     its e-mail address on letters
    bezwaar_online     (empty)                     https address where bezwaar can be made; empty: by post
    =================  ==========================  ==================================================
    """

    database: str = "sqlite:///data/routeflow.db"
    sleutelbestand: Path = Path("data/sleutel")
    demo: bool = False
    uitgaand_url: str = ""
    uitgaand_timeout: int = 10
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_beveiliging: str = "starttls"
    smtp_gebruiker: str = ""
    smtp_wachtwoordbestand: Path = Path("data/smtp-wachtwoord")
    mail_van: str = ""
    adres: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    threads: int = 8
    https: bool = False
    proxies: int = 0
    worker: bool = True
    tik: int = 5
    pogingen: int = 5
    log_level: str = "INFO"
    gemeente: str = "Gemeente"
    postadres: str = ""
    telefoon: str = ""
    email: str = ""
    bezwaar_online: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Config":
        """Read the settings from ``environment``.

        Raises ValueError, with a Dutch sentence, for a value that does not fit and for a
        ``ROUTEFLOW_`` variable that does not exist: a typing error must not pass in silence.
        """
        known = {_PREFIX + field.name.upper(): field for field in fields(cls)}
        given = {name: text for name, text in environment.items() if name.startswith(_PREFIX)}
        for name in given.keys() - known.keys() - {"ROUTEFLOW_TEST_DATABASE"}:
            raise ValueError(f"{name} bestaat niet. Bekend zijn: {', '.join(sorted(known))}.")
        config = cls(
            **{
                known[name].name: _value(name, text.strip(), known[name].default)
                for name, text in given.items()
                if name in known
            }
        )
        config._check_mail()
        config._check_gemeente()
        return config

    def _check_mail(self) -> None:
        if self.smtp_beveiliging not in {"starttls", "tls", "geen"}:
            raise ValueError(f"{_PREFIX}SMTP_BEVEILIGING is starttls, tls of geen.")
        if self.smtp_host and "@" not in self.mail_van:
            raise ValueError(f"{_PREFIX}MAIL_VAN is nodig: het e-mailadres van de afzender.")
        if self.smtp_gebruiker and self.smtp_beveiliging == "geen":
            raise ValueError(
                f"{_PREFIX}SMTP_BEVEILIGING geen: een wachtwoord gaat niet open over de lijn."
            )
        if self.adres and not self.adres.startswith(("https://", "http://")):
            raise ValueError(f"{_PREFIX}ADRES begint met https://.")

    def _check_gemeente(self) -> None:
        if self.email and "@" not in self.email:
            raise ValueError(f"{_PREFIX}EMAIL is het e-mailadres van de gemeente.")
        if self.bezwaar_online and not self.bezwaar_online.startswith("https://"):
            raise ValueError(f"{_PREFIX}BEZWAAR_ONLINE begint met https://.")


def _value(name: str, text: str, default: object) -> Any:  # noqa: ANN401 - as wide as the settings
    if isinstance(default, bool):
        words = {"ja": True, "1": True, "true": True, "nee": False, "0": False, "false": False}
        if text.lower() not in words:
            raise ValueError(f"{name} is ja of nee, niet {text!r}.")
        return words[text.lower()]
    if isinstance(default, int):
        if not text.isdecimal():
            raise ValueError(f"{name} is een geheel getal, niet {text!r}.")
        return int(text)
    return Path(text) if isinstance(default, Path) else text
