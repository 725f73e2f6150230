"""Detection as one would write it for a single account with nothing but loops. Slow, plain, and on purpose unlike it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any

from models.detection import DetectionRules
from models.triggers import Rule
from rules.detection.frames import Facts

LEVELS = ["none", "watch", "low", "medium", "high"]
Row = dict[str, Any]
Holding = tuple[str, str, str, str, date, float | None, float | None, datetime | None]
"""account, rule, kind, level, since, was, now, told at"""


class OneAccount:
    """The facts of one account, each as a plain list or a dictionary by day."""

    def __init__(self, row: Row, today: date) -> None:
        self.row, self.today, self.yesterday = row, today, today - timedelta(days=1)
        self.usage: dict[date, Row] = {}
        self.scores: dict[date, float] = {}
        self.given: list[Row] = []
        self.tickets: list[Row] = []
        self.nps: list[Row] = []
        self.signals: list[Row] = []
        self.last_ticket: date | None = None


def by_account(facts: Facts, today: date) -> dict[str, OneAccount]:
    """The facts sorted into their accounts."""
    found = {row["account_id"]: OneAccount(row, today) for row in facts.accounts.iter_rows(named=True)}
    for row in facts.usage.iter_rows(named=True):
        if row["day"] < today:
            found[row["account_id"]].usage[row["day"]] = row
    for row in facts.scores.iter_rows(named=True):
        if row["score"] is not None:
            found[row["account_id"]].scores[row["day"]] = row["score"]
    for row in facts.given.iter_rows(named=True):
        found[row["account_id"]].given.append(row)
    for row in facts.tickets.iter_rows(named=True):
        found[row["account_id"]].tickets.append(row | {"day": row["opened_at"].date()})
    for row in facts.nps.iter_rows(named=True):
        found[row["account_id"]].nps.append(row | {"day": row["at"].date()})
    for row in facts.signals.iter_rows(named=True):
        found[row["account_id"]].signals.append(row | {"day": row["at"].date()})
    everybodys = [ticket["day"] for account in found.values() for ticket in account.tickets]
    for account in found.values():
        account.last_ticket = facts.last_ticket or max(everybodys, default=None)
    return found


def detected(facts: Facts, rules: DetectionRules, today: date):
    """What holds for every account, what is not judged, and its score of today."""
    holding: set[Holding] = set()
    unjudged: set[tuple[str, str]] = set()
    scores: dict[str, float | None] = {}
    for name, account in by_account(facts, today).items():
        found, missed, scores[name] = one(account, rules, today)
        holding |= {(name, *each) for each in found}
        unjudged |= {(name, rule) for rule in missed}
    return holding, unjudged, scores


def back(today: date, months: int, days: int) -> date:
    day = today
    for _ in range(months):
        last_of_before = day.replace(day=1) - timedelta(days=1)
        day = last_of_before.replace(day=min(today.day, last_of_before.day))
    return day - timedelta(days=days)


def before(today: date, offset) -> date:
    return back(today, offset.months, offset.days)


def usual_and_actual(account: OneAccount, metric: str, rules: DetectionRules):
    """None where there is too little to compare."""
    base, today = rules.baseline, account.yesterday
    recent = [today - timedelta(days=n) for n in range(base.recent_days)]
    earlier = [today - timedelta(days=n) for n in range(base.within_days, base.within_days + base.days)]
    measured = [day for day in earlier if day in account.usage]
    by_weekday = defaultdict(list)
    for day in measured:
        by_weekday[day.weekday()].append(account.usage[day][metric])
    comparable = [day for day in recent if day in account.usage and day.weekday() in by_weekday]
    if len(comparable) < base.least_recent or len(measured) < base.least_days:
        return None
    usual = sum(median(by_weekday[day.weekday()]) for day in comparable)
    return usual, sum(account.usage[day][metric] for day in comparable)


def submetrics(account: OneAccount, rules: DetectionRules) -> dict[str, float]:
    health, today, found = rules.health, account.today, {}
    since = before(account.yesterday, health.look_back)
    days = [row for day, row in account.usage.items() if day > since]
    reach = rules.baseline.within_days + rules.baseline.days
    days = [row for row in days if (account.yesterday - row["day"]).days < reach]
    if len(days) >= health.least_days:
        found["login_frequency"] = sum(row["logins"] > 0 for row in days) * 7 / len(days)
    for metric, column in (("active_users", "active_users"), ("feature_adoption", "key_feature_events")):
        pair = usual_and_actual(account, column, rules)
        if pair and pair[0] > 0:
            found[metric] = pair[1] * 100 / pair[0]
    since = before(today, health.given_fresh)
    how = next(rule for rule in rules.rules if rule.measure == "negative_tickets")
    tickets = [ticket for ticket in account.tickets if ticket["day"] > since]
    told = [ticket for ticket in tickets if ticket["sentiment"] or ticket["csat"] is not None]
    if told:
        found["ticket_sentiment"] = sum(is_negative(ticket, how) for ticket in told) * 100 / len(told)
    answers = [ticket["csat"] for ticket in tickets] + [vote["score"] for vote in account.nps if vote["day"] > since]
    answers = [answer for answer in answers if answer is not None]
    if answers:
        found["nps_csat"] = sum(answers) / len(answers)
    renewal = account.row["renewal_date"]
    if renewal and renewal >= today:
        found["renewal_timeline"] = (renewal - today).days
    curves = {curve.metric: curve for curve in health.curves}
    worth = {metric: on_curve(value, curves[metric]) for metric, value in found.items()}
    for payment in health.payments:
        if payment.status == account.row["payment"]:
            worth["payment_status"] = payment.value
    for row in sorted(account.given, key=lambda row: row["day"]):
        if row["day"] > since and row["value"] is not None:
            worth[row["metric"]] = row["value"]
    return worth


def on_curve(figure: float, curve) -> float:
    steps = curve.steps
    if figure <= steps[0].at:
        return steps[0].value
    for low, high in itertools.pairwise(steps):
        if figure <= high.at:
            return low.value + (high.value - low.value) * (figure - low.at) / (high.at - low.at)
    return steps[-1].value


def score(account: OneAccount, rules: DetectionRules) -> float | None:
    known = submetrics(account, rules)
    total = points = available = 0.0
    for component in rules.health.chosen.components:
        values = [known[metric] for metric in component.metrics if metric in known]
        weight = float(component.weight)
        if values:
            total += weight
            points += weight * sum(values) / len(values)
            available += weight * len(values) / len(component.metrics)
    return points / total if round(available, 6) >= rules.health.least_percent else None


def one(account: OneAccount, rules: DetectionRules, today: date):
    own = score(account, rules)
    if own is not None:
        account.scores.setdefault(today, own)
    unjudged = set() if own is not None else {"health_score"}
    days = sorted(account.scores)
    if days and (today - days[-1]).days > rules.lag_days:
        unjudged.add("health_score")
    reach = rules.baseline.within_days + rules.baseline.days
    account.usage = {day: row for day, row in account.usage.items() if (account.yesterday - day).days < reach}
    if not account.usage:
        unjudged.add("usage")
    found = []
    for rule in rules.rules:
        answer = judge(rule, account, rules, today)
        if answer == "unjudged":
            unjudged.add(rule.id)
        elif answer:
            found.append((rule.id, rule.kind.value, rule.level.value, *(*answer, None)[:4], family(rule)))
    for signal in rules.signals:
        seen = [row["at"] for row in account.signals if row["kind"] == signal.kind]
        seen = [at for at in seen if at.date() > before(today, rules.fresh)]
        if seen:
            answer = (min(seen).date(), None, float(len(seen)), max(seen))
            found.append((signal.kind, signal.alert.value, signal.level.value, *answer, signal.family))
    found += combinations(found, rules)
    found += together(found, rules)
    former = {signal.kind for signal in rules.signals if signal.former}
    gone = bool(account.row["churned"])
    return {each[:-1] for each in found if (each[0] in former) == gone}, unjudged, own


def family(rule: Rule) -> str:
    for word, name in (("score", "health"), ("ticket", "support"), ("csat", "support"), ("nps", "feedback")):
        if word in rule.measure:
            return name
    return "hygiene" if rule.kind == "hygiene" else "usage"


def judge(rule: Rule, account: OneAccount, rules: DetectionRules, today: date):
    """None, "unjudged", or (since, was, now), and of single facts or crossings when the last one was."""
    if rule.measure.startswith("score"):
        return by_score(rule, account, rules, today)
    if rule.measure in ("usage_falls", "no_login", "unused", "rhythm_slows"):
        return by_usage(rule, account, rules, account.yesterday) if account.usage else None
    if rule.measure == "few_stakeholders":
        count = account.row["stakeholders"]
        return "unjudged" if count is None else (today, None, float(count)) if count < rule.least else None
    if rule.measure == "no_sponsor":
        has = account.row["has_sponsor"]
        return "unjudged" if has is None else None if has else (today, None, None)
    return by_support(rule, account, today)


def by_score(rule: Rule, account: OneAccount, rules: DetectionRules, today: date):
    days = sorted(account.scores)
    if not days or (today - days[-1]).days > rules.lag_days:
        return None
    last, now = days[-1], account.scores[days[-1]]
    if rule.measure == "score_is_below":
        return (last, None, now) if now < rule.below else None
    if rule.measure == "score_falls_below":
        above = [day for day in days if account.scores[day] >= rule.below]
        if not above or above[-1] == last:
            return None
        crossed = min(day for day in days if day > above[-1])
        return crossed, account.scores[above[-1]], now, datetime.combine(crossed, time(), UTC)
    if rule.measure == "score_falls":
        peak = max(account.scores[day] for day in days if day >= before(today, rule.within))
        return (last, peak, now) if peak - now >= rule.points - 1e-9 else None
    if rule.measure == "score_stays_below":
        return stays(rule, account, days, today)
    return declines(rule, account, days, today)


def stays(rule, account: OneAccount, days: list[date], today: date):
    begun = None
    later = None
    for day in reversed(days):
        if account.scores[day] >= rule.below or (later and (later - day).days > rule.longest_gap_days):
            break
        begun = later = day
    if begun and begun <= before(today, rule.lasting):
        return begun, None, float((today - begun).days)
    return None


def declines(rule, account: OneAccount, days: list[date], today: date):
    weeks: dict[date, date] = {}
    for day in days:
        weeks[day - timedelta(days=day.weekday())] = day
    monday = today - timedelta(days=today.weekday())
    if today.weekday() < 6:
        monday -= timedelta(days=7)
    mondays = [monday - timedelta(days=7 * n) for n in range(rule.weeks + 1)]
    if any(each not in weeks for each in mondays):
        return None
    values = [account.scores[weeks[each]] for each in mondays]
    falling = all(now < then for now, then in itertools.pairwise(values))
    return (weeks[mondays[-1]], values[-1], values[0]) if falling else None


def by_usage(rule: Rule, account: OneAccount, rules: DetectionRules, today: date):
    base = rules.baseline
    if rule.measure == "usage_falls":
        if usual_and_actual(account, "logins", rules) is None:
            return "unjudged"
        usual, actual = usual_and_actual(account, rule.metric, rules)
        if usual > 0 and actual * 100 <= usual * (100 - rule.percent):
            return today - timedelta(days=base.recent_days - 1), float(usual), (1 - actual / usual) * 100
        return None
    if rule.measure == "no_login":
        return no_login(rule, account, rules, today)
    recent = [today - timedelta(days=n) for n in range(rule.days)]
    earlier = [today - timedelta(days=n) for n in range(base.within_days, base.within_days + base.days)]
    weekends = rule.measure == "unused" and rule.weekends
    now = [account.usage[d] for d in recent if d in account.usage and (not weekends or d.weekday() >= 5)]
    then = [account.usage[d] for d in earlier if d in account.usage and (not weekends or d.weekday() >= 5)]
    since = today - timedelta(days=rule.days - 1)
    if rule.measure == "unused":
        if len(now) < rule.least_days or len(then) < rule.least_days:
            return "unjudged"
        used = sum(row[rule.metric] > 0 for row in then)
        if used * 100 >= rule.used_percent * len(then) and not any(row[rule.metric] > 0 for row in now):
            return since, used * 100 / len(then), 0.0
        return None
    if len(now) < rule.least_days or len(then) < base.least_days:
        return "unjudged"
    rates = [sum(row["logins"] > 0 for row in rows) * 7 / len(rows) for rows in (then, now)]
    pace = [2 if rate >= rule.daily_from else 1 if rate >= rule.weekly_from else 0 for rate in rates]
    return (since, rates[0], rates[1]) if pace[1] < pace[0] else None


def no_login(rule, account: OneAccount, rules: DetectionRules, today: date):
    last = max(account.usage)
    zeros, day = 0, last
    while day in account.usage and account.usage[day]["logins"] == 0:
        zeros, day = zeros + 1, day - timedelta(days=1)
    if zeros >= rule.days and (today - last).days <= rules.lag_days:
        return day + timedelta(days=1), None, float(zeros)
    used = [day for day, row in account.usage.items() if row["logins"] > 0]
    return None if used and (today - max(used)).days < rule.days else "unjudged"


def is_negative(ticket: Row, rule) -> bool:
    rated_low = ticket["csat"] is not None and ticket["csat"] <= rule.csat
    return ticket["sentiment"] in rule.sentiments or rated_low


def by_support(rule: Rule, account: OneAccount, today: date):
    if rule.measure == "negative_tickets":
        bad = [
            t["opened_at"] for t in account.tickets if t["day"] > before(today, rule.within) and is_negative(t, rule)
        ]
        return (max(bad).date(), None, float(len(bad)), max(bad)) if len(bad) >= rule.count else None
    if rule.measure == "csat_below":
        rated = [t for t in account.tickets if t["day"] > before(today, rule.within) and t["csat"] is not None]
        low = [t for t in rated if t["csat"] < rule.below]
        if not low:
            return None
        newest = max(t["opened_at"] for t in low)
        return newest.date(), None, float(min(t["csat"] for t in low)), newest
    if rule.measure == "nps_below":
        low = [v for v in account.nps if v["day"] > before(today, rule.within) and v["score"] < rule.below]
        if not low:
            return None
        newest = max(v["at"] for v in low)
        return newest.date(), None, float(min(v["score"] for v in low)), newest
    if rule.measure == "nps_falls":
        return nps_falls(rule, account, today)
    ages = [(today - t["day"]).days for t in account.tickets]
    now = sum(age < rule.days for age in ages)
    then = sum(rule.days <= age < rule.days + rule.trailing_days for age in ages)
    newest = max((t["day"] for t in account.tickets), default=today)
    if rule.measure == "tickets_stop":
        if now or then < rule.least:
            return None
        somebody_wrote = account.last_ticket is not None and (today - account.last_ticket).days < rule.days
        return (today - timedelta(days=rule.days - 1), float(then), 0.0) if somebody_wrote else "unjudged"
    usual = then * rule.days / rule.trailing_days
    rises = then and now >= rule.least and now * 100 * rule.trailing_days >= then * rule.percent * rule.days
    return (newest, usual, float(now)) if rises else None


def nps_falls(rule, account: OneAccount, today: date):
    def nps(votes: list[int]) -> float:
        return (sum(vote >= 9 for vote in votes) - sum(vote <= 6 for vote in votes)) * 100 / len(votes)

    new = [v for v in account.nps if (today - v["day"]).days < rule.days]
    old = [v for v in account.nps if rule.days <= (today - v["day"]).days < 2 * rule.days]
    if len(new) < rule.least_answers or len(old) < rule.least_answers:
        return "unjudged" if new or old else None
    was, now = nps([v["score"] for v in old]), nps([v["score"] for v in new])
    return (max(v["day"] for v in new), was, now) if was - now >= rule.points - 1e-9 else None


def combinations(found: list, rules: DetectionRules) -> list:
    flags = []
    for one in rules.combinations:
        firsts, told = [], []
        for part in one.parts:
            there = [each for each in found if each[0] in part.any_of]
            if there:
                firsts.append(min(each[3] for each in there))
                told += [each[6] for each in there if each[6]]
        if len(firsts) == len(one.parts):
            count = float(len(firsts))
            answer = (max(firsts), None, count, max(told, default=None))
            flags.append((one.id, one.kind.value, one.level.value, *answer, "combination"))
    return flags


def together(found: list, rules: DetectionRules) -> list:
    presses = {signal.kind for signal in rules.signals if signal.multiplies}
    risks = [each for each in found if each[2] != "none" and each[0] not in presses]
    pressure = [each for each in found if each[0] in presses]
    if not risks:
        return []
    extra = []
    told = [each[6] for each in risks if each[6]]
    highest = max(LEVELS.index(each[2]) for each in risks)
    families = len({each[-1] for each in risks})
    raised = max((LEVELS.index(step.level) for step in rules.together if families >= step.findings), default=0)
    if raised > highest:
        since = max(each[3] for each in risks)
        answer = (since, None, float(families), max(told, default=None))
        extra.append(("several_signals", "investigation", LEVELS[raised], *answer, "combination"))
        highest = raised
    if pressure and 2 <= highest < LEVELS.index(rules.pressure_lifts_to):
        since = min(each[3] for each in pressure)
        told += [each[6] for each in pressure if each[6]]
        answer = (since, None, float(len(pressure)), max(told, default=None))
        extra.append(("business_under_pressure", "investigation", LEVELS[highest + 1], *answer, "combination"))
    return extra
