"""A route of the size of the real one: a main process, nine calls, about seventy user tasks."""

from support import bpmn

PARTS = {
    "intake": (8, 2, False),
    "pip": (9, 3, True),
    "route_b1": (10, 2, True),
    "route_o": (10, 2, True),
    "route_z": (10, 2, True),
    "pvt": (5, 1, False),
    "map": (6, 1, False),
    "examen": (7, 2, False),
    "nazorg": (5, 0, False),
}
_DUE = bpmn.zeebe("taskSchedule", dueDate="=werkdagen(10)")


def files():
    """Return the whole set: path -> bytes."""
    parts = {name: _part(name, *shape) for name, shape in PARTS.items()}
    return {f"processes/{name}.bpmn": data for name, data in {"main": _main(), **parts}.items()}


def _part(name, tasks, timers, parallel):
    idents = [f"{name}_{place}" for place in range(tasks)]
    drawn = [bpmn.start(f"{name}_s"), bpmn.end(f"{name}_e")]
    for place, ident in enumerate(idents):
        drawn.append(bpmn.user(ident, _DUE, name=f"Stap {place} van {name}"))
        if place < timers:
            drawn += [
                bpmn.boundary(f"{ident}_t", ident, bpmn.after("P10W"), interrupting=False),
                bpmn.script(f"{ident}_x", "=herinneringen + 1", "herinneringen"),
                bpmn.end(f"{ident}_xe"),
                bpmn.path(f"{ident}_t > {ident}_x > {ident}_xe"),
            ]
    if not parallel:
        drawn.append(bpmn.path(" > ".join([f"{name}_s", *idents, f"{name}_e"])))
    else:
        one, two, three, four = idents[-4:]
        split, join = f"{name}_g", f"{name}_j"
        drawn += [
            bpmn.parallel(split),
            bpmn.parallel(join),
            bpmn.path(" > ".join([f"{name}_s", *idents[:-4], split, one, two, join, f"{name}_e"])),
            bpmn.path(f"{split} > {three} > {four} > {join}"),
        ]
    return bpmn.draw(name, bpmn.lanes(f"{name}_l", casemanager=idents), *drawn)


def _call(name, limit):
    ident = f"roep_{name}"
    return [
        bpmn.call(ident, bpmn.called(name, propagateAllChildVariables="false")),
        bpmn.boundary(f"{ident}_t", ident, bpmn.after(limit), interrupting=False),
        bpmn.script(f"{ident}_x", "=herinneringen + 1", "herinneringen"),
        bpmn.end(f"{ident}_xe"),
        bpmn.path(f"{ident}_t > {ident}_x > {ident}_xe"),
    ]


def _main():
    calls = [part for name in PARTS for part in _call(name, "P8W")]
    flows = [
        bpmn.path("s > roep_intake > roep_pip > g"),
        bpmn.path("g > roep_route_b1 > m", ident="-"),
        bpmn.path("g > roep_route_o", '=leerroute = "O"'),
        bpmn.path("g > roep_route_z", '=leerroute = "Z"'),
        bpmn.path("roep_route_o > m"),
        bpmn.path("roep_route_z > m"),
        bpmn.path("m > pg > roep_pvt > pj > roep_examen > roep_nazorg > e"),
        bpmn.path("pg > roep_map > pj"),
    ]
    gates = [bpmn.exclusive("g"), bpmn.exclusive("m"), bpmn.parallel("pg"), bpmn.parallel("pj")]
    return bpmn.draw("main", bpmn.start(), bpmn.end(), *gates, *calls, *flows)
