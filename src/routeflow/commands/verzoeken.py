"""What a program asks with a key of its own is done once, however often it asks."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from routeflow.errors import Conflict, NotAllowed
from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Verzoek


def eenmaal(
    session: Session,
    act: Callable[..., Any],
    *,
    sleutel: str,
    gevraagd: bytes,
    by: Actor,
    now: datetime,
) -> Any:  # noqa: ANN401 - whatever the act answers
    """Do ``act`` and keep its answer (counts and ids, as JSON); at a repeat return what was kept.

    ``gevraagd`` is all that was asked, so that a key stands for one request. What is refused keeps
    no key. Raises NotAllowed (no account), Conflict (the key was used for something else), or what
    ``act`` raises.
    """
    if by.account_id is None:
        raise NotAllowed("U mag geen sleutel meegeven: daar hoort een account bij.")
    afdruk = hashlib.sha256(gevraagd).hexdigest()
    eerder = session.get(Verzoek, (by.account_id, sleutel))
    if eerder is not None:
        if eerder.afdruk != afdruk:
            raise Conflict(
                "Deze sleutel is al gebruikt voor een ander verzoek. Er is niets veranderd. "
                "Geef elk nieuw verzoek een nieuwe sleutel."
            )
        return eerder.antwoord
    verzoek = Verzoek(account_id=by.account_id, sleutel=sleutel, afdruk=afdruk, antwoord={}, op=now)
    session.add(verzoek)
    session.flush()  # the same request at the same time waits here, and then finds the answer
    verzoek.antwoord = act(session, by=by, now=now)
    return verzoek.antwoord
