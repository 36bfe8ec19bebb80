"""Together the stories pass every element and every branch of every diagram.

The stories of a diagram stand in test_<process>.py beside this file: each test that asks only for
``spel`` is one, and is played again here.
"""

import pytest

from support.tekening import definitie, niet_bezocht


@pytest.mark.parametrize("proces", sorted(definitie().processes))
def test_the_stories_pass_every_element_and_branch(proces):
    assert sorted(niet_bezocht(proces)) == []
