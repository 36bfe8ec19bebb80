"""Publishing a set of diagrams, tables and forms."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from routeflow.engine import Finding
from routeflow.errors import Invalid
from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Deployment


class Afgekeurd(Invalid):
    """The set cannot be put in service; ``findings`` says why, one by one."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            f"Deze set kan niet in dienst: {len(findings)} punten moeten eerst anders.",
            {finding.element or finding.file: finding.message for finding in findings},
        )
        self.findings = tuple(findings)


def check(files: Mapping[str, bytes]) -> list[Finding]:
    """Judge a set of files as ``publish`` does; the same judge for CLI, modeller and API."""
    raise NotImplementedError


def publish(
    session: Session, files: Mapping[str, bytes], *, reden: str, by: Actor, now: datetime
) -> Deployment:
    """Put a set in service for new dossiers; running dossiers stay on their own deployment.

    ``files`` maps a path (processes/p00-....bpmn, processes/....dmn, forms/....form) to bytes.
    The same files as the current deployment: that deployment, and nothing else happens.
    Raises NotAllowed, Invalid (no reason given) or Afgekeurd.
    """
    raise NotImplementedError


def current(session: Session) -> Deployment | None:
    """Return the newest deployment, None before the first."""
    raise NotImplementedError


def files_of(deployment: Deployment) -> dict[str, bytes]:
    """Return the files of a deployment as they were uploaded, by path."""
    raise NotImplementedError
