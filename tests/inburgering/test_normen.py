"""The amounts that diagrams ask by name."""

import pytest

from routeflow.inburgering.normen import NORMEN, norm


def test_each_norm_names_its_article():
    assert all(een.grond for een in NORMEN.values())


def test_the_z_route_asks_800_hours_of_nt2_and_knm_together():
    assert norm("z_nt2_knm") == 800


def test_an_unknown_norm_says_which_names_exist():
    with pytest.raises(ValueError, match="z_nt2_knm"):
        norm("taaluren")
