"""Judge a set of files before it goes in service. The modeller, the command line and publishing ask here."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache, cached_property, partial
from typing import Final

from routeflow import feel
from routeflow.engine import (
    decisions,
    diagram,
    form_files,
    safeguards,
    structure,
    table_view,
    template_files,
)
from routeflow.engine.diagram import ACTIVITIES, CATCHING, Diagram, Node, Process
from routeflow.engine.limits import MAX_DEPTH
from routeflow.engine.listening import Listening
from routeflow.engine.problems import Problem, Severity
from routeflow.engine.shared import Shared
from routeflow.engine.thrown import Thrown
from routeflow.engine.types import Finding
from routeflow.errors import Incident, Invalid

MAX_FINDINGS: Final = 1_000
MAX_PROCESSES: Final = 1_000
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
SAFEGUARDS: Final = "waarborgen"
_ANY_MOMENT: Final = datetime(2022, 1, 1, tzinfo=UTC)  # the table does not look at the date
_WAITED: Final = {
    "message": "met het bericht {}",
    "timer": "op een tijdstip",
    "signal": "bij het signaal {}",
    "conditional": "als een voorwaarde klopt",
}
_COUNTED: Final = re.compile(r'"termijn:([^"]+)"')


@dataclass(frozen=True, slots=True)
class Profile:
    """What the product asks of a set beyond what the engine needs to run it.

    ``rollen``: the lanes there may be. ``services``: types of service tasks. ``functions``:
    host functions for expressions. ``termijnen``: names of terms that are law; the names in
    the table ``werkafspraken`` come on top. ``onderdelen``: those outside the table
    ``rolverdeling``. ``facts``: what a dossier knows without any form or step of the set, such
    as what messages bring; None when unknown.
    ``begins``: the processes that a dossier begins with, each with the messages that begin it;
    None when it does not matter who begins one.
    ``forms``: judges the forms of the set; None when somebody else does.
    ``law``: the safeguards before a sanction; None when the set has no sanctions to guard.
    """

    rollen: frozenset[str]
    services: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    termijnen: frozenset[str] | None = None
    houders: frozenset[str] = frozenset({"gemeente", "partner", "inburgeraar", "coa", "duo"})
    onderdelen: frozenset[str] = frozenset({"regie"})
    facts: frozenset[str] | None = None
    begins: Mapping[str, frozenset[str]] | None = None
    forms: Callable[[Mapping[str, bytes]], Iterable[Finding]] | None = None
    law: safeguards.Law | None = None


def check(files: Mapping[str, bytes], profile: Profile | None) -> list[Finding]:
    """Return all that a person should look at before ``files`` (path -> bytes) go in service.

    A finding with severity ``fout`` keeps the set out of service. Without a profile only what
    the engine needs is judged, and forms only as far as they are readable.
    """
    review = _Review(files, profile)
    kept: dict[Severity, list[Finding]] = {"fout": [], "waarschuwing": []}
    more: set[Severity] = set()
    for finding in review.findings():
        alike = kept[finding.severity]
        if len(alike) < MAX_FINDINGS:
            alike.append(finding)
            continue
        more.add(finding.severity)
        if finding.severity == "fout":
            break
    for severity in more:
        sentence = f"Er zijn meer dan {MAX_FINDINGS} punten; de rest staat hier niet."
        file = kept[severity][-1].file
        kept[severity].append(Finding(file, None, None, "te-veel", sentence, severity))
    found = kept["fout"] + kept["waarschuwing"]
    found.sort(key=lambda finding: (finding.file, finding.line or 0, finding.element or ""))
    return found


class _Review:
    """One set under judgement, read once."""

    def __init__(self, files: Mapping[str, bytes], profile: Profile | None) -> None:
        self.files = files
        self.profile = profile
        self.diagrams: list[Diagram] = []
        self.unreadable: list[Finding] = []
        for path in sorted(files):
            if path.endswith(".bpmn"):
                self._read(path)
        self.processes = {
            process.id: process for found in self.diagrams for process in found.processes
        }
        self.models = {
            path: model
            for path in sorted(files)
            if path.endswith(".dmn") and (model := _model(files, path)) is not None
        }
        self.decided = {ident for model in self.models.values() for ident in model.decisions}
        self.tables = [
            table
            for path in sorted(files)
            if path.endswith(".dmn")
            for table in _tables(files[path], path)
        ]

    def _read(self, path: str) -> None:
        try:
            self.diagrams.append(diagram.read(self.files[path], path))
        except Invalid as error:
            self.unreadable.append(Finding(path, None, None, "xml", str(error)))

    def findings(self) -> Iterator[Finding]:
        yield from self.unreadable
        if len(self.processes) > MAX_PROCESSES:
            sentence = f"Deze set heeft meer dan {MAX_PROCESSES} processen."
            yield Finding(self.diagrams[0].file, None, None, "te-groot", sentence)
            return
        for found in self.diagrams:
            for problem in self._problems(found):
                yield _finding(found.file, problem)
        yield from self._identities()
        yield from self._decision_identities()
        yield from self._circles()
        yield from self._too_deep()
        yield from self._decisions()
        yield from self._templates()
        if self.profile is None:
            for path in sorted(self.files):
                if path.endswith(".form"):
                    yield from form_files.check(self.files[path], path)
            return
        if self.profile.forms is not None:
            yield from self.profile.forms(self.files)
        yield from self._terms(self.profile)
        if self.profile.law is not None:
            yield from self._safeguards(self.profile.law)

    def _safeguards(self, law: safeguards.Law) -> Iterator[Finding]:
        """Prove that no sanction is reached past a safeguard (table ``waarborgen``)."""
        path, model = next(
            (found for found in self.models.items() if SAFEGUARDS in found[1].decisions),
            (f"processes/{SAFEGUARDS}.dmn", None),
        )
        table = _table(model, law)
        yield from safeguards.prove(self.processes, self.files, law, table, path)

    def _problems(self, found: Diagram) -> Iterator[Problem]:
        yield from found.problems
        functions = self.profile.functions if self.profile else None
        for process in found.processes:
            broken = any(structure.stops(node) for node in self._callers.get(process.id, ()))
            yield from structure.problems(process, functions, interrupted=broken)
            yield from self._listening.problems(process)
            yield from self._thrown.problems(process)
            yield from Shared(self._callers, self._read_by).problems(process)
            yield from self._calls(process)
            if self.profile is not None:
                yield from _Asked(self, self.profile, process).problems()

    @cached_property
    def _listening(self) -> Listening:
        return Listening(self.processes)

    def _read_by(self, node: Node) -> frozenset[str]:
        """Return the names that an element asks for, a table's inputs too."""
        asked = {name for text in expressions(node) for name in text.variables}
        return self.needs_of(node.decision) | asked

    @cached_property
    def _thrown(self) -> Thrown:
        return Thrown(self.processes)

    @cached_property
    def _callers(self) -> Mapping[str, list[Node]]:
        """Return for each process the call activities that begin it."""
        found: dict[str, list[Node]] = {}
        for process in self.processes.values():
            for node in process.scope.everything():
                if node.called:
                    found.setdefault(node.called, []).append(node)
        return found

    def _calls(self, process: Process) -> Iterator[Problem]:
        for node in process.scope.everything():
            called = node.called or ""
            if called and not called.startswith("="):
                target = self.processes.get(called)
                if target is None:
                    yield structure.about(
                        node,
                        "aanroep",
                        f"Het proces {called} zit niet in deze set. Kies een ander, of upload het mee.",
                    )
                elif reason := _uncallable(target):
                    yield structure.about(node, "aanroep", f"{called} {reason}")
            decision = node.decision or ""
            if decision and not decision.startswith("=") and decision not in self.decided:
                yield structure.about(
                    node,
                    "beslissing",
                    f"De beslissing {decision} zit niet in deze set. Kies een andere, of upload haar mee.",
                )

    def _identities(self) -> Iterator[Finding]:
        for found in self.diagrams:
            lines = dict(reversed(found.ids))
            yield from (
                Finding(
                    found.file,
                    ident,
                    None,
                    "dubbele-id",
                    f"De id {ident} komt {times} keer voor in dit bestand. Geef elk een eigen id.",
                    line=lines[ident],
                )
                for ident, times in Counter(ident for ident, _ in found.ids).items()
                if times > 1
            )
        owners: dict[str, str] = {}
        for found in self.diagrams:
            for process in found.processes:
                for ident, name, line in _unique(process):
                    first = owners.setdefault(ident, found.file)
                    if first != found.file:
                        yield Finding(
                            found.file,
                            ident,
                            name,
                            "dubbele-id",
                            f"De id {ident} staat ook in {first}; een id is uniek in de hele set.",
                            line=line,
                        )

    def _decision_identities(self) -> Iterator[Finding]:
        owners: dict[str, str] = {}
        for path, model in self.models.items():
            for ident in model.decisions:
                if owners.setdefault(ident, path) != path:
                    yield Finding(
                        path,
                        ident,
                        None,
                        "dubbele-id",
                        f"De beslissing {ident} staat ook in {owners[ident]}.",
                    )

    def _circles(self) -> Iterator[Finding]:
        calls = {
            ident: [
                (node, node.called)
                for node in process.scope.everything()
                if node.called is not None and node.called in self.processes
            ]
            for ident, process in self.processes.items()
        }
        reach = cache(partial(_reach, calls=calls))
        for ident, process in self.processes.items():
            for node, called in calls[ident]:
                if ident in reach(called):
                    yield Finding(
                        process.file,
                        node.id,
                        node.name or None,
                        "kring",
                        _circle(ident, called),
                        line=node.line,
                    )

    def _too_deep(self) -> Iterator[Finding]:
        """Name the subprocesses and calls that have more of them inside than the engine runs."""
        nested = [
            (process, scope, node, inside)
            for process in self.processes.values()
            for scope in process.scope.scopes()
            for node in scope.nodes.values()
            if (inside := self._inside(node)) is not None
        ]
        deep: Counter[str] = Counter()  # how many scopes are inside each other in this one
        for _ in range(MAX_DEPTH + 1):
            for _process, scope, _node, inside in nested:
                deep[scope.id] = max(deep[scope.id], min(deep[inside] + 1, MAX_DEPTH + 1))
        for process, _scope, node, inside in nested:
            if deep[inside] == MAX_DEPTH:
                yield Finding(
                    process.file,
                    node.id,
                    node.name or None,
                    "te-diep",
                    f"Vanaf hier zitten meer dan {MAX_DEPTH} deelprocessen en aanroepen in elkaar."
                    " Voeg er een paar samen.",
                    line=node.line,
                )

    def _inside(self, node: Node) -> str | None:
        """Return the id of the scope that runs inside an element, where it has one."""
        if node.body is not None:
            return node.body.id
        return node.called if node.called in self.processes else None

    def _templates(self) -> Iterator[Finding]:
        for path in sorted(self.files):
            if path.endswith(".json"):
                yield from template_files.check(self.files[path], path)

    def _decisions(self) -> Iterator[Finding]:
        functions = self.profile.functions if self.profile else None
        for path in sorted(self.files):
            if path.endswith(".dmn"):
                yield from decisions.check(
                    self.files[path], path, functions=functions, others=self.files
                )

    @cached_property
    def supplied(self) -> frozenset[str]:
        """Return the names of all facts that a form or a step of the set gives."""
        found = form_files.keys(self.files)
        for process in self.processes.values():
            for node in process.scope.everything():
                found |= _written(node)
        return frozenset(found)

    def needs_of(self, decision: str | None) -> frozenset[str]:
        """Return the variables that the file of a decision asks for."""
        for model in self.models.values():
            if decision in model.decisions:
                return model.variables
        return frozenset()

    def column(self, decision: str, heading: str) -> set[str]:
        """Return the texts in one input column of a decision table."""
        return {name for name, _ in self._cells(decision, heading)}

    def _cells(self, decision: str, heading: str) -> Iterator[tuple[str, table_view.Row]]:
        """Return each text in one input column of a decision table, with its row."""
        for table in self.tables:
            if table.id != decision:
                continue
            for place, title in enumerate(table.inputs):
                if title.lower() == heading:
                    for row in table.rows:
                        yield from ((name, row) for name in _QUOTED.findall(row.inputs[place]))

    def _terms(self, profile: Profile) -> Iterator[Finding]:
        """Judge the working agreements: law is not theirs, and what they count from must exist."""
        law = profile.termijnen
        path = next(
            (p for p, model in self.models.items() if "werkafspraken" in model.decisions), None
        )
        if law is None or path is None:
            return
        agreed = self.column("werkafspraken", "termijn")
        for name, row in self._cells("werkafspraken", "termijn"):
            if name in law:
                yield Finding(
                    path,
                    row.id or "werkafspraken",
                    name,
                    "wettelijke-termijn",
                    f"De termijn {name} staat in de wet en mag niet in de tabel met werkafspraken. "
                    "Haal deze regel weg.",
                )
            for start in (start for cell in row.outputs for start in _COUNTED.findall(cell)):
                if start not in law | agreed:
                    yield Finding(
                        path,
                        row.id or "werkafspraken",
                        name,
                        "termijn",
                        f"{name} telt vanaf de termijn {start}. Dat is geen wet en geen werkafspraak.",
                    )


