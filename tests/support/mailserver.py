"""A real mail server on loopback that keeps what it gets, and says no when told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword


@dataclass
class Mailserver:
    """``answers``: what it says to the next messages instead of 250 (a whole SMTP line).

    ``refused``: addresses that it does not know. ``inbox``: what it took.
    """

    answers: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    inbox: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, _server, _session, envelope: Envelope, address, _options):  # noqa: N802
        if address in self.refused:
            return "550 5.1.1 Unknown here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope: Envelope):  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        if self.answers and (answer := self.answers.pop(0)) != "250 OK":
            if answer == "lost":  # it took the message, but its answer never came
                self._keep(message, envelope)
                return "421 4.3.0 Going down"
            return answer
        self._keep(message, envelope)
        return "250 OK"

    def _keep(self, message, envelope):
        self.inbox.append(message)
        self.to.append(list(envelope.rcpt_tos))


class _Port(Controller):
    """A server on a port that the system chooses."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _who(_server, _session, _envelope, _mechanism, data):
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"rf", b"geheim")
    return AuthResult(success=known)


@contextmanager
def mailserver(*answers: str, refused: str = "", **kwargs) -> Iterator[Mailserver]:
    """Run a server; ``kwargs`` as ``aiosmtpd.smtp.SMTP`` takes them, such as ``tls_context``."""
    box = Mailserver(answers=list(answers), refused={refused} - {""})
    controller = _Port(box, hostname="127.0.0.1", port=0, authenticator=_who, **kwargs)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()
