from pathlib import Path

import pytest

from routeflow.config import Config


def test_without_an_environment_everything_has_a_default():
    assert Config.from_environment({"PATH": "/bin"}) == Config()


def test_each_setting_is_read_as_its_type():
    config = Config.from_environment(
        {
            "ROUTEFLOW_DATABASE": "postgresql://db/routeflow",
            "ROUTEFLOW_DEMO": "ja",
            "ROUTEFLOW_PORT": "9000",
            "ROUTEFLOW_SLEUTELBESTAND": "/etc/sleutel",
        }
    )
    assert (config.database, config.demo, config.port) == ("postgresql://db/routeflow", True, 9000)
    assert config.sleutelbestand == Path("/etc/sleutel")


@pytest.mark.parametrize(
    ("naam", "waarde", "zin"),
    [
        ("ROUTEFLOW_PORT", "veel", "geheel getal"),
        ("ROUTEFLOW_DEMO", "misschien", "ja of nee"),
        ("ROUTEFLOW_DATABSE", "x", "bestaat niet"),
        ("ROUTEFLOW_EMAIL", "gemeente", "e-mailadres van de gemeente"),
        ("ROUTEFLOW_BEZWAAR_ONLINE", "http://x", "begint met https"),
    ],
)
def test_a_mistake_is_named(naam, waarde, zin):
    with pytest.raises(ValueError, match=zin):
        Config.from_environment({naam: waarde})


def test_every_setting_stands_in_the_table():
    table = Config.__doc__
    for name in Config.__dataclass_fields__:
        assert f"\n    {name} " in table
