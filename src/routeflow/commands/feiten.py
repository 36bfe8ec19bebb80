"""The facts of a dossier: read as Python values, written as rows that are never overwritten."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from routeflow.commands import keuzelijsten
from routeflow.commands.lengte import te_lang
from routeflow.errors import Conflict, Invalid
from routeflow.store.models import Base, Dossier, Feit
from routeflow.store.together import before_new_rows
from routeflow.store.waarden import from_json, to_json, zoekterm

KOLOMMEN = {
    "naam": "naam",
    "doelgroep": "doelgroep",
    "leerroute": "leerroute",
    "wet": "wet",
    "bsn": "bsn",
    "vNummer": "v_nummer",
}
PER_PERSOON = frozenset({"bsn", "vNummer"})
"""What one person has once: the newest dossier of a person is found by it."""

_MAG_LEEG = {"leerroute", "bsn", "vNummer"}
CASEMANAGER = "casemanager"

_FEIT = Base.metadata.tables["feit"]
_VAN = (_FEIT.c.dossier_id == bindparam("van"), _FEIT.c.tot.is_(None))
_NU = select(_FEIT.c.naam, _FEIT.c.waarde).where(*_VAN)
_SLUIT = update(_FEIT).where(*_VAN, _FEIT.c.naam == bindparam("welk")).values(tot=bindparam("op"))


def als_feit(naam: str, waarde: object) -> Any:  # noqa: ANN401 - typed JSON
    """Return ``waarde`` as typed JSON. Raises Invalid when it cannot be kept as a fact."""
    try:
        return to_json(waarde)
    except TypeError as error:
        zin = (
            f"{naam[:100]} is niet te bewaren. Een gegeven is een tekst, een getal, ja of nee, een"
            " lijst, of een datum in de jaren 1 tot en met 9999."
        )
        raise Invalid(zin, {naam: zin}) from error


def eis_vrij(session: Session, feiten: Mapping[str, Any], *, behalve: UUID | None = None) -> None:
    """Raise Conflict when another dossier has the BSN or V-nummer in ``feiten``."""
    for kolom, naam, woord in (
        (Dossier.bsn, "bsn", "BSN"),
        (Dossier.v_nummer, "vNummer", "V-nummer"),
    ):
        if feiten.get(naam) is None:
            continue
        vraag = select(Dossier.nummer).where(kolom == str(feiten[naam]), Dossier.id != behalve)
        with session.no_autoflush:
            nummer = session.scalar(vraag)
        if nummer:
            raise Conflict(f"Er is al een dossier met dit {woord}: {nummer}.")


class Feiten:
    """The facts of one dossier inside one transaction.

    ``waarden`` holds what is known now by name. ``anders`` holds what this transaction changed,
    as [before, after] in typed JSON: the journal's before and after.
    """

    def __init__(
        self,
        session: Session,
        dossier: Dossier,
        rijen: Mapping[str, Any] | None = None,
    ) -> None:
        """Read the facts of ``dossier``, unless they were read already: ``rijen``, as typed JSON."""
        self._session = session
        self._dossier = dossier
        if rijen is None:
            rijen = dict(session.execute(_NU, {"van": dossier.id}).all())
        self._json: dict[str, Any] = dict(rijen)
        self._nieuw: dict[str, Feit] = {}
        self.waarden = {naam: from_json(json) for naam, json in self._json.items()}
        self.anders: dict[str, list[Any]] = {}

    def zet(
        self, nieuw: Mapping[str, Any], *, door: str, taak_id: UUID | None = None, now: datetime
    ) -> bool:
        """Write the facts in ``nieuw`` that differ; None takes a fact away. Say whether any did."""
        anders = {}
        for naam, waarde in nieuw.items():
            json = als_feit(naam, waarde)
            oud = self._json.get(naam)
            if oud != json or isinstance(oud, bool) != isinstance(json, bool):
                anders[naam] = (oud, json)
        if not anders:
            return False
        _past_alles({naam: nieuw[naam] for naam in anders})
        nu = {naam: from_json(json) for naam, (_, json) in anders.items()}
        eis_vrij(self._session, nu, behalve=self._dossier.id)
        blijft_leeg = all(json is None for _, json in anders.values())
        meteen = blijft_leeg and not (self._session.new or self._session.dirty)
        self._sluit([naam for naam in anders if naam in self._json], now, meteen=meteen)
        for naam, (oud, json) in anders.items():
            self.anders[naam] = [self.anders.get(naam, [oud])[0], json]
            if json is not None:
                self._open(naam, json, door=door, taak_id=taak_id, now=now)
        self._kolommen(anders.keys())
        return True

    def _sluit(self, namen: list[str], now: datetime, *, meteen: bool) -> None:
        """Close the rows that hold now, before the new rows: they may not stand beside each other.

        ``meteen``: the session holds nothing else, so that no writing is to come.
        """
        bewaard = []
        for naam in namen:
            del self._json[naam], self.waarden[naam]
            rij = self._nieuw.pop(naam, None)
            if rij is not None and rij in self._session.new:
                rij.tot = now  # written in this very act, and not yet in the database
            else:
                bewaard.append(naam)
        rijen = [{"van": self._dossier.id, "welk": naam, "op": now} for naam in bewaard]
        if rijen and meteen:
            self._session.connection().execute(_SLUIT, rijen)
        elif rijen:
            before_new_rows(self._session, _SLUIT, rijen)

    def _open(
        self, naam: str, json: object, *, door: str, taak_id: UUID | None, now: datetime
    ) -> None:
        rij = Feit(
            dossier_id=self._dossier.id,
            naam=naam,
            waarde=json,
            sinds=now,
            taak_id=taak_id,
            door=door,
        )
        self._session.add(rij)
        self._nieuw[naam] = rij
        self._json[naam] = json
        self.waarden[naam] = from_json(json)

    def _kolommen(self, namen: Collection[str]) -> None:
        """Let the dossier's columns repeat the facts that lists sort, search and filter on."""
        dossier = self._dossier
        for naam, kolom in KOLOMMEN.items():
            if naam in namen and (self.waarden.get(naam) or naam in _MAG_LEEG):
                waarde = self.waarden.get(naam)
                setattr(dossier, kolom, None if waarde is None else str(waarde))
        if "naam" in namen:
            dossier.zoek = zoekterm(f"{dossier.naam} {dossier.nummer}")
        if CASEMANAGER in namen:
            dossier.casemanager_id = _account_id(self._session, self.waarden.get(CASEMANAGER))


