"""Evaluate FEEL in tests, at a fixed moment."""

from datetime import UTC, datetime

import pytest

from routeflow import feel
from routeflow.feel.values import equal

NOW = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)


def evaluate(source, /, **scope):
    """Return the value of ``source``; keyword arguments are its variables."""
    return feel.compile(source, names=tuple(scope)).evaluate(scope, now=NOW)


def reasons(source, /, **scope):
    """Return why ``source`` gave null."""
    return feel.compile(source, names=tuple(scope)).evaluate_with_reasons(scope, now=NOW)[1]


def passes(tests, value, /, **scope):
    """Return whether ``value`` passes the unary tests of a table's cell."""
    expression = feel.compile(tests, kind="unary tests", names=tuple(scope))
    return expression.evaluate({"?": value, **scope}, now=NOW)


def cases(*tables):
    """Return the rows of tables that hold ``expression | what it answers``, one a line."""
    rows = [line.rpartition(" | ") for table in tables for line in table.strip("\n").splitlines()]
    return [pytest.param(a.strip(), b.strip(), id=a.strip()) for a, _, b in rows]


def same(found, expected):
    """Return whether two values are the same in kind and in value."""
    return type(found) is type(expected) and equal(found, expected, lambda _: None) is True
