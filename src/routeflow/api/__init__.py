"""REST under /api/v1: JSON in and out, bearer tokens, errors as application/problem+json.

A view reads the clock once and calls one command or query. The rights are theirs.
"""

from routeflow.api.blueprint import create_blueprint

__all__ = ["create_blueprint"]