class _Asked:
    """What the profile asks of one process."""

    def __init__(self, review: _Review, profile: Profile, process: Process) -> None:
        self.review = review
        self.profile = profile
        self.process = process
        self.onderdelen = profile.onderdelen | review.column("rolverdeling", "onderdeel")
        self.terms = (
            None
            if profile.termijnen is None
            else profile.termijnen | review.column("werkafspraken", "termijn")
        )

    def problems(self) -> Iterator[Problem]:
        for node in self.process.scope.everything():
            if node.kind in {"task", "manualTask"}:
                yield structure.about(
                    node,
                    "geen-soort",
                    "Maak van deze taak een gebruikerstaak, zodat iemand hem ziet.",
                )
            if node.kind == "userTask":
                yield from self._user_task(node)
            if node.kind in {"serviceTask", "sendTask"} and node.service:
                yield from self._service(node, node.service)
            if node.kind in ACTIVITIES and not node.documentation:
                yield structure.about(
                    node,
                    "geen-uitleg",
                    "Schrijf bij deze stap wat hij is en op grond waarvan.",
                    "waarschuwing",
                )
            yield from self._texts(node)
        if self.profile.facts is not None:
            yield from self._unknown(self.profile.facts)
        if self.profile.begins is not None:
            yield from self._beginnings(self.profile.begins)

    def _beginnings(self, begins: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
        """Name the starts that nobody ever begins, and messages that could not choose a start."""
        opened = begins.get(self.process.id, frozenset())
        who = "Een dossier begint doordat iemand van de gemeente het opent (een gewone start)" + (
            f", of met het bericht {_listed(opened, 'of')}." if opened else "."
        )
        starts = self.process.scope.begins()
        for begin in starts:
            event = begin.event
            if event is not None and not (event.kind == "message" and event.name in opened):
                what = _WAITED.get(event.kind, "zo").format(event.name)
                yield structure.about(
                    begin.node, "begin", f"Niemand begint dit proces {what}. {who}"
                )
        plain = [begin.node for begin in starts if begin.event is None]
        own = {begin.event.name for begin in starts if begin.event is not None}
        if len(plain) > 1 and (missing := opened - own):
            yield structure.about(
                plain[1],
                "begin",
                "Dit proces heeft meer dan een gewone start. Wie een dossier opent, kiest; een bericht"
                f" kan dat niet. Teken een begin met het bericht {_listed(missing, 'en')}.",
            )

    def _user_task(self, node: Node) -> Iterator[Problem]:
        at = structure.about
        if not node.lane:
            yield at(
                node, "geen-baan", "Zet deze taak in een baan, zodat duidelijk is wie hem doet."
            )
        elif node.lane not in self.profile.rollen:
            rollen = sorted(self.profile.rollen)
            near = get_close_matches(node.lane.lower(), rollen, n=1, cutoff=0.8)
            hint = f"Bedoelde u {near[0]}?" if near else f"Kies uit: {', '.join(rollen)}."
            yield at(node, "baan", f"De baan {node.lane} is geen rol. {hint}")
        if not node.form:
            yield at(node, "geen-formulier", "Koppel een formulier aan deze taak.")
        elif f"forms/{node.form}.form" not in self.review.files:
            yield at(node, "formulier", f"Het formulier {node.form} zit niet in deze set.")
        onderdeel = node.properties.get("onderdeel")
        if not onderdeel:
            yield at(
                node, "geen-onderdeel", "Zeg bij welk onderdeel van de rolverdeling dit hoort."
            )
        elif onderdeel not in self.onderdelen:
            yield at(node, "onderdeel", f"De rolverdeling heeft geen rij voor {onderdeel}.")
        houder = node.properties.get("houder")
        if houder is not None and houder not in self.profile.houders:
            known = ", ".join(sorted(self.profile.houders))
            yield at(node, "houder", f"{houder} kan geen houder zijn. Kies uit: {known}.")
        if not node.due:
            yield at(node, "geen-datum", "Deze taak heeft geen uiterste datum.", "waarschuwing")

    def _service(self, node: Node, service: str) -> Iterator[Problem]:
        if not service.startswith("=") and service not in self.profile.services:
            known = ", ".join(sorted(self.profile.services)) or "geen"
            yield structure.about(
                node, "dienst", f"De dienst {service} kennen we niet. Er zijn: {known}."
            )

    def _texts(self, node: Node) -> Iterator[Problem]:
        if self.terms is None:
            return
        for text in expressions(node):
            for name in text.calls("termijn"):
                if name not in self.terms:
                    yield structure.about(
                        node, "termijn", f"De termijn {name} is geen wet en geen werkafspraak."
                    )

    def _unknown(self, facts: frozenset[str]) -> Iterator[Problem]:
        known = facts | self.review.supplied
        for node in self.process.scope.everything():
            asked = {name for text in expressions(node, heard=False) for name in text.variables}
            for name in sorted((asked | self.review.needs_of(node.decision)) - known):
                yield structure.about(
                    node,
                    "gegeven",
                    f"Geen formulier, bericht, tabel of stap levert het gegeven {name}."
                    f"{_meant(name, known)}",
                    "waarschuwing",
                )


def _meant(name: str, known: Iterable[str]) -> str:
    """Return a hint for a name that nobody brings: what it looks like, or how to compare."""
    if name.lower() in {"true", "false", "null"}:
        return f" Schrijf {name.lower()}, met kleine letters."
    if " " in name:
        return f' Vergelijken gaat met een is-teken, zoals {name.split(maxsplit=1)[0]} = "ja".'
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.8)
    hint = f" Bedoelde u {near[0]}?" if near else " Kijk of de naam klopt."
    return f"{hint} Zolang niets het levert, is het leeg."


