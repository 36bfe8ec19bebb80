"""Random processes that put every kind of activity and event together, and a machine that plays them.

Beside support/oracle.py: lists and loops on every activity, several events at one edge, signals,
escalations and errors through scopes and calls, conditions, throws, terminate and links. The machine
knows no tokens or gateways: what goes on is a tree, and what is broken off is cut out of it.
"""

from dataclasses import dataclass, field
from itertools import count, pairwise

from support import bpmn

HOSTS = ["task", "sub", "call", "each", "again"]
PLAIN = ["xor", "par", "inc", "loop", "race", "wait", "fork", "split", "script", "link"]
THROWS = ["throw", "throw", "fail", "stop"]
CAUGHT = ["message", "timer", "signal", "condition"]


@dataclass
class Part:
    """A piece of a process. ``edges``: at an activity; ``handlers``: event subprocesses inside it."""

    kind: str
    ident: str
    parts: list["Part"] = field(default_factory=list)
    edges: list["Edge"] = field(default_factory=list)
    handlers: list["Edge"] = field(default_factory=list)
    extra: dict = field(default_factory=dict)


@dataclass
class Edge:
    """Something that listens, with what follows it. ``name``: of the message or signal, or the code."""

    event: str
    ident: str
    name: str
    interrupting: bool
    after: Part


class Grower:
    """Makes one random process."""

    def __init__(self, random):
        self.random = random
        self.numbers = count()
        self.messages = []

    def process(self, depth=3):
        root = Part("sub", "p")
        events = self.heard()
        root.parts = [self.seq(depth, guarded="error" in events)]
        self.listen(root, events, depth, guarded=False)
        return root

    def name(self, kind):
        return f"{kind}{next(self.numbers)}"

    def seq(self, depth, *, guarded, begin=0):
        parts = [self.task()] * begin
        parts += [self.part(depth, guarded) for _ in range(self.random.randint(1, 3 - begin))]
        return Part("seq", self.name("q"), parts)

    def task(self):
        return Part("task", self.name("task"))

    def part(self, depth, guarded):  # noqa: C901 - one case for each kind of part
        if depth <= 0:
            return self.task()
        kind = self.random.choice(HOSTS * 2 + PLAIN + THROWS * 2)
        if kind in HOSTS:
            return self.activity(kind, depth, guarded)
        found = Part(kind, self.name(kind))
        if kind in {"throw", "fail", "stop"}:
            found.parts = [self.task()]
            found.extra["code"] = self.random.choice("AB")
            found.extra["event"] = self.random.choice(["signal", "message", "escalation"])
            if kind == "fail" and not guarded:
                found.kind = "throw"
        elif kind == "wait":
            found.extra["event"] = self.random.choice([*CAUGHT, "receive"])
            self.remember(found.extra["event"], found.ident)
        elif kind == "loop":
            found.parts = [self.seq(depth - 1, guarded=guarded, begin=1)]
        elif kind == "link":
            found.parts = [self.seq(depth - 1, guarded=guarded)]
        elif kind != "script":
            number = self.random.randint(2, 3)
            found.parts = [self.seq(depth - 1, guarded=guarded) for _ in range(number)]
        if kind == "race":
            drawn = [self.random.choice([*CAUGHT, "receive"]) for _ in found.parts]
            found.extra["events"] = [  # a second event for the one signal of a race never comes
                "timer" if event == "signal" in drawn[:place] else event
                for place, event in enumerate(drawn)
            ]
            for place, event in enumerate(found.extra["events"]):
                self.remember(event, f"{found.ident}_{place}")
        return found

    def remember(self, event, name):
        if event in {"message", "receive"}:
            self.messages.append(name)

    def activity(self, kind, depth, guarded):
        """Return an activity, perhaps one that repeats, perhaps with events at its edge."""
        random, found = self.random, Part(kind, self.name(kind))
        if kind in {"each", "again"}:
            found.extra = {
                "body": random.choice(["task", "sub", "sub", "call"]),
                "number": random.randint(0, 3),
                "sequential": random.random() < 0.4,
                "until": random.choice([None, None, 1, 2, "choice"]),
                "before": random.random() < 0.5,
                "maximum": random.choice([None, 1, 2, 3]),
            }
        self.edge(found, depth, guarded)
        inside = guarded or any(edge.event == "error" for edge in found.edges)
        if kind != "task" and found.extra.get("body") != "task":
            events = self.heard() if random.random() < 0.4 else []
            body = inside or "error" in events
            found.parts = [self.seq(depth - 1, guarded=body, begin=int(kind == "again"))]
            self.listen(found, events, depth, guarded=inside)
        return found

    def edge(self, found, depth, guarded):
        if self.random.random() < 0.4:
            return
        for event in dict.fromkeys(self.heard()):
            ident = self.name("edge")
            interrupting = event == "error" or (event != "cycle" and self.random.random() < 0.5)
            after = self.seq(depth - 1, guarded=guarded)
            if not interrupting:  # it may run twice at once: only a scope keeps those apart
                after = Part("sub", self.name("sub"), [after])
            name = "" if event == "error" else self.called(event, ident)
            found.edges.append(Edge(event, ident, name, interrupting, after))

    def heard(self):
        """Return what two event subprocesses wait for."""
        return self.random.sample([*CAUGHT, "cycle", "error", "error", "escalation"], 2)

    def listen(self, found, events, depth, *, guarded):
        for event in dict.fromkeys(events):
            ident = self.name("handler")
            interrupting = event == "error" or (event != "cycle" and self.random.random() < 0.5)
            after = self.seq(depth - 1, guarded=guarded)
            name = "" if event == "error" else self.called(event, ident)
            found.handlers.append(Edge(event, ident, name, interrupting, after))

    def called(self, event, ident):
        self.remember(event, ident)
        if event == "signal":
            return self.random.choice(["S1", "S2"])
        if event in {"error", "escalation"}:
            return self.random.choice(["A", "B", ""])
        return ident


