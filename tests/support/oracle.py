"""Random processes built of blocks, and a second, much simpler machine that says what they do.

The machine walks the blocks themselves; it knows no tokens, flows, gateways or XML.
"""

from dataclasses import dataclass, field
from itertools import count, pairwise

from support import bpmn


@dataclass
class Block:
    """``kind`` says what it is; ``parts`` what is inside; ``ident`` is also the name of its fact.

    ``ways``: of a process with starts, what each of them waits for; the last part comes after all.
    """

    kind: str
    ident: str
    parts: list["Block"] = field(default_factory=list)
    event: str = ""
    interrupting: bool = True
    ways: list[str] = field(default_factory=list)


KINDS = ["task", "seq", "xor", "par", "inc", "loop", "sub", "edge", "race", "script"]
WIDE = [*KINDS, "call", "rootless"]
WAYS = ["none", "none", "message", "timer", "signal", "condition", "receive", "race", "race"]


def grow(random, depth=3, *, wide=False):
    """Return a random process: a subprocess block without the drawing of a subprocess.

    ``wide``: also with several starts, without any, and with calls of other processes.
    """
    names = _Names(WIDE if wide else KINDS)
    how = random.random() if wide else 1
    if how < 0.2:
        body = _roots(random, depth, names)
    elif how < 0.5:
        parts = [_seq(random, depth - 1, names) for _ in range(random.randint(2, 4))]
        ways = [random.choice(WAYS) for _ in parts[1:]]
        body = Block("starts", f"v{next(names)}", parts, ways=ways)
    else:
        body = _seq(random, depth, names)
    process = Block("process", "p", [body])
    if random.random() < 0.3:
        process.parts.append(_handler(random, depth - 1, names))
    return process


class _Names:
    """Numbers for names, and the kinds of blocks there may be."""

    def __init__(self, kinds):
        self.kinds = kinds
        self.numbers = count()

    def __next__(self):
        return next(self.numbers)


def _roots(random, depth, names):
    """Return what begins together where no start event is drawn; some of it ends without end."""
    parts = []
    for _ in range(random.randint(1, 3)):
        row = first = _seq(random, depth, names)
        while first.kind == "seq":
            first = first.parts[0]
        if first.kind == "loop":  # an arrow leads back to where it begins
            row.parts.insert(0, Block("task", f"task{next(names)}"))
        parts.append(row)
    return Block("roots", f"o{next(names)}", parts, interrupting=random.random() < 0.5)


def _seq(random, depth, names):
    parts = [_block(random, depth, names) for _ in range(random.randint(1, 3))]
    return Block("seq", f"q{next(names)}", parts)


def _handler(random, depth, names):
    return Block(
        "handler", f"h{next(names)}", [_seq(random, max(depth, 0), names)],
        random.choice(["message", "timer"]), interrupting=random.random() < 0.5,
    )  # fmt: skip


def _block(random, depth, names):  # noqa: PLR0911 - one case for each kind of block
    kind = "task" if depth <= 0 else random.choice(names.kinds)
    if kind == "rootless":
        return Block("sub", f"sub{next(names)}", [_roots(random, depth - 1, names)])
    ident = f"{kind}{next(names)}"
    if kind in {"task", "script"}:
        return Block(kind, ident)
    inner = [_seq(random, depth - 1, names) for _ in range(random.randint(2, 3))]
    match kind:
        case "seq":
            return inner[0]
        case "loop":
            inner[0].parts.insert(0, Block("task", f"task{next(names)}"))
            return Block(kind, ident, inner[:1])
        case "sub" | "call":
            parts = inner[:1]
            if random.random() < 0.5:
                parts.append(_handler(random, depth - 1, names))
            return Block(kind, ident, parts)
        case "edge":
            host = Block(random.choice(["task", "sub"]), f"host{next(names)}", inner[:1])
            if host.kind == "task":
                host.parts = []
            event = random.choice(["message", "timer"])
            interrupting = random.random() < 0.5
            after = inner[1]
            if not interrupting:  # may run twice at once: BPMN keeps those apart by scope only
                after = Block("sub", f"sub{next(names)}", [after])
            return Block(kind, ident, [host, after], event, interrupting=interrupting)
    return Block(kind, ident, inner)


