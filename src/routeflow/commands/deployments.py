"""Publishing a set of diagrams, tables and forms."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow import engine, forms
from routeflow.commands.berichtsoorten import berichten_die_openen, feiten_uit_berichten
from routeflow.commands.diensten import DIENSTEN
from routeflow.commands.feiten import KOLOMMEN
from routeflow.commands.journaal import schrijf
from routeflow.commands.keuzelijsten import LIJSTEN
from routeflow.commands.toegang import eis
from routeflow.commands.waarborgen import WAARBORGEN
from routeflow.commands.zaak import FUNCTIES
from routeflow.engine import Finding
from routeflow.errors import Conflict, Invalid
from routeflow.inburgering.rechten import Actor, Handeling, Rol
from routeflow.inburgering.regels import REGELS
from routeflow.store import one_at_a_time
from routeflow.store.models import Bestand, Deployment
from routeflow.store.recent import Recent

PROCESSEN = {
    "asielstatushouder": "p00_doorlopende_lijn",
    "gezinsmigrant": "p20_gezinsmigrant",
}
"""The process that a dossier begins with, by doelgroep."""

SOORTEN = (".bpmn", ".dmn", ".form", ".json")  # .json: element templates of the Modeler

_IN_DIENST = 20220104  # so that two publications come one after the other
_oordelen: Recent[list[Finding]] = Recent()


class Afgekeurd(Invalid):
    """The set cannot be put in service; ``findings`` says why, one by one."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        fouten = [finding for finding in findings if finding.severity == "fout"]
        punten = "Een punt moet" if len(fouten) == 1 else f"{len(fouten)} punten moeten"
        super().__init__(
            f"Deze set kan niet in dienst. {punten} eerst anders.",
            {finding.element or finding.file: finding.message for finding in fouten},
        )
        self.findings = tuple(findings)


def check(files: Mapping[str, bytes]) -> list[Finding]:
    """Judge a set of files as ``publish`` does; the same judge for CLI, modeller and API.

    It takes seconds for a whole set. A judgement is kept for the same files, so who checks
    before publishing does not hold up others while publishing.
    """
    return list(_oordelen.get(digest_of(files), lambda: _oordeel(files)))


def _oordeel(files: Mapping[str, bytes]) -> list[Finding]:
    profile = engine.Profile(
        rollen=frozenset(Rol),
        services=frozenset(DIENSTEN),
        functions=frozenset(FUNCTIES),
        termijnen=frozenset(REGELS),
        facts=frozenset(KOLOMMEN) | feiten_uit_berichten(),
        begins=dict.fromkeys(PROCESSEN.values(), berichten_die_openen()),
        forms=_formulieren,
        law=WAARBORGEN,
    )
    return engine.check(files, profile)


def _formulieren(files: Mapping[str, bytes]) -> Iterator[Finding]:
    for pad, inhoud in sorted(files.items()):
        if pad.endswith(".form"):
            for code, veld, zin in forms.check(pad, inhoud, FUNCTIES, lijsten=LIJSTEN):
                found = Finding(file=pad, element=veld, name=None, code=code, message=zin)
                yield replace(found, severity="waarschuwing") if code == forms.PREVIEW else found


def publish(
    session: Session,
    files: Mapping[str, bytes],
    *,
    reden: str,
    basis: int | None = None,
    by: Actor,
    now: datetime,
) -> Deployment:
    """Put a set in service for new dossiers; running dossiers stay on their own deployment.

    ``files`` maps a path (processes/p00-....bpmn, processes/....dmn, forms/....form) to bytes;
    other files are left out. The same files as the current deployment: that deployment, and
    nothing else happens. ``basis``: on which version the set was made, when it may replace no
    other. Raises NotAllowed, Invalid (no reason given), Afgekeurd or Conflict (another version
    came in service meanwhile).
    """
    eis(by, Handeling.PUBLICEREN)
    if not reden.strip():
        raise Invalid("De set is niet in dienst.", {"reden": "Schrijf wat er anders is en waarom."})
    files = {pad: inhoud for pad, inhoud in files.items() if pad.endswith(SOORTEN)}
    findings = check(files)
    if any(finding.severity == "fout" for finding in findings):
        raise Afgekeurd(findings)
    return zet_in_dienst(session, files, reden=reden, basis=basis, by=by, now=now)


def zet_in_dienst(
    session: Session,
    files: Mapping[str, bytes],
    *,
    reden: str,
    basis: int | None = None,
    by: Actor,
    now: datetime,
) -> Deployment:
    """Store a set that was judged before: ``publish`` without the judge."""
    digest = digest_of(files)
    one_at_a_time(session, _IN_DIENST)
    vorige = current(session)
    if vorige is not None and vorige.digest == digest:
        return vorige
    if basis is not None and basis != (vorige.id if vorige else 0):
        raise Conflict(
            "Intussen is een andere versie gepubliceerd. Laad uw bestanden opnieuw, dan ziet u "
            "wat er nu verandert."
        )
    deployment = Deployment(
        gepubliceerd_op=now,
        door=by.naam,
        reden=reden.strip(),
        digest=digest,
        bestanden=[Bestand(pad=pad, inhoud=inhoud) for pad, inhoud in sorted(files.items())],
    )
    session.add(deployment)
    session.flush()
    gegevens = {"versie": deployment.id, "reden": deployment.reden, "bestanden": len(files)}
    schrijf(session, "versie in dienst", gegevens, by=by, now=now)
    return deployment


def current(session: Session) -> Deployment | None:
    """Return the newest deployment, None before the first."""
    return session.scalar(select(Deployment).order_by(Deployment.id.desc()).limit(1))


def files_of(deployment: Deployment) -> dict[str, bytes]:
    """Return the files of a deployment as they were uploaded, by path."""
    return {bestand.pad: bestand.inhoud for bestand in deployment.bestanden}


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the hash that says whether two sets are the same."""
    geheel = hashlib.sha256()
    for pad, inhoud in sorted(files.items()):
        geheel.update(f"{len(pad)}:{pad}:{len(inhoud)}:".encode())
        geheel.update(inhoud)
    return geheel.hexdigest()