def grow(random, depth=3):
    """Return a random process in which a thrown message is one that something may wait for."""
    grower = Grower(random)
    process = grower.process(depth)
    for part in everything(process):
        if part.extra.get("event") == "message" and part.kind in {"throw", "fail", "stop"}:
            part.extra["message"] = random.choice([*grower.messages, "elders"])
    return process


def everything(part):
    """Return a part and all that is inside it."""
    found, waiting = [], [part]
    while waiting:
        found.append(waiting.pop())
        waiting += found[-1].parts
        waiting += [edge.after for edge in (*found[-1].edges, *found[-1].handlers)]
    return found


def choices(process):
    """Return all names on which something is chosen."""
    found = []
    for part in everything(process):
        found.append(part.ident)
        found += [f"{part.ident}_{place}" for place in range(len(part.parts))]
        found += [edge.ident for edge in (*part.edges, *part.handlers)]
    return found


# the drawing


def draw(process):
    called = [
        f'<bpmn:process id="{part.ident}_p" isExecutable="true">{_inside(part)}</bpmn:process>'
        for part in everything(process)
        if part.kind == "call" or part.extra.get("body") == "call"
    ]
    return bpmn.draw("p", _inside(process), outside="".join(called))


def _inside(part):
    """Draw what is in a process or subprocess."""
    first, last, drawn = _draw(part.parts[0])
    begin, done = f"{part.ident}_s", f"{part.ident}_e"
    drawn += [bpmn.start(begin), bpmn.end(done)]
    drawn += [bpmn.path(f"{begin} > {first}"), bpmn.path(f"{last} > {done}")]
    for handler in part.handlers:
        first, last, inner = _draw(handler.after)
        begin, done = f"{handler.ident}_s", f"{handler.ident}_e"
        flag = str(handler.interrupting).lower()
        drawn.append(
            bpmn.event_sub(
                handler.ident, *inner, bpmn.end(done), bpmn.path(f"{last} > {done}"),
                bpmn.start(begin, _event(handler.event, handler.ident, handler.name),
                           isInterrupting=flag),
                bpmn.path(f"{begin} > {first}"),
            )
        )  # fmt: skip
    return "".join(drawn)


def _event(event, ident, name):
    return {
        "message": lambda: bpmn.message(name),
        "signal": lambda: bpmn.signal(name),
        "timer": lambda: bpmn.after("P1D"),
        "cycle": lambda: bpmn.every("R2/P1D"),
        "condition": lambda: bpmn.condition(f"=list contains({ident}, 1)"),
        "error": lambda: bpmn.error(name or None),
        "escalation": lambda: bpmn.escalation(name or None),
    }[event]()


def _catch(event, ident):
    if event == "receive":
        return bpmn.receive(ident, messageRef=f"M_{ident}")
    return bpmn.catch(ident, _event(event, ident, "S1" if event == "signal" else ident))


