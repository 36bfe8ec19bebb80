"""A small set of our own: every kind of row that a route can have, on one page."""

from functools import cache
from pathlib import Path

from support import bpmn
from support.formulieren import formulier, opties, veld

PROJECT = Path(__file__).parents[2]
TABLES = ("rolverdeling", "escalatie", "werkafspraken")


def person(ident, *, form=None, due=None, **properties):
    """A user task with what the product asks of it."""
    properties = {"onderdeel": "regie"} | properties
    inside = [
        bpmn.zeebe("userTask"),
        bpmn.zeebe("formDefinition", formId=form or ident.replace("_", "-")),
        bpmn.zeebe(
            "properties",
            *(bpmn.zeebe("property", name=k, value=v) for k, v in properties.items()),
        ),
    ]
    if due:
        inside.append(bpmn.zeebe("taskSchedule", dueDate=due))
    return bpmn.user(ident, *inside)


def service(ident, type_, *, inputs=None, **headers):
    return bpmn.service(
        ident,
        bpmn.zeebe("taskDefinition", type=type_),
        bpmn.mapping(inputs=inputs or {}),
        bpmn.zeebe(
            "taskHeaders", *(bpmn.zeebe("header", key=k, value=v) for k, v in headers.items())
        ),
    )


@cache
def klein() -> dict[str, bytes]:
    """The process ``klein``.

    Together: plan (its last day follows the law), meld_uren (a partner's, taken away after 30
    days) and teken (the inburgeraar's). Then a message of DUO, then beoordeel. Beside it: a
    suspicion opens onderzoek; SS110 ends everything.
    """
    process = bpmn.draw(
        "klein",
        bpmn.lanes(
            "lanes",
            casemanager=["plan", "teken", "beoordeel"],
            **{"map-aanbieder": ["meld_uren"]},
            teamleider=["bel_partij"],
            handhaver=["onderzoek"],
        ),
        bpmn.start(),
        bpmn.parallel("samen"),
        person("plan", due='=termijn("pip")'),
        service(
            "verstuur", "bericht_versturen", inputs={"leerroute": "=leerroute"}, soort="duo.pip"
        ),
        person("meld_uren", onderdeel="MAP", due='=termijn("gewone_taak")'),
        bpmn.boundary("uren_blijven_uit", "meld_uren", bpmn.after("P30D")),
        person("bel_partij"),
        person("teken", houder="inburgeraar", due='=termijn("gewone_taak")'),
        bpmn.exclusive("uren"),
        bpmn.parallel("klaar"),
        bpmn.catch("uitslag", bpmn.message("SS131")),
        person("beoordeel"),
        bpmn.end(),
        bpmn.event_sub(
            "bij_vermoeden",
            bpmn.start("vermoeden", bpmn.message("vermoeden"), isInterrupting="false"),
            person("onderzoek", onderdeel="regie", andere_dan="vermoedenMelder"),
            bpmn.end("onderzocht"),
            bpmn.path("vermoeden > onderzoek > onderzocht"),
        ),
        bpmn.event_sub(
            "bij_intrekken",
            bpmn.start("ingetrokken", bpmn.message("SS110"), isInterrupting="true"),
            bpmn.end("gestopt"),
            bpmn.path("ingetrokken > gestopt"),
        ),
        bpmn.path("s > samen > plan > verstuur > klaar > uitslag > beoordeel > e"),
        bpmn.path("samen > meld_uren > uren > klaar"),
        bpmn.path("samen > teken > klaar"),
        bpmn.path("uren_blijven_uit > bel_partij > uren"),
    )
    forms = {
        "plan": formulier(
            veld("radio", "leerroute", verplicht=True, **opties("B1", "onderwijsroute", "Z")),
            veld("textfield", "opmerking", properties={"bereik": "taak"}),
            veld("textfield", "gezondheid", properties={"gevoelig": "gezondheid"}),
            id="plan",
        ),
        "meld-uren": formulier(veld("number", "urenNt2", verplicht=True), id="meld-uren"),
        **{
            naam: formulier(veld("textfield", f"notitie{nummer}"), id=naam)
            for nummer, naam in enumerate(("bel-partij", "teken", "beoordeel", "onderzoek"))
        },
    }
    return {
        "processes/klein.bpmn": process,
        **{f"forms/{naam}.form": inhoud for naam, inhoud in forms.items()},
        **{
            f"processes/{naam}.dmn": (PROJECT / "processes" / f"{naam}.dmn").read_bytes()
            for naam in TABLES
        },
    }


def met_beginnen() -> dict[str, bytes]:
    """The set with a p00 that begins in three ways: two that a person chooses, and a koppeling."""
    process = bpmn.draw(
        "p00_doorlopende_lijn",
        bpmn.lanes("banen", casemanager=["aanmelden", "overnemen", "koppelen"]),
        bpmn.start("aangemeld", name="Aangemeld"),
        bpmn.start("verhuisd", name="Verhuisd uit een andere gemeente"),
        bpmn.start("gekoppeld", bpmn.message("koppeling"), name="Gekoppeld"),
        person("aanmelden", form="teken"),
        person("overnemen", form="teken"),
        person("koppelen", form="teken"),
        bpmn.end(),
        bpmn.path("aangemeld > aanmelden > e"),
        bpmn.path("verhuisd > overnemen > e"),
        bpmn.path("gekoppeld > koppelen > e"),
    )
    other = bpmn.draw(
        "p20_gezinsmigrant",
        bpmn.start("begin"),
        person("kennismaken", form="teken"),
        bpmn.end("einde"),
        bpmn.path("begin > kennismaken > einde"),
    )
    return klein() | {"processes/p00.bpmn": process, "processes/p20.bpmn": other}
