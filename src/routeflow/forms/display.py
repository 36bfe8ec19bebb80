"""What a page shows of a form: known values, drafts, what stays out of view, rows that were added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from routeflow import feel
from routeflow.errors import Incident
from routeflow.forms.answers import ROW_BUTTON, Functions, Judge, Rauw, from_browser, plain
from routeflow.forms.model import MAX_ROWS, Formulier, Veld, als_tekst, vlak

FOCUS: Final = "_nadruk"


@dataclass(frozen=True, slots=True)
class Weergave:
    """A form as a page shows it, without decisions left for the template.

    ``waarden``: by field the text in a box, True or False for a tick, a list of texts for
    several ticks, a list of such groups for rows, and words for what is only shown.
    ``verborgen``: places (Veld.plek) that the facts keep out of view. A condition on answers of this very
    form hides nothing here: without JavaScript it could never come back into view.
    ``bekend``: plain values of shown facts, for conditions in the browser.
    ``nadruk``: the name of the list that just got a row.
    """

    formulier: Formulier
    waarden: dict[str, Any]
    verborgen: frozenset[str]
    bekend: dict[str, Any]
    nadruk: str | None = None
    incidenten: tuple[str, ...] = ()


def bekend(formulier: Formulier, feiten: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that this form shows or would fill in; answers of a taak are no facts."""
    return {
        veld.key: feiten[veld.key]
        for veld in formulier.alle
        if veld.key
        and (veld.alleen_lezen or not (veld.taak or veld.opnieuw))
        and feiten.get(veld.key) is not None
    }


def weergave(
    formulier: Formulier,
    feiten: Mapping[str, Any],
    rauw: Rauw | None = None,
    *,
    now: datetime,
    weg: frozenset[str] | None = None,
) -> Weergave:
    """Return what to show: ``rauw`` (a draft, or what was just sent) before what is known.

    ``weg``: what ``verborgen`` said, when ``feiten`` is only the part that the reader may see.
    """
    rauw = rauw or {}
    given = plain(formulier, rauw) if from_browser(rauw) else rauw
    known = bekend(formulier, feiten)
    judge = Judge(now)
    if weg is None:
        weg = _hidden(formulier, feiten, judge)
    return Weergave(
        formulier,
        waarden={
            veld.key: _shown(veld, given.get(veld.key), known.get(veld.key))
            for veld in formulier.alle
            if veld.key
        },
        verborgen=weg,
        bekend={
            veld.key: known[veld.key]
            for veld in formulier.alle
            if veld.alleen_lezen and isinstance(known.get(veld.key), str | bool)
        },
        nadruk=rauw.get(FOCUS),
        incidenten=tuple(judge.incidenten),
    )


def verborgen(
    formulier: Formulier,
    feiten: Mapping[str, Any],
    *,
    now: datetime,
    functions: Functions | None = None,
) -> frozenset[str]:
    """Return the places (Veld.plek) that all facts of the dossier together keep out of view."""
    return _hidden(formulier, feiten, Judge(now, functions))


def _shown(veld: Veld, given: object, known: object) -> Any:  # noqa: ANN401 - see Weergave
    if veld.alleen_lezen:
        return veld.in_woorden(known)
    value = next((one for one in (given, known, veld.standaard) if one is not None), None)
    if veld.soort == "dynamiclist":
        rows = value if isinstance(value, list | tuple) else []
        shown = [
            {
                deel.key: _shown(
                    deel, None if given is None and deel.opnieuw else row.get(deel.key), None
                )
                for deel in vlak(veld.velden)
                if deel.key
            }
            for row in rows[:MAX_ROWS]
            if isinstance(row, Mapping)
        ]
        return shown or [
            {deel.key: _shown(deel, None, None) for deel in vlak(veld.velden) if deel.key}
        ]
    if veld.soort == "checkbox":
        return value is True or als_tekst(value) == "true"
    if veld.soort == "checklist":
        return [als_tekst(one) for one in value] if isinstance(value, list | tuple) else []
    return als_tekst(value)


def _hidden(formulier: Formulier, feiten: Mapping[str, Any], judge: Judge) -> frozenset[str]:
    asked = {veld.key for veld in formulier.alle if veld.vraagt}
    scope = {veld.key: None for veld in formulier.alle} | dict(feiten)
    found: set[str] = set()

    def walk(velden: tuple[Veld, ...], *, within: bool) -> None:
        for veld in velden:
            away = within or (
                veld.verberg is not None
                and not names(veld.verberg) & asked
                and judge.holds(
                    veld.verberg, scope, f"De voorwaarde bij “{veld.label or veld.key}”"
                )
                is True
            )
            if away:
                found.add(veld.plek)
            if veld.soort == "group":
                walk(veld.velden, within=away)

    walk(formulier.velden, within=False)
    return frozenset(found)


def names(source: str) -> frozenset[str]:
    """Return the names that an expression reads; none when it cannot be read."""
    try:
        return feel.compile(source).names
    except Incident:
        return frozenset()


def wijzig_rijen(formulier: Formulier, rauw: Rauw) -> dict[str, Any] | None:
    """Return the answers with a row more or less, or None when no row button was pressed.

    The buttons are of type submit, so that lists work without JavaScript: ``lijst:+`` adds,
    ``lijst:-:2`` takes the third row away.
    """
    pressed = rauw.get(ROW_BUTTON)
    if not isinstance(pressed, str):
        return None
    lijst, _, act = pressed.partition(":")
    given = plain(formulier, rauw)
    veld = next((one for one in formulier.alle if one.key == lijst), None)
    if veld is None or veld.soort != "dynamiclist" or veld.vaste_rijen:
        return given
    rows = given[lijst] or [{}]
    if act == "+" and len(rows) < MAX_ROWS:
        rows.append({})
    nummer = act.removeprefix("-:")
    if nummer.isdecimal() and int(nummer) < len(rows):
        del rows[int(nummer)]
    return given | {lijst: rows, FOCUS: lijst}