def _draw(part):  # noqa: C901, PLR0911 - one case for each kind of part
    """Return the first and the last element of a part, and all that is drawn."""
    ident = part.ident
    split, join = f"{ident}_g", f"{ident}_j"
    if part.kind in HOSTS:
        return _activity(part)
    inner = [_draw(one) for one in part.parts]
    drawn = [text for _, _, texts in inner for text in texts]
    match part.kind:
        case "seq":
            drawn += [bpmn.path(f"{one[1]} > {other[0]}") for one, other in pairwise(inner)]
            return inner[0][0], inner[-1][1], drawn
        case "script":
            return ident, ident, [bpmn.script(ident, "=1", "n")]
        case "wait":
            return ident, ident, [_catch(part.extra["event"], ident)]
        case "link":
            first, last, _ = inner[0]
            drawn += [
                bpmn.throw(split, bpmn.link(ident)),
                bpmn.catch(join, bpmn.link(ident)),
                bpmn.path(f"{join} > {first}"),
                bpmn.task(f"{ident}_t", bpmn.repeat("=false", before=True)),
                bpmn.path(f"{ident}_t > {split}"),
            ]
            return f"{ident}_t", last, drawn
        case "throw":
            event = part.extra["event"]
            name = {"signal": "S" + "12"[part.extra["code"] == "A"]}.get(event, part.extra["code"])
            name = part.extra.get("message", name)
            drawn += [bpmn.throw(ident, _event(event, ident, name))]
            drawn.append(bpmn.path(f"{inner[0][1]} > {ident}"))
            return inner[0][0], ident, drawn
        case "fail" | "stop":
            event = bpmn.error(part.extra["code"]) if part.kind == "fail" else bpmn.TERMINATE
            drawn += [
                bpmn.exclusive(split, default=f"{split}_{join}"),
                bpmn.end(f"{ident}_x", event),
                bpmn.exclusive(join),
                bpmn.path(f"{inner[0][1]} > {split} > {join}"),
                bpmn.path(f"{split} > {ident}_x", f"=list contains({ident}, 1)"),
            ]
            return inner[0][0], join, drawn
        case "race":
            drawn += [bpmn.events(split), bpmn.exclusive(join)]
            for place, (first, last, _) in enumerate(inner):
                catch = f"{ident}_{place}"
                drawn.append(_catch(part.extra["events"][place], catch))
                drawn += [bpmn.path(f"{split} > {catch} > {first}"), bpmn.path(f"{last} > {join}")]
            return split, join, drawn
        case "loop":
            merge, (first, last, _) = f"{ident}_m", inner[0]
            drawn += [
                bpmn.exclusive(split, default=f"{split}_{join}"),
                bpmn.exclusive(join),
                bpmn.exclusive(merge),
                bpmn.path(f"{merge} > {first}"),
                bpmn.path(f"{last} > {split} > {join}"),
                bpmn.path(f"{split} > {merge}", f"=list contains({ident}, 1)"),
            ]
            return merge, join, drawn
    makers = {
        "xor": (bpmn.exclusive, bpmn.exclusive),
        "par": (bpmn.parallel, bpmn.parallel),
        "inc": (bpmn.inclusive, bpmn.inclusive),
        "fork": (bpmn.user, bpmn.parallel),
        "split": (bpmn.user, bpmn.inclusive),
    }
    begin, finish = makers[part.kind]
    chooses = part.kind in {"xor", "inc", "split"}
    default = {"default": f"{split}_{inner[0][0]}"} if chooses else {}
    drawn += [begin(split, **default), finish(join)]
    for place, (first, last, _) in enumerate(inner):
        when = f"=list contains({ident}, {place})" if place and chooses else None
        drawn += [bpmn.path(f"{split} > {first}", when), bpmn.path(f"{last} > {join}")]
    return split, join, drawn


