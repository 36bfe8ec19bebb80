"""From what somebody sent to answers: types, rules, and what is not asked dropped."""

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from routeflow import feel
from routeflow.errors import Incident, Invalid
from routeflow.forms.model import MAX_ROWS, NEDERLAND, Formulier, Veld, vlak

Functions = Mapping[str, Callable[..., Any]]
Rauw = Mapping[str, Any]

ROW_BUTTON: Final = "rij"
MAX_SECONDS: Final = 3.0  # on the processor, for all expressions of one look at a form

_ROW: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\[(\d{1,3})\]\.([A-Za-z][A-Za-z0-9_]*)")
_DATE: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})|(\d\d)(\d\d)(\d{4})")
_TIME: Final = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?")
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:[.,]\d{1,10})?")
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(?:[. ]\d{3})+(?:,\d{1,10})?")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_POSTCODE: Final = re.compile(r"([1-9]\d{3}) ?([A-Z]{2})")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{6,18}[0-9]")
_LONGEST: Final = 100_000
_YEARS: Final = range(1900, 2101)
_LARGEST: Final = 10**15
_DECIMALS: Final = 10
_BSN_DIGITS: Final = 9
_PASSES: Final = 10
_TRUE: Final = frozenset({"true", "on", "ja", "1"})
_FALSE: Final = frozenset({"false", "off", "nee", "0"})


@dataclass(frozen=True, slots=True)
class Antwoorden:
    """What was answered. ``feiten`` go to the dossier, ``taak`` stays with the taak.

    ``incidenten``: sentences for the process owner about expressions that gave no answer; the
    fields stayed in view, the rules did not stop anybody.
    """

    feiten: dict[str, Any]
    taak: dict[str, Any]
    incidenten: tuple[str, ...] = ()


class _Wrong(ValueError):
    """The value of one field is not right; the text is the sentence for its reader."""


@dataclass(slots=True)
class Judge:
    """Evaluates the FEEL of a form, and remembers what could not be evaluated."""

    now: datetime
    functions: Functions | None = None
    incidenten: dict[str, None] = field(default_factory=dict)
    budget: feel.Budget = field(default_factory=lambda: feel.Budget(MAX_SECONDS))

    def holds(self, source: str, scope: Mapping[str, Any], what: str) -> bool | None:
        """Return what ``source`` says; None when it does not say, with an incident if it should.

        FEEL answers something even where it had to guess, and then gives reasons. That is no
        fault while a variable, or what a function of the house tells, is not known yet.
        """
        try:
            self.budget.check()
            expression = feel.compile(source)
            answer, reasons = expression.evaluate_with_reasons(
                scope, now=self.now, functions=self.functions
            )
        except (Incident, ValueError) as error:
            self.incidenten[f"{what} is niet te bepalen. {error}"] = None
            return None
        asks = expression.functions
        told = bool(asks) and asks <= (self.functions or {}).keys()
        if not told and all(scope.get(name) is not None for name in expression.variables):
            if not reasons and not isinstance(answer, bool):
                reasons = [f"{source} geeft geen ja of nee"]
            if reasons:
                self.incidenten[f"{what} is niet te bepalen: {'; '.join(reasons)}."] = None
                return None
        return answer if isinstance(answer, bool) else None


def validate(
    formulier: Formulier,
    rauw: Rauw,
    feiten: Mapping[str, Any],
    *,
    now: datetime,
    functions: Functions | None = None,
) -> Antwoorden:
    """Return the answers in ``rauw``, typed, or raise Invalid with a sentence for each field.

    ``rauw`` is what a browser sent (a MultiDict, or a mapping with its csrf_token) or a JSON
    object. Fields that are hidden, read-only or unknown to the form give no answer; an
    unknown name in a JSON object is refused, since it is a mistake of a program. A field
    that a JSON object leaves out keeps the fact that is known.
    """
    if not isinstance(rauw, Mapping):
        raise Invalid("Stuur de antwoorden als namen met waarden.")
    browser = from_browser(rauw)
    given = plain(formulier, rauw) if browser else dict(rauw)
    judge = Judge(now, functions)
    fouten = {} if browser else _unknown(formulier.alle, given, "")
    known = {naam for naam, feit in feiten.items() if feit is not None and naam not in given}
    reading = _Reading(given, feiten, judge)
    reading.read(formulier.velden, keep=known)
    reading.hide(formulier.velden)
    reading.demand(formulier.velden)
    fouten |= {naam: reading.fouten[naam] for naam in reading.order if naam in reading.fouten}
    if fouten:
        raise Invalid("Niet alles is goed ingevuld.", fouten)
    return _split(formulier, reading, feiten)


