"""Write small diagrams in Python, and play them with a clock and facts of our own."""

from datetime import UTC, datetime, timedelta
from html import escape
from itertools import pairwise

from routeflow import engine

BEGIN = datetime(2026, 11, 23, 9, tzinfo=UTC)
NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


def node(tag, ident, *inside, **attributes):
    """One element; an attribute zeebe__x becomes zeebe:x."""
    extensions = "".join(part for part in inside if part.startswith("<zeebe:"))
    rest = "".join(part for part in inside if not part.startswith("<zeebe:"))
    if extensions:
        rest = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>{rest}"
    attributes.setdefault("name", ident)
    text = "".join(
        f' {key.replace("__", ":")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f'<bpmn:{tag} id="{ident}"{text}>{rest}</bpmn:{tag}>'


def _kind(tag):
    return lambda ident, *inside, **attributes: node(tag, ident, *inside, **attributes)


user = _kind("userTask")
task = _kind("task")
manual = _kind("manualTask")
service = _kind("serviceTask")
send = _kind("sendTask")
receive = _kind("receiveTask")
rule = _kind("businessRuleTask")
call = _kind("callActivity")
sub = _kind("subProcess")
exclusive = _kind("exclusiveGateway")
parallel = _kind("parallelGateway")
inclusive = _kind("inclusiveGateway")
events = _kind("eventBasedGateway")
catch = _kind("intermediateCatchEvent")
throw = _kind("intermediateThrowEvent")


def start(ident="s", *inside, **attributes):
    return node("startEvent", ident, *inside, **attributes)


def end(ident="e", *inside, **attributes):
    return node("endEvent", ident, *inside, **attributes)


def script(ident, expression, result, **attributes):
    return node(
        "scriptTask",
        ident,
        zeebe("script", expression=expression, resultVariable=result),
        **attributes,
    )


def boundary(ident, host, event, *, interrupting=True, extra=()):
    return node(
        "boundaryEvent", ident, *extra, event,
        attachedToRef=host, cancelActivity=str(interrupting).lower(),
    )  # fmt: skip


def event_sub(ident, *inside):
    return node("subProcess", ident, *inside, triggeredByEvent="true")


def zeebe(tag, *inside, **attributes):
    text = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
    return f"<zeebe:{tag}{text}>{''.join(inside)}</zeebe:{tag}>"


def mapping(*, inputs=None, outputs=None):
    rows = "".join(zeebe("input", source=s, target=t) for t, s in (inputs or {}).items())
    rows += "".join(zeebe("output", source=s, target=t) for t, s in (outputs or {}).items())
    return f"<zeebe:ioMapping>{rows}</zeebe:ioMapping>"


def called(process, **attributes):
    return zeebe("calledElement", processId=process, **attributes)


def each(  # noqa: PLR0913 - as many as BPMN has
    collection=None, item="", *, sequential=False, cardinality=None, until=None, out=()
):
    attributes = {"inputCollection": collection, "inputElement": item} if collection else {}
    if out:
        attributes |= {"outputCollection": out[0], "outputElement": out[1]}
    inner = zeebe("loopCharacteristics", **attributes)
    inner = f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if attributes else ""
    if cardinality:
        inner += f"<bpmn:loopCardinality>{escape(cardinality)}</bpmn:loopCardinality>"
    if until:
        inner += f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>"
    return (
        "<bpmn:multiInstanceLoopCharacteristics"
        f' isSequential="{str(sequential).lower()}">{inner}</bpmn:multiInstanceLoopCharacteristics>'
    )


def repeat(condition=None, *, maximum=None, before=False):
    text = f' loopMaximum="{maximum}"' if maximum is not None else ""
    inner = f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition>" if condition else ""
    return (
        f'<bpmn:standardLoopCharacteristics testBefore="{str(before).lower()}"{text}>'
        f"{inner}</bpmn:standardLoopCharacteristics>"
    )


def timer(kind, text):
    return (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(text)}</bpmn:{kind}>"
        "</bpmn:timerEventDefinition>"
    )


def after(duration):
    return timer("timeDuration", duration)


def at(date):
    return timer("timeDate", date)


def every(cycle):
    return timer("timeCycle", cycle)


def message(name):
    return f'<bpmn:messageEventDefinition messageRef="M_{name}"/>'


def signal(name):
    return f'<bpmn:signalEventDefinition signalRef="S_{name}"/>'


def error(code=None):
    reference = f' errorRef="E_{code}"' if code else ""
    return f"<bpmn:errorEventDefinition{reference}/>"


def escalation(code=None):
    reference = f' escalationRef="X_{code}"' if code else ""
    return f"<bpmn:escalationEventDefinition{reference}/>"


def condition(text):
    return (
        "<bpmn:conditionalEventDefinition>"
        f"<bpmn:condition>{escape(text)}</bpmn:condition></bpmn:conditionalEventDefinition>"
    )


