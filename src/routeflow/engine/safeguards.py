"""Prove on the diagrams that no sanction is reached past its safeguards (waarborgen).

The diagrams become one graph: a called process stands in it once for each call, an activity with
an inside has an entrance and an exit. A safeguard holds at an element when no token can come there
without a person having completed a step that is marked with it. That is looked for the other way
round: everything a token can reach *without* the safeguard is found, nearest first, so that the
path that breaks it is a shortest one. Conditions on flows count as free to go either way, a merge
is as weak as its weakest branch, and only a parallel join, which waits for all its branches, is as
strong as its strongest one. So the proof errs on the side of the inburgeraar.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from routeflow.engine import form_files
from routeflow.engine.diagram import Node, Process, Scope
from routeflow.engine.types import Finding

SANCTIE: Final = "sanctie"
WAARBORG: Final = "waarborg"
ANDERE_DAN: Final = "andere_dan"
HOUDER: Final = "houder"
INBURGERAAR: Final = "inburgeraar"
MAX_PLACES: Final = 200_000
MAX_CALLS: Final = 100

Place = tuple[tuple[str, ...], str, str]
"""Where a token can be: the call activities around it, the element, and "in" or "uit"."""


class _TooLargeError(Exception):
    """The set has more places than a proof can look at."""


@dataclass(frozen=True, slots=True)
class Safeguard:
    """What must have happened before a step toward a sanction.

    ``stap``: the kind of sanction step that needs it. ``velden``: a step counts when its form
    always asks one of these (empty: any step of a person). ``persoon``: the step must also name,
    with the property ``andere_dan``, who may not do it. ``grond``: what starts a review of the
    inburgeraar at all; it is not asked on every path but after an overdue of somebody else.
    """

    naam: str
    stap: str
    betekenis: str
    artikel: str
    velden: frozenset[str] = frozenset()
    persoon: bool = False
    grond: bool = False


@dataclass(frozen=True, slots=True)
class Law:
    """What no table may leave out. ``feiten``: facts that only a sanction writes, with its kind.

    ``melder``: the fact that names who reported; that person never judges. ``melding``: the message
    with which a person reports. ``gemeente``: lanes that may give a safeguard; ``rollen``: lanes
    that may take each kind of step; ``toetsers``: lanes that may give one that asks for another
    person. ``mens``: names that only a person fills in. ``keuze``: what a question always leaves
    open. ``grens``: the function that the rule of a question asks, and ``samen``: what the form of
    a question asks too. What is left empty here is not asked.
    """

    waarborgen: tuple[Safeguard, ...]
    feiten: Mapping[str, str]
    melder: str = ""
    melding: str = ""
    gemeente: frozenset[str] = frozenset()
    rollen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    toetsers: frozenset[str] = frozenset()
    mens: frozenset[str] = frozenset()
    keuze: Mapping[str, str] = field(default_factory=dict)
    grens: Mapping[str, str] = field(default_factory=dict)
    samen: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Graph:
    """The whole set as places and arrows.

    ``needs_all``: joins that wait for all their branches. ``overdue``: timers that tell that
    somebody other than the inburgeraar is late. ``waits``: what an event may interrupt or join,
    from the place where it begins to wait (None: from the start of the whole process).
    """

    nodes: dict[Place, Node] = field(default_factory=dict)
    after: dict[Place, list[Place]] = field(default_factory=lambda: defaultdict(list))
    before: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    needs_all: set[Place] = field(default_factory=set)
    roots: list[Place] = field(default_factory=list)
    overdue: list[Place] = field(default_factory=list)
    thrown: dict[tuple[str, str], list[Place]] = field(default_factory=lambda: defaultdict(list))
    caught: dict[tuple[str, str], list[Place]] = field(default_factory=lambda: defaultdict(list))
    waits: list[tuple[Place | None, Place]] = field(default_factory=list)

    def add(self, source: Place, target: Place) -> None:
        self.after[source].append(target)
        self.before[target] += 1

    def hears(self, place: Place) -> list[Place]:
        """Return the events that catch what is thrown at ``place``."""
        key = _key(self.nodes[place])
        if place not in self.thrown.get(key, ()):
            return []
        any_code = (key[0], "") if key[0] in {"error", "escalation"} else key
        return [at for name in {key, any_code} for at in self.caught.get(name, ())]


def prove(
    processes: Mapping[str, Process],
    files: Mapping[str, bytes],
    law: Law,
    table: Sequence[Safeguard],
    table_file: str,
) -> Iterator[Finding]:
    """Return every way in which the set lets somebody come to a sanction past a safeguard.

    ``table``: the safeguards as the set itself states them, from ``table_file``. What the law asks
    and the table leaves out is a finding, and is asked all the same.
    """
    try:
        reading = Reading(processes, files, law, together(law, table))
    except _TooLargeError:
        yield Finding(
            table_file,
            None,
            None,
            "te-groot",
            "De processen roepen elkaar zo vaak aan dat de waarborgen voor een sanctie niet te"
            " bewijzen zijn. Laat processen elkaar minder vaak aanroepen.",
        )
        return
    yield from reading.marks()
    if reading.sanctions:
        yield from _missing(law, table, table_file)
        yield from reading.paths()
        yield from reading.steps()


def _missing(law: Law, table: Sequence[Safeguard], table_file: str) -> Iterator[Finding]:
    stated = {(row.naam, row.stap) for row in table}
    for must in law.waarborgen:
        if (must.naam, must.stap) not in stated:
            yield Finding(
                table_file,
                None,
                None,
                "waarborg-tabel",
                f"De waarborg “{must.naam}” voor stap {must.stap} ontbreekt in de tabel waarborgen. "
                f"De wet vraagt hem: {must.artikel}. Zet de regel terug.",
            )


def together(law: Law, table: Sequence[Safeguard]) -> tuple[Safeguard, ...]:
    """Return what the law asks, then what the table asks on top. The table may only add."""
    stated = {(row.naam, row.stap): row for row in table}
    lawful = [
        replace(must, betekenis=row.betekenis or must.betekenis)
        if (row := stated.pop((must.naam, must.stap), None))
        else must
        for must in law.waarborgen
    ]
    return (*lawful, *stated.values())


class Reading:
    """One set under proof, read once. ``sanctions``: the places of its sanction steps, with the kind."""

    def __init__(
        self,
        processes: Mapping[str, Process],
        files: Mapping[str, bytes],
        law: Law,
        asked: Sequence[Safeguard],
    ) -> None:
        self.processes = processes
        self.files = files
        self.law = law
        self.asked = asked
        self.stappen = list(dict.fromkeys(row.stap for row in asked))
        self._asked_by: dict[str, frozenset[str]] = {}
        self._written_by: dict[str, frozenset[str]] = {}
        steps = (node for process in processes.values() for node in process.scope.everything())
        self.graph = _graph(processes) if any(map(self._stap, steps)) else _Graph()
        self.sanctions = {
            place: stap
            for place, node in self.graph.nodes.items()
            if place[2] == "in" and (stap := self._stap(node))
        }

    def marks(self) -> Iterator[Finding]:
        """Judge the marks themselves: unknown words, and safeguards that nobody could prove."""
        names = {row.naam for row in self.asked}
        for process in self.processes.values():
            for node in process.scope.everything():
                stap = node.properties.get(SANCTIE)
                if stap is not None and stap not in self.stappen:
                    known = ", ".join(self.stappen)
                    yield _about(
                        process, node, "sanctie", f"{stap} is geen stap. Kies uit: {known}."
                    )
                for naam in _listed(node, WAARBORG):
                    if naam not in names:
                        known = ", ".join(sorted(names))
                        zin = f"De waarborg {naam} staat niet in de tabel. Kies uit: {known}."
                        yield _about(process, node, "waarborg", zin)
                    elif reason := self._unproven(node, naam):
                        yield _about(process, node, "waarborg", reason)

    def paths(self) -> Iterator[Finding]:
        """Return the shortest path to each sanction that misses one of its safeguards."""
        for naam in dict.fromkeys(row.naam for row in self.asked if not row.grond):
            wanted = {row.stap: row for row in self.asked if row.naam == naam}
            reached = reach(self.graph, self.graph.roots, keeps=partial(self.keeps, naam))
            nearest: dict[str, Place] = {}
            for place in sorted(self.sanctions.keys() & reached, key=lambda at: reached[at][0]):
                nearest.setdefault(place[1], place)
            for place in nearest.values():
                row = wanted.get(self.sanctions[place])
                if row and not self.keeps(naam, self.graph.nodes[place]):
                    yield self._broken(place, _back(reached, place), row)
        yield from self._same_person()
        yield from self._begin()
        yield from self._overdue()

    def steps(self) -> Iterator[Finding]:
        """Judge what each step asks, who takes it, and whether it leaves the mild way open."""
        for process in self.processes.values():
            for node in process.scope.everything():
                yield from self._by_a_machine(process, node)
                yield from self._of_another(process, node)
        nodes = {place[1]: place for place in self.graph.nodes if place[2] == "in"}
        for place in nodes.values():
            node = self.graph.nodes[place]
            process = self.processes[node.process]
            if node.kind != "userTask":
                continue
            if stap := self._stap(node):
                allowed = self.law.rollen.get(stap, frozenset())
                if allowed and node.lane not in allowed:
                    yield _about(process, node, "waarborg-rol", _not_theirs(node, allowed))
            if stap or _listed(node, WAARBORG):
                yield from self._questions(process, node)
                yield from self._way_out(place)

    def _by_a_machine(self, process: Process, node: Node) -> Iterator[Finding]:
        """A script, table or service never fills in what only a person judges (AVG art. 22)."""
        if node.kind in {"userTask", "callActivity", "subProcess"}:
            return
        written = {node.result, *(row.target for row in node.outputs)} & self.law.mens
        for naam in sorted(written):
            zin = f"“{_name(node)}” vult {naam} zelf in. Dat mag alleen een mens (AVG artikel 22)."
            yield _about(process, node, "waarborg-mens", zin)

    def _of_another(self, process: Process, node: Node) -> Iterator[Finding]:
        """A step that another party registers is not the inburgeraar's: who was late cannot be told."""
        gemeente = self.law.gemeente
        if not gemeente or node.lane is None or node.properties.get(HOUDER) != INBURGERAAR:
            return
        if node.lane not in gemeente:
            zin = (
                f"“{_name(node)}” ligt bij de {node.lane} en heeft {INBURGERAAR} als {HOUDER}. Wat een "
                f"partner laat liggen, zou dan de inburgeraar te verwijten zijn (Awb artikel 5:41). "
                f"Kies partner als {HOUDER}, of zet de stap in een baan van de gemeente."
            )
            yield _about(process, node, "waarborg-houder", zin)

    def _questions(self, process: Process, node: Node) -> Iterator[Finding]:
        """The form leaves "niets" open, stays under what the law allows, and asks its reasons."""
        data = self.files.get(f"forms/{node.form}.form", b"{}")
        asked, rules = form_files.written(data), form_files.rules(data)
        for naam in sorted(asked & self.law.keuze.keys()):
            keuze = self.law.keuze[naam]
            if keuze not in form_files.choices(data).get(naam, ()):
                zin = (
                    f"Het formulier {node.form} biedt bij {naam} niet “{keuze}”. "
                    "Die keuze blijft altijd open (Awb artikel 5:41 en 5:46)."
                )
                yield _about(process, node, "waarborg-uitweg", zin)
            if naam in form_files.prefilled(data):
                zin = f"Het formulier {node.form} vult {naam} vooraf in. Een oordeel begint leeg."
                yield _about(process, node, "waarborg-mens", zin)
        for naam in sorted(asked & self.law.grens.keys()):
            functie = self.law.grens[naam]
            if f"{functie}(" not in rules.get(naam, ""):
                zin = (
                    f"De regel van {naam} in {node.form} vraagt {functie} niet meer. Dan houdt niets "
                    "het formulier onder wat de wet toestaat (Besluit artikel 7.1; Wet artikel 27)."
                )
                yield _about(process, node, "waarborg-grens", zin)
        for naam in sorted(asked & self.law.samen.keys()):
            for ook in sorted(self.law.samen[naam] - asked):
                zin = f"Het formulier {node.form} vraagt {naam}, en moet dan ook {ook} vragen."
                yield _about(process, node, "waarborg-reden", zin)

    def _way_out(self, place: Place) -> Iterator[Finding]:
        """From each judgement the route can end without a further sanction."""
        node = self.graph.nodes[place]
        asked = self._form(self._written_by, node.form, form_files.written)
        if not asked & self.law.keuze.keys():
            return
        reached = reach(self.graph, [(place[0], place[1], "uit")], avoid=self.sanctions)
        if not any(self.graph.nodes[at].kind == "endEvent" for at in reached):
            zin = (
                f"Na “{_name(node)}” komt altijd een sanctie. Teken een weg naar een einde zonder "
                "sanctie (Awb artikel 5:41 en 5:46)."
            )
            yield _about(self.processes[node.process], node, "waarborg-uitweg", zin)

    def _begin(self) -> Iterator[Finding]:
        """Nothing but a person's report or judgement begins the way to a sanction (Awb art. 5:41)."""
        grounds = [row for row in self.asked if row.grond]
        if not grounds or not self.law.melding:
            return
        reached = reach(self.graph, self.graph.roots, keeps=self.reported)
        ends = sorted(self.sanctions.keys() & reached, key=lambda at: reached[at][0])
        for end in ends[:1]:
            yield self._finding(
                self.graph.nodes[end],
                _back(reached, end),
                "waarborg-begin",
                f"“{_name(self.graph.nodes[end])}” is te bereiken zonder dat een mens eerst vaststelde "
                f"dat de inburgeraar zelf iets naliet ({grounds[0].artikel}).",
            )

    def reported(self, node: Node) -> bool:
        """Say whether a person said here that the inburgeraar let something pass."""
        key = _key(node)
        if key == ("message", self.law.melding) and node.kind == "startEvent":
            return key not in self.graph.thrown
        return any(row.grond and self.keeps(row.naam, node) for row in self.asked)

    def _broken(self, place: Place, way: Sequence[Place], row: Safeguard) -> Finding:
        node = self.graph.nodes[place]
        return self._finding(
            node,
            way,
            "waarborg",
            f"“{_name(node)}” is te bereiken zonder de waarborg “{row.naam}”: {row.betekenis} "
            f"({row.artikel}).",
        )

    def _finding(self, node: Node, way: Sequence[Place], code: str, sentence: str) -> Finding:
        nodes = [self.graph.nodes[place] for place in way]
        names = dict.fromkeys(_name(passed) for passed in nodes if "Gateway" not in passed.kind)
        return Finding(
            self.processes[node.process].file,
            node.id,
            node.name or None,
            code,
            f"{sentence} Het kortste pad: {' → '.join(names)}.",
            line=node.line,
            path=tuple(dict.fromkeys(self._drawn(way))),
        )

    def _drawn(self, way: Sequence[Place]) -> Iterator[tuple[str, str]]:
        """Return file and id of what the path passes: each element, and the arrow out of it."""
        for place, following in zip(way, (*way[1:], None), strict=True):
            node = self.graph.nodes[place]
            yield self.processes[node.process].file, node.id
            for flow in node.outgoing if place[2] == "uit" and following else ():
                if flow.id and following and flow.target == following[1]:
                    yield self.processes[node.process].file, flow.id

    def _same_person(self) -> Iterator[Finding]:
        """Who decides is neither who reported nor who took an earlier step (Awb art. 10:3 lid 4)."""
        steps = {
            place[1]: (self.graph.nodes[place], self.stappen.index(stap))
            for place, stap in self.sanctions.items()
            if self.graph.nodes[place].kind == "userTask"
        }
        for node, rank in steps.values():
            if rank == 0:
                continue
            earlier = [other.id for other, before in steps.values() if before < rank]
            named = _listed(node, ANDERE_DAN)
            if missing := [name for name in (self.law.melder, *earlier) if name not in named]:
                yield _about(
                    self.processes[node.process],
                    node,
                    "waarborg-persoon",
                    f"“{_name(node)}” kan nu door dezelfde persoon als {', '.join(missing)}. "
                    f"Noem die in de eigenschap {ANDERE_DAN} (Awb artikel 10:3 lid 4).",
                )

    def _overdue(self) -> Iterator[Finding]:
        """An overdue of a partner or of the gemeente never leads to a sanction (Awb art. 5:41)."""
        graph = self.graph
        normal = reach(graph, graph.roots, avoid=frozenset(graph.overdue))
        judged = {
            place
            for place in normal
            if any(row.grond and self.keeps(row.naam, graph.nodes[place]) for row in self.asked)
        }
        told: set[str] = set()
        for source in graph.overdue:
            timer = graph.nodes[source]
            reached = reach(graph, [source], stops=judged, causes=True)
            ends = self.sanctions.keys() & reached
            if not ends or timer.id in told:
                continue
            told.add(timer.id)
            end = min(ends, key=lambda place: reached[place][0])
            yield self._finding(
                timer,
                _back(reached, end),
                "waarborg-overschrijding",
                f"Na “{_name(timer)}” loopt een pad naar “{_name(graph.nodes[end])}”. "
                "Wat een ander dan de inburgeraar laat liggen, mag nooit tot een sanctie leiden "
                "(Awb artikel 5:41).",
            )

    def _stap(self, node: Node) -> str | None:
        """Return the kind of sanction step that ``node`` is: by its mark, or by what its form writes."""
        if marked := node.properties.get(SANCTIE):
            return marked if marked in self.stappen else None
        if node.kind != "userTask":
            return None
        written = self._form(self._written_by, node.form, form_files.written)
        kinds = {kind for fact, kind in self.law.feiten.items() if fact in written}
        return next((stap for stap in reversed(self.stappen) if stap in kinds), None)

    def keeps(self, naam: str, node: Node) -> bool:
        """Say whether ``node`` gives the safeguard ``naam``: marked with it, and so that it counts."""
        return naam in _listed(node, WAARBORG) and self._unproven(node, naam) is None

    def _unproven(self, node: Node, naam: str) -> str | None:
        """Return why a mark does not count, None when it does."""
        rows = [row for row in self.asked if row.naam == naam]
        if node.kind != "userTask":
            return (
                f"De waarborg “{naam}” kan alleen bij een gebruikerstaak: een mens moet het doen."
            )
        if node.loop is not None:
            return f"Deze taak kan nul keer voorkomen; dan is “{naam}” niet gewaarborgd."
        fields = frozenset[str]().union(*(row.velden for row in rows))
        if fields and not fields & self._form(self._asked_by, node.form, form_files.always_asked):
            namen = " of ".join(sorted(fields))
            return (
                f"Het formulier {node.form or '(geen)'} vraagt {namen} niet altijd. "
                f"Maak dat veld verplicht; zonder dat telt “{naam}” niet."
            )
        persoon = any(row.persoon for row in rows)
        allowed = self.law.toetsers if persoon else self.law.gemeente
        if allowed and node.lane not in allowed:
            return _not_theirs(node, allowed)
        if persoon and self.law.melder not in _listed(node, ANDERE_DAN):
            return (
                f"Voor “{naam}” moet {self.law.melder} in de eigenschap {ANDERE_DAN} staan: "
                "wie meldt, oordeelt niet."
            )
        return None

    def _form(
        self,
        known: dict[str, frozenset[str]],
        form: str | None,
        look: Callable[[bytes], frozenset[str]],
    ) -> frozenset[str]:
        if form is None:
            return frozenset()
        if form not in known:
            known[form] = look(self.files.get(f"forms/{form}.form", b"{}"))
        return known[form]


