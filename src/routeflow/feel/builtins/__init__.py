"""FEEL's built-in functions, by chapter: conversion, texts, lists, numbers, calendar, ranges."""

from collections.abc import Mapping
from typing import Final

from routeflow.feel.builtins import calendar, contexts, conversion, lists, numbers, ranges, strings
from routeflow.feel.builtins.signature import Builtin

LIBRARY: Final[Mapping[str, Builtin]] = {
    name: function
    for chapter in (conversion, strings, lists, numbers, calendar, ranges, contexts)
    for name, function in chapter.FUNCTIONS.items()
}