def _listed(names: Iterable[str], word: str) -> str:
    *first, last = sorted(names)
    return f"{', '.join(first)} {word} {last}" if first else last


def _circle(ident: str, called: str) -> str:
    """Return why a process may not call itself, and what may be drawn instead."""
    way = "" if ident == called else f" via {called}"
    return (
        f"{ident} roept{way} zichzelf aan. Of dat ooit ophoudt is vooraf niet te zien."
        " Teken een lus om deze stap heen."
    )


def _uncallable(process: Process) -> str | None:
    """Return why a call could not know where this process begins; None when it does."""
    plain = process.scope.plain_begins()
    if not plain:
        return "heeft geen gewone start en is niet aan te roepen."
    if len(plain) == 1:
        return None
    names = ", ".join(begin.node.name or begin.node.id for begin in plain)
    return (
        f"heeft meer dan een gewone start ({names}); een aanroep kan daar niet uit kiezen. "
        "Laat er een over."
    )


def expressions(node: Node, *, heard: bool = True) -> Iterator[feel.Expression]:
    """Return the expressions of an element and of the arrows out of it, as far as they compile.

    ``heard``: also the output rows that read the content of a message or the answer of a service.
    """
    loop, event = node.loop, node.event
    texts = [
        node.script or "",
        node.due,
        node.follow_up,
        event.expression if event else "",
        *(row.source for row in node.inputs),
        *(row.source for row in node.outputs if heard or not _hears(node)),
        *(flow.condition or "" for flow in node.outgoing),
    ]
    if loop is not None:
        texts += [loop.collection, loop.cardinality, loop.output_element]
        texts += [loop.completion, loop.condition]
    for text in texts:
        if text.startswith("="):
            try:
                yield feel.compile(text[1:])
            except Incident:  # a finding of its own
                continue


