"""Together the stories pass every element and every branch of every diagram.

The stories of a diagram stand in test_<process>.py beside this file: each test that asks only for
``spel`` is one, and is played again here.
"""

import importlib.util
from pathlib import Path

import pytest

from support.tekening import definitie, niet_bezocht

HIER = Path(__file__).parent


def _verhalen(proces):
    pad = HIER / f"test_{proces}.py"
    assert pad.exists(), f"{proces} heeft nog geen verhalen: maak {pad.name}"
    spec = importlib.util.spec_from_file_location(f"verhalen_{proces}", pad)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


@pytest.mark.parametrize("proces", sorted(definitie().processes))
def test_the_stories_pass_every_element_and_branch(proces):
    assert sorted(niet_bezocht(proces, _verhalen(proces))) == []
