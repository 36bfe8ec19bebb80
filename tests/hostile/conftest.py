import re

import pytest
from sqlalchemy import select

from routeflow.store import read
from routeflow.store.models import Account
from support.huis import BEGIN


class Bezoeker:
    """Somebody who is logged in, with the token of the last form."""

    def __init__(self, app, store, login):
        self.client, self.token = app.test_client(), ""
        account = read(
            store.sessions,
            lambda session: session.scalar(select(Account).where(Account.login == login)),
        )
        self.account = account
        begin = int(BEGIN.timestamp())
        with self.client.session_transaction() as cookie:
            cookie.update(
                account=str(account.id), versie=account.sessie_versie, begin=begin, laatst=begin
            )
        self.get("/")
        self.get("/werklijst/")

    def get(self, path, **rest):
        answer = self.client.get(path, **rest)
        text = answer.text if answer.mimetype == "text/html" else ""
        found = re.search(r'name="csrf_token" value="([^"]+)"', text)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path, data, **rest):
        answer = self.client.post(path, data={"csrf_token": self.token, **data}, **rest)
        answer.request.environ["wsgi.input"].close()
        return answer


@pytest.fixture(scope="session")
def als():
    """Return a browser in which somebody is logged in, for (app, store) and a login."""
    return lambda house, login: Bezoeker(house[0], house[1], login)