def _activity(part):
    ident, extra = part.ident, part.extra
    repeats = ""
    if part.kind == "again":
        condition = f"=list contains({ident}, 1)"
        repeats = bpmn.repeat(condition, maximum=extra["maximum"], before=extra["before"])
    elif part.kind == "each":
        until = extra["until"]
        done = f"=list contains({ident}, 2)" if until == "choice" else None
        done = f"=numberOfCompletedInstances >= {until}" if isinstance(until, int) else done
        repeats = bpmn.each(
            str([*range(1, extra["number"] + 1)]).join(["=", ""]), "i", until=done,
            sequential=extra["sequential"], out=(f"{ident}_out", "=loopCounter"),
        )  # fmt: skip
    kind = extra.get("body", part.kind)
    if kind == "task":
        drawn = [bpmn.user(ident, repeats)]
    elif kind == "call":
        drawn = [bpmn.call(ident, bpmn.called(f"{ident}_p"), repeats)]
    else:
        drawn = [bpmn.sub(ident, repeats, _inside(part))]
    if not part.edges:
        return ident, ident, drawn
    join = f"{ident}_j"
    drawn += [bpmn.exclusive(join), bpmn.path(f"{ident} > {join}")]
    for edge in part.edges:
        first, last, inner = _draw(edge.after)
        event = _event(edge.event, edge.ident, edge.name)
        drawn += [*inner, bpmn.path(f"{edge.ident} > {first}")]
        drawn.append(bpmn.boundary(edge.ident, ident, event, interrupting=edge.interrupting))
        if edge.interrupting:
            drawn.append(bpmn.path(f"{last} > {join}"))
    return ident, join, drawn


# the machine


class Live:
    """Something that goes on, with what goes on inside it."""

    def __init__(self):
        self.parts = []

    def add(self, part):
        self.parts.append(part)
        return part

    def everything(self):
        yield self
        for part in list(self.parts):
            yield from part.everything()


class Leaf(Live):
    """Something that waits."""

    def __init__(self, machine, what, name, happen, *, choice=None):
        super().__init__()
        self.number = next(machine.numbers)
        self.what, self.name, self.happen, self.choice = what, name, happen, choice
        self.was = False


class Scope(Live):
    """The inside of a process, subprocess or instance, with its handlers."""

    def __init__(self, machine, part, activity, around, then, *, handler=None):  # noqa: PLR0913
        super().__init__()
        self.machine, self.activity, self.around, self.then = machine, activity, around, then
        self.handlers = [] if handler else part.handlers
        self.body = handler.after if handler else part.parts[0]
        self.handler = handler
        self.interrupted = False
        self.listeners, self.running = self.add(Live()), self.add(Live())

    def begin(self):
        for handler in self.handlers:
            self.listen(handler)
        self.beside(lambda box, then: self.machine.run(self.body, self, box, then))

    def beside(self, run):
        """Run something that keeps this scope going until it is over."""
        place = self.running.add(Live())

        def over():
            if place in self.running.parts:
                self.running.parts.remove(place)
                if not self.running.parts:
                    self.listeners.parts.clear()
                    self.then()

        run(place, over)

    def listen(self, handler, left=2):
        def happen():
            if handler.interrupting:
                self.interrupt()
            elif handler.event in {"timer", "cycle"}:
                self.listeners.parts.remove(leaf)
                if handler.event == "cycle" and left > 1:
                    self.listen(handler, left - 1)
            self.handle(handler)

        leaf = self.machine.leaf(handler.event, f"{handler.ident}_s", handler.name, happen)
        if leaf is not None:
            leaf.choice = handler.ident
            self.listeners.add(leaf)

    def interrupt(self):
        self.interrupted = True
        self.listeners.parts.clear()
        self.running.parts.clear()

    def handle(self, handler):
        def run(box, then):
            inner = Scope(self.machine, None, None, self, then, handler=handler)
            box.add(inner).begin()

        self.beside(run)


class Activity(Live):
    """An activity with what is at its edge."""

    def __init__(self, machine, part, scope, box, then):
        super().__init__()
        self.machine, self.part, self.scope, self.box, self.then = machine, part, scope, box, then
        for edge in part.edges:
            self.listen(edge)

    def listen(self, edge, left=2):
        def happen():
            if edge.event in {"timer", "cycle"}:
                self.parts.remove(leaf)
                if edge.event == "cycle" and left > 1:
                    self.listen(edge, left - 1)
            self.reach(edge)

        leaf = self.machine.leaf(edge.event, edge.ident, edge.name, happen)
        if leaf is not None:
            leaf.choice = edge.ident
            self.add(leaf)

    def reach(self, edge):
        """Go on behind an event at the edge."""
        if edge.interrupting:
            self.box.parts.remove(self)
            self.machine.run(edge.after, self.scope, self.box, self.then)
        else:
            self.scope.beside(lambda box, then: self.machine.run(edge.after, self.scope, box, then))

    def over(self):
        if self in self.box.parts:
            self.box.parts.remove(self)
            self.then()


