"""Live one dossier over HTTP: each taak is done by who got it, messages come, time passes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from support.huis import BEGIN, MENSEN

NEDERLAND = ZoneInfo("Europe/Amsterdam")
SEE_ALL = {"fatma", "marjan"}
PACE = {"Leerroute": 14, "Nazorg": 28}
LONGEST = date(2036, 1, 1)  # a journey that is not over by then hangs
PATIENCE = 4  # times that a form may refuse before the journey stops

Answers = Mapping[str, Any] | Callable[["Reis"], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is particular about one journey.

    ``antwoorden``: element -> answers; what is not there gets a plain answer. ``berichten``:
    message -> what it says, when the route waits for it. ``later``: element -> days that it
    lies there before somebody does it.
    """

    persoon: Mapping[str, Any]
    antwoorden: Mapping[str, Answers] = field(default_factory=dict)
    berichten: Mapping[str, Answers] = field(default_factory=dict)
    later: Mapping[str, int] = field(default_factory=dict)


class Reis:
    """One journey, from aanmelding to the closed dossier."""

    def __init__(self, address: str, tokens: Mapping[str, str], scenario: Scenario) -> None:
        self.scenario = scenario
        self.vandaag = BEGIN.astimezone(NEDERLAND).date()
        self.clients = {
            login: httpx.Client(
                base_url=f"{address}/api/v1",
                headers={"Authorization": f"Bearer {token}"},
                timeout=60,  # a busy machine is no fault of the code
            )
            for login, token in tokens.items()
        }
        self.dossier_id = ""
        self.gedaan: list[dict[str, Any]] = []
        self.verstuurd: list[str] = []

    # acts

    def close(self) -> None:
        """Hang up."""
        for client in self.clients.values():
            client.close()

    def open(self) -> None:
        """Open the dossier as the casemanager."""
        self.dossier_id = self.post("fatma", "/dossiers", dict(self.scenario.persoon))["id"]

    def live(self, *, until: Callable[["Reis"], bool] | None = None) -> None:
        """Do what is open, give what is waited for, and else let time pass.

        Goes on until the dossier is closed, or until ``until`` says so. Time passes a week at
        a time; two weeks during the leerroute, so that some steps are late; four in nazorg.
        """
        stand = self.stand()
        while not (until(self) if until else stand["geslotenOp"]):
            if self._work(stand["taken"]) or self._mail(stand["wachtOp"]):
                stand = self.stand()
                continue
            assert self.vandaag < LONGEST, f"hangs: {stand}"
            if self.pass_days(PACE.get(stand["fase"], 7)) or stand["taken"]:
                stand = self.stand()

    def pass_days(self, days: int) -> list[dict[str, Any]]:
        """Move the clock and return what happened by itself."""
        answer = self.post("marjan", "/demo/klok", {"dagen": days})
        self.vandaag += timedelta(days=days)
        assert datetime.fromisoformat(answer["nu"]).astimezone(NEDERLAND).date() == self.vandaag
        return answer["gebeurd"]

    def do(
        self, taak: Mapping[str, Any], answers: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Let who got the taak complete it; return what is open in the dossier then."""
        wie = self.who(taak)
        blad = self.get(wie, f"/taken/{taak['id']}")
        given = dict(self._scenario_answers(taak) if answers is None else answers)
        schema, bekend = blad["formulier"], blad["bekend"]
        unknown = given.keys() - schema["properties"].keys()
        assert not unknown, f"{taak['element']} does not ask {unknown}"
        for key in schema["required"]:
            if key not in given and bekend.get(key) in (None, "", []):
                given[key] = self.plain(schema["properties"][key])
        for _ in range(PATIENCE):
            answer = self.clients[wie].post(
                f"/taken/{taak['id']}/voltooien", json={"antwoorden": given}
            )
            if answer.status_code != 422:
                break
            fouten = answer.json()["fouten"]
            missing = {key.split("[")[0] for key in fouten} - given.keys()
            assert missing, f"{taak['element']}: {fouten} on {given}, known {bekend}"
            for key in missing:
                given[key] = self.plain(schema["properties"][key])
        assert answer.status_code == 200, f"{taak['element']}: {answer.text} on {given}"
        self.gedaan.append({**taak, "wie": wie, "antwoorden": given})
        return answer.json()["volgende"] if wie in SEE_ALL else self.taken(status="open")

    # looks

    def stand(self) -> dict[str, Any]:
        """Return the dossier as the casemanager sees it."""
        return self.get("fatma", f"/dossiers/{self.dossier_id}")

    def taken(self, login: str = "fatma", **query: Any) -> list[dict[str, Any]]:
        """Return every taak of the dossier that ``login`` may see, page by page."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self.get(
                login,
                "/taken",
                params={"dossier": self.dossier_id, "limit": 100, "status": "alle", **query}
                | ({"cursor": cursor} if cursor else {}),
            )
            found += page["items"]
            cursor = page["volgende"]
            if cursor is None:
                return found

    def feit(self, naam: str) -> Any:
        """Return a fact of the dossier, None when it is not known."""
        return self.stand()["feiten"].get(naam)

    # inside

    def _work(self, taken: list[dict[str, Any]]) -> bool:
        """Do all that is open and all that comes out of it; say whether there was anything."""
        did = False
        while ready := [taak for taak in taken if self._ready(taak)]:
            first = min(ready, key=lambda taak: (taak["geopendOp"], taak["element"]))
            taken, did = self.do(first), True
        return did

    def _ready(self, taak: Mapping[str, Any]) -> bool:
        opened = datetime.fromisoformat(taak["geopendOp"]).astimezone(NEDERLAND).date()
        return (self.vandaag - opened).days >= self.scenario.later.get(taak["element"], 0)

    def _mail(self, waits: list[str]) -> bool:
        for bericht, gegevens in self.scenario.berichten.items():
            if bericht in waits:
                content = gegevens(self) if callable(gegevens) else gegevens
                if content is not None:
                    self.send(bericht, content)
                    return True
        return False

    def send(self, bericht: str, gegevens: Mapping[str, Any]) -> dict[str, Any]:
        """Let a message of DUO or COA come in for this dossier."""
        answer = self.post(
            "fatma",
            "/berichten",
            {
                "berichtId": f"{bericht}-{len(self.verstuurd)}",
                "bericht": bericht,
                "dossier": self.dossier_id,
                "gegevens": dict(gegevens),
            },
        )
        self.verstuurd.append(bericht)
        assert answer["status"] != "onbestelbaar", answer
        return answer

    def _scenario_answers(self, taak: Mapping[str, Any]) -> Mapping[str, Any]:
        given = self.scenario.antwoorden.get(taak["element"], {})
        return given(self) if callable(given) else given

    def plain(self, schema: Mapping[str, Any]) -> Any:
        """Return the plainest answer that ``schema`` allows."""
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema["type"]
        if kind == "boolean":
            return True
        if kind in ("integer", "number"):
            return schema.get("minimum", 1)
        if kind == "array":
            items = schema["items"]
            if "enum" in items:
                return list(items["enum"])
            return [{key: self.plain(items["properties"][key]) for key in items["required"]}]
        return self._text(schema)

    def _text(self, schema: Mapping[str, Any]) -> str:
        texts = {
            "date": self.vandaag.isoformat(),
            "time": "09:30",
            "date-time": f"{self.vandaag.isoformat()}T09:30",
            "email": "persoon@voorbeeld.nl",
            "telefoon": "0612345678",
            "postcode": "1441 AB",
        }
        text = texts.get(schema.get("format") or schema.get("x-soort") or "", "Besproken.")
        return text.ljust(schema.get("minLength", 0), ".")

    def who(self, taak: Mapping[str, Any]) -> str:
        """Return the login of who does a taak: its rol at its partij."""
        for login, _, partij, rollen in MENSEN:
            if partij == taak["partij"] and taak["rol"] in rollen:
                return login
        if taak["partij"] == "Gemeente":
            return "fatma"  # a partner's taak that the gemeente does itself
        raise AssertionError(f"nobody is {taak['rol']} at {taak['partij']}: {taak}")

    def get(self, login: str, path: str, **query: Any) -> dict[str, Any]:
        """GET as ``login``; anything but 200 ends the journey."""
        answer = self.clients[login].get(path, **query)
        assert answer.status_code == 200, f"GET {path}: {answer.text}"
        return answer.json()

    def post(self, login: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST as ``login``; a refusal ends the journey."""
        answer = self.clients[login].post(path, json=body)
        assert answer.status_code < 300, f"POST {path}: {answer.text} on {body}"
        return answer.json()


def plus_months(day: date, months: int) -> date:
    """Return the same day of the month, ``months`` later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month + 1, last)
            except ValueError:
                continue
    raise AssertionError