def from_browser(rauw: Rauw) -> bool:
    """Tell whether ``rauw`` came from a page: it can hold a name twice, or carries our token."""
    return hasattr(rauw, "getlist") or "csrf_token" in rauw


def plain(formulier: Formulier, rauw: Rauw) -> dict[str, Any]:
    """Return what a browser sent as plain values that JSON can keep, such as a draft.

    Every field that is asked gets a value: a box that is not ticked is not sent at all.
    """
    flat = {str(naam): _texts(rauw, naam) for naam in rauw}
    rows: dict[str, dict[int, dict[str, list[str]]]] = {}
    for naam, texts in flat.items():
        if match := _ROW.fullmatch(naam):
            lijst, nummer, veld = match.groups()
            rows.setdefault(lijst, {}).setdefault(int(nummer), {})[veld] = texts
    found: dict[str, Any] = {}
    for veld in formulier.alle:
        if not veld.vraagt:
            continue
        if veld.soort == "dynamiclist":
            numbered = sorted(rows.get(veld.key, {}).items())
            found[veld.key] = [
                {
                    deel.key: _sent(deel, row.get(deel.key, []))
                    for deel in vlak(veld.velden)
                    if deel.vraagt
                }
                for _, row in numbered
            ]
        else:
            found[veld.key] = _sent(veld, flat.get(veld.key, []))
    return found


def _texts(rauw: Rauw, naam: str) -> list[str]:
    value = rauw.getlist(naam) if hasattr(rauw, "getlist") else rauw[naam]
    values = value if isinstance(value, list | tuple) else [value]
    return [deel if isinstance(deel, str) else "" for deel in values]


def _sent(veld: Veld, texts: list[str]) -> Any:  # noqa: ANN401 - what the field holds
    if veld.soort == "checklist":
        return [deel for deel in texts if deel]
    if veld.soort == "checkbox":
        return bool(texts) and texts[-1].strip().lower() in _TRUE
    return texts[-1] if texts else ""


def _unknown(velden: Iterator[Veld], given: Rauw, before: str) -> dict[str, str]:
    """Return a sentence for every name in a JSON object that the form does not have."""
    known = {veld.key: veld for veld in velden if veld.key}
    fouten = {
        f"{before}{naam}": f"Het formulier heeft geen veld {str(naam)[:100]!r}."
        for naam in given
        if naam not in known
    }
    for naam, value in given.items():
        veld = known.get(naam)
        if veld and veld.soort == "dynamiclist" and isinstance(value, list):
            for nummer, row in enumerate(value[:MAX_ROWS]):
                if isinstance(row, Mapping):
                    fouten |= _unknown(vlak(veld.velden), row, f"{before}{naam}[{nummer}].")
    return fouten


