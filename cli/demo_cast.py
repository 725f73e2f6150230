"""The cast of the demo: which accounts of the sample are played, by people of which manner, and how each case ends."""

from __future__ import annotations

from datetime import timedelta

from cli.bargaining import Bargain
from cli.players import Manner, Story
from models.base import Id, Record
from models.calendar import Offset
from models.save import SaveOutcome


class Role(Record):
    """One case of the demo. ``inbound`` is the row of sample/inbound.csv that opens it; none for a case that runs already.

    ``playbook`` is asked for by the CSM at once; without it the root cause picks one. ``away``: the sample sends the CSM on
    leave on the third day, so that the work is not all done before.
    """

    account: Id
    story: Story
    inbound: Id | None = None
    playbook: Id | None = None
    away: bool = False


SITTINGS = {
    Manner.DILIGENT: timedelta(hours=18),
    Manner.LATE: timedelta(hours=1),
    Manner.ABSENT: timedelta(hours=3),
}
"""How far ahead somebody works off in one go, so that a month passes in a few moves of the clock."""

LATE_ACCOUNT, AWAY_ACCOUNT, RUNNING_ACCOUNT, SPARE_ACCOUNT = "acc-0033", "acc-0002", "acc-0012", "acc-0028"
OFFERED_ACCOUNT = "acc-0008"
PAUSE = Bargain(offer="pause", lasts=Offset(days=90))
BRIDGE = Bargain(offer="bridge_discount", pct=10, lasts=Offset(months=6), tied_to="reference")


def _story(manner: Manner, ending: SaveOutcome, day: int | None = None, cause: str | None = None, **more: str) -> Story:
    return Story(manner=manner, seed=7, ending=ending, ends_on_day=day, root_cause=cause, decisions=more)


_DILIGENT, _LATE, _ABSENT = Manner.DILIGENT, Manner.LATE, Manner.ABSENT

CAST = (
    Role(
        account="acc-0006",
        inbound="inb-004",
        playbook="product_technical",
        story=_story(_DILIGENT, SaveOutcome.SAVED_FULL, None, "missing_feature"),
    ),
    Role(
        account=LATE_ACCOUNT,
        inbound="inb-013",
        playbook="product_technical",
        story=_story(_LATE, SaveOutcome.LOST, 9, "missing_feature"),
    ),
    Role(
        account=AWAY_ACCOUNT,
        inbound="inb-015",
        playbook="product_technical",
        away=True,
        story=_story(_DILIGENT, SaveOutcome.SAVED_FULL, 11, "product_bug"),
    ),
    Role(
        account=OFFERED_ACCOUNT,
        inbound="inb-007",
        story=_story(_DILIGENT, SaveOutcome.SAVED_PARTIAL, 12, "budget_absolute").model_copy(
            update={"bargain": BRIDGE}
        ),
    ),
    Role(
        account="acc-0009",
        inbound="inb-009",
        story=_story(_DILIGENT, SaveOutcome.PAUSED, 12, "budget_absolute").model_copy(update={"bargain": PAUSE}),
    ),
    Role(account="acc-0038", inbound="inb-019", story=_story(_DILIGENT, SaveOutcome.DEFERRED, 6, "budget_absolute")),
    Role(
        account="acc-0023", inbound="inb-011", story=_story(_DILIGENT, SaveOutcome.SAVED_FULL, 9, "technical_problem")
    ),
    Role(account="acc-0017", inbound="inb-021", story=_story(_DILIGENT, SaveOutcome.LET_GO)),
    Role(account="acc-0007", inbound="inb-006", story=_story(_ABSENT, SaveOutcome.NO_CONTACT)),
    Role(account="acc-0045", inbound="inb-016", story=_story(_DILIGENT, SaveOutcome.DECLINED_CONVERSATION)),
    Role(account=RUNNING_ACCOUNT, story=_story(_DILIGENT, SaveOutcome.SAVED_FULL, 16)),
    Role(account=SPARE_ACCOUNT, story=Story(manner=_DILIGENT, seed=7, open_end=True)),
)
"""Twelve cases; the last one is left open for whoever looks at the demo."""
