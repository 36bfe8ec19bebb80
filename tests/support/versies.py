"""Other versions of the small set, to which a running dossier may go."""

from support.bpmn import after, script
from support.klein import klein, person

TEKEN = "<bpmn:flowNodeRef>\n teken \n</bpmn:flowNodeRef>"

# teken is called onderteken, plan has another name, and the timer of meld_uren is shorter.
RENAMED = (
    ('name="plan"', 'name="Maak het plan"'),
    (after("P30D"), after("P20D")),
    *((f'{name}="teken"', f'{name}="onderteken"') for name in (" id", "sourceRef", "targetRef")),
    (TEKEN, TEKEN.replace("teken", "onderteken")),
)
NAMES = {"klein": {"teken": "onderteken"}}

# teken is no more: a step of the system stands in its place.
WITHOUT = (
    (
        person("teken", houder="inburgeraar", due='=termijn("gewone_taak")'),
        script("sla_over", "=1", "n"),
    ),
    (TEKEN, ""),
    ('sourceRef="teken"', 'sourceRef="sla_over"'),
    ('targetRef="teken"', 'targetRef="sla_over"'),
)
SKIP = {"klein": {"teken": "sla_over"}}


def altered(*changes, **forms):
    """Return the small set with other text in its diagram, and other forms."""
    files = dict(klein())
    text = files["processes/klein.bpmn"].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    files["processes/klein.bpmn"] = text.encode()
    return files | {f"forms/{name}.form": data for name, data in forms.items()}