def _name(node: Node) -> str:
    return node.name or node.id


def _not_theirs(node: Node, allowed: Collection[str]) -> str:
    return (
        f"“{_name(node)}” staat in de baan {node.lane or '(geen)'}. Dat oordeel is van de gemeente: "
        f"{', '.join(sorted(allowed))} (Wet artikel 22 en 23; Awb artikel 10:3)."
    )


def _listed(node: Node, name: str) -> list[str]:
    return [part.strip() for part in node.properties.get(name, "").split(",") if part.strip()]


def _about(process: Process, node: Node, code: str, sentence: str) -> Finding:
    return Finding(process.file, node.id, node.name or None, code, sentence, line=node.line)


def _graph(processes: Mapping[str, Process]) -> _Graph:
    """Return all places and arrows of the set, from each process that can begin by itself."""
    laying = _Laying(processes)
    called = {
        node.called
        for process in processes.values()
        for node in process.scope.everything()
        if node.called
    }
    for process in processes.values():
        begins = process.scope.begins()
        if process.id not in called or any(begin.event for begin in begins):
            roots = (begin.via or node for begin in begins for node in begin.nodes)
            laying.graph.roots += dict.fromkeys(((), node.id, "in") for node in roots)
            laying.scope(process.scope, (), frozenset({process.id}), None)
    laying.connect_waits()
    return laying.graph