def draw(process):
    """Return the process, and those that it calls, as a .bpmn file."""
    calls = [
        f'<bpmn:process id="{block.ident}_p" isExecutable="true">'
        + "".join(_scope(block))
        + "</bpmn:process>"
        for block in everything(process)
        if block.kind == "call"
    ]
    return bpmn.draw("p", *_scope(process), outside="".join(calls))


def everything(process):
    """Return all blocks of a process, itself first."""
    found, waiting = [], [process]
    while waiting:
        found.append(waiting.pop())
        waiting += found[-1].parts
    return found


def starts(process):
    """Return the elements at which a process can begin, by the place of its way; None: plainly."""
    body = process.parts[0]
    if body.kind != "starts":
        return {None: None}
    return {place: f"{body.ident}_{place}" for place in range(len(body.ways))}


def _begun_at_once(block):
    """Draw what begins together: no start event, and in half of them no end either."""
    parts = []
    for place, root in enumerate(block.parts):
        _, last, inner = _draw(root)
        parts += inner
        if block.interrupting or not last.startswith(("task", "script", "sub", "call")):
            end = f"{block.ident}_{place}_e"
            parts += [bpmn.end(end), bpmn.path(f"{last} > {end}")]
    return parts


def _begun_in_ways(block, end):
    """Draw the ways in which a process can begin, and what follows each."""
    join, gateway = f"{block.ident}_j", f"{block.ident}_g"
    first, last, parts = _draw(block.parts[-1])
    parts += [bpmn.exclusive(join), bpmn.path(f"{join} > {first}"), bpmn.path(f"{last} > {end}")]
    if "race" in block.ways:
        parts.append(bpmn.events(gateway, instantiate="true"))
    for place, (way, part) in enumerate(zip(block.ways, block.parts, strict=False)):
        begin = f"{block.ident}_{place}"
        first, last, inner = _draw(part)
        parts += [*inner, bpmn.path(f"{begin} > {first}"), bpmn.path(f"{last} > {join}")]
        events = {
            "message": bpmn.message(begin),
            "timer": bpmn.after("P1D"),
            "signal": bpmn.signal(begin),
            "condition": bpmn.condition("=true"),
            "none": "",
        }
        if way == "receive":
            parts.append(bpmn.receive(begin, messageRef=f"M_{begin}", instantiate="true"))
        elif way == "race":
            event = bpmn.after("P1D") if place % 2 else bpmn.message(begin)
            parts += [bpmn.catch(begin, event), bpmn.path(f"{gateway} > {begin}")]
        else:
            parts.append(bpmn.start(begin, events[way]))
    return parts


def _scope(block):
    start, end = f"{block.ident}_s", f"{block.ident}_e"
    body = block.parts[0]
    if body.kind == "roots":
        parts = _begun_at_once(body)
    elif body.kind == "starts":
        parts = [bpmn.end(end), *_begun_in_ways(body, end)]
    else:
        first, last, parts = _draw(body)
        parts += [bpmn.start(start), bpmn.end(end)]
        parts += [bpmn.path(f"{start} > {first}"), bpmn.path(f"{last} > {end}")]
    for handler in block.parts[1:]:
        first, last, inner = _draw(handler.parts[0])
        begin, done = f"{handler.ident}_s", f"{handler.ident}_e"
        flag = str(handler.interrupting).lower()
        inner += [
            bpmn.start(begin, _event(handler), isInterrupting=flag),
            bpmn.end(done),
            bpmn.path(f"{begin} > {first}"),
            bpmn.path(f"{last} > {done}"),
        ]
        parts.append(bpmn.event_sub(handler.ident, *inner))
    return parts


def _event(block):
    return bpmn.message(block.ident) if block.event == "message" else bpmn.after("P1D")


