"""Forms: .form files (form-js JSON) in, fields out; what somebody fills in becomes answers.

``load`` and ``check`` read a file, ``weergave`` says what a page shows, ``validate`` makes
answers of what was sent. Pure: no clock, database or network; FEEL decides what is hidden.
"""

from routeflow.forms.answers import Antwoorden, elfproef, plain, validate
from routeflow.forms.display import Weergave, bekend, names, verborgen, weergave, wijzig_rijen
from routeflow.forms.model import PREVIEW, Formulier, Optie, Veld, check, load, vlak
from routeflow.forms.schema import schema_json

__all__ = [
    "PREVIEW",
    "Antwoorden",
    "Formulier",
    "Optie",
    "Veld",
    "Weergave",
    "bekend",
    "check",
    "elfproef",
    "load",
    "names",
    "plain",
    "schema_json",
    "validate",
    "verborgen",
    "vlak",
    "weergave",
    "wijzig_rijen",
]