def _past_alles(nieuw: Mapping[str, Any]) -> None:
    """Refuse what does not fit in a column: the name of a fact, or a value that lists show."""
    fouten = {}
    for naam, waarde in nieuw.items():
        gevonden = te_lang(Feit, {"naam": naam})
        if naam in KOLOMMEN:
            gevonden |= te_lang(Dossier, {KOLOMMEN[naam]: waarde})
        fouten.update(dict.fromkeys([naam[:100]] if gevonden else [], "".join(gevonden.values())))
    if fouten:
        raise Invalid("Een gegeven is te lang.", fouten)


def _account_id(session: Session, wie: object) -> UUID | None:
    """Return the account that the fact ``casemanager`` names: by id, inlognaam or naam."""
    gezocht = str(wie or "").strip().lower()
    if not gezocht:
        return None
    casemanagers = keuzelijsten.casemanagers(session)
    gevonden = [
        account.id
        for account in casemanagers
        if gezocht in {str(account.id), account.login, account.naam.lower()}
    ]
    if len(gevonden) != 1:
        namen = ", ".join(account.naam for account in casemanagers) or "er zijn er nog geen"
        zin = f"{wie} is geen casemanager. Kies uit: {namen}."
        raise Invalid(zin, {CASEMANAGER: zin})
    return gevonden[0]
