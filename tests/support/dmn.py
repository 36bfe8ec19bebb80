"""Write small DMN files in tests."""

from xml.sax.saxutils import escape, quoteattr

from routeflow.engine import decisions
from support.feel import NOW

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def dmn(*parts, namespace=NAMESPACE, own="n"):
    """Return a DMN file with these elements; ``own`` is the name space of its decisions."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{namespace}" id="d" name="d" '
        f'namespace="{own}">{"".join(parts)}</definitions>'
    ).encode()


def imported(own, name="", place=""):
    """Return an import of the file with name space ``own``, or of the file at ``place``."""
    where = f' locationURI="{place}"' if place else ""
    return f'<import namespace="{own}" name="{name}"{where} importType="{NAMESPACE}"/>'


def literal(text, kind=None):
    type_ref = f' typeRef="{kind}"' if kind else ""
    return f"<literalExpression{type_ref}><text>{escape(text)}</text></literalExpression>"


def decision(  # noqa: PLR0913 - a decision has this many parts
    name, expression, *, needs=(), knows=(), inputs=(), kind=None
):
    """Return a decision; ``needs`` are decisions, ``knows`` knowledge models and services."""
    wanted = "".join(
        f'<{outer}Requirement><required{inner} href="{_href(one)}"/></{outer}Requirement>'
        for outer, inner, ones in (
            ("information", "Decision", needs),
            ("information", "Input", inputs),
            ("knowledge", "Knowledge", knows),
        )
        for one in ones
    )
    type_ref = f' typeRef="{kind}"' if kind else ""
    variable = f'<variable name="{name}"{type_ref}/>'
    return f'<decision id="{name}" name="{name}">{variable}{wanted}{expression}</decision>'


def _href(one):
    return one if "#" in one else f"#{one}"


def input_data(name, kind=None):
    type_ref = f' typeRef="{kind}"' if kind else ""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}"{type_ref}/></inputData>'


def table(columns, outputs, rows, *, policy="UNIQUE", aggregation=None):
    """Return a decision table.

    A column is its expression or (expression, type, input values); an output its name or
    (name, type, output values, default). A row is its input cells followed by its outputs.
    """
    attributes = f' hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    head = "".join(map(_column, columns)) + "".join(map(_output, outputs))
    body = ""
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f"<{tag}Entry><text>{escape(cell)}</text></{tag}Entry>"
            for index, cell in enumerate(row)
            for tag in ("input" if index < len(columns) else "output",)
        )
        body += (
            f'<rule id="r{number}">{cells}<annotationEntry><text>x</text></annotationEntry></rule>'
        )
    return f'<decisionTable{attributes}>{head}<annotation name="waarom"/>{body}</decisionTable>'


def _column(column):
    text, kind, allowed = (
        (column, None, None) if isinstance(column, str) else (*column, None, None)[:3]
    )
    type_ref = f' typeRef="{kind}"' if kind else ""
    values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
    return (
        f"<input label={quoteattr(text)}><inputExpression{type_ref}><text>{escape(text)}</text>"
        f"</inputExpression>{values}</input>"
    )


def _output(output):
    name, kind, allowed, default = (
        (output, None, None, None) if isinstance(output, str) else (*output, None, None, None)[:4]
    )
    type_ref = f' typeRef="{kind}"' if kind else ""
    values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
    entry = (
        f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
        if default
        else ""
    )
    return f'<output name="{name}"{type_ref}>{values}{entry}</output>'


def ask(data, name, /, **inputs):
    """Return the Decision that ``name`` in the file ``data`` gives."""
    return decisions.load(data, "test.dmn").decide(name, inputs, now=NOW)


def ask_among(files, name, inputs=None):
    """Return what ``name`` gives in the first of ``files``, which may import the others."""
    first = next(iter(files))
    model = decisions.load(files[first], first, others=files)
    return model.decide(name, inputs or {}, now=NOW)


def knowledge(name, text, *params, kind=None, knows=()):
    """Return a knowledge model; a parameter is its name or (name, type)."""
    pairs = [(one, None) if isinstance(one, str) else one for one in params]
    formal = "".join(
        f'<formalParameter name="{one}"' + (f' typeRef="{of}"/>' if of else "/>")
        for one, of in pairs
    )
    type_ref = f' typeRef="{kind}"' if kind else ""
    needs = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="{_href(one)}"/></knowledgeRequirement>'
        for one in knows
    )
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"{type_ref}/>'
        f"<encapsulatedLogic>{formal}{literal(text)}</encapsulatedLogic>{needs}"
        "</businessKnowledgeModel>"
    )


def service(name, *, out=(), inputs=(), data=(), kind=None):
    """Return a decision service; ``inputs`` are decisions that it is given, ``data`` input data."""
    type_ref = f' typeRef="{kind}"' if kind else ""
    inside = "".join(
        f'<{tag} href="{_href(one)}"/>'
        for tag, ones in (("outputDecision", out), ("inputDecision", inputs), ("inputData", data))
        for one in ones
    )
    return (
        f'<decisionService id="{name}" name="{name}"><variable name="{name}"{type_ref}/>{inside}'
        "</decisionService>"
    )


def messages(data, **options):
    """Return the sentences of check()."""
    return [finding.message for finding in decisions.check(data, "test.dmn", **options)]
