"""A sweep in parts: how many buckets of accounts go together, and what all parts come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from models.base import Utc
from models.sweep import Responses, SweepReport, Swept

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
        counts=_added(report.responses.counts, responses.counts), failed=report.responses.failed + responses.failed
    )
    done = {"parts_done": report.parts_done + 1, "swept": whole, "responses": answers}
    return report.model_copy(update=done)


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted((Counter(one) + Counter(other)).items()))
