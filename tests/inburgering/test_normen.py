"""The amounts that diagrams ask by name."""

import pytest

from routeflow.inburgering.normen import NORMEN, norm


def test_each_norm_names_its_article():
    assert all(een.grond for een in NORMEN.values())


@pytest.mark.parametrize(
    ("naam", "aantal"),
    [
        ("z_nt2_knm", 800),
        ("z_participatie", 800),
        ("a2_nt2", 600),
        ("pvt", 12),
        ("map_praktijk", 40),
        ("bijna_klaar_les", 450),
        ("bijna_klaar_taal", 2),
        ("bijna_klaar_maanden", 6),
        ("verlenging_grond_maanden", 3),
        ("inburgeringstermijn_maanden", 36),
    ],
)
def test_each_amount_is_that_of_its_article(naam, aantal):
    assert norm(naam) == aantal


def test_the_z_route_asks_800_hours_of_nt2_and_knm_together():
    assert norm("z_nt2_knm") == 800


def test_an_unknown_norm_says_which_names_exist():
    with pytest.raises(ValueError, match="z_nt2_knm"):
        norm("taaluren")
