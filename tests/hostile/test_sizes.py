"""Files far too big are answered in words, within ten seconds and 500 MB."""

import json
import subprocess
import sys
import textwrap
from itertools import permutations
from time import process_time

import pytest

from routeflow.commands import deployments
from support.bpmn import (
    after,
    boundary,
    draw,
    each,
    end,
    event_sub,
    exclusive,
    inclusive,
    message,
    parallel,
    path,
    start,
    user,
)
from support.dmn import decision, dmn, input_data, knowledge, literal, table

SECONDS, MEGABYTES = 10, 500
HEAD = (
    '<?xml version="1.0"?><bpmn:definitions id="d" targetNamespace="t"'
    ' xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">'
)
IN_PROCESS = HEAD + '<bpmn:process id="p" isExecutable="true">'
OUT = "</bpmn:process></bpmn:definitions>"
TASKS = "''.join(f'<bpmn:task id=\"t{i}\" name=\"Doe iets\"/>' for i in range(700_000))"
FLOWS = '\'\'.join(f\'<bpmn:sequenceFlow id="f{i}" sourceRef="a" targetRef="b"/>\' for i in range(450_000))'
ATTRIBUTES = "'<bpmn:task id=\"t\" ' + ' '.join(f'a{i}=\"1\"' for i in range(1_000_000)) + '/>'"
DEEP = "'<bpmn:subProcess>' * 200_000 + '</bpmn:subProcess>' * 200_000"
GROOT = {
    "taken": ("processes/g.bpmn", f"{IN_PROCESS!r} + {TASKS} + {OUT!r}"),
    "pijlen": ("processes/g.bpmn", f"{IN_PROCESS!r} + {FLOWS} + {OUT!r}"),
    "een miljoen attributen": ("processes/g.bpmn", f"{IN_PROCESS!r} + {ATTRIBUTES} + {OUT!r}"),
    "heel diep": ("processes/g.bpmn", f"{IN_PROCESS!r} + {DEEP} + {OUT!r}"),
    "30 MB tekst": ("processes/g.bpmn", f"{IN_PROCESS!r} + 'x' * 30_000_000 + {OUT!r}"),
    "30 MB tabel": (
        "processes/g.dmn",
        "'<definitions>' + '<rule/>' * 4_000_000 + '</definitions>'",
    ),
    "30 MB formulier": ("forms/g.form", "'[' * 30_000_000"),
    "formulier met een miljoen velden": (
        "forms/g.form",
        "'{\"components\": [' + ', '.join('{\"key\": \"a\"}' for _ in range(1_000_000)) + ']}'",
    ),
}
PROGRAM = """
    import json, time
    from pathlib import Path
    from routeflow.commands import deployments
    data = ({source}).encode()
    begin = time.process_time()
    found = deployments.check({{{path!r}: data}})
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(json.dumps({{
        "seconds": time.process_time() - begin,
        "megabytes": int(status["VmHWM"].split()[0]) / 1024,
        "size": len(data),
        "findings": [[one.severity, one.message] for one in found[:5]],
    }}))
"""

RIJ = " > ".join(["s", *(f"u{n}" for n in range(9_000)), "e"])
KNOPEN = [f"g{n}" for n in range(130)]
NET_NIET_TE_GROOT = {
    "een rij van lijsten": lambda: (
        *(user(f"u{n}", each("=[1, 2]", "i")) for n in range(9_000)),
        path(RIJ),
    ),
    "een stap met zesduizend randen": lambda: (
        user("u"),
        path("s > u > e"),
        *(boundary(f"b{n}", "u", after("P1D")) + path(f"b{n} > e") for n in range(6_000)),
    ),
    "een gateway met negenduizend pijlen": lambda: (
        exclusive("g", default="d"),
        path("s > g"),
        path("g > e", ident="d"),
        *(path("g > e", f"=x = {n}", ident=f"f{n}") for n in range(9_000)),
    ),
    "gateways die alle naar elkaar leiden": lambda: (
        *((parallel if n % 2 else inclusive)(knoop) for n, knoop in enumerate(KNOPEN)),
        path("s > g0"),
        path("g129 > e"),
        *(path(f"{one} > {other}") for one, other in permutations(KNOPEN, 2)),
    ),
    "duizenden gebeurtenis-deelprocessen": lambda: (
        user("u"),
        path("s > u > e"),
        *(
            event_sub(f"h{n}", start(f"hs{n}", message(f"m{n}")), end(f"he{n}"),
                      path(f"hs{n} > he{n}"))
            for n in range(4_500)
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("naam", NET_NIET_TE_GROOT)
def test_a_file_as_big_as_may_be_is_judged_within_ten_seconds(naam):
    data = draw("p", start(), end(), *NET_NIET_TE_GROOT[naam]())
    began = process_time()
    found = deployments.check({"processes/p.bpmn": data})
    assert process_time() - began < SECONDS
    assert "te-groot" not in {one.code for one in found}


VEEL_BESLISSINGEN = {
    "namen die gelijk beginnen": lambda number: (
        input_data(f"uren {number}")
        + decision(f"norm {number}", literal(f"uren {number} + 1"), inputs=[f"uren {number}"])
    ),
    "kennismodellen": lambda number: knowledge(f"b {number}", f"p {number} + 1", f"p {number}"),
}


@pytest.mark.parametrize("soort", VEEL_BESLISSINGEN)
def test_thousands_of_decisions_are_judged_within_ten_seconds(soort):
    data = dmn(*map(VEEL_BESLISSINGEN[soort], range(4_000)))
    began = process_time()
    assert deployments.check({"processes/g.dmn": data}) == []
    assert process_time() - began < SECONDS


def test_more_cells_than_may_be_are_refused_before_they_are_read():
    rows = [["1"] * 8 + ["2"] for _ in range(2_000)]
    data = dmn(decision("d", table([f"x{n}" for n in range(8)], ["y"], rows)))
    began = process_time()
    (finding,) = deployments.check({"processes/g.dmn": data})
    assert "meer dan 15000 cellen en expressies" in finding.message
    assert process_time() - began < 2


@pytest.mark.parametrize("naam", GROOT)
def test_a_file_that_is_far_too_big_is_refused_soon_and_in_words(naam):
    path, source = GROOT[naam]
    program = textwrap.dedent(PROGRAM).format(path=path, source=source)
    ran = subprocess.run(  # noqa: S603 - our own program, made above
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    answer = json.loads(ran.stdout)
    assert answer["size"] > 3_000_000
    assert answer["seconds"] < SECONDS
    assert answer["megabytes"] < MEGABYTES
    assert answer["findings"]
    severity, message = answer["findings"][0]
    assert severity == "fout"
    assert message.endswith(".")
    assert "Traceback" not in message
