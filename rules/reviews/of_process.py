"""The pages on how we work: the letters to read, the themes of those who left, the process as it is, the stand-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from models.metrics import Board, Reading, StepDuration, Theme, Themes
from models.review_page import ReviewSection, SentLetter
from models.standup import Section, Standup, StandupLine
from rules.reviews.tables import cut, day

_HEADINGS = {
    Section.LATE: "Late",
    Section.TODAY: "Due today",
    Section.BLOCKED: "Blocked, or waiting for others",
    Section.PROMISED: "Promised to customers",
}


def spot_check(letters: Sequence[SentLetter], seed: str, sample: int) -> tuple[ReviewSection, ...]:
    """Letters to read, drawn without a hand in it: the same for the same period, whoever looks (METR-8)."""
    drawn = sorted(letters, key=lambda one: sha256(f"{seed}/{one.key}".encode()).hexdigest())[:sample]
    columns = ("sent", "letter of the step", "account", "read it with")
    rows = [
        (
            day(one.sent_at.date()),
            one.step.replace("_", " "),
            one.account_id,
            f"outbox show {one.key}",
        )
        for one in sorted(drawn, key=lambda one: (one.sent_at, one.key))
    ]
    heading = f"Letters to read: {len(drawn)} of {len(letters)} that went out"
    return (cut(heading, columns, rows, sample, "No letter to a customer who leaves went out in these days."),)


def themes(found: Themes, most: int) -> tuple[ReviewSection, ...]:
    """Why those who left in the period left, the patterns marked (METR-9, OFFB-36)."""
    columns = ("theme", "customers", "a year", "pattern", "who hears of it")
    sent = "They were written to for this period." if found.sent else ""
    said = f"{found.leavers} customers left; {found.threshold} with one theme are a pattern. {sent}".strip()
    return (
        ReviewSection(heading="The period", says=said),
        cut("Reasons that they gave", columns, [_theme(one) for one in found.reasons], most, "Nobody left."),
        cut("What they named of the register", columns, [_theme(one) for one in found.named], most, "Nothing."),
    )


def audit(board: Board, steps: Sequence[StepDuration], most: int) -> tuple[ReviewSection, ...]:
    """The figures against their targets, and the steps that are late most often (METR-10, OFFB-61)."""
    measured = [row for metric in board.metrics for row in _metric(metric.id, metric.title, metric.readings)]
    often = sorted((one for one in steps if one.late), key=lambda one: (-one.late, one.plan, one.step))
    late = [
        (one.plan, one.step.replace("_", " "), f"{one.late} of {one.with_due}", _share(one.late_share)) for one in often
    ]
    return (
        cut("Figures of the period", ("", "metric", "figure", "target"), measured, most, "Nothing was measured."),
        cut("Steps that were late", ("plan", "step", "late", "share"), late, most, "No step was late."),
    )


def stand_up(
    found: Standup, names: Mapping[str, str], accounts: Mapping[str, str], most: int
) -> tuple[ReviewSection, ...]:
    """What the team speaks of today (SAVE-23)."""
    columns = ("what", "account", "owner", "due (UTC)", "why")
    sections = (
        cut(_HEADINGS[section], columns, [_line(one, names, accounts) for one in found.of(section)], most, "Nothing.")
        for section in Section
    )
    waits = f" {found.inbox.waiting} arrivals wait to be sorted." if found.inbox.waiting else ""
    return (ReviewSection(heading="Today", says=f"{len(found.cases)} cases are open.{waits}"), *sections)


def _line(one: StandupLine, names: Mapping[str, str], accounts: Mapping[str, str]) -> tuple[str, ...]:
    owner = names.get(one.person, one.person) if one.person else one.role or "-"
    due = f"{one.due:%d %b %H:%M}" if one.due else "-"
    account = f"{accounts[one.account_id]} ({one.account_id})" if one.account_id in accounts else one.account_id
    return one.subject, account, owner, due, one.why or "-"


def _theme(one: Theme) -> tuple[str, ...]:
    said = f"{one.name.replace('_', ' ')}: {one.title}" if one.title else one.name.replace("_", " ")
    worth = ", ".join(f"{amount.currency} {amount.minor / 100:,.0f}" for amount in one.arr) or "-"
    return said, str(one.customers), worth, "yes" if one.pattern else "-", ", ".join(one.told) or "-"


def _metric(metric: str, title: str, readings: Sequence[Reading]) -> list[tuple[str, ...]]:
    meets = {True: "reached", False: "MISSED", None: "-"}
    measured = (one for one in readings if one.whole)
    return [(metric, f"{title}: {one.name}" if one.name else title, _figure(one), meets[one.meets]) for one in measured]


def _figure(one: Reading) -> str:
    if one.median is not None:
        return f"{one.median.total_seconds() / 3600:.1f} h (median of {one.whole})"
    if one.mean is not None:
        return f"{one.mean:.1f} (mean of {one.whole})"
    return f"{one.part} of {one.whole}"


def _share(share: float | None) -> str:
    return f"{share:.0%}" if share is not None else "-"