def _hears(node: Node) -> bool:
    """Whether what comes from outside is read here: a message, a signal or a service's answer."""
    waits = node.kind == "receiveTask" or node.kind in CATCHING
    told = node.event is not None and node.event.kind in {"message", "signal"}
    return (waits and told) or node.service is not None


def _written(node: Node) -> set[str]:
    found = {node.result, *(row.target for row in (*node.inputs, *node.outputs))}
    if node.loop is not None:
        found |= {node.loop.item, node.loop.output_collection, "loopCounter"}
        found |= {"numberOfInstances", "numberOfCompletedInstances"}
        found |= {"numberOfActiveInstances", "numberOfTerminatedInstances"}
    return found


def _unique(process: Process) -> Iterator[tuple[str, str | None, int | None]]:
    yield process.id, process.name, process.line
    for node in process.scope.everything():
        if node.kind in ACTIVITIES:
            yield node.id, node.name or None, node.line


def _reach(begin: str, calls: Mapping[str, list[tuple[Node, str]]]) -> set[str]:
    known: set[str] = set()
    waiting = [begin]
    while waiting:
        current = waiting.pop()
        if current not in known:
            known.add(current)
            waiting += [called for _, called in calls.get(current, [])]
    return known


def _tables(data: bytes, path: str) -> list[table_view.Table]:
    try:
        return table_view.tables(data, path)
    except Invalid:  # a finding of decisions.check
        return []


