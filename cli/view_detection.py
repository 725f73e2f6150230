"""How health, findings and sweeps look on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from activities.judging import counted
from adapters.temporal.schedules import Scheduled
from cli.view_risk import WILL, of_open, of_risk
from cli.words import keep_whole, lasted, table, when
from models.alerts import AlertEntry, Happens, Suggestion
from models.base import Record
from models.detection import DetectionRules
from models.explained import Explained
from models.health import HealthScore, Movement
from models.sweep import Became, Responses, SweepReport, Swept
from rules.detection.standing import Standing
from rules.sweeping import UNANSWERABLE, became, told, trouble

_MOST = 20
WORDS = {
    UNANSWERABLE: "unanswerable",
    Happens.OPEN_CASE.value: "case opened",
    Happens.ESCALATE_CASE.value: "case escalated",
    Happens.FEED_CASE.value: "case fed",
    Happens.WIN_BACK.value: "win-back told",
    Happens.OUTREACH.value: "reached out",
    Happens.WATCH.value: "watched",
    Happens.HYGIENE.value: "to be put in order",
}
"""What becomes of an account, as people read it, the weightiest first."""


class Came(Record):
    """What a sweep came to, by account; ``insufficient`` has how many percent were known of whoever has no score."""

    report: SweepReport
    accounts: tuple[Became, ...] = ()
    insufficient: dict[str, float] = {}


class Checked(Record):
    """What a sweep would find: in numbers, by accounts and what would become of them, and the alerts that it would raise."""

    swept: Swept = Swept()
    would: dict[str, int] = {}
    alerts: tuple[AlertEntry, ...] = ()
    faults: dict[str, int] = {}


def added(checked: Checked, standing: Standing, rules: DetectionRules) -> Checked:
    """What was checked, with one more part."""
    whole = told(SweepReport(swept=checked.swept), counted(standing, rules), Responses()).swept
    would = Counter(checked.would) + Counter(one.what for one in became(standing.raised))
    bad = standing.detected.unjudged.filter(standing.detected.unjudged["rule"] == "bad_input")
    return Checked(
        swept=whole,
        would=dict(sorted(would.items())),
        alerts=(*checked.alerts, *standing.raised),
        faults=dict(sorted((Counter(checked.faults) + Counter(bad["why"].to_list())).items())),
    )


def of_check(checked: Checked) -> RenderableType:
    """What a sweep would do, the accounts for which a case would open, and what could not be judged."""
    opens = [
        alert for alert in checked.alerts if alert.happens in ("open_case", "feed_case", "escalate_case", "win_back")
    ]
    parts: list[RenderableType] = [
        _numbers(checked.swept),
        Text(f"a sweep now would come to: {_counts(_worded(checked.would), 'nothing new')}"),
    ]
    if opens:
        rows = table("account", "level", "rule", "since", "why", "happens")
        for alert in opens[:_MOST]:
            rows.add_row(alert.account_id, alert.level, alert.rule, str(alert.since), alert.why, WILL[alert.happens])
        parts.append(rows)
        parts += [Text(f"and {len(opens) - _MOST} more (--json shows all)", style="dim")] if len(opens) > _MOST else []
    parts += [Text(f"left out: {why} ({n} row(s))", style="red") for why, n in checked.faults.items()]
    return Group(*parts)


def of_report(report: SweepReport) -> RenderableType:
    """What a sweep came to."""
    end = f"finished {when(report.finished_at)} UTC" if report.finished_at else "it goes on"
    answers = _counts(_worded(report.became or report.responses.counts))
    parts = [_numbers(report.swept), Text(f"accounts with new alerts: {answers}"), Text(end, style="green")]
    parts += [Text(f"account by account: detection sweeps {report.id}", style="dim")] if report.became else []
    if report.responses.failed:
        left = f"{report.responses.failed} account(s) could not be answered; 'alert list' says why"
        parts.append(Text(left, style="red"))
    parts += [Text(said, style="red") for said in trouble(report) if report.finished_at]
    return Group(*parts)


def of_sweeps(reports: Sequence[SweepReport]) -> RenderableType:
    """The last sweeps, a line each."""
    if not reports:
        return Text("no sweep of the portfolio ran yet; 'detection sweep' starts one", style="yellow")
    rows = table("sweep", "began (UTC)", "took", "accounts", "no score", "new alerts", "what became of accounts")
    keep_whole(rows, 0)
    for one in reports:
        took = lasted(one.finished_at - one.at) if one.finished_at and one.at else "not finished"
        swept = one.swept
        numbers = (str(swept.accounts), str(swept.insufficient), str(swept.raised))
        rows.add_row(one.id, when(one.at), took, *numbers, _came_to(one))
    return Group(rows, Text("'detection sweeps SWEEP' says it account by account", style="dim"))


def _came_to(report: SweepReport) -> str:
    """What became of the accounts of which something new was found, where anything was."""
    if not report.finished_at:
        return "-"
    of_all = _counts(_worded(report.became), f"all {report.swept.accounts} were judged, nothing new was found of any")
    return of_all if report.swept.accounts else "there was none to judge"


def of_came(told: Came) -> RenderableType:
    """A sweep account by account, the weightiest first, and whose score is not known."""
    order = list(WORDS)
    rows = table("account", "what became of it", "why", "case")
    keep_whole(rows, 0)
    for one in sorted(told.accounts, key=lambda each: (order.index(each.what), each.account_id)):
        rows.add_row(one.account_id, WORDS[one.what], one.why, one.case or "-")
    unknown = ", ".join(f"{account} ({known:g} %)" for account, known in list(told.insufficient.items())[:_MOST])
    more = f" and {len(told.insufficient) - _MOST} more, see --json" if len(told.insufficient) > _MOST else ""
    lacks = f"insufficient_data, with how much of the weight is known: {unknown or 'nobody'}{more}"
    unjudged = f"could not be answered, by rule: {_counts(told.report.swept.unjudged)}"
    return Group(of_report(told.report), rows, Text(lacks), Text(unjudged))


def _worded(counts: Mapping[str, int]) -> dict[str, int]:
    return {said: counts[what] for what, said in WORDS.items() if what in counts}


def of_schedule(found: Scheduled) -> RenderableType:
    """When the sweep runs."""
    if not found.there:
        return Text("no sweep is scheduled; a worker sets the schedule when it starts", style="yellow")
    nexts = ", ".join(when(at) for at in found.next_at) or "-"
    state = "paused; " if found.paused else ""
    return Text(f"{state}next: {nexts} UTC; last: {when(found.last_at)}")


def of_explained(found: Explained, hint: Suggestion, rules: DetectionRules) -> RenderableType:
    """One account: its score, its risk, what could not be judged, and its chances."""
    moved = _moved(found.movement, len(found.scores))
    parts = [_score(found.health, found.submetrics, rules), moved, of_risk(found.risk, rules)]
    parts += [of_open(found.alerts)] if found.alerts else []
    if found.unjudged:
        rows = table("not judged", "why", "day")
        for one in found.unjudged:
            rows.add_row(one.rule, one.why, str(one.day or "-"))
        parts.append(rows)
    return Group(*parts, _chances(hint, rules))


def _score(health: HealthScore, known: Mapping[str, float], rules: DetectionRules) -> RenderableType:
    rows = table("component", "weight", "value", "points", "sub-metrics")
    for part in health.components:
        spec = next((one for one in rules.health.chosen.components if one.name == part.name), None)
        names = spec.metrics if spec else ()
        said = ", ".join(f"{name} {known[name]:.0f}" for name in names if name in known)
        lacks = f"; missing: {', '.join(part.missing)}" if part.missing else ""
        value = f"{part.value:.1f}" if part.value is not None else "-"
        rows.add_row(part.name, f"{part.weight:.0f} %", value, f"{part.points:.1f}", f"{said}{lacks}".lstrip("; "))
    if health.score is None:
        head = f"no score: insufficient_data ({health.available_percent:g} % of the weight is known)"
    else:
        action = rules.health.band_of(health.score).action
        head = (
            f"health {health.score:.1f} on {health.day}: {health.band} ({action}); {health.available_percent:g} % known"
        )
    return Group(Text(head, style="bold"), rows)


def _moved(moved: Movement | None, scores: int) -> RenderableType:
    if moved is None:
        alone = "no score of an earlier day to compare with: the last one of a day stands for it"
        return Text("nothing moved since the earlier scores" if scores > 1 else alone, style="dim")
    was, now = (f"{value:.1f}" if value is not None else "unknown" for value in (moved.was, moved.now))
    most = f"{moved.component} moved it most, by {moved.component_points:+.1f} (from {was} to {now})"
    return Text(f"{moved.points:+.1f} points until {moved.until}; {most}, since {moved.since}")


def _chances(hint: Suggestion, rules: DetectionRules) -> RenderableType:
    rows = table("save probability", "source says", "items")
    for one in rules.probabilities:
        rows.add_row(one.name, one.success, "; ".join(one.items))
    said = f"suggested: {hint.suggested} ({hint.why})" if hint.suggested else f"none suggested: {hint.why}"
    return Group(rows, Text(f"{said}; a person picks with 'save triage'", style="dim"))


def _numbers(swept: Swept) -> Text:
    bands = _counts(swept.bands)
    said = f"{swept.accounts} account(s); bands: {bands}; insufficient_data: {swept.insufficient}"
    return Text(f"{said}; {swept.raised} new alert(s), {swept.settled} settled")


def _counts(counts: Mapping[str, int], nothing: str = "none") -> str:
    return ", ".join(f"{name} {n}" for name, n in counts.items()) or nothing
