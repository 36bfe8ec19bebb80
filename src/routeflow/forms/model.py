"""What a form asks: fields in order, read from form-js JSON."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
from markupsafe import Markup

from routeflow import feel
from routeflow.errors import Incident
from routeflow.forms.markdown import markdown
from routeflow.forms.pattern import Pattern, Unsafe, compile_pattern
from routeflow.forms.preview import differences

NEDERLAND: Final = ZoneInfo("Europe/Amsterdam")

Scope = Mapping[str, Any]
Soort = Literal[
    "textfield",
    "textarea",
    "number",
    "checkbox",
    "radio",
    "select",
    "checklist",
    "date",
    "time",
    "datetime",
    "filepicker",
    "group",
    "dynamiclist",
    "text",
    "separator",
]
Waarde = str | bool | Decimal
Melding = tuple[str, str | None, str]

_FATAL: Final = frozenset(
    f"formulier-{wat}"
    for wat in ("json", "grootte", "diepte", "sleutel", "soort", "opties", "lijst", "patroon")
)
PREVIEW: Final = "formulier-voorvertoning"  # a warning; all other codes keep a form out of service
_MAX_BYTES: Final = 256 * 1024
_MAX_DEPTH: Final = 8
_MAX_FIELDS: Final = 200
_MAX_OPTIONS: Final = 300
_MAX_TEXT: Final = {"textfield": 500, "textarea": 20_000, "filepicker": 500}
MAX_ROWS: Final = 50

_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_RESERVED: Final = frozenset({"csrf_token", "actie", "terug", "rij"})  # of the page itself
_TYPES: Final[dict[str, Soort]] = {
    "textfield": "textfield",
    "textarea": "textarea",
    "number": "number",
    "checkbox": "checkbox",
    "radio": "radio",
    "select": "select",
    "checklist": "checklist",
    "taglist": "checklist",
    "filepicker": "filepicker",
    "group": "group",
    "dynamiclist": "dynamiclist",
    "text": "text",
    "separator": "separator",
    "spacer": "separator",
}
_DATETIME: Final[dict[str, Soort]] = {"date": "date", "time": "time", "datetime": "datetime"}
_CHOICES: Final = frozenset({"radio", "select", "checklist"})
_SILENT: Final = frozenset({"group", "text", "separator"})
_HINTS: Final[dict[str, str]] = {
    "date": "Bijvoorbeeld 05-01-2026.",
    "time": "Bijvoorbeeld 09:30.",
    "datetime": "Bijvoorbeeld 05-01-2026 09:30.",
    "filepicker": "Schrijf het kenmerk van het document op, of waar het staat.",
}
_WIDTHS: Final[dict[str, str]] = {"date": "datum", "time": "datum", "number": "getal"}
_INPUTS: Final[dict[str | None, tuple[str, str]]] = {
    "email": ("email", ""),
    "telefoon": ("tel", ""),
    "bsn": ("text", "numeric"),
}
_PROPERTIES: Final[dict[str, frozenset[str] | None]] = {
    "bereik": frozenset({"taak"}),
    "toon": frozenset({"ja"}),
    "opnieuw": frozenset({"ja"}),
    "gevoelig": frozenset({"bsn", "gezondheid", "schulden"}),
    "soort": frozenset({"bsn", "postcode", "telefoon"}),
    "regel": None,
    "regelTekst": None,
    "verplichtTenzij": None,
    "autocomplete": None,
}


@dataclass(frozen=True, slots=True)
class Optie:
    """One answer to choose. ``waarde`` is what is stored; a browser sends it as ``tekst``."""

    waarde: Waarde
    label: str

    @property
    def tekst(self) -> str:
        """The value as a browser sends it."""
        if isinstance(self.waarde, bool):
            return "true" if self.waarde else "false"
        return str(self.waarde)


@dataclass(frozen=True, slots=True)
class Veld:
    """One field, or a group or list of fields (``velden``), as the form's author drew it.

    ``plek`` names it within its form, also when it is a text or a group and has no key.
    ``taak``: the answer stays with the taak and is no fact of the dossier. ``alleen_lezen``:
    shown, never asked. ``opnieuw``: asked anew each time, never filled in beforehand with what is
    known; in a row of a list: the row comes back without it. ``verberg`` and ``regel`` are FEEL without the leading "=".
    ``tenzij``: when a rule elsewhere asks no answer here, in words; without it the rule does.
    ``lijst``: the name of the list that its answers come from (form-js: valuesKey); ``opties``
    is then empty until ``Formulier.met`` fills it.
    """

    key: str
    soort: Soort
    plek: str = ""
    label: str = ""
    uitleg: str = ""
    tekst: str = ""
    verplicht: bool = False
    alleen_lezen: bool = False
    taak: bool = False
    toon: bool = False
    opnieuw: bool = False
    gevoelig: str | None = None
    vorm: str | None = None
    autocomplete: str = "off"
    opties: tuple[Optie, ...] = ()
    lijst: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimalen: int | None = None
    min_lengte: int | None = None
    max_lengte: int | None = None
    patroon: Pattern | None = None
    niet_in_verleden: bool = False
    verberg: str | None = None
    regel: str | None = None
    regel_tekst: str = ""
    tenzij: str = ""
    standaard: Any = None
    voor: str = ""
    na: str = ""
    vaste_rijen: bool = False
    velden: tuple["Veld", ...] = ()

    @property
    def vraagt(self) -> bool:
        """Whether somebody can answer here."""
        return self.soort not in _SILENT and not self.alleen_lezen

    @property
    def opmaak(self) -> Markup:
        """The text as HTML. Markdown only: HTML in the text stays text."""
        return markdown(self.tekst)

    @property
    def hint(self) -> str:
        """How to write the answer, when that is not plain."""
        return _HINTS.get(self.soort, "")

    @property
    def klasse(self) -> str:
        """How wide the box is: the part after "utrecht-textbox--" in our stylesheet."""
        return _WIDTHS.get(self.soort, "bsn" if self.vorm == "bsn" else "")

    @property
    def invoer(self) -> tuple[str, str]:
        """The type and the inputmode of the box; a type that changes its text is not used."""
        if self.vorm in _INPUTS:
            return _INPUTS[self.vorm]
        if self.soort == "number":
            return ("text", "numeric" if self.decimalen == 0 else "decimal")
        return ("text", "")

    def in_woorden(self, waarde: Any) -> str:  # noqa: ANN401 - any fact
        """Return a known value as people read it."""
        if waarde is None or waarde in ("", []):
            return "niet bekend"
        if isinstance(waarde, list | tuple):
            return ", ".join(self.in_woorden(deel) for deel in waarde)
        if isinstance(waarde, Mapping):
            labels = {veld.key: veld.label for veld in vlak(self.velden)}
            return "; ".join(f"{labels.get(k, k)}: {self.in_woorden(v)}" for k, v in waarde.items())
        for optie in self.opties:
            if optie.waarde == waarde:
                return optie.label
        if isinstance(waarde, bool):
            return "ja" if waarde else "nee"
        return als_tekst(waarde)


@dataclass(frozen=True, slots=True)
class Formulier:
    """A form as it was published. ``velden`` holds groups and lists; ``alle`` walks the fields."""

    id: str
    velden: tuple[Veld, ...]

    @property
    def alle(self) -> Iterator[Veld]:
        """Every field outside rows of lists, in order, without the groups around them."""
        return vlak(self.velden)

    @property
    def namen(self) -> frozenset[str]:
        """The names of the facts that this form asks or shows."""
        return frozenset(veld.key for veld in self.alle if veld.key and not veld.taak)

    @property
    def lijsten(self) -> frozenset[str]:
        """The names of the lists whose entries are answers to choose; ``met`` fills them in."""
        return frozenset(veld.lijst for veld in _diep(self.velden) if veld.lijst)

    def met(self, lijsten: Mapping[str, Sequence[Optie]]) -> "Formulier":
        """Return this form with the entries of ``lijsten`` as the answers to choose."""
        return replace(self, velden=_gevuld(self.velden, lijsten)) if self.lijsten else self


def vlak(velden: Iterable[Veld]) -> Iterator[Veld]:
    """Walk fields in order, looking into groups and not into lists."""
    for veld in velden:
        if veld.soort == "group":
            yield from vlak(veld.velden)
        else:
            yield veld


def _diep(velden: Iterable[Veld]) -> Iterator[Veld]:
    """Walk all fields, also those in groups and in rows of lists."""
    for veld in velden:
        yield veld
        yield from _diep(veld.velden)


def _gevuld(velden: Iterable[Veld], lijsten: Mapping[str, Sequence[Optie]]) -> tuple[Veld, ...]:
    return tuple(
        replace(
            veld,
            opties=tuple(lijsten.get(veld.lijst, ())) if veld.lijst else veld.opties,
            velden=_gevuld(veld.velden, lijsten),
        )
        for veld in velden
    )


def als_tekst(waarde: Any) -> str:  # noqa: ANN401, PLR0911 - one line per kind of value
    """Return a value as it is typed into a field: 05-01-2026, 12,5, true."""
    if waarde is None:
        return ""
    if isinstance(waarde, bool):
        return "true" if waarde else "false"
    if isinstance(waarde, Decimal | float):
        plain = Decimal(str(waarde))
        if plain.is_finite():
            return (format(plain.normalize(), "f")).replace(".", ",")
        return str(waarde)
    if isinstance(waarde, datetime):
        lokaal = waarde.astimezone(NEDERLAND) if waarde.tzinfo else waarde
        return f"{lokaal:%d-%m-%Y %H:%M}"
    if isinstance(waarde, date):
        return f"{waarde.day:02}-{waarde.month:02}-{waarde.year:04}"
    if isinstance(waarde, time):
        return f"{waarde:%H:%M}"
    return str(waarde)


def load(inhoud: bytes) -> Formulier:
    """Read a form that was published. Raises Incident when it cannot be shown.

    An expression that is not readable is no reason to stop: its field is shown, and
    answering says that it could not be evaluated.
    """
    formulier, meldingen = read(inhoud)
    broken = [zin for code, _, zin in meldingen if code in _FATAL]
    if formulier is None or broken:
        raise Incident(f"Het formulier is niet te gebruiken. {broken[0]}")
    return formulier


def check(
    pad: str,
    inhoud: bytes,
    functions: Collection[str] | None = None,
    *,
    lijsten: Collection[str] | None = None,
) -> list[Melding]:
    """Return all that keeps a form from being published: (code, key of the field, sentence).

    What has the code ``PREVIEW`` does not: it warns.

    ``functions``: what expressions may call besides FEEL's own; None leaves calls unchecked.
    ``lijsten``: the lists of answers that there are (valuesKey); None leaves them unchecked.
    """
    formulier, meldingen = read(inhoud, functions)
    if formulier is not None and lijsten is not None:
        meldingen += [
            ("formulier-opties", veld.key, _geen_lijst(veld, lijsten))
            for veld in _diep(formulier.velden)
            if veld.lijst and veld.lijst not in lijsten
        ]
    if formulier is not None:
        meldingen += _preview(formulier)
    stem = pad.rsplit("/", 1)[-1].removesuffix(".form")
    if formulier is not None and formulier.id != stem:
        zin = f"Het id {formulier.id!r} is niet gelijk aan de naam van het bestand, {stem!r}."
        meldingen.append(("formulier-id", None, zin))
    return meldingen


def _preview(formulier: Formulier) -> Iterator[Melding]:
    """Yield the fields that the preview of the modeller may hide otherwise than routeflow."""
    velden = list(_diep(formulier.velden))
    soorten = {veld.key: veld.soort for veld in velden if veld.key}
    for veld in velden:
        if veld.verberg and (found := differences(veld.verberg, soorten)):
            zin = (
                f"{veld.key or veld.label or 'Een onderdeel'}: de voorvertoning in de Camunda "
                f"Modeler kan dit anders laten zien dan routeflow. Want {'; en '.join(found)}."
            )
            yield PREVIEW, veld.key or None, zin


def _geen_lijst(veld: Veld, lijsten: Collection[str]) -> str:
    er_zijn = ", ".join(sorted(lijsten)) or "geen"
    return f"{veld.key}: de lijst {veld.lijst} met antwoorden is er niet. Er zijn: {er_zijn}."


def read(
    inhoud: bytes, functions: Collection[str] | None = None
) -> tuple[Formulier | None, list[Melding]]:
    """Return the form (None when it is no form at all) and all that is wrong with it."""
    if len(inhoud) > _MAX_BYTES:
        return None, [("formulier-grootte", None, "Het formulier is groter dan 256 kB.")]
    try:
        whole = msgspec.json.decode(inhoud)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError):
        return None, [("formulier-json", None, "Dit bestand is geen leesbare JSON.")]
    if not isinstance(whole, dict) or not isinstance(whole.get("components"), list):
        return None, [("formulier-json", None, "Dit is geen formulier: er zijn geen componenten.")]
    reader = _Reader(functions)
    if whole.get("type") != "default" or not isinstance(whole.get("id"), str):
        reader.note(
            "formulier-id", None, "Het formulier heeft geen id of is niet van type default."
        )
    velden = reader.fields(whole["components"], depth=1, keys=set())
    return Formulier(str(whole.get("id", "")), velden), reader.meldingen


class _Reader:
    """Reads components and notes what is wrong, so that an author sees all of it at once."""

    def __init__(self, functions: Collection[str] | None) -> None:
        self.functions = functions
        self.meldingen: list[Melding] = []
        self._count = 0

    def note(self, code: str, key: str | None, zin: str) -> None:
        self.meldingen.append((code, key, zin))

    def fields(
        self, components: object, *, depth: int, keys: set[str], row: bool = False
    ) -> tuple[Veld, ...]:
        if not isinstance(components, list):
            self.note("formulier-json", None, "De onderdelen van een groep of lijst ontbreken.")
            return ()
        if depth > _MAX_DEPTH:
            self.note(
                "formulier-diepte", None, f"Groepen staan meer dan {_MAX_DEPTH} diep in elkaar."
            )
            return ()
        found = (self._field(one, depth=depth, keys=keys, row=row) for one in components)
        return tuple(veld for veld in found if veld is not None)

    def _field(self, component: object, *, depth: int, keys: set[str], row: bool) -> Veld | None:
        self._count += 1
        if self._count == _MAX_FIELDS + 1:
            self.note(
                "formulier-grootte", None, f"Het formulier heeft meer dan {_MAX_FIELDS} velden."
            )
        if self._count > _MAX_FIELDS:
            return None
        if not isinstance(component, dict) or not isinstance(component.get("type"), str):
            self.note("formulier-json", None, "Een onderdeel van het formulier heeft geen type.")
            return None
        source = _Source(component, self)
        soort = (
            _DATETIME.get(source.text("subtype") or "date")
            if component["type"] == "datetime"
            else _TYPES.get(component["type"])
        )
        if component["type"] == "button":
            return None  # the page has its own buttons
        if soort is None:
            self.note(
                "formulier-soort",
                source.name,
                f"Een veld van het soort {component['type']!r} kent routeflow niet.",
            )
            return None
        if soort in _SILENT:
            return self._silent(source, soort, depth=depth, keys=keys, row=row)
        return self._asking(source, soort, depth=depth, keys=keys, row=row)

    def _silent(
        self, source: "_Source", soort: Soort, *, depth: int, keys: set[str], row: bool
    ) -> Veld:
        if soort == "group" and source.text("path"):
            self.note(
                "formulier-groep", source.name, "Een groep met een pad kan niet: laat het pad leeg."
            )
        tekst = source.text("text", limit=10_000)
        if "{{" in tekst or tekst.startswith("="):
            self.note(
                "formulier-tekst", source.name, "Een tekst met een formule of {{ }} kan niet."
            )
        return Veld(
            key="",
            soort=soort,
            plek=f"#{self._count}",
            label=source.text("label"),
            tekst=tekst,
            verberg=source.hide(),
            velden=self.fields(source.of.get("components"), depth=depth + 1, keys=keys, row=row)
            if soort == "group"
            else (),
        )

    def _asking(
        self, source: "_Source", soort: Soort, *, depth: int, keys: set[str], row: bool
    ) -> Veld:
        key = source.key(keys, "path" if soort == "dynamiclist" else "key")
        if soort == "dynamiclist" and row:
            self.note(
                "formulier-lijst", key, f"De lijst {key} staat in een andere lijst; dat kan niet."
            )
        label = source.text("label") or source.text("dateLabel") or source.text("timeLabel")
        if not label:
            self.note("formulier-label", key, f"Het veld {key} heeft geen label.")
        validate = source.part("validate")
        look = source.part("appearance")
        properties = source.properties()
        vorm = {"email": "email", "phone": "telefoon"}.get(
            validate.text("validationType"), properties.get("soort")
        )
        return Veld(
            key=key,
            soort=soort,
            plek=key,
            label=label or key,
            uitleg=source.text("description", limit=2000),
            verplicht=validate.flag("required"),
            alleen_lezen=source.flag("readonly") or source.flag("disabled"),
            taak=properties.get("bereik") == "taak",
            toon=properties.get("toon") == "ja",
            opnieuw=properties.get("opnieuw") == "ja",
            gevoelig=properties.get("gevoelig"),
            vorm=vorm,
            autocomplete=properties.get("autocomplete", "off"),
            opties=source.options() if soort in _CHOICES else (),
            lijst=source.text("valuesKey") if soort in _CHOICES else "",
            minimum=validate.number("min"),
            maximum=validate.number("max"),
            decimalen=_whole(source.number("decimalDigits")),
            min_lengte=_whole(validate.number("minLength")),
            max_lengte=min(
                _whole(validate.number("maxLength")) or _MAX_TEXT.get(soort, 500),
                _MAX_TEXT.get(soort, 500),
            ),
            patroon=validate.pattern(),
            niet_in_verleden=source.flag("disallowPassedDates"),
            verberg=source.hide(),
            regel=source.feel(properties.get("regel"), "regel"),
            regel_tekst=source.rule_text(properties),
            tenzij=properties.get("verplichtTenzij", ""),
            standaard=source.of.get("defaultValue"),
            voor=look.text("prefixAdorner"),
            na=look.text("suffixAdorner"),
            vaste_rijen=source.of.get("allowAddRemove") is False,
            velden=self.fields(source.of.get("components"), depth=depth + 1, keys=set(), row=True)
            if soort == "dynamiclist"
            else (),
        )


class _Source:
    """One component as it stands in the file; whatever is not as it should be is noted."""

    def __init__(self, of: dict[str, Any], reader: _Reader, name: str | None = None) -> None:
        self.of = of
        self._reader = reader
        self.name = name or _first_text(of, "key", "path", "id")

    def note(self, code: str, zin: str) -> None:
        self._reader.note(code, self.name, zin)

    def part(self, name: str) -> "_Source":
        value = self.of.get(name, {})
        if not isinstance(value, dict):
            self.note("formulier-json", f"{self.name}: {name} is geen groep gegevens.")
            value = {}
        return _Source(value, self._reader, self.name)

    def text(self, name: str, limit: int = 500) -> str:
        value = self.of.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > limit:
            self.note(
                "formulier-json", f"{self.name}: {name} is geen tekst van hooguit {limit} tekens."
            )
            return ""
        return value.strip()

    def flag(self, name: str) -> bool:
        value = self.of.get(name, False)
        if not isinstance(value, bool):
            self.note("formulier-json", f"{self.name}: {name} moet ja of nee zijn, geen formule.")
            return False
        return value

    def number(self, name: str) -> Decimal | None:
        value = self.of.get(name)
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value))
        except ArithmeticError:
            number = Decimal("NaN")
        if isinstance(value, bool) or not number.is_finite() or abs(number) > 10**15:
            self.note("formulier-json", f"{self.name}: {name} moet een getal zijn, geen formule.")
            return None
        return number

    def pattern(self) -> Pattern | None:
        source = self.text("pattern")
        if not source:
            return None
        try:
            return compile_pattern(source)
        except Unsafe as error:
            self.note("formulier-patroon", f"{self.name}: {error}.")
            return None

    def key(self, keys: set[str], name: str) -> str:
        key = self.text(name)
        if not _KEY.fullmatch(key) or key in _RESERVED:
            self.note(
                "formulier-sleutel",
                f"De sleutel {key!r} kan niet: gebruik letters, cijfers en _ en begin met een letter.",
            )
        elif key in keys:
            self.note("formulier-sleutel", f"De sleutel {key} komt twee keer voor.")
        keys.add(key)
        return key

    def options(self) -> tuple[Optie, ...]:
        if self.text("valuesKey"):
            return ()
        values = self.of.get("values")
        if not isinstance(values, list) or not values or len(values) > _MAX_OPTIONS:
            self.note(
                "formulier-opties",
                f"{self.name}: er zijn geen antwoorden om uit te kiezen, of meer dan {_MAX_OPTIONS}.",
            )
            return ()
        found: dict[str, Optie] = {}
        for value in values:
            optie = _option(value)
            if optie is None or optie.tekst in found:
                self.note(
                    "formulier-opties",
                    f"{self.name}: een antwoord heeft geen label of waarde, of staat er twee keer.",
                )
            else:
                found[optie.tekst] = optie
        return tuple(found.values())

    def properties(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in self.part("properties").of.items():
            allowed = _PROPERTIES.get(name)
            if name not in _PROPERTIES or not isinstance(value, str):
                self.note(
                    "formulier-eigenschap",
                    f"{self.name}: de eigenschap {name} kent routeflow niet.",
                )
            elif allowed is not None and value not in allowed:
                self.note(
                    "formulier-eigenschap",
                    f"{self.name}: {name} kan niet {value!r} zijn, wel {' of '.join(sorted(allowed))}.",
                )
            else:
                found[name] = value
        return found

    def hide(self) -> str | None:
        hide = self.part("conditional").of.get("hide")
        return self.feel(hide, "voorwaarde om te verbergen")

    def rule_text(self, properties: Mapping[str, str]) -> str:
        if ("regel" in properties) != ("regelTekst" in properties):
            self.note("formulier-regel", f"{self.name}: regel en regelTekst horen bij elkaar.")
        return properties.get("regelTekst", "")

    def feel(self, source: object, what: str) -> str | None:
        """Return FEEL without its "="; a text that cannot be read is noted and kept.

        Kept, because the form must then still show the field and say that it could not tell.
        """
        if source is None or source == "":
            return None
        if not isinstance(source, str) or not source.startswith("="):
            self.note("formulier-feel", f'{self.name}: de {what} moet met "=" beginnen.')
            return None
        try:
            called = feel.compile(source[1:]).functions
        except feel.SyntaxFault as fault:
            self.note("formulier-feel", f"{self.name}: de {what} klopt niet. {fault}")
            return source[1:]
        known = self._reader.functions
        for name in sorted(called.difference(called if known is None else known)):
            self.note(
                "formulier-feel", f"{self.name}: de {what} gebruikt {name}; die functie is er niet."
            )
        return source[1:]


def _first_text(of: Mapping[str, Any], *names: str) -> str | None:
    return next((of[name] for name in names if isinstance(of.get(name), str)), None)


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else max(0, int(number))


def _option(value: object) -> Optie | None:
    if not isinstance(value, dict):
        return None
    label, stored = value.get("label"), value.get("value")
    if not isinstance(label, str) or not label:
        return None
    if isinstance(stored, bool) or (isinstance(stored, str) and stored):
        return Optie(stored, label)
    if isinstance(stored, int | float):
        return Optie(Decimal(str(stored)), label)
    return None
