"""The shipped set, broken in one place as somebody with the modeller could, and what the judge says."""

import json
from functools import cache

from lxml import etree

from routeflow import engine
from routeflow.commands import deployments
from routeflow.inburgering.rechten import Rol
from support.bpmn import NAMESPACES
from support.route import project_files

LADDER, INTAKE, TOETS, BREDE_INTAKE, ROUTE, PVT = (
    f"processes/{naam}.bpmn"
    for naam in (
        "p17-naleving",
        "p17a-naleving-intake",
        "p17b-sanctietoets",
        "p06-brede-intake",
        "p00-doorlopende-lijn",
        "p11-pvt",
    )
)
TABEL = "processes/waarborgen.dmn"
PROFIEL = engine.Profile(rollen=frozenset(Rol), law=deployments.WAARBORGEN)
B, Z = (f"{{{NAMESPACES[naam]}}}" for naam in ("bpmn", "zeebe"))


class Gebroken:
    """The shipped set with changes in it, and what the judge says of them."""

    def __init__(self):
        self.files = dict(project_files())
        self.open = {}

    def diagram(self, pad):
        if pad not in self.open:
            self.open[pad] = etree.fromstring(self.files[pad])
        return self.open[pad]

    def element(self, pad, ident):
        (found,) = self.diagram(pad).iterfind(f".//*[@id='{ident}']")
        return found

    def eigenschap(self, pad, ident, naam, waarde=None):
        """Give a step another value for a property; None takes it away."""
        for rij in self.element(pad, ident).iter(f"{Z}property"):
            if rij.get("name") == naam:
                if waarde is None:
                    rij.getparent().remove(rij)
                else:
                    rij.set("value", waarde)
                return
        raise AssertionError(f"{ident} heeft geen {naam}")

    def zonder_waarborg(self, pad, ident, naam):
        (rij,) = (
            r for r in self.element(pad, ident).iter(f"{Z}property") if r.get("name") == "waarborg"
        )
        rest = [deel for deel in rij.get("value").split(", ") if deel != naam]
        self.eigenschap(pad, ident, "waarborg", ", ".join(rest) or None)

    def pijl(self, pad, van, naar):
        """Draw an arrow."""
        bron, doel = self.element(pad, van), self.element(pad, naar)
        ident = f"nieuw_{van}_{naar}"
        etree.SubElement(bron, f"{B}outgoing").text = ident
        etree.SubElement(doel, f"{B}incoming").text = ident
        arrow = etree.SubElement(
            bron.getparent(), f"{B}sequenceFlow", id=ident, sourceRef=van, targetRef=naar
        )
        if bron.tag == f"{B}exclusiveGateway":
            etree.SubElement(arrow, f"{B}conditionExpression").text = "=true"

    def erbij(self, pad, ouder, xml):
        """Put elements inside ``ouder``."""
        ruim = " ".join(f'xmlns:{naam}="{uri}"' for naam, uri in NAMESPACES.items())
        self.element(pad, ouder).extend(etree.fromstring(f"<x {ruim}>{xml}</x>"))

    def formulier(self, naam, verander):
        vorm = json.loads(self.files[f"forms/{naam}.form"])
        velden = list(vorm["components"])
        for groep in vorm["components"]:
            velden += groep.get("components", ())
        verander({veld.get("key"): veld for veld in velden})
        self.files[f"forms/{naam}.form"] = json.dumps(vorm).encode()

    def bevindingen(self):
        for pad, boom in self.open.items():
            self.files[pad] = etree.tostring(boom)
        return [f for f in engine.check(self.files, PROFIEL) if f.code.startswith("waarborg")]

    def paden(self, code="waarborg"):
        """What is broken: the step, the message, and the elements of the shortest path."""
        return {
            f.element: (f.message, [ident for _, ident in f.path])
            for f in self.bevindingen()
            if f.code == code
        }


@cache
def in_orde():
    """What the judge says of the set as it is."""
    return Gebroken().bevindingen()