class Machine:
    """Where a process stands. ``chosen``: name -> what is chosen now; ``facts``: what it wrote."""

    def __init__(self, process, chosen):
        self.chosen = chosen
        self.numbers = count()
        self.finished = False
        self.facts = {}
        self.root = Scope(self, process, None, None, self.finish)
        self.root.begin()
        self.settle()

    def finish(self):
        self.finished = True

    def leaves(self):
        if self.finished:
            return []
        found = [one for one in self.root.everything() if isinstance(one, Leaf)]
        return sorted(found, key=lambda leaf: leaf.number)

    def visible(self):
        return [(leaf.what, leaf.name) for leaf in self.leaves() if leaf.what != "condition"]

    def alive(self, live):
        return not self.finished and any(one is live for one in self.root.everything())

    def act(self, what, name):
        self.happen(what, name)
        self.settle()

    def happen(self, what, name):
        found = [leaf for leaf in self.leaves() if (leaf.what, leaf.name) == (what, name)]
        for leaf in found if what == "signal" else found[:1]:
            if self.alive(leaf):
                leaf.happen()

    def settle(self):
        while self.look():
            pass

    def look(self):
        for leaf in self.leaves():
            if leaf.what == "condition":
                now, before = 1 in self.chosen[leaf.choice], leaf.was
                leaf.was = now
                if now and not before:
                    leaf.happen()
                    return True
        return False

    def leaf(self, event, ident, name, happen):
        what = {"cycle": "timer", "receive": "message"}.get(event, event)
        if what in {"error", "escalation"}:
            return None
        return Leaf(self, what, ident if what == "timer" else name, happen)

    def raise_up(self, scope, kind, code):
        """Hand an error or escalation to the nearest that catches it."""
        source = None
        while scope is not None:
            there = [one for one in scope.handlers if one is not source]
            found = None if scope.interrupted else _catching(there, kind, code)
            if found:
                if found.interrupting:
                    scope.interrupt()
                scope.handle(found)
                return
            edges = scope.activity.part.edges if scope.activity else []
            if found := _catching(edges, kind, code):
                scope.activity.reach(found)
                return
            source, scope = scope.handler, scope.around
        assert kind == "escalation"

    # how each part goes

    def run(self, part, scope, box, then):
        if part.kind in HOSTS:
            self.activity(part, scope, box, then)
            return
        getattr(self, f"run_{part.kind}")(part, scope, box, then)

    def run_seq(self, part, scope, box, then):
        live = box.add(Live())

        def follow(place):
            if place < len(part.parts):
                self.run(part.parts[place], scope, live, lambda: follow(place + 1))
            else:
                box.parts.remove(live)
                then()

        follow(0)

    def run_script(self, part, scope, box, then):
        del part, scope, box
        then()

    def run_link(self, part, scope, box, then):
        self.run(part.parts[0], scope, box, then)

    def run_wait(self, part, scope, box, then):
        del scope
        event = part.extra["event"]

        def happen():
            box.parts.remove(leaf)
            then()

        leaf = self.leaf(event, part.ident, "S1" if event == "signal" else part.ident, happen)
        leaf.choice = part.ident
        box.add(leaf)

    def person(self, name, box, then):
        def happen():
            box.parts.remove(leaf)
            then()

        leaf = box.add(Leaf(self, "task", name, happen))

    def run_throw(self, part, scope, box, then):
        live = box.add(Live())
        event, code = part.extra["event"], part.extra["code"]

        def throw():
            here = live.add(Live())
            if event == "escalation":
                self.raise_up(scope, "escalation", code)
            elif event == "signal":
                self.happen("signal", "S" + "12"[code == "A"])
            else:
                self.happen("message", part.extra["message"])
            if self.alive(here):
                box.parts.remove(live)
                then()

        self.person(part.parts[0].ident, live, throw)

    def run_fail(self, part, scope, box, then):
        def choose():
            if 1 in self.chosen[part.ident]:
                self.raise_up(scope, "error", part.extra["code"])
            else:
                then()

        self.person(part.parts[0].ident, box, choose)

    def run_stop(self, part, scope, box, then):
        def choose():
            if 1 in self.chosen[part.ident]:
                scope.running.parts.clear()
                scope.listeners.parts.clear()
                scope.then()
            else:
                then()

        self.person(part.parts[0].ident, box, choose)

    def run_race(self, part, scope, box, then):
        live = box.add(Live())

        def branch(one):
            def happen():
                box.parts.remove(live)
                self.run(one, scope, box, then)

            return happen

        for place, one in enumerate(part.parts):
            event, ident = part.extra["events"][place], f"{part.ident}_{place}"
            name = "S1" if event == "signal" else ident
            leaf = self.leaf(event, ident, name, branch(one))
            leaf.choice = ident
            live.add(leaf)

    def run_loop(self, part, scope, box, then):
        def again():
            if 1 in self.chosen[part.ident]:
                self.run(part.parts[0], scope, box, again)
            else:
                then()

        self.run(part.parts[0], scope, box, again)

    def run_xor(self, part, scope, box, then):
        self.run(part.parts[self.taken(part)[0]], scope, box, then)

    def run_inc(self, part, scope, box, then):
        self.together([part.parts[place] for place in self.taken(part)], scope, box, then)

    def run_par(self, part, scope, box, then):
        self.together(part.parts, scope, box, then)

    def run_fork(self, part, scope, box, then):
        self.person(f"{part.ident}_g", box, lambda: self.run_par(part, scope, box, then))

    def run_split(self, part, scope, box, then):
        self.person(f"{part.ident}_g", box, lambda: self.run_inc(part, scope, box, then))

    def taken(self, part):
        found = [place for place in self.chosen[part.ident] if 0 < place < len(part.parts)]
        return sorted(found) or [0]

    def together(self, parts, scope, box, then):
        live, left = box.add(Live()), [len(parts)]

        def over():
            left[0] -= 1
            if not left[0]:
                box.parts.remove(live)
                then()

        for part in parts:
            self.run(part, scope, live, over)

    def activity(self, part, scope, box, then):
        activity = Activity(self, part, scope, box, then)
        box.add(activity)
        if part.kind == "each":
            self.each(part, activity)
        elif part.kind == "again":
            self.again(part, activity, 0)
        else:
            self.once(part, activity, activity, activity.over)

    def once(self, part, activity, box, then):
        """Do what an activity is for, once."""
        if "task" in {part.kind, part.extra.get("body")}:
            self.person(part.ident, box, then)
            return
        inner = Scope(self, part, activity, activity.scope, then)
        box.add(inner).begin()

    def again(self, part, activity, rounds):
        extra, goes_on = part.extra, 1 in self.chosen[part.ident]
        if extra["maximum"] is not None and rounds >= extra["maximum"]:
            goes_on = False
        if not goes_on and (rounds or extra["before"]):
            activity.over()
            return
        box = activity.add(Live())

        def over():
            activity.parts.remove(box)
            self.again(part, activity, rounds + 1)

        self.once(part, activity, box, over)

    def each(self, part, activity):  # noqa: C901 - each way in which an instance may end
        number, until = part.extra["number"], part.extra["until"]
        out, boxes, done = [None] * number, Live(), [0]
        activity.add(boxes)

        def finish():
            if not _in_list(activity.scope):  # else it stays with that instance
                self.facts[f"{part.ident}_out"] = out
            activity.parts.remove(boxes)
            activity.over()

        def begin(place):
            box = boxes.add(Live())

            def over():
                if box not in boxes.parts:
                    return
                boxes.parts.remove(box)
                out[place] = place + 1
                done[0] += 1
                enough = (
                    2 in self.chosen[part.ident]
                    if until == "choice"
                    else until is not None and done[0] >= until
                )
                if enough or done[0] == number:
                    boxes.parts.clear()
                    finish()
                elif part.extra["sequential"]:
                    begin(place + 1)

            self.once(part, activity, box, over)

        if not number:
            finish()
            return
        for place in range(1 if part.extra["sequential"] else number):
            if boxes in activity.parts:
                begin(place)


def _catching(edges, kind, code):
    there = [edge for edge in edges if edge.event == kind]
    exact = [edge for edge in there if edge.name == code]
    return next(iter([*exact, *(edge for edge in there if not edge.name)]), None)


def _in_list(scope):
    """Whether a scope is inside an instance of a list."""
    while scope is not None:
        if scope.activity and scope.activity.part.kind == "each":
            return True
        scope = scope.around
    return False
