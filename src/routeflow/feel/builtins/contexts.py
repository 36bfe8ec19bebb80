"""Contexts: groups of named values. Each function answers a new one."""

from typing import Final

from routeflow.feel.builtins.signature import Chapter
from routeflow.feel.faults import LimitExceeded
from routeflow.feel.run import Run
from routeflow.feel.values import Value

FUNCTIONS: Final = Chapter()
Context = dict[str, Value]


@FUNCTIONS.function("get value(m: context, key: string)")
def get_value(run: Run, context: Context, key: str) -> Value:
    return context[key] if key in context else run.null(f"er is geen gegeven {key}")


@FUNCTIONS.function("get value(context: context, keys: list)")
def get_value_at(run: Run, context: Context, keys: list[Value]) -> Value:
    found: Value = context
    for key in keys:
        if type(key) is not str or type(found) is not dict or key not in found:
            return run.null("get value: dat gegeven is er niet")
        found = found[key]
    return found if keys else run.null("get value: er is niets gevraagd")


@FUNCTIONS.function("get entries(m: context)")
def get_entries(run: Run, context: Context) -> Value:
    run.charge(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@FUNCTIONS.function("context(entries: list)")
def context_of(run: Run, entries: list[Value]) -> Value:
    made: Context = {}
    run.charge(len(entries))
    for entry in entries:
        if type(entry) is not dict or not {"key", "value"} <= entry.keys():
            return run.null("context: elk onderdeel heeft een key en een value nodig")
        key = entry["key"]
        if type(key) is not str or key in made:
            return run.null("context: elke key is een tekst die een keer voorkomt")
        made[key] = entry["value"]
    return made


@FUNCTIONS.function("context put(context: context, key: string, value: any)")
def context_put(run: Run, context: Context, key: str, value: Value) -> Value:
    run.charge(len(context))
    return {**context, key: value}


@FUNCTIONS.function("context put(context: context, keys: list, value: any)")
def context_put_at(run: Run, context: Context, keys: list[Value], value: Value) -> Value:
    run.charge(len(keys))
    if not keys or not all(type(key) is str for key in keys):
        return run.null("context put: de keys zijn teksten")
    if len(keys) > run.limits.depth:
        raise LimitExceeded("De expressie gaat te diep.")
    groups = [context]
    for key in keys[:-1]:
        inner = groups[-1].get(key, {})
        if type(inner) is not dict:
            return run.null(f"context put: {key} is geen groep gegevens")
        groups.append(inner)
    for group, key in zip(reversed(groups), reversed(keys), strict=True):
        run.charge(len(group))
        value = {**group, key: value}
    return value


@FUNCTIONS.function("context merge(contexts: list)")
def context_merge(run: Run, contexts: list[Value]) -> Value:
    merged: Context = {}
    for context in contexts:
        if type(context) is not dict:
            return run.null("context merge: in de lijst staat iets anders dan een groep gegevens")
        run.charge(len(context))
        merged |= context
    return merged
