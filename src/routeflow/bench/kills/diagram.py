"""The route of the kill test: a circle in which people, timers and messages meet all the time.

``werk`` is done again and again; after each time a message leaves and the route rests ten minutes.
A ``werk`` that lies for a quarter of an hour sends a reminder, and an incoming message is always answered.
"""

import json
from itertools import pairwise
from xml.sax.saxutils import quoteattr

WERK, RUST, BLIJFT_LIGGEN = "werk", "rust", "blijft_liggen"
PROCES = "ronde"
BERICHT, VELD_BERICHT = "SS199", "examenOnderdeel"
ANTWOORD = "antwoord"  # the fact that a completion brings
SOORTEN = ("antwoord", "herinnering", "ontvangst")  # the outgoing messages


def _verstuur(ident: str, soort: str, naam: str, waarde: str) -> str:
    return f"""
    <bpmn:serviceTask id="{ident}" name="{ident}"><bpmn:extensionElements>
      <zeebe:taskDefinition type="bericht_versturen"/>
      <zeebe:ioMapping><zeebe:input source={quoteattr(f"={waarde}")} target="{naam}"/></zeebe:ioMapping>
      <zeebe:taskHeaders><zeebe:header key="soort" value="{soort}"/></zeebe:taskHeaders>
    </bpmn:extensionElements></bpmn:serviceTask>"""


def _naar(*pad: str) -> str:
    return "".join(
        f'<bpmn:sequenceFlow id="{van}_{naar}" sourceRef="{van}" targetRef="{naar}"/>'
        for van, naar in pairwise(pad)
    )


def _na(duur: str) -> str:
    return (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>"
        f"{duur}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )


def files() -> dict[str, bytes]:
    """Return the set: one diagram and one form."""
    diagram = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:routeflow:bench">
  <bpmn:message id="m" name="{BERICHT}"/>
  <bpmn:process id="{PROCES}" name="Ronde" isExecutable="true">
    <bpmn:laneSet id="l"><bpmn:lane id="l1" name="casemanager">
      <bpmn:flowNodeRef>{WERK}</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="begin"/>
    <bpmn:userTask id="{WERK}" name="Doe het werk"><bpmn:extensionElements>
      <zeebe:userTask/><zeebe:formDefinition formId="{WERK}"/>
    </bpmn:extensionElements></bpmn:userTask>
    <bpmn:boundaryEvent id="{BLIJFT_LIGGEN}" attachedToRef="{WERK}" cancelActivity="false">
      {_na("PT15M")}</bpmn:boundaryEvent>
    <bpmn:endEvent id="herinnerd"/>
    <bpmn:intermediateCatchEvent id="{RUST}">{_na("PT10M")}</bpmn:intermediateCatchEvent>
    {_verstuur("meld", "antwoord", ANTWOORD, ANTWOORD)}
    {_verstuur("herinner", "herinnering", "over", f'"{BLIJFT_LIGGEN}"')}
    {_naar("begin", WERK, "meld", RUST, WERK)}
    {_naar(BLIJFT_LIGGEN, "herinner", "herinnerd")}
    <bpmn:subProcess id="bij_bericht" triggeredByEvent="true">
      <bpmn:startEvent id="kwam" isInterrupting="false">
        <bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>
      <bpmn:endEvent id="beantwoord"/>
      {_verstuur("bevestig", "ontvangst", VELD_BERICHT, VELD_BERICHT)}
      {_naar("kwam", "bevestig", "beantwoord")}
    </bpmn:subProcess>
  </bpmn:process>
</bpmn:definitions>"""
    form = {
        "schemaVersion": 16,
        "type": "default",
        "id": WERK,
        "components": [
            {
                "type": "textfield",
                "key": ANTWOORD,
                "label": "Antwoord",
                "id": f"veld_{ANTWOORD}",
                "validate": {"required": True},
            }
        ],
    }
    return {
        f"processes/{PROCES}.bpmn": diagram.encode(),
        f"forms/{WERK}.form": json.dumps(form).encode(),
    }