def _model(files: Mapping[str, bytes], path: str) -> decisions.Model | None:
    try:
        return decisions.load(files[path], path, strict=False, others=files)
    except Invalid:  # a finding of decisions.check
        return None


def asked(model: decisions.Model | None, law: safeguards.Law) -> tuple[safeguards.Safeguard, ...]:
    """Return the safeguards that hold for a set with this table: the law's, and what it adds."""
    return safeguards.together(law, _table(model, law))


def _table(model: decisions.Model | None, law: safeguards.Law) -> list[safeguards.Safeguard]:
    stages = dict.fromkeys(row.stap for row in law.waarborgen)
    return [row for stage in stages for row in _stated(model, stage)]


def _stated(model: decisions.Model | None, stage: str) -> Iterator[safeguards.Safeguard]:
    """Return what the table asks for one kind of step. A cell that is no text counts as empty."""
    if model is None:
        return
    answer = model.decide(SAFEGUARDS, {"stap": stage}, now=_ANY_MOMENT).value
    for row in answer if isinstance(answer, list) else []:
        if isinstance(row, dict) and row.get("waarborg"):
            yield safeguards.Safeguard(
                str(row["waarborg"]),
                stage,
                str(row.get("betekenis") or ""),
                str(row.get("artikel") or ""),
                frozenset(name.strip() for name in str(row.get("velden") or "").split(",") if name),
            )


def _finding(file: str, problem: Problem) -> Finding:
    return Finding(
        file,
        problem.element,
        problem.name,
        problem.code,
        problem.message,
        problem.severity,
        problem.line,
    )
