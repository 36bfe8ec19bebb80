"""A running route as bytes and back: only its tokens and their variables, never a specification.

The first byte is the version of this format; the rest is zstd over msgpack. Values of FEEL
that msgpack does not know travel as extensions.

A state that an older product stored is read too: each step of ``UPGRADES`` makes the record of
one version into that of the next. A state is stored in the newest version when its route moves.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import zstandard

from routeflow.engine.definition import Definition
from routeflow.engine.moments import instant, micros
from routeflow.engine.spiff import Route, SubRoute, Token
from routeflow.errors import Incident
from routeflow.feel import Range, YearsMonths, from_json, to_json
from routeflow.feel.temporal import WIDE

Record = list[Any]
Upgrade = Callable[[Record], Record]

# The n-th makes a record of version n into one of version n + 1. Never change or remove one.
UPGRADES: Final[tuple[Upgrade, ...]] = ()
VERSION: Final = 1 + len(UPGRADES)
MAX_STATE: Final = 64 * 1024 * 1024

_DECIMAL, _DATE, _DATETIME, _TIME, _DAYS, _MONTHS, _RANGE, _WIDE = range(1, 9)
_ARM: Final = 1
_LARGE: Final = 2**63

_local = threading.local()


def dump(route: Route) -> bytes:
    """Return the state of a route at rest."""
    scopes: list[Any] = []
    places: dict[bytes, int] = {}
    inner: list[SubRoute] = sorted(route.subprocesses.values(), key=_depth)
    everywhere: list[Route | SubRoute] = [route, *inner]
    for scope in everywhere:
        tokens = sorted(scope.tasks.values(), key=_serial)
        rows = []
        for token in tokens:
            if token is scope.task_tree:
                continue
            places[token.id] = len(places)
            rows.append(_token_row(token, scope, places))
        host = None if isinstance(scope, Route) else places[scope.host.id]
        scopes.append([scope.spec.name, host, scope.interrupted, _pack(scope.data), rows])
    record = [route.serial, route.completed, scopes]
    try:
        packed = msgspec.msgpack.encode(record)
    except UnicodeEncodeError as error:
        raise Incident("Een tekst bevat tekens die niet te bewaren zijn.") from error
    return bytes([VERSION]) + _zstd()[0].compress(packed)


def load(
    state: bytes,
    definition: Definition,
    now: datetime,
    *,
    upgrades: Sequence[Upgrade] = UPGRADES,
) -> Route:
    """Return the route that ``dump`` saved, now or in an older version of the product.

    Raises Incident when it is damaged, of a newer version, or does not fit the diagrams.
    """
    serial, completed, scopes = _record(state, upgrades)
    tokens: list[Token] = []
    route: Route | None = None
    for name, host, interrupted, variables, rows in scopes:
        spec = definition.specs.get(name)
        if spec is None:
            raise Incident(f"Het proces {name} staat niet in deze versie van de diagrammen.", name)
        scope: Route | SubRoute
        if route is None:
            scope = route = Route(spec, definition.specs, now)
            route.serial, route.completed = serial, completed
        else:
            scope = SubRoute(spec, tokens[host], route)
        scope.interrupted = interrupted
        scope.data = variables
        for row in rows:
            tokens.append(_token_from(row, scope, tokens))
    assert route is not None  # noqa: S101 - dump always writes the route itself
    return route


def _record(state: bytes, upgrades: Sequence[Upgrade]) -> Record:
    """Return what is in ``state`` as a record of the newest version."""
    version, newest = state[0] if state else 0, 1 + len(upgrades)
    if version > newest:
        raise Incident(
            "De stand van deze route is opgeslagen door een nieuwere versie van het product "
            f"(vorm {version}; deze versie leest tot en met vorm {newest}). "
            "Zet de nieuwere versie van het product terug."
        )
    if not version:
        raise Incident("De opgeslagen stand van deze route is in een vorm die we niet kennen.")
    try:
        data = _zstd()[1].decompress(state[1:], max_output_size=MAX_STATE)
        record = msgspec.msgpack.decode(data, ext_hook=_unpack)
        for upgrade in upgrades[version - 1 :]:
            record = upgrade(record)
        serial, completed, scopes = record
    except (zstandard.ZstdError, msgspec.DecodeError, ValueError, TypeError) as error:
        raise Incident("De opgeslagen stand van deze route is beschadigd.") from error
    return [serial, completed, scopes]


def _token_row(token: Token, scope: Route | SubRoute, places: dict[bytes, int]) -> list[Any]:
    parent = None if token.parent is scope.task_tree else places[token.parent.id]
    row = [
        token.id,
        token.node.id,
        token.state,
        token.serial,
        micros(token.opened),
        parent,
        _ARM if token.arm else 0,
        token.via,
        token.index,
        _pack(token.memo) or None,
        _pack(token.data) or None,
    ]
    while row[-1] is None:
        row.pop()
    return row


def _token_from(row: list[Any], scope: Route | SubRoute, tokens: list[Token]) -> Token:
    row += [None] * (11 - len(row))
    ident, element, state, serial, opened, parent, flags, via, index, memo, data = row
    spec = scope.spec.specs.get(element)
    if spec is None:
        raise Incident(f"De stap {element} staat niet in deze versie van de diagrammen.", element)
    token = Token(
        scope,
        spec,
        scope.task_tree if parent is None else tokens[parent],
        serial=serial,
        opened=instant(opened),
        state=state,
        ident=ident,
    )
    token.arm = bool(flags & _ARM)
    token.via, token.index = via, index
    token.internal_data = memo or {}
    token.data = data or {}
    return token


def _pack(value: Any) -> Any:  # noqa: ANN401 - any FEEL value
    pack = _PACKERS.get(type(value))
    if pack is None:
        known = next((kind for kind in type(value).__mro__ if kind in _PACKERS), None)
        if known is None:
            raise Incident(f"Een waarde van het soort {type(value).__name__} is niet te bewaren.")
        pack = _PACKERS[known]
    return pack(value)


def _same(value: Any) -> Any:  # noqa: ANN401 - any FEEL value
    return value


def _text(code: int, write: Callable[[Any], str]) -> Callable[[Any], msgspec.msgpack.Ext]:
    return lambda value: msgspec.msgpack.Ext(code, write(value).encode())


def _range(value: Range) -> msgspec.msgpack.Ext:
    parts = [_pack(value.start), _pack(value.end), value.start_included, value.end_included]
    if value.compared != _is_open(value.start, value.end):
        parts.append(value.compared)
    return msgspec.msgpack.Ext(_RANGE, msgspec.msgpack.encode(parts))


def _is_open(start: Any, end: Any) -> bool:  # noqa: ANN401 - any FEEL value
    return start is None or end is None


def _zoned(value: datetime) -> str:
    zone = value.tzinfo
    if isinstance(zone, ZoneInfo):
        return f"{value.replace(tzinfo=None).isoformat()}@{value.fold}{zone.key}"
    return value.isoformat()


def _wide(value: Any) -> str:  # noqa: ANN401 - a date or time beyond datetime
    typed = to_json(value, typed=True)
    return f"{typed['@type']}\n{typed['@value']}"


def _unwide(text: str) -> Any:  # noqa: ANN401 - a date or time beyond datetime
    kind, _, written = text.partition("\n")
    return from_json({"@type": kind, "@value": written})


_PACKERS: Final[dict[type, Callable[[Any], Any]]] = {
    type(None): _same,
    bool: _same,
    int: lambda value: int(value) if abs(value) < _LARGE else _pack(Decimal(value)),
    float: _same,
    str: str,
    list: lambda value: [_pack(item) for item in value],
    tuple: lambda value: [_pack(item) for item in value],
    dict: lambda value: {str(key): _pack(item) for key, item in value.items()},
    Decimal: _text(_DECIMAL, str),
    date: _text(_DATE, date.isoformat),
    datetime: _text(_DATETIME, _zoned),
    time: _text(_TIME, time.isoformat),
    timedelta: _text(_DAYS, lambda value: str(value // timedelta(microseconds=1))),
    YearsMonths: _text(_MONTHS, lambda value: str(value.total)),
    Range: _range,
    **dict.fromkeys(WIDE, _text(_WIDE, _wide)),
}


def _unzoned(text: str) -> datetime:
    local, _, zone = text.partition("@")
    value = datetime.fromisoformat(local)
    return value.replace(tzinfo=ZoneInfo(zone[1:]), fold=int(zone[0])) if zone else value


def _unpack(code: int, data: memoryview) -> Any:  # noqa: ANN401 - any FEEL value
    if code == _RANGE:
        start, end, start_in, end_in, *rest = msgspec.msgpack.decode(data, ext_hook=_unpack)
        compared = rest[0] if rest else _is_open(start, end)
        return Range(start, end, start_in, end_in, compared)
    text = bytes(data).decode()
    readers: dict[int, Callable[[str], Any]] = {
        _DECIMAL: Decimal,
        _DATE: date.fromisoformat,
        _DATETIME: _unzoned,
        _TIME: time.fromisoformat,
        _DAYS: lambda text: timedelta(microseconds=int(text)),
        _MONTHS: lambda text: YearsMonths(int(text)),
        _WIDE: _unwide,
    }
    return readers[code](text)


def _zstd() -> tuple[zstandard.ZstdCompressor, zstandard.ZstdDecompressor]:
    """Return this thread's own pair: they may not be shared between threads."""
    pair: tuple[zstandard.ZstdCompressor, zstandard.ZstdDecompressor] | None
    pair = getattr(_local, "pair", None)
    if pair is None:
        pair = _local.pair = (
            zstandard.ZstdCompressor(level=3, write_checksum=True),
            zstandard.ZstdDecompressor(),
        )
    return pair


def _depth(scope: SubRoute) -> tuple[int, int]:
    return scope.depth, scope.host.serial


def _serial(token: Token) -> int:
    return token.serial