class _Laying:
    """Lays the set out as one graph. A class because every step needs the set and the graph."""

    def __init__(self, processes: Mapping[str, Process]) -> None:
        self.processes = processes
        self.graph = _Graph()

    def scope(
        self, scope: Scope, calls: tuple[str, ...], around: frozenset[str], entered: Place | None
    ) -> None:
        """Add the inside of ``scope``, which its tokens enter at ``entered`` (None: from outside)."""
        graph = self.graph
        if len(graph.nodes) > MAX_PLACES or len(around) > MAX_CALLS:
            raise _TooLargeError
        for node in scope.nodes.values():
            into, out = (calls, node.id, "in"), (calls, node.id, "uit")
            graph.nodes[into] = graph.nodes[out] = node
            if node.kind == "parallelGateway" and len(node.incoming) > 1:
                graph.needs_all.add(into)
            self._event(scope, node, into)
            if node.triggered_by_event:
                self._event_subprocess(node, calls, around, entered)
            else:
                self._activity(node, calls, around)
            for flow in node.outgoing:
                graph.add(out, (calls, flow.target, "in"))
            graph.waits += [(into, (calls, boundary.id, "in")) for boundary in node.boundaries]
        for source in filter(_throws_link, scope.nodes.values()):
            for target in scope.nodes.values():
                if target.kind == "intermediateCatchEvent" and _key(target) == _key(source):
                    graph.add((calls, source.id, "uit"), (calls, target.id, "in"))

    def connect_waits(self) -> None:
        """Let each event follow where it begins to wait; a signal of the set, where it is thrown."""
        graph = self.graph
        for source, target in graph.waits:
            key = _key(graph.nodes[target])
            throwers = graph.thrown.get(key, []) if key[0] == "signal" else []
            for place in throwers:
                graph.add(place, target)
            if source is not None and not throwers:
                graph.add(source, target)
            elif not throwers:
                graph.roots.append(target)

    def _activity(self, node: Node, calls: tuple[str, ...], around: frozenset[str]) -> None:
        graph, into, out = self.graph, (calls, node.id, "in"), (calls, node.id, "uit")
        inside = node.body
        if (called := self.processes.get(node.called or "")) and called.id not in around:
            inside, calls, around = called.scope, (*calls, node.id), around | {called.id}
        if inside is None or node.loop is not None:  # over an empty collection nothing happens
            graph.add(into, out)
        if inside is None:
            return
        self.scope(inside, calls, around, into)
        for begin in inside.plain_begins():
            for first in begin.nodes:
                graph.add(into, (calls, first.id, "in"))
        for last in _ends(inside):
            graph.add((calls, last.id, "uit"), out)

    def _event_subprocess(
        self,
        node: Node,
        calls: tuple[str, ...],
        around: frozenset[str],
        entered: Place | None,
    ) -> None:
        if node.body is None:
            return
        self.scope(node.body, calls, around, entered)
        self.graph.waits += [(entered, (calls, start.id, "in")) for start in node.body.starts()]

    def _event(self, scope: Scope, node: Node, into: Place) -> None:
        if node.event is None or node.event.kind in {"none", "link", "terminate"}:
            return
        throws = node.kind in {"intermediateThrowEvent", "endEvent", "sendTask"}
        (self.graph.thrown if throws else self.graph.caught)[_key(node)].append(into)
        if node.event.kind == "timer" and _of_another(scope, node):
            self.graph.overdue.append(into)


