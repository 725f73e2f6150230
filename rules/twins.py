"""What is given to a case twice and says the very same counts once: a second one differs in its words, date or terms.

The id of an Update cannot tell: the server answers a known one with what it answered first, also where that was a refusal.
"""

from __future__ import annotations

from models.case import Case
from models.commands import MakeCommitment
from models.concession import Offer
from models.promise import Commitment, PromiseState
from models.save import SaveCase
from rules.concessions import is_open

_OF_THE_PROPOSAL = {"id", "state", "proposed_at", "expires_at", "revision"}


def promise(case: Case, command: MakeCommitment) -> Commitment | None:
    """The open promise that says the very same."""
    wanted = (command.text, command.owner, command.due, command.source, command.kind)
    still_open = (one for one in case.commitments if one.state is PromiseState.OPEN)
    return next((c for c in still_open if (c.title, c.owner, c.due, c.source, c.kind) == wanted), None)


def offer(case: SaveCase, proposed: Offer) -> Offer | None:
    """The offer that waits for its decision or its answer and says the very same."""
    wanted = proposed.model_dump(exclude=_OF_THE_PROPOSAL)
    waiting = (one for one in case.offers if is_open(one))
    return next((one for one in waiting if one.model_dump(exclude=_OF_THE_PROPOSAL) == wanted), None)


def once(twin: Commitment | Offer) -> str:
    """What whoever gave it again is answered."""
    return f"this is {twin.id} already, which is {twin.state.replace('_', ' ')}; it counts once"