class _Reading:
    """The answers of one form, or of one row of a list in it."""

    def __init__(
        self, given: Rauw, around: Mapping[str, Any], judge: Judge, before: str = ""
    ) -> None:
        self.given = given
        self.around = around
        self.judge = judge
        self.before = before
        self.values: dict[str, Any] = {}
        self.rows: dict[str, list[_Reading]] = {}
        self.fouten: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.order: list[str] = []

    def read(self, velden: Collection[Veld], *, keep: Collection[str] = ()) -> None:
        """Give every field that is asked its type; what cannot be is an error.

        ``keep``: known facts that the sender left out and so does not change.
        """
        for veld in vlak(velden):
            if not veld.vraagt or (veld.key in keep and not veld.taak):
                continue
            naam = f"{self.before}{veld.key}"
            self.order.append(naam)
            try:
                if veld.soort == "dynamiclist":
                    self._read_rows(veld, self.given.get(veld.key))
                else:
                    self.values[veld.key] = read_value(
                        veld, self.given.get(veld.key), self.judge.now
                    )
            except _Wrong as wrong:
                self.values[veld.key] = None
                self.fouten[naam] = str(wrong)

    def _read_rows(self, veld: Veld, given: object) -> None:
        if given is None:
            given = []
        if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
            raise _Wrong(f"Bij “{veld.label}” hoort een lijst met rijen.")
        rows = [
            _Reading(row, {}, self.judge, f"{self.before}{veld.key}[{nummer}].")
            for nummer, row in enumerate(given)
            if any(_filled(deel) for deel in row.values())
        ]
        if len(rows) > MAX_ROWS:
            raise _Wrong(f"Bij “{veld.label}” kunnen hooguit {MAX_ROWS} rijen.")
        for row in rows:
            row.read(veld.velden)
            self.order += row.order
        self.rows[veld.key] = rows
        self.values[veld.key] = [row.values for row in rows] or None

    def hide(self, velden: Collection[Veld]) -> None:
        """Find what is hidden. A hidden field has no value, which may hide or show others."""
        for _ in range(_PASSES):
            before = set(self.hidden)
            self.hidden = set(self._hidden(velden, self._view(velden), within=False))
            if self.hidden == before:
                break
        for veld in vlak(velden):
            for row in self.rows.get(veld.key, []):
                row.around = self._view(velden)
                row.hide(veld.velden)

    def _hidden(
        self, velden: Collection[Veld], scope: Mapping[str, Any], *, within: bool
    ) -> Iterator[str]:
        for veld in velden:
            what = f"De voorwaarde om “{veld.label or veld.key}” te verbergen"
            away = within or bool(veld.verberg and self.judge.holds(veld.verberg, scope, what))
            if veld.soort == "group":
                yield from self._hidden(veld.velden, scope, within=away)
            elif away:
                yield veld.key

    def _view(self, velden: Collection[Veld]) -> dict[str, Any]:
        """Return what a condition sees: ticks of which none is set are a list without items.

        So the browser says it, and the preview of the modeller.
        """
        scope = self._scope()
        for veld in vlak(velden):
            if veld.soort == "checklist" and veld.key in self.values.keys() - self.hidden:
                scope[veld.key] = scope[veld.key] or []
        return scope

    def _scope(self) -> dict[str, Any]:
        shown = {k: None if k in self.hidden else v for k, v in self.values.items()}
        return {**self.around, **shown}

    def demand(self, velden: Collection[Veld]) -> None:
        """Ask for what is required and hold the rules between fields, of what is in view."""
        scope = self._scope()
        for veld in vlak(velden):
            naam = f"{self.before}{veld.key}"
            if veld.key in self.hidden:
                self.fouten.pop(naam, None)
                continue
            for row in self.rows.get(veld.key, []):
                row.around = scope
                row.demand(veld.velden)
                self.fouten |= row.fouten
            if not veld.vraagt or naam in self.fouten:
                continue
            if veld.verplicht and _lacks(self.values.get(veld.key, True)):
                self.fouten[naam] = _missing(veld)
            elif veld.regel and self._broken(veld, veld.regel, scope):
                self.fouten[naam] = veld.regel_tekst

    def _broken(self, veld: Veld, regel: str, scope: Mapping[str, Any]) -> bool:
        return self.judge.holds(regel, scope, f"De regel bij “{veld.label}”") is False

    def answer(self, veld: Veld) -> Any:  # noqa: ANN401 - what the field holds
        """Return the answer to ``veld``, None when there is none."""
        if veld.key in self.hidden:
            return None
        if veld.soort != "dynamiclist":
            return self.values.get(veld.key)
        rows = [
            {
                deel.key: row.answer(deel)
                for deel in vlak(veld.velden)
                if deel.vraagt and row.answer(deel) is not None
            }
            for row in self.rows.get(veld.key, [])
        ]
        return rows or None


def _split(formulier: Formulier, reading: _Reading, feiten: Mapping[str, Any]) -> Antwoorden:
    """Divide the answers. A fact that was emptied is None; one that never was is not named."""
    antwoorden = Antwoorden({}, {}, tuple(reading.judge.incidenten))
    for veld in formulier.alle:
        if not veld.vraagt or veld.key in reading.hidden:
            continue
        answer = reading.answer(veld)
        if veld.taak:
            if answer is not None:
                antwoorden.taak[veld.key] = answer
        elif answer is not None or (veld.key in reading.given and feiten.get(veld.key) is not None):
            antwoorden.feiten[veld.key] = answer
    return antwoorden