def _ends(scope: Scope) -> Iterator[Node]:
    """Return where tokens of a scope end, those of its event subprocesses included."""
    for node in scope.nodes.values():
        if node.triggered_by_event and node.body is not None:
            yield from _ends(node.body)
        elif not node.outgoing and not node.triggered_by_event and not _throws_link(node):
            yield node


def _throws_link(node: Node) -> bool:
    return node.kind == "intermediateThrowEvent" and _key(node)[0] == "link"


def _key(node: Node) -> tuple[str, str]:
    return (node.event.kind, node.event.name) if node.event else ("none", "")


def _of_another(scope: Scope, node: Node) -> bool:
    """Say whether a timer tells that somebody other than the inburgeraar is late.

    A timer on a step, one beside a wait for others, and one over a whole scope do; a timer that a
    route simply waits for, such as a hersteltermijn, does not.
    """
    if node.properties.get(HOUDER) == INBURGERAAR:
        return False
    if node.kind == "boundaryEvent":
        host = scope.nodes.get(node.attached_to or "")
        return host is None or host.properties.get(HOUDER) != INBURGERAAR
    sources = (scope.nodes.get(flow.source) for flow in node.incoming)
    return node.kind == "startEvent" or any(
        source is not None and source.kind == "eventBasedGateway" for source in sources
    )