def _draw(block):  # noqa: C901, PLR0911, PLR0912 - one case for each kind of block
    """Return the first and the last element of a block, and all that is drawn."""
    ident = block.ident
    split, join = f"{ident}_g", f"{ident}_j"
    inner = [_draw(part) for part in block.parts] if block.kind not in {"sub", "call"} else []
    drawn = [part for _, _, parts in inner for part in parts]
    match block.kind:
        case "task":
            return ident, ident, [bpmn.user(ident)]
        case "script":
            return ident, ident, [bpmn.script(ident, "=1", "n")]
        case "sub":
            return ident, ident, [bpmn.sub(ident, *_scope(block))]
        case "call":
            return ident, ident, [bpmn.call(ident, bpmn.called(f"{ident}_p"))]
        case "seq":
            drawn += [bpmn.path(f"{one[1]} > {other[0]}") for one, other in pairwise(inner)]
            return inner[0][0], inner[-1][1], drawn
        case "par":
            drawn += [bpmn.parallel(split), bpmn.parallel(join)]
            for first, last, _ in inner:
                drawn.append(bpmn.path(f"{split} > {first}") + bpmn.path(f"{last} > {join}"))
            return split, join, drawn
        case "xor" | "inc":
            kind = bpmn.exclusive if block.kind == "xor" else bpmn.inclusive
            default = f"{split}_{inner[0][0]}"
            drawn += [kind(split, default=default), kind(join)]
            for place, (first, last, _) in enumerate(inner):
                when = f"=list contains({ident}, {place})" if place else None
                drawn.append(bpmn.path(f"{split} > {first}", when))
                drawn.append(bpmn.path(f"{last} > {join}"))
            return split, join, drawn
        case "loop":
            merge, back = f"{ident}_m", f"{ident}_x"
            first, last, _ = inner[0]
            drawn += [
                bpmn.exclusive(merge),
                bpmn.exclusive(back, default=f"{back}_{join}"),
                bpmn.exclusive(join),
                bpmn.path(f"{merge} > {first}"),
                bpmn.path(f"{last} > {back}"),
                bpmn.path(f"{back} > {merge}", f"=list contains({ident}, 1)"),
                bpmn.path(f"{back} > {join}"),
            ]
            return merge, join, drawn
        case "edge":
            host, (first, last, _) = inner[0][0], inner[1]
            edge, done = f"{ident}_b", f"{ident}_d"
            drawn += [
                bpmn.boundary(edge, host, _event(block), interrupting=block.interrupting),
                bpmn.exclusive(join),
                bpmn.path(f"{host} > {join}"),
                bpmn.path(f"{edge} > {first}"),
            ]
            if block.interrupting:
                drawn.append(bpmn.path(f"{last} > {join}"))
            else:
                drawn += [bpmn.end(done), bpmn.path(f"{last} > {done}")]
            return host, join, drawn
        case "race":
            drawn += [bpmn.events(split), bpmn.exclusive(join)]
            for place, (first, last, _) in enumerate(inner):
                catch = f"{ident}_{place}"
                event = bpmn.message(catch) if place == 0 else bpmn.after("P1D")
                drawn += [
                    bpmn.catch(catch, event),
                    bpmn.path(f"{split} > {catch} > {first}"),
                    bpmn.path(f"{last} > {join}"),
                ]
            return split, join, drawn
    raise ValueError(block.kind)


class Machine:
    """Where a process of blocks stands. ``choices``: block -> the branches it takes now.

    ``way``: the place of the way in which it began, where there are several.
    """

    def __init__(self, process, choices, way=None):
        self.choices = choices
        self.way = way
        self.numbers = count()
        self.root = None
        self.root = _Scope(self, process)
        self.root.begin()

    @property
    def finished(self):
        return self.root.done

    def visible(self):
        """Return what can happen now: (what, which element), the oldest first."""
        found = [] if self.root.done else list(self.root.visible())
        return [(what, name) for _, what, name, _ in sorted(found, key=lambda one: one[0])]

    def act(self, what, name):
        found = sorted(
            (one for one in self.root.visible() if one[1:3] == (what, name)), key=lambda one: one[0]
        )
        found[0][3]()


class _Leaf:
    """Something that waits: a task, a timer or a message."""

    def __init__(self, machine, what, name, happen):
        self.number = next(machine.numbers)
        self.what, self.name, self.happen = what, name, happen

    def visible(self):
        yield self.number, self.what, self.name, self.happen


