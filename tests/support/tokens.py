"""The token game of BPMN on paper: markings of arrows, and table 13.3 read word by word.

For processes of tasks with messages at their edge, gateways and plain events in one scope. It shares nothing with the engine.
"""

from collections import Counter
from xml.etree import ElementTree as ET

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
MOST = 300  # steps in which a small process comes to rest


class Undecided(Exception):
    """More than one inclusive join may pass and BPMN does not say which, or it goes round for ever."""


class Game:
    """A process as it stands. ``chosen``: what the one fact of its conditions is now."""

    def __init__(self, data, begin, chosen):
        process = ET.fromstring(data).find(  # noqa: S314 - our own drawing
            f"{_BPMN}process"
        )
        self.kinds = {
            element.get("id"): element.tag.removeprefix(_BPMN)
            for element in process
            if not element.tag.endswith("sequenceFlow")
        }
        self.edges = {
            edge.get("id"): (edge.get("attachedToRef"), edge.get("cancelActivity") == "true")
            for edge in process.iterfind(f"{_BPMN}boundaryEvent")
        }
        defaults = {element.get("default") for element in process}
        self.flows = [
            (flow.get("sourceRef"), flow.get("targetRef"), flow.get("id") in defaults,
             "".join(flow.itertext()))
            for flow in process.iterfind(f"{_BPMN}sequenceFlow")
        ]  # fmt: skip
        self.chosen = chosen
        self.on = Counter()
        self.open = Counter()
        if begin is None:
            roots = [one for one in self.kinds if not self.into(one) and one != "e"]
            roots = [one for one in roots if one not in self.edges]
        else:
            roots = [begin]
        for root in roots:
            self.enter(root)
        self.settle()

    def into(self, node):
        return [flow for flow in range(len(self.flows)) if self.flows[flow][1] == node]

    def out(self, node):
        return [flow for flow in range(len(self.flows)) if self.flows[flow][0] == node]

    def joins(self, node):
        return self.kinds[node] in {"parallelGateway", "inclusiveGateway"} and (
            len(self.into(node)) > 1
        )

    def done(self, task):
        self.open[task] -= 1
        self.on.update(self.out(task))
        self.settle()

    def tell(self, edge):
        """Let the message come that is waited for at the edge of a task."""
        host, interrupting = self.edges[edge]
        self.open[host] -= interrupting
        self.on.update(self.out(edge))
        self.settle()

    @property
    def waits(self):
        return +Counter({edge: self.open[host] for edge, (host, _) in self.edges.items()})

    def enter(self, node):
        """Let a token come to something that is no join."""
        kind = self.kinds[node]
        if kind == "userTask":
            self.open[node] += 1
        elif kind != "endEvent":
            self.on.update(self.taken(node))

    def taken(self, node):
        """Return the arrows on which a gateway or event lets a token go."""
        flows = self.out(node)
        holding = [flow for flow in flows if f'"{self.chosen}"' in self.flows[flow][3]]
        default = [flow for flow in flows if self.flows[flow][2]]
        match self.kinds[node]:
            case "exclusiveGateway":
                return (holding + default + flows)[:1]
            case "inclusiveGateway" if default:
                return holding or default
        return flows

    def settle(self):
        for _ in range(MOST):
            if not (self.move() or self.pass_inclusive()):
                return
        raise Undecided

    def move(self):
        for flow in [flow for flow, number in self.on.items() if number]:
            node = self.flows[flow][1]
            if not self.joins(node):
                self.on[flow] -= 1
                self.enter(node)
                return True
            if self.kinds[node] == "parallelGateway" and all(map(self.on.get, self.into(node))):
                self.on.subtract(self.into(node))
                self.on.update(self.taken(node))
                return True
        return False

    def pass_inclusive(self):
        able = [
            node
            for node, kind in self.kinds.items()
            if kind == "inclusiveGateway" and self.joins(node) and self.activated(node)
        ]
        if len(able) > 1:
            raise Undecided
        for node in able:
            full = [flow for flow in self.into(node) if self.on[flow]]
            self.on.subtract(full)
            self.on.update(self.taken(node))
        return bool(able)

    def activated(self, join):
        """Table 13.3: what must hold for an inclusive gateway to be activated."""
        full = {flow for flow in self.into(join) if self.on[flow]}
        empty = set(self.into(join)) - full
        marked = [[flow] for flow, number in self.on.items() if number]
        marked += [self.out(task) for task, number in self.open.items() if number]
        busy = [[]] * (len(marked) - sum(map(bool, self.open.values())))
        busy += [self.beside(task) for task, number in self.open.items() if number]
        return bool(full) and all(
            self.ends(flows, join) & full
            for flows, edges in zip(marked, busy, strict=True)
            if self.ends(flows + edges, join, edges=True) & empty
        )

    def beside(self, task):
        """Return the arrows out of what is at the edge of a task."""
        return [
            flow
            for edge, (host, _) in self.edges.items()
            if host == task
            for flow in self.out(edge)
        ]

    def ends(self, flows, join, *, edges=False):
        """Return the arrows into ``join`` at which a path ends that starts with one of ``flows``.

        A busy task has its token on the arrow into it: what follows is on the arrows out of it.
        ``edges``: a path may also go on from the edge of a task.
        """
        found, search, known = set(), [*flows], set()
        while search:
            flow = search.pop()
            if flow in known:
                continue
            known.add(flow)
            if self.flows[flow][1] == join:
                found.add(flow)
            else:
                search += self.out(self.flows[flow][1])
                search += self.beside(self.flows[flow][1]) if edges else []
        return found

    @property
    def finished(self):
        return not (self.on.total() or self.open.total())
