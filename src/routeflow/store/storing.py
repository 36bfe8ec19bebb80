"""What a user hears when the database itself cannot: full, gone, too busy, damaged."""

import sqlite3
from collections.abc import Mapping
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_VOL: Final = (
    "De schijf van de database is vol. Er is niets bewaard. Bel de beheerder: die maakt ruimte. "
    "Ga daarna terug en verstuur het nog een keer."
)
_ALLEEN_LEZEN: Final = (
    "De database is nu alleen te lezen. Er is niets bewaard. Bel de beheerder. Ga daarna terug en "
    "verstuur het nog een keer."
)
_BESCHADIGD: Final = (
    "Het bestand van de database is niet te lezen of beschadigd. Er is niets bewaard. Bel de "
    "beheerder: die zet een reservekopie terug."
)
_DRUK: Final = (
    "Het is nu te druk, of iets duurde te lang. Er is niets bewaard. Ga over een minuut terug en "
    "verstuur het nog een keer."
)
_WEG: Final = (
    "De database is nu niet te bereiken. Het kan zijn dat uw werk wel is bewaard. Kijk over een "
    "minuut of het er staat, en verstuur het anders nog een keer. Dubbel telt het niet."
)
_SQLITE: Final[Mapping[int, str]] = {
    sqlite3.SQLITE_FULL: _VOL,
    sqlite3.SQLITE_READONLY: _ALLEEN_LEZEN,
    sqlite3.SQLITE_PERM: _ALLEEN_LEZEN,
    sqlite3.SQLITE_CANTOPEN: _BESCHADIGD,
    sqlite3.SQLITE_CORRUPT: _BESCHADIGD,
    sqlite3.SQLITE_NOTADB: _BESCHADIGD,
    sqlite3.SQLITE_IOERR: _BESCHADIGD,
    sqlite3.SQLITE_BUSY: _DRUK,
    sqlite3.SQLITE_LOCKED: _DRUK,
}
# By the code itself, and else by its class: its first two signs.
_POSTGRESQL: Final[Mapping[str, str]] = {
    "25006": _ALLEEN_LEZEN,  # a replica, or a server that is being recovered
    "40001": _DRUK,  # on a replica: what was read went away meanwhile
    "53100": _VOL,
    "55P03": _DRUK,  # somebody holds it too long
    "53": _DRUK,  # no memory, too many connections
    "57014": _DRUK,  # stopped, by a timeout of the server
    "57": _WEG,  # it stops, or starts
    "58": _BESCHADIGD,
    "08": _WEG,
    "XX001": _BESCHADIGD,
    "XX002": _BESCHADIGD,
}


def storing(error: BaseException) -> str | None:
    """Return what to say of ``error`` when the database is in no state to work, else None."""
    if isinstance(error, PoolTimeoutError):
        return _DRUK
    if not isinstance(error, DBAPIError):
        return None
    oorzaak = error.orig
    if isinstance(oorzaak, sqlite3.Error):
        return _SQLITE.get(getattr(oorzaak, "sqlite_errorcode", 0) & 0xFF)
    code = getattr(oorzaak, "sqlstate", None)
    if code is None:
        weg = error.connection_invalidated or isinstance(error, OperationalError)
        return _WEG if weg else None
    return _POSTGRESQL.get(code) or _POSTGRESQL.get(code[:2])
