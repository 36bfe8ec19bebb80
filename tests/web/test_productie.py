"""Starting for real: several web processes, one database, one secret."""

import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from routeflow.web import production, sleutel


def test_processes_that_start_together_sign_with_the_same_secret(tmp_path):
    bestand, samen = tmp_path / "sleutel", Barrier(8)

    def start(_number):
        samen.wait()
        return sleutel(bestand)

    with ThreadPoolExecutor(8) as pool:
        gezien = set(pool.map(start, range(8)))
    assert len(gezien) == 1
    assert len(gezien.pop()) == 64
    assert stat.S_IMODE(bestand.stat().st_mode) == 0o600
    assert [pad.name for pad in tmp_path.iterdir()] == ["sleutel"]


def test_a_web_server_starts_the_product_from_its_environment(empty_database_url, tmp_path):
    app = production(
        {
            "ROUTEFLOW_DATABASE": empty_database_url,
            "ROUTEFLOW_SLEUTELBESTAND": str(tmp_path / "sleutel"),
            "ROUTEFLOW_GEMEENTE": "Purmerend",
        }
    )
    with app.test_client() as client:
        page = client.get("/inloggen")
    assert page.status_code == 200
    assert "Purmerend" in page.text
    assert "/demo/klok" not in page.text
    app.extensions["routeflow"].store.close()