Reached = dict[Place, tuple[int, Place | None]]
"""How many arrows from the beginning a place is, and the place before it."""


def reach(  # noqa: PLR0913 - one search, asked in three ways
    graph: _Graph,
    begin: Sequence[Place],
    *,
    keeps: Callable[[Node], bool] = lambda _node: False,
    avoid: Collection[Place] = (),
    stops: Collection[Place] = (),
    causes: bool = False,
) -> Reached:
    """Return every place that a token can reach past no step that ``keeps``, nearest first.

    A step that keeps is entered, and left by its boundary events only. A parallel join is reached
    when all its branches can come; with ``causes`` one branch is enough, and what is thrown goes on
    where it is caught. ``avoid`` is never entered, ``stops`` is never left.
    """
    reached: Reached = {}
    arrived: Counter[Place] = Counter()
    queue: deque[tuple[Place, Place | None]] = deque((place, None) for place in begin)
    while queue:
        place, before = queue.popleft()
        if place in reached or place in avoid:
            continue
        arrived[place] += 1
        if place in graph.needs_all and not causes and arrived[place] < graph.before[place]:
            continue
        reached[place] = (0 if before is None else reached[before][0] + 1, before)
        if place in stops:
            continue
        targets = graph.after.get(place, [])
        if place[2] == "in" and keeps(graph.nodes[place]):
            targets = [target for target in targets if target[1] != place[1]]
        heard = graph.hears(place) if causes else []
        queue.extend((target, place) for target in (*targets, *heard))
    return reached


def _back(reached: Reached, place: Place) -> list[Place]:
    way = [place]
    while (before := reached[way[-1]][1]) is not None:
        way.append(before)
    return way[::-1]
