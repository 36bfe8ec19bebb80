"""Travel a whole route on plain answers: tasks are done as they come, and then time passes.

For stories that are about the way between diagrams, not about one diagram's own branches.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from support.tekening import Spel

_GENOEG = 1500
_WEEK = timedelta(days=7)

GEWOON: Mapping[str, Callable[[Spel], dict[str, Any]]] = {
    "werk_taakstelling_bij": lambda _: {"teltMee": "ja", "taakstellingHalfjaar": "2026-1"},
    "haal_examennummer_op": lambda _: {"lbtExamennummer": "123456789012"},
    "verstuur_oproep_1": lambda spel: {"oproep1Dag": spel.vandaag + _WEEK},
    "waarschuw_en_roep_op": lambda spel: {"oproep2Dag": spel.vandaag + _WEEK},
    "verstuur_oproep_3": lambda spel: {"oproep3Dag": spel.vandaag + _WEEK},
    "voer_intakegesprek": lambda _: {"heeftKinderen": "nee", "leerrouteOvergenomen": "nee"},
    "stel_pip_op": lambda _: {"wachtOpDerde": "nee"},
    "nodig_uit_voor_pvt": lambda spel: {"pvtEersteBijeenkomst": spel.vandaag + _WEEK},
    "registreer_pvt_bijeenkomst": lambda _: {"uren": 12, "soortBijeenkomst": "excursie"},
    "registreer_map_activiteiten": lambda _: {"uren": 40, "praktijkUren": 40},
    "registreer_maanduren": lambda _: {"nt2": 60, "alfabetiseringUren": 0, "knm": 10},
    "accepteer_participatie_uren": lambda _: {"participatieGeaccepteerd": 70},
    "meld_voortgang_onderwijs": lambda _: {"standTraject": "diploma"},
    "geef_advies_b1": lambda _: {"adviesSchool": "examen"},
    "beoordeel_examenrijpheid": lambda spel: {
        "examenrijpeOnderdelen": spel.feiten["openOnderdelen"]
    },
    "meld_aan_voor_examen": lambda spel: {"aangemeldeOnderdelen": spel.feiten["openOnderdelen"]},
    "vraag_uitslag_op": lambda spel: {"examenOnderdeel": spel.feiten["aangemeldeOnderdelen"][0]},
    "draag_betalingen_over": lambda _: {"langerNodig": "nee"},
    "vraag_termijnstart_op": lambda spel: {
        "termijnStart": spel.feiten["dagtekening"] + timedelta(days=1),
        "termijnEindExclusief": spel.feiten["dagtekening"] + timedelta(days=1097),
    },
}


def reis(spel: Spel, tot: str | None = None, **anders: Mapping[str, Any]) -> None:
    """Do what is open, and let time pass when nothing is, until ``tot`` waits or the route ends.

    ``anders``: other answers than the plain ones, by element.
    """
    for _ in range(_GENOEG):
        stap = spel.stap
        assert stap is not None, "begin met given()"
        taken = sorted(stap.tasks, key=lambda taak: taak.opened)
        if spel.klaar or tot in {taak.element for taak in taken} | spel.wachten:
            return
        if taken:
            element = taken[0].element
            gewoon = GEWOON.get(element, lambda _: {})(spel)
            spel.when_done(element, **{**gewoon, **anders.get(element, {})})
            continue
        wekkers = [(wekker.due, wekker.element) for wekker in stap.alarms if wekker.due]
        assert wekkers, f"er gebeurt niets meer; dit wacht nog: {spel.wachten}"
        spel.when_time_comes(min(wekkers)[1])
    raise AssertionError(f"na {_GENOEG} stappen niet bij {tot}: {spel.open}, {spel.wachten}")
