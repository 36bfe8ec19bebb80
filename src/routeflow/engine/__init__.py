"""Run one BPMN route from wait state to wait state. SpiffWorkflow and lxml stay in this package.

Every verb is a function of (definition, state, input, world): no database, no clock, no
network. The answer is a Step: the whole present, not a list of changes.
"""

from routeflow.engine.compare import Change, changes
from routeflow.engine.definition import Definition, load
from routeflow.engine.gates import Gates
from routeflow.engine.migrate import Moeilijkheden, Moeilijkheid, migrate
from routeflow.engine.review import Profile, check
from routeflow.engine.run import complete, decide, deliver, fire, refresh, signal, start
from routeflow.engine.safeguards import Law, Safeguard
from routeflow.engine.trial import MAX_ACTS, trial
from routeflow.engine.types import (
    Alarm,
    BpmnError,
    Element,
    Finding,
    OpenTask,
    Passed,
    Sent,
    SequenceFlow,
    Start,
    Step,
    Trial,
    Wait,
    World,
)
from routeflow.engine.walk import Walk

__all__ = [
    "MAX_ACTS",
    "Alarm",
    "BpmnError",
    "Change",
    "Definition",
    "Element",
    "Finding",
    "Gates",
    "Law",
    "Moeilijkheden",
    "Moeilijkheid",
    "OpenTask",
    "Passed",
    "Profile",
    "Safeguard",
    "Sent",
    "SequenceFlow",
    "Start",
    "Step",
    "Trial",
    "Wait",
    "Walk",
    "World",
    "changes",
    "check",
    "complete",
    "decide",
    "deliver",
    "fire",
    "load",
    "migrate",
    "refresh",
    "signal",
    "start",
    "trial",
]
