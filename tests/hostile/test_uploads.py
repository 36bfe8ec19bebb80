"""The whole path of a file that is far too big or too deep: pages and API, in time and in memory.

Each case runs in a process of its own, in which the most memory that it ever held is read.
"""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SECONDS, MEGABYTES = 10, 500
TESTS = Path(__file__).parents[1]
HOUSE = """
    import io, json, re, sys, tempfile, threading, time, zipfile
    from pathlib import Path
    from routeflow.commands import accounts
    from routeflow.store import migrate, open_store
    from support.huis import BEGIN, build_app, make_people, put_in_service
    from support.klein import klein

    folder = Path(tempfile.mkdtemp(dir=sys.argv[1]))
    address = f"sqlite:///{folder}/x.db"
    migrate(address)
    store = open_store(address)
    put_in_service(store, klein())
    tokens = make_people(store)
    app = build_app(store, folder)

    def enter(login):
        client = app.test_client()
        page = client.get("/inloggen").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        client.post("/inloggen/demo", data={"csrf_token": token, "login": login})
        page = client.get("/meldingen/").text
        return client, re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def packed(*files):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files:
                archive.writestr(name, data)
        return made.getvalue()

    HEAD = (
        '<?xml version="1.0"?><bpmn:definitions id="d{n}" targetNamespace="t"'
        ' xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        '<bpmn:process id="p{n}" isExecutable="true">'
    )
    OUT = "</bpmn:process></bpmn:definitions>"

    def full(n, piece):
        head = HEAD.format(n=n)
        room = 2_000_000 - len(head) - len(OUT)
        return (head + "".join(piece(i) for i in range(room // len(piece(10**5)))) + OUT).encode()

    def task(n):
        return full(n, lambda i: f'<bpmn:task id="t{n}_{i}" name="Doe iets"/>')

    def words(n):
        return full(n, lambda _: "<bpmn:documentation>x</bpmn:documentation>")

    def marks(n):
        inside = " ".join(f'a{i}="1"' for i in range(150_000))
        return (HEAD.format(n=n) + f'<bpmn:task id="t{n}" {inside}/>' + OUT).encode()

    def deep(n):
        layers = 90_000
        return (HEAD.format(n=n) + "<bpmn:a>" * layers + "</bpmn:a>" * layers + OUT).encode()

    def rows(n):
        row = '<rule id="r"><inputEntry><text>1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>'
        return (
            '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="u">'
            f'<decision id="a{n}" name="a"><decisionTable id="t"><input id="i"><inputExpression><text>a</text>'
            '</inputExpression></input><output id="o" name="o"/>' + row * 18_000
            + "</decisionTable></decision></definitions>"
        ).encode()

    def send(data, name="x.zip", login="esther", path="/processen/nieuw", field="bestanden"):
        client, token = enter(login)
        begin = time.process_time()
        answer = client.post(path, data={"csrf_token": token, field: (io.BytesIO(data), name)})
        text = re.sub(r"\\s+", " ", re.sub("<[^>]+>", " ", answer.text))
        found.append([answer.status_code, time.process_time() - begin, "Publiceer" in text, text])

    def tell():
        status = dict(l.split(":", 1) for l in Path("/proc/self/status").read_text().splitlines())
        size = int(status["VmHWM"].split()[0]) / 1024
        print(json.dumps({"megabytes": size, "answers": [[*a[:3], a[3][-3000:]] for a in found]}))

    found = []
"""
GEVALLEN = {
    "zeven bestanden vol taken": "send(packed(*((f'f{n}.bpmn', task(n)) for n in range(7))))",
    "zeven bestanden vol uitleg": "send(packed(*((f'f{n}.bpmn', words(n)) for n in range(7))))",
    "een miljoen attributen": "send(packed(*((f'f{n}.bpmn', marks(n)) for n in range(7))))",
    "heel diep": "send(packed(*((f'f{n}.bpmn', deep(n)) for n in range(5))))",
    "tabellen met veel regels": "send(packed(*((f'f{n}.dmn', rows(n)) for n in range(7))))",
    "een bestand in de plaats van wat er is": (
        "send(packed(('klein.bpmn', words(1)), ('rolverdeling.dmn', rows(1)), ('plan.form', b'[' * 900_000)))"
    ),
    "een bestand van 11 MB": "send(b'<a>' * 3_700_000, 'x.bpmn')",
    "een pakket dat geen pakket is": "send(b'PK' + b'x' * 11_000_000)",
    "een pakket vol namen": "send(packed(*((f'{n}.txt', b'') for n in range(60_000))))",
    "uren van 11 MB": "send(b'dossier;datum' * 850_000, 'x.csv', 'bram', '/uren/bestand', 'bestand')",
    "uren in een cel": "send(b'dossier,datum,soort,uren\\n' + b'x' * 1_000_000, 'x.csv', 'bram', '/uren/bestand', 'bestand')",
    "vijf tegelijk": """
        def one(k):
            send(packed(*((f'f{n}.bpmn', (task, words)[k % 2](100 * k + n)) for n in range(7))))
        threads = [threading.Thread(target=one, args=(k,)) for k in range(5)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    """,
}


def run(tmp_path, case):
    program = textwrap.dedent(HOUSE) + textwrap.dedent(case) + "\ntell()\n"
    ran = subprocess.run(  # noqa: S603 - our own program, made above
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=300, cwd=TESTS,
        env={"PYTHONPATH": str(TESTS)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout)


@pytest.mark.parametrize("naam", GEVALLEN)
def test_an_upload_far_too_big_is_answered_soon_in_words_and_without_much_memory(tmp_path, naam):
    answer = run(tmp_path, GEVALLEN[naam])
    assert answer["megabytes"] < MEGABYTES
    assert answer["answers"]
    samen = len(answer["answers"])
    for status, seconds, publishable, text in answer["answers"]:
        assert status in {200, 422}
        assert seconds < SECONDS * samen  # of the whole process, when several go at once
        assert not publishable or "eerst anders" in text or status == 422
        assert "Traceback" not in text
        assert "." in text


LIJVEN = {
    "velden": "'&'.join(f'v{n}=x' for n in range(1_200_000)).encode()[:11_900_000]",
    "lege velden": "b'a&' * 5_900_000",
    "een veld": "b'login=' + b'x' * 11_000_000",
    "delen": (
        "b''.join(b'--x\\r\\nContent-Disposition: form-data; name=\"v%d\"\\r\\n\\r\\nx\\r\\n' % n for n in range(100_000)) + b'--x--'"
    ),
    "koppen van een deel": (
        "b'--x\\r\\nContent-Disposition: form-data; name=\"v\"\\r\\n' + b'X: y\\r\\n' * 1_500_000 + b'\\r\\nx\\r\\n--x--'"
    ),
}


@pytest.mark.parametrize("naam", LIJVEN)
def test_a_body_of_who_is_not_even_logged_in_costs_next_to_nothing(tmp_path, naam):
    soort = (
        "multipart/form-data; boundary=x" if "del" in naam else "application/x-www-form-urlencoded"
    )
    answer = run(
        tmp_path,
        f"""
        body = {LIJVEN[naam]}
        for path in ("/inloggen", "/processen/nieuw", "/uren/bestand", "/werklijst/", "/nergens"):
            begin = time.process_time()
            answer = app.test_client().post(path, data=body, content_type={soort!r})
            found.append([answer.status_code, time.process_time() - begin, False, ""])
        """,
    )
    for status, seconds, *_ in answer["answers"]:
        assert status in {303, 400, 413}
        assert seconds < 1
    assert answer["megabytes"] < 250
