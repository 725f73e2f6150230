"""A sweep in parts: how many buckets of accounts go together, and what all parts come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from models.alerts import AlertEntry, Happens
from models.base import Utc
from models.sweep import Became, Responses, SweepReport, Swept

UNANSWERABLE = "unanswerable"
WEIGHTY = (
    UNANSWERABLE,
    *(
        what.value
        for what in (
            Happens.OPEN_CASE,
            Happens.ESCALATE_CASE,
            Happens.FEED_CASE,
            Happens.WIN_BACK,
            Happens.OUTREACH,
            Happens.WATCH,
            Happens.HYGIENE,
        )
    ),
)
"""What becomes of an account, from what weighs most."""
MOST_ACCOUNTS = 40_000
"""In one part: as much as fits into memory beside other work. A larger bucket is a part of its own."""


def stock_key(workflow_id: str, at: Utc) -> str:
    """The name of the facts that a sweep puts aside, which is safe as the name of a folder."""
    safe = "".join(sign if sign.isalnum() or sign == "-" else "-" for sign in workflow_id)
    return f"{safe}-{at:%Y%m%dT%H%M%S}"


def parts(accounts: Sequence[int], most: int = MOST_ACCOUNTS) -> tuple[tuple[int, ...], ...]:
    """The buckets that have accounts, in parts of at most ``most`` accounts together."""
    found: list[tuple[int, ...]] = []
    held = most
    for bucket, count in enumerate(accounts):
        if not count:
            continue
        if held + count > most:
            found, held = [*found, ()], 0
        found[-1], held = (*found[-1], bucket), held + count
    return tuple(found)


def told(report: SweepReport, swept: Swept, responses: Responses) -> SweepReport:
    """The report with one more part."""
    before = report.swept
    numbers = ("accounts", "insufficient", "raised", "settled")
    whole = Swept(
        **{name: getattr(before, name) + getattr(swept, name) for name in numbers},
        bands=_added(before.bands, swept.bands),
        unjudged=_added(before.unjudged, swept.unjudged),
    )
    answers = Responses(
        counts=_added(report.responses.counts, responses.counts),
        failed=report.responses.failed + responses.failed,
        left=report.responses.left + responses.left,
    )
    done = {"parts_done": report.parts_done + 1, "swept": whole, "responses": answers}
    return report.model_copy(update=done)


def failed(report: SweepReport) -> SweepReport:
    """The report with one more part, which could not be judged or not be answered."""
    return report.model_copy(
        update={"parts_done": report.parts_done + 1, "parts_failed": report.parts_failed + 1},
    )


def trouble(report: SweepReport) -> tuple[str, ...]:
    """What a manager must hear of a sweep that did not do all that it should, in sentences; nothing where it did."""
    again = "'detection sweep' starts one"
    said = []
    if report.finished_at is None:
        went = f"after {report.parts_done} of {report.parts} parts" if report.parts else "before its first part"
        said.append(f"the sweep stopped {went}; accounts after it were not judged; {again}")
    if report.parts_failed:
        parts = f"{report.parts_failed} of {report.parts} parts of the portfolio were not judged or not answered"
        said.append(f"{parts}; the next sweep tries again, and {again}")
    if report.responses.left:
        said.append(f"new alerts of {report.responses.left} account(s) have no answer yet; the next sweep gives it")
    return tuple(said)


def became(alerts: Iterable[AlertEntry]) -> tuple[Became, ...]:
    """What became of each account, given the alerts that a sweep answered: the weightiest, with the reasons for it."""
    of: dict[str, list[AlertEntry]] = {}
    for alert in alerts:
        of.setdefault(alert.account_id, []).append(alert)
    return tuple(_became(account, found) for account, found in sorted(of.items()))


def _became(account: str, alerts: Sequence[AlertEntry]) -> Became:
    what = min((_what(alert) for alert in alerts), key=WEIGHTY.index)
    those = [alert for alert in alerts if _what(alert) == what]
    said = those[0].answer if what == UNANSWERABLE else "; ".join(alert.why for alert in those)
    return Became(account_id=account, what=what, why=said, case=next((a.case for a in those if a.case), ""))


def _what(alert: AlertEntry) -> str:
    return UNANSWERABLE if alert.unanswered else alert.happens.value


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted((Counter(one) + Counter(other)).items()))