class _Scope:
    """A process or subprocess: its own way, its handlers, and what they started beside it."""

    def __init__(self, machine, block, then=None):
        self.machine, self.block, self.then = machine, block, then
        self.running = []
        self.listening = []
        self.done = False
        self.busy = False

    def begin(self):
        for handler in self.block.parts[1:]:
            self.listen(handler)
        self.run(self.block.parts[0])

    def run(self, block):
        self.beside(lambda then: _run(self.machine, self, block, then))

    def beside(self, begin):
        """Run something that keeps this scope going until it is over."""
        place = [None]
        self.running.append(place)

        def over():
            if place in self.running:
                self.running.remove(place)
                self.close()

        place[0] = begin(over)

    def listen(self, handler):
        what = "timer" if handler.event == "timer" else "message"
        name = f"{handler.ident}_s" if what == "timer" else handler.ident

        def happen():
            self.listening.remove(leaf)
            if handler.interrupting:
                self.running.clear()
                self.listening.clear()
            elif what == "message":
                self.listening.append(leaf)
            self.beside(lambda then: _begun(_Scope(self.machine, handler, then)))

        leaf = _Leaf(self.machine, what, name, happen)
        self.listening.append(leaf)

    def close(self):
        if not self.running and not self.done:
            self.done = True
            self.listening.clear()
            if self.then:
                self.then()

    def visible(self):
        for leaf in self.listening:
            yield from leaf.visible()
        for (inner,) in self.running:
            if inner is not None:
                yield from inner.visible()


class _Group:
    """Several things at once, or one after another: whatever is now in ``parts``."""

    def __init__(self, *parts):
        self.parts = list(parts)

    def visible(self):
        for part in self.parts:
            if part is not None:
                yield from part.visible()


def _begun(scope):
    scope.begin()
    return scope


def _run(machine, scope, block, then):  # noqa: C901 - one case for each kind of block
    """Begin a block; ``then`` is called when it is over. Returns what can be looked at."""
    group = _Group()
    match block.kind:
        case "task":

            def happen():
                group.parts.clear()
                then()

            group.parts.append(_Leaf(machine, "task", block.ident, happen))
        case "script":
            then()
        case "sub" | "call":
            inner = _Scope(machine, block, lambda: (group.parts.clear(), then()))
            group.parts.append(inner)
            inner.begin()
        case "seq":
            _follow(machine, scope, block.parts, then, group)
        case "starts":
            _follow(machine, scope, [block.parts[machine.way], block.parts[-1]], then, group)
        case "par" | "inc" | "roots":
            chosen = block.parts
            if block.kind == "inc":
                chosen = [block.parts[place] for place in _chosen(machine, block)]
            left = [len(chosen)]

            def one_over():
                left[0] -= 1
                if not left[0]:
                    group.parts.clear()
                    then()

            for part in chosen:
                group.parts.append(_run(machine, scope, part, one_over))
        case "xor":
            group.parts.append(_run(machine, scope, block.parts[_chosen(machine, block)[0]], then))
        case "loop":
            _again(machine, scope, block, then, group)
        case "edge":
            _edge(machine, scope, block, then, group)
        case "race":
            _race(machine, scope, block, then, group)
    return group


def _chosen(machine, block):
    taken = [place for place in machine.choices[block.ident] if 0 < place < len(block.parts)]
    return sorted(taken) or [0]


def _follow(machine, scope, blocks, then, group):
    if not blocks:
        then()
        return
    group.parts[:] = []
    inner = _run(
        machine, scope, blocks[0], lambda: _follow(machine, scope, blocks[1:], then, group)
    )
    if not group.parts:
        group.parts.append(inner)


def _again(machine, scope, block, then, group):
    def over():
        group.parts.clear()
        if 1 in machine.choices[block.ident]:
            _again(machine, scope, block, then, group)
        else:
            then()

    group.parts.append(_run(machine, scope, block.parts[0], over))


def _edge(machine, scope, block, then, group):
    host, handler = block.parts
    what = block.event
    name = f"{block.ident}_b" if what == "timer" else block.ident

    def over():
        group.parts.clear()
        then()

    def happen():
        if block.interrupting:
            group.parts.clear()
            group.parts.append(_run(machine, scope, handler, then))
            return
        if what == "timer":
            group.parts.remove(leaf)
        scope.beside(lambda finish: _run(machine, scope, handler, finish))

    leaf = _Leaf(machine, what, name, happen)
    group.parts.append(leaf)
    inner = _run(machine, scope, host, over)
    if leaf in group.parts:
        group.parts.append(inner)


def _race(machine, scope, block, then, group):
    def branch(part):
        def happen():
            group.parts.clear()
            group.parts.append(_run(machine, scope, part, then))

        return happen

    for place, part in enumerate(block.parts):
        what = "timer" if place else "message"
        group.parts.append(_Leaf(machine, what, f"{block.ident}_{place}", branch(part)))
