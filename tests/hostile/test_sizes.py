"""Files far too big are answered in words, within ten seconds and 500 MB."""

import json
import subprocess
import sys
import textwrap

import pytest

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