def link(name):
    return f'<bpmn:linkEventDefinition name="{name}"/>'


TERMINATE = "<bpmn:terminateEventDefinition/>"


def path(text, when=None, ident=None):
    """Flows along ``a > b > c``; ``when`` is the condition of the (one) flow."""
    stops = text.split(" > ")
    flows = []
    for source, target in pairwise(stops):
        name = ident or f"{source}_{target}"
        text = "" if name == "-" else f' id="{name}"'
        inner = (
            ""
            if when is None
            else f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(when)}</bpmn:conditionExpression>'
        )
        flows.append(
            f'<bpmn:sequenceFlow{text} sourceRef="{source}" targetRef="{target}">{inner}'
            "</bpmn:sequenceFlow>"
        )
    return "".join(flows)


def lanes(ident, **names):
    inner = "".join(
        f'<bpmn:lane id="{ident}_{place}" name="{name.replace("_", " ")}">'
        + "".join(f"<bpmn:flowNodeRef>\n {element} \n</bpmn:flowNodeRef>" for element in elements)
        + "</bpmn:lane>"
        for place, (name, elements) in enumerate(names.items())
    )
    return f'<bpmn:laneSet id="{ident}">{inner}</bpmn:laneSet>'


def draw(ident, *inside, outside=""):
    """One file with one process; every message, signal, error or escalation used is declared."""
    body = "".join(inside)
    declared = "".join(
        f'<bpmn:{tag} id="{prefix}_{name}" {key}="{name}"/>'
        for tag, prefix, key in (
            ("message", "M", "name"),
            ("signal", "S", "name"),
            ("error", "E", "errorCode"),
            ("escalation", "X", "escalationCode"),
        )
        for name in sorted(
            {part.split('"')[0] for part in (body + outside).split(f'Ref="{prefix}_')[1:]}
        )
    )
    spaces = " ".join(f'xmlns:{key}="{value}"' for key, value in NAMESPACES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {spaces} id="d_{ident}"'
        f' targetNamespace="http://bpmn.io/schema/bpmn">{declared}'
        f'<bpmn:process id="{ident}" name="{ident}" isExecutable="true">{body}</bpmn:process>'
        f"{outside}</bpmn:definitions>"
    ).encode()


class Play:
    """One running route with facts and a clock of its own; every act saves and loads it."""

    def __init__(  # noqa: PLR0913 - what a world may hold
        self,
        *files,
        process="p",
        at=None,
        message=None,
        facts=None,
        now=BEGIN,
        services=None,
        functions=None,
    ):
        self.files = {f"processes/{n}.bpmn": data for n, data in enumerate(files)}
        self.definition = engine.load(self.files)
        self.facts = dict(facts or {})
        self.now = now
        self.services = services or {}
        self.functions = functions or (lambda _opened: {})
        self.passed = []
        self.sent = []
        self.take(engine.start(self.definition, process, self.world, at=at, message=message))

    @property
    def world(self):
        return engine.World(self.now, self.facts, self.functions, self.services)

    def take(self, step):
        self.step = step
        self.facts.update(step.facts)
        self.passed += step.passed
        self.sent += step.sent
        return step

    @property
    def open(self):
        return sorted(found.element for found in self.step.tasks)

    @property
    def alarms(self):
        return sorted(found.element for found in self.step.alarms)

    @property
    def waits(self):
        return sorted(found.name for found in self.step.waits)

    @property
    def finished(self):
        return self.step.finished

    @property
    def visited(self):
        return [found.element for found in self.passed if found.what == "entered"]

    def task(self, element):
        return next(found for found in self.step.tasks if found.element == element)

    def do(self, *elements, facts=None, **answers):
        self.facts.update(facts or {})
        for element in elements:
            found = self.task(element)
            self.take(
                engine.complete(self.definition, self.step.state, found.id, answers, self.world)
            )
        return self

    def tell(self, name, **payload):
        self.take(engine.deliver(self.definition, self.step.state, name, payload, self.world))
        return self

    def shout(self, name, **payload):
        self.take(engine.signal(self.definition, self.step.state, name, payload, self.world))
        return self

    def learn(self, **facts):
        self.facts.update(facts)
        self.take(engine.refresh(self.definition, self.step.state, self.world))
        return self

    def fire(self, element):
        found = next(alarm for alarm in self.step.alarms if alarm.element == element)
        self.take(engine.fire(self.definition, self.step.state, found.id, self.world))
        return self

    def wait(self, **length):
        """Let time pass; timers go off at their own moment, in order."""
        until = self.now + timedelta(**length)
        while True:
            due = sorted(
                (alarm for alarm in self.step.alarms if alarm.due and alarm.due <= until),
                key=lambda alarm: alarm.due,
            )
            if not due:
                break
            self.now = max(self.now, due[0].due)
            self.take(engine.fire(self.definition, self.step.state, due[0].id, self.world))
        self.now = until
        return self
