"""The examples in the docstrings are the law's own; they must stay true."""

import doctest
from importlib import import_module

import pytest

MODULES = (
    "artikelen",
    "feestdagen",
    "feiten",
    "normen",
    "rechten",
    "regels",
    "sancties",
    "termijn",
    "verlenging",
)


@pytest.mark.parametrize("naam", MODULES)
def test_the_examples_in_the_docstrings_are_true(naam):
    uitkomst = doctest.testmod(import_module(f"routeflow.inburgering.{naam}"))
    assert uitkomst.attempted > 0
    assert uitkomst.failed == 0
