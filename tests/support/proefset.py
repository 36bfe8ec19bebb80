"""A small set in which everybody has one step, with the tables of the project."""

import json

from support.bpmn import (
    draw,
    end,
    event_sub,
    lanes,
    message,
    parallel,
    path,
    receive,
    service,
    start,
    user,
    zeebe,
)
from support.huis import project_set

# step, rol, onderdeel
STAPPEN = (
    ("stap_casemanager", "casemanager", "regie"),
    ("stap_teamleider", "teamleider", "regie"),
    ("stap_inkomen", "inkomensconsulent", "ontzorgen"),
    ("stap_handhaver", "handhaver", "regie"),
    ("stap_huisvesting", "huisvesting", "regie"),
    ("stap_trainer", "trainer", "regie"),
    ("stap_begeleider", "maatschappelijk begeleider", "maatschappelijke begeleiding"),
    ("stap_taal", "taalaanbieder", "B1-route"),
    ("stap_pvt", "pvt-aanbieder", "PVT"),
    ("stap_map", "map-aanbieder", "MAP"),
    ("stap_werk", "werkpartner", "participatie"),
    ("stap_participatie", "participatiepartner", "participatie"),
)


def proefset() -> dict[str, bytes]:
    """Return the files: p00 with a step for everybody, p20 with one of the casemanager."""
    tables = {pad: data for pad, data in project_set().items() if pad.endswith(".dmn")}
    return {
        **tables,
        "processes/p00-doorlopende-lijn.bpmn": _allemaal(),
        "processes/p20-gezinsmigrant.bpmn": _een_stap(),
        "forms/stap.form": _formulier(),
    }


def _stap(naam: str, onderdeel: str, **eigenschappen: str) -> str:
    properties = "".join(
        zeebe("property", name=sleutel, value=waarde)
        for sleutel, waarde in {"onderdeel": onderdeel, **eigenschappen}.items()
    )
    return user(
        naam,
        zeebe("userTask"),
        zeebe("formDefinition", formId="stap"),
        zeebe("taskSchedule", dueDate='=termijn("gewone_taak")'),
        zeebe("properties", properties),
    )


def _allemaal() -> bytes:
    namen = [*(naam for naam, _, _ in STAPPEN), "stap_inburgeraar", "wacht_op_duo"]
    banen = {rol: [naam] for naam, rol, _ in STAPPEN}
    banen["casemanager"].append("stap_inburgeraar")
    return draw(
        "p00_doorlopende_lijn",
        lanes("banen", **banen),
        start(),
        parallel("uit"),
        *(_stap(naam, onderdeel) for naam, _, onderdeel in STAPPEN),
        _stap("stap_inburgeraar", "regie", houder="inburgeraar"),
        receive("wacht_op_duo", messageRef="M_SS131"),
        parallel("samen"),
        end(),
        path("s > uit"),
        *(path(f"uit > {naam} > samen") for naam in namen),
        path("samen > e"),
        event_sub(
            "naleving",
            start("gemeld", message("vermoeden"), isInterrupting="false"),
            end("gemeld_klaar"),
            path("gemeld > gemeld_klaar"),
        ),
    )


def _een_stap() -> bytes:
    """One step, after which the route cannot go on: nobody knows the dienst that it asks for."""
    return draw(
        "p20_gezinsmigrant",
        lanes("banen", casemanager=["stap_casemanager"]),
        start(),
        _stap("stap_casemanager", "regie"),
        service("kapot", zeebe("taskDefinition", type="bestaat_niet")),
        end(),
        path("s > stap_casemanager > kapot > e"),
    )


def _formulier() -> bytes:
    velden = [
        _veld("bsn", "textfield", properties={"gevoelig": "bsn"}, disabled=True),
        _veld("gezondheidFysiek", "textarea", properties={"gevoelig": "gezondheid"}, disabled=True),
        _veld("geboortedatum", "datetime", subtype="date", disabled=True),
        _veld("afgesprokenOp", "datetime", subtype="date", validate={"required": True}),
        _veld("uren", "number", validate={"min": 0, "max": 12}),
        _veld("halfjaar", "textfield", validate={"pattern": "^20[0-9]{2}-[12]$"}),
        _veld("opmerking", "textarea", properties={"bereik": "taak"}),
    ]
    return json.dumps(
        {
            "schemaVersion": 16,
            "type": "default",
            "id": "stap",
            "executionPlatform": "Camunda Cloud",
            "executionPlatformVersion": "8.6.0",
            "components": velden,
        }
    ).encode()


def _veld(key: str, type_: str, **rest: object) -> dict[str, object]:
    return {"id": f"v_{key}", "key": key, "type": type_, "label": key, **rest}