def _filled(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value is not False and value != []


def _lacks(value: object) -> bool:
    return value is None or value is False


def _missing(veld: Veld) -> str:
    if veld.soort == "checkbox":
        return f"Kruis “{veld.label}” aan."
    if veld.opties or veld.lijst:
        return f"Kies een antwoord bij “{veld.label}”."
    if veld.soort == "dynamiclist":
        return f"Vul bij “{veld.label}” minstens één rij in."
    return f"Vul “{veld.label}” in."


def read_value(veld: Veld, given: object, now: datetime) -> Any:  # noqa: ANN401 - any kind of fact
    """Return one value with the type of its field, None when it is empty."""
    if isinstance(given, Mapping) and set(given) == {"@type", "@value"}:
        given = given["@value"]
    if isinstance(given, str):
        if len(given) > _LONGEST:
            raise _Wrong(f"De tekst bij “{veld.label}” is te lang.")
        given = _clean(veld, given)
    if isinstance(given, Decimal) and given.is_snan():
        given = Decimal("NaN")  # a signalling one raises wherever it is compared
    if given is None or (isinstance(given, str | list) and not given):
        return None
    return _READERS[veld.soort](veld, given, now)


def _clean(veld: Veld, text: str) -> str:
    """Return the text without signs that nobody can see, one way of writing line ends."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if veld.soort != "textarea":
        text = text.replace("\n", " ").replace("\t", " ")
    kept = (
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
    )
    return "".join(kept).strip()


def _text(veld: Veld, given: object, now: datetime) -> str:
    del now
    if not isinstance(given, str):
        raise _Wrong(f"“{veld.label}” moet tekst zijn.")
    text = _FORMS[veld.vorm](veld, given) if veld.vorm else given
    if veld.min_lengte and len(text) < veld.min_lengte:
        raise _Wrong(f"“{veld.label}” moet minstens {veld.min_lengte} tekens hebben.")
    if veld.max_lengte is not None and len(text) > veld.max_lengte:
        raise _Wrong(
            f"“{veld.label}” mag hooguit {veld.max_lengte} tekens hebben; het zijn er {len(text)}."
        )
    if veld.patroon and not veld.patroon.found_in(text):
        hint = f" {veld.uitleg}" if veld.uitleg else ""
        raise _Wrong(f"“{veld.label}” is niet goed geschreven.{hint}")
    return text


def _bsn(veld: Veld, given: str) -> str:
    digits = re.sub(r"[\s.]", "", given)
    if len(digits) == _BSN_DIGITS - 1:
        digits = f"0{digits}"  # sheets drop the first zero
    if not re.fullmatch(r"[0-9]{9}", digits) or not elfproef(digits):
        raise _Wrong(
            f"“{veld.label}” is geen goed burgerservicenummer. Het heeft 9 cijfers; kijk het na."
        )
    return digits


def elfproef(bsn: str) -> bool:
    """Tell whether nine digits can be a burgerservicenummer.

    >>> elfproef("123456782"), elfproef("123456789"), elfproef("000000000")
    (True, False, False)
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(int(digit) * weight for digit, weight in zip(bsn, weights, strict=True))
    return total % 11 == 0 and bsn != "0" * _BSN_DIGITS


def _email(veld: Veld, given: str) -> str:
    if not _EMAIL.fullmatch(given):
        raise _Wrong(f"Vul bij “{veld.label}” een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
    return given


def _phone(veld: Veld, given: str) -> str:
    if not _PHONE.fullmatch(given):
        raise _Wrong(f"Vul bij “{veld.label}” een telefoonnummer in, bijvoorbeeld 0299 452 452.")
    return given


def _postcode(veld: Veld, given: str) -> str:
    match = _POSTCODE.fullmatch(given.upper())
    if not match:
        raise _Wrong(f"Vul bij “{veld.label}” een postcode in, bijvoorbeeld 1441 AB.")
    return " ".join(match.groups())


_FORMS: Final[dict[str, Callable[[Veld, str], str]]] = {
    "bsn": _bsn,
    "email": _email,
    "telefoon": _phone,
    "postcode": _postcode,
}


def _number(veld: Veld, given: object, now: datetime) -> Decimal:
    del now
    number = _as_decimal(veld, given)
    if veld.decimalen is not None and number != round(number, min(veld.decimalen, _DECIMALS)):
        wat = (
            "een heel getal"
            if veld.decimalen == 0
            else f"hooguit {veld.decimalen} cijfers achter de komma"
        )
        raise _Wrong(f"Vul bij “{veld.label}” {wat} in.")
    if veld.minimum is not None and number < veld.minimum:
        raise _Wrong(f"“{veld.label}” moet {_dutch(veld.minimum)} of meer zijn.")
    if veld.maximum is not None and number > veld.maximum:
        raise _Wrong(f"“{veld.label}” mag hooguit {_dutch(veld.maximum)} zijn.")
    return number


def _as_decimal(veld: Veld, given: object) -> Decimal:
    if isinstance(given, str):
        if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+", given):
            raise _Wrong(
                f"Schrijf “{veld.label}” zonder punt, met een komma voor decimalen: 1500 of 1,5."
            )
        if _THOUSANDS.fullmatch(given):
            given = given.replace(".", "").replace(" ", "")
        if _NUMBER.fullmatch(given) and given.isascii():
            return Decimal(given.replace(",", "."))
    elif isinstance(given, float) and math.isfinite(given) and abs(given) <= _LARGEST:
        return round(Decimal(str(given)), _DECIMALS)
    elif isinstance(given, Decimal) and given.is_finite() and abs(given) <= _LARGEST:
        return round(given, _DECIMALS)
    elif isinstance(given, int) and not isinstance(given, bool) and abs(given) <= _LARGEST:
        return Decimal(given)
    raise _Wrong(f"“{veld.label}” moet een getal zijn, bijvoorbeeld 12 of 12,5.")


def _dutch(number: Decimal) -> str:
    return format(number.normalize(), "f").replace(".", ",")


def _yes_no(veld: Veld, given: object, now: datetime) -> bool:
    del now
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and given.lower() in _TRUE | _FALSE:
        return given.lower() in _TRUE
    raise _Wrong(f"“{veld.label}” moet ja of nee zijn.")


def _choice(veld: Veld, given: object, now: datetime) -> str | bool | Decimal:
    del now
    for optie in veld.opties:
        if isinstance(given, str):
            same = optie.tekst == given
        elif isinstance(given, bool) or isinstance(optie.waarde, bool):
            same = optie.waarde is given
        else:
            same = optie.waarde == given
        if same:
            return optie.waarde
    raise _Wrong(f"Kies bij “{veld.label}” een van de antwoorden.")


def _choices(veld: Veld, given: object, now: datetime) -> list[Any]:
    if not isinstance(given, list | tuple) or len(given) > len(veld.opties):
        raise _Wrong(f"Kies bij “{veld.label}” uit de antwoorden.")
    picked = [_choice(veld, deel, now) for deel in given]
    return [optie.waarde for optie in veld.opties if optie.waarde in picked]


def _date(veld: Veld, given: object, now: datetime) -> date:
    day = _as_date(given)
    if day is None or day.year not in _YEARS:
        raise _Wrong(f"Vul bij “{veld.label}” een bestaande datum in, bijvoorbeeld 05-01-2026.")
    if veld.niet_in_verleden and day < now.astimezone(NEDERLAND).date():
        raise _Wrong(f"“{veld.label}” mag niet voor vandaag liggen.")
    return day


def _as_date(given: object) -> date | None:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if not isinstance(given, str):
        return None
    try:
        if match := _DATE.fullmatch(given):
            day, month, year = (int(part) for part in match.groups() if part)
            return date(year, month, day)
        return date.fromisoformat(given) if re.fullmatch(r"\d{4}-\d\d-\d\d", given) else None
    except ValueError:
        return None


def _time(veld: Veld, given: object, now: datetime) -> time:
    del now
    if isinstance(given, time):
        return given
    match = _TIME.fullmatch(given) if isinstance(given, str) else None
    try:
        if match:
            return time(int(match[1]), int(match[2]))
    except ValueError:
        match = None
    raise _Wrong(f"Vul bij “{veld.label}” een tijd in, bijvoorbeeld 09:30.")


def _moment(veld: Veld, given: object, now: datetime) -> datetime:
    del now
    found: datetime | None = given if isinstance(given, datetime) else None
    if isinstance(given, str):
        day, _, clock = given.replace("T", " ").rpartition(" ")
        civil = _as_date(day)
        match = _TIME.fullmatch(clock)
        try:
            if civil and match:
                found = datetime.combine(civil, time(int(match[1]), int(match[2])))
            else:
                found = datetime.fromisoformat(given)
        except ValueError:
            found = None
    if found is None or found.year not in _YEARS:
        raise _Wrong(f"Vul bij “{veld.label}” een datum en tijd in, bijvoorbeeld 05-01-2026 09:30.")
    return found if found.tzinfo else found.replace(tzinfo=NEDERLAND)


_READERS: Final[dict[str, Callable[[Veld, object, datetime], Any]]] = {
    "textfield": _text,
    "textarea": _text,
    "filepicker": _text,
    "number": _number,
    "checkbox": _yes_no,
    "radio": _choice,
    "select": _choice,
    "checklist": _choices,
    "date": _date,
    "time": _time,
    "datetime": _moment,
}
