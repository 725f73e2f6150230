"""The pages on accounts: a CSM's portfolio, one strategic account, the segments, and whether the scores were right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from models.book import CaseEntry
from models.case import CaseKind
from models.review_page import AccountState, ReviewSection
from rules.reviews.tables import amounts, cut, day, named, points

_LEFT, _SAVES = "left", (CaseKind.SAVE, CaseKind.CANCELLATION)


def portfolio(states: Sequence[AccountState], today: date, most: int) -> tuple[ReviewSection, ...]:
    """Every account of a CSM, those first that need a look, with what is open and late there (RISK-121)."""
    ordered = sorted(states, key=lambda one: (-one.late, -len(one.alerts), _worst_first(one), one.account.id))
    columns = ("account", "a year", "renewal", "health", "since then", "open cases", "late", "open alerts")
    rows = [(named(one), amounts([one.worth]), _renewal(one, today), *_health(one), *_open(one)) for one in ordered]
    nothing = "No account is led by them now."
    return (cut("Your accounts, the most urgent first", columns, rows, most, nothing),)


def strategic_account(states: Sequence[AccountState], today: date, most: int) -> tuple[ReviewSection, ...]:
    """One account that justifies disproportionate effort (RISK-112): what it brings, how it is, and all that is open."""
    if not states:
        return (ReviewSection(heading="The account", says="It is no customer any more."),)
    (one,) = states
    said = f"{amounts([one.worth])} a year; renewal {_renewal(one, today)}; tier {one.account.tier}."
    cases = [_case(entry) for entry in (*one.open, *one.ended)]
    found = [(rule.replace("_", " "),) for rule in one.alerts]
    return (
        ReviewSection(heading="The account", says=f"{named(one)}: {said}"),
        ReviewSection(heading="Health", says=f"{_health(one)[0]}, {_health(one)[1]} since the period began."),
        cut("Cases", ("case", "stage", "outcome", "next due", "late"), cases, most, "No case is open, and none ended."),
        cut("Open alerts", ("found",), found, most, "Nothing was found that is still open."),
    )


def segments(states: Sequence[AccountState], most: int) -> tuple[ReviewSection, ...]:
    """The tiers side by side: how many and how much, their health, and how many left or were saved in the period."""
    tiers: dict[str, list[AccountState]] = defaultdict(list)
    for one in states:
        tiers[one.account.tier].append(one)
    columns = ("segment", "customers", "a year", "health, mean", "no score", "open saves", "leaving", "left", "saved")
    rows = [_segment(tier, own) for tier, own in sorted(tiers.items())]
    return (cut("Segments", columns, rows, most, "There are no accounts yet."),)


def health_audit(states: Sequence[AccountState], most: int) -> tuple[ReviewSection, ...]:
    """Where score and events do not agree: trouble in spite of a good score, none in spite of a poor one, no score."""
    customers = [one for one in states if one.account.active]
    bands: dict[str, list[AccountState]] = defaultdict(list)
    for one in customers:
        bands[one.band or "no score"].append(one)
    counted = [(band, str(len(own)), amounts([one.worth for one in own])) for band, own in sorted(bands.items())]
    middle = _middle([one.score for one in customers if one.score is not None])
    missed = [one for one in states if _trouble(one) and one.before is not None and one.before >= middle]
    quiet = [one for one in customers if one.score is not None and one.score < middle and not _trouble(one)]
    blind = [one for one in customers if one.score is None]
    columns = ("account", "a year", "health", "since then", "what happened")
    return (
        cut("Scores", ("band", "accounts", "a year"), counted, most, "There are no accounts yet."),
        cut("Trouble in spite of a score at or above the median", columns, _told(missed), most, "None."),
        cut("A score below the median, and nothing is done", columns, _told(quiet), most, "None."),
        cut("No score, since too little is known", columns, _told(blind), most, "Every account has one."),
    )


def _segment(tier: str, own: Sequence[AccountState]) -> tuple[str, ...]:
    customers = [one for one in own if one.account.active]
    scores = [one.score for one in customers if one.score is not None]
    mean = points(sum(scores) / len(scores)) if scores else "-"
    counts = (
        sum(_has(one.open, CaseKind.SAVE) for one in own),
        sum(_has(one.open, CaseKind.CANCELLATION) for one in own),
        sum(any(e.kind == CaseKind.CANCELLATION and e.outcome == _LEFT for e in one.ended) for one in own),
        sum(any(e.kind == CaseKind.SAVE and (e.outcome or "").startswith("saved") for e in one.ended) for one in own),
    )
    silent = len(customers) - len(scores)
    head = (tier, str(len(customers)), amounts([one.worth for one in customers]), mean, str(silent))
    return (*head, *map(str, counts))


def _told(states: Sequence[AccountState]) -> list[tuple[str, ...]]:
    ordered = sorted(states, key=lambda one: (_worst_first(one), one.account.id))
    return [(named(one), amounts([one.worth]), *_health(one), _happened(one)) for one in ordered]


def _happened(one: AccountState) -> str:
    open_now = [f"{entry.kind} open ({entry.stage})" for entry in one.open if entry.kind in _SAVES]
    ended = [f"{entry.kind} ended as {entry.outcome}" for entry in one.ended if entry.kind in _SAVES]
    return ", ".join((*open_now, *ended)).replace("_", " ") or "-"


def _trouble(one: AccountState) -> bool:
    return any(entry.kind in _SAVES for entry in (*one.open, *one.ended))


def _has(entries: Sequence[CaseEntry], kind: CaseKind) -> bool:
    return any(entry.kind == kind for entry in entries)


def _middle(scores: Sequence[float]) -> float:
    ordered = sorted(scores)
    return ordered[len(ordered) // 2] if ordered else 0


def _health(one: AccountState) -> tuple[str, str]:
    """The score with its band, and by how many points it moved since the period began."""
    if one.score is None:
        return "no score", "-"
    moved = f"{one.score - one.before:+.0f}" if one.before is not None else "new"
    return f"{points(one.score)} ({one.band.replace('_', ' ')})", moved


def _open(one: AccountState) -> tuple[str, str, str]:
    """What is open: each case with its stage, how many steps are late, and what was found."""
    cases = ", ".join(f"{entry.kind} ({entry.stage})" for entry in one.open).replace("_", " ")
    found = ", ".join(dict.fromkeys(rule.replace("_", " ") for rule in one.alerts))
    return cases or "-", str(one.late) if one.late else "-", found or "-"


def _case(entry: CaseEntry) -> tuple[str, ...]:
    due = day(entry.next_due.date()) if entry.next_due else "-"
    late = str(entry.overdue) if entry.overdue and entry.closed_at is None else "-"
    return (
        entry.kind.replace("_", " "),
        entry.stage.replace("_", " "),
        (entry.outcome or "open").replace("_", " "),
        due,
        late,
    )


def _renewal(one: AccountState, today: date) -> str:
    renews = one.account.renewal_date
    if renews is None:
        return "not recorded"
    gap = (renews - today).days
    return f"{day(renews)}, in {gap} days" if gap >= 0 else f"{day(renews)}, PASSED"


def _worst_first(one: AccountState) -> float:
    return one.score if one.score is not None else 100.0
