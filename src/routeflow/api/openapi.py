"""The registry of operations, and the OpenAPI 3.1 text that is made from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Literal

import msgspec

from routeflow.api.schema import Probleem

_REF = "#/components/schemas/{name}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in the path or the query."""

    name: str
    description: str
    where: Literal["path", "query"] = "query"
    schema: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint: what it takes, what it answers, and how it can refuse."""

    method: str
    path: str
    summary: str
    view: Callable[..., Any]
    answer: type[msgspec.Struct]
    body: type[msgspec.Struct] | None = None
    status: HTTPStatus = HTTPStatus.OK
    parameters: tuple[Parameter, ...] = ()
    refusals: tuple[HTTPStatus, ...] = ()


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of ``operations``."""
    types: list[type] = [Probleem]
    for operation in operations:
        types += [t for t in (operation.body, operation.answer) if t is not None and t not in types]
    _, components = msgspec.json.schema_components(types, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "routeflow",
            "version": version("routeflow"),
            "description": "De inburgeringsroute van een gemeente: dossiers, taken en berichten.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _describe(operation: Operation) -> dict[str, Any]:
    refusals = {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.SERVICE_UNAVAILABLE,
        *operation.refusals,
    }
    if operation.body is not None:
        refusals |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
    described: dict[str, Any] = {
        "operationId": operation.view.__name__,
        "summary": operation.summary,
        "responses": {
            str(operation.status.value): {
                "description": operation.status.phrase,
                "content": {"application/json": {"schema": _ref(operation.answer)}},
            }
        }
        | {
            str(status.value): {
                "description": status.phrase,
                "content": {"application/problem+json": {"schema": _ref(Probleem)}},
            }
            for status in sorted(refusals)
        },
    }
    if operation.parameters:
        described["parameters"] = [
            {
                "name": parameter.name,
                "in": parameter.where,
                "required": parameter.where == "path",
                "description": parameter.description,
                "schema": parameter.schema or {"type": "string", "minLength": 1},
            }
            for parameter in operation.parameters
        ]
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(operation.body)}},
        }
    return described


def _ref(struct: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REF.format(name=struct.__name__)}
