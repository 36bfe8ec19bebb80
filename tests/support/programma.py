"""A program that talks to the API: each answer it gets is held against the API's own description."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from support.jsonschema import faults

PREFIX = "/api/v1"


class Programma:
    """Calls the application without a network, as somebody with a token."""

    def __init__(self, app: Flask, tokens: Mapping[str, str]) -> None:
        self.client = app.test_client()
        self.tokens = tokens
        self.document = self.client.get(f"{PREFIX}/openapi.json").get_json()

    def call(
        self, wie: str | None, method: str, path: str, body: Any = None, **rest: Any
    ) -> TestResponse:
        """Call one endpoint as ``wie``; an answer that is not as described ends the test."""
        headers = {"Authorization": f"Bearer {self.tokens[wie]}"} if wie else {}
        given = {"json": body} if body is not None else {}
        answer = self.client.open(
            f"{PREFIX}{path}", method=method, headers=headers, **given, **rest
        )
        wrong = list(self._wrong(answer, method, path.partition("?")[0]))
        assert not wrong, f"{method} {path} -> {answer.status_code}: {wrong}"
        return answer

    def get(self, wie: str, path: str) -> Any:
        """GET and return the JSON of a good answer."""
        answer = self.call(wie, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def post(self, wie: str, path: str, body: Any = None) -> Any:
        """POST and return the JSON of a good answer."""
        answer = self.call(wie, "POST", path, body)
        assert answer.status_code < 300, answer.text
        return answer.get_json()

    def _wrong(self, answer: TestResponse, method: str, path: str) -> list[str]:
        good = answer.status_code < 400
        kind = "application/json" if good else "application/problem+json"
        if answer.mimetype != kind:
            return [f"is {answer.mimetype}, not {kind}"]
        schema = {"$ref": "#/components/schemas/Probleem"}
        if path == "/openapi.json":
            return []
        operation = self._operation(method, path)
        if operation is not None:
            described = operation["responses"].get(str(answer.status_code))
            if described is None:
                return ["this status is not described"]
            schema = described["content"][kind]["schema"]
        elif good:
            return ["this operation is not described"]
        found = list(faults(answer.get_json(), schema, self.document))
        if not good and answer.get_json()["status"] != answer.status_code:
            found.append("the status in the problem is another one")
        return found

    def _operation(self, method: str, path: str) -> Mapping[str, Any] | None:
        for template, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return operations.get(method.lower())
        return None
