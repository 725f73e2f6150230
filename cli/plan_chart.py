"""A plan as a picture: one lane per step, grouped by owner, from its opening to when it is due; then the offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from adapters.documents.drawing import FAINT, INK, PAPER, RULE, SOFT, box, dot, line, sheet, shortened, text, written
from cli.drawing import BAR, BOTTOM, HEAD, LANE, RIGHT, TOP, Frame, axis, head, role_name
from cli.plan_days import OPENS, Days, Lane, days_of, in_words, length_of
from models.offer import OfferSpec
from models.plan import Plan, StepSpec

_LEFT = 548.0
_LONGEST_OFFER = 80
_LETTER, _WIDE = 5.6, 6.3  # the width of a letter of a note, and of a title
_OFFER_DAYS = 21  # the width of a chart without steps
_SEEN, _INSIDE, _SYSTEM = ("#cfe8dc", "#2b8a63"), ("#d5dff2", "#4a68ab"), ("#e3e7ec", "#8a96a3")


def draw(plan: Plan) -> str:
    """The picture as the text of an SVG file; the same plan gives the same text."""
    days = days_of(plan)
    groups = _groups(days)
    low = TOP + sum(HEAD + len(lanes) * LANE for lanes in groups.values()) + 6 if groups else TOP - 60
    offers = HEAD + len(plan.offers) * LANE if plan.offers else 0
    frame = Frame(OPENS.replace(hour=0), days.length if groups else _OFFER_DAYS, low + offers + BOTTOM - 6, _LEFT)
    picture = sheet(frame.width, frame.height, f"{plan.ref}: {plan.title}")
    picture.extend(_heading(plan, frame))
    if groups:
        picture.extend(_calendar(groups, frame, low))
    if plan.offers:
        picture.extend(_offers(plan.offers, frame, low + (18 if groups else 0)))
    return written(picture)


def _groups(days: Days) -> dict[str, list[Lane]]:
    """The lanes by owner; the owner of the first step comes first."""
    groups: dict[str, list[Lane]] = {}
    for lane in days.lanes:
        groups.setdefault(lane.step.owner, []).append(lane)
    return groups


def _heading(plan: Plan, frame: Frame) -> Iterator[Element]:
    yield text(24, 36, plan.title, size=20, weight="600")
    yield text(frame.width - 28, 36, plan.ref, size=11, fill=FAINT, anchor="end")
    owed = f"{len(plan.steps)} steps" if plan.steps else "no step of its own"
    offered = f"  ·  {len(plan.offers)} offer{'s' if len(plan.offers) > 1 else ''}" if plan.offers else ""
    kind = "module, added to a running case" if plan.is_module else "playbook"
    yield text(24, 58, f"{kind}  ·  {owed}{offered}", size=12.5, fill=SOFT)
    if plan.steps:
        yield from _legend(24.0, 84.0)


def _legend(x: float, y: float) -> Iterator[Element]:
    middle = y - 4.5
    for words, colours in (("the customer sees it", _SEEN), ("inside", _INSIDE), ("by the system", _SYSTEM)):
        yield _bar(x, x + 22, middle, colours)
        yield dot(x + 22, middle, 4, colours[1])
        yield text(x + 34, y, words, size=11.5, fill=SOFT)
        x += 52 + 6.0 * len(words)
    yield _bar(x, x + 22, middle, _SEEN, only_if=True)
    yield text(x + 30, y, "only after a decision", size=11.5, fill=SOFT)
    yield _arrow(x + 166, middle, SOFT)
    yield text(x + 176, y, "goes on", size=11.5, fill=SOFT)


def _calendar(groups: dict[str, list[Lane]], frame: Frame, low: float) -> Iterator[Element]:
    yield from axis(frame, low)
    top = TOP
    for owner, lanes in groups.items():
        yield from head(frame.width, top, role_name(owner))
        top += HEAD
        for lane in lanes:
            yield _lane(lane, frame, top)
            top += LANE


def _lane(lane: Lane, frame: Frame, top: float) -> Element:
    step, middle, drawn = lane.step, top + LANE / 2, Element("g")
    title = Element("title")
    title.text = f"{step.id}: {step.title}"
    drawn.append(title)
    when = in_words(step)
    longest = int((_LEFT - 56 - len(when) * _WIDE) / _WIDE)  # the title and the due moment share a line
    drawn.append(text(24, middle + 4, shortened(step.title, longest), size=11.5))
    drawn.append(text(_LEFT - 12, middle + 4, when, size=11, fill=SOFT, anchor="end"))
    drawn.append(line(_LEFT, top + LANE, frame.width - RIGHT, top + LANE, RULE, width=0.5))
    for draw_part in (_stretch, _end):  # an end lies above the bar of the next occurrence
        for opens, due in lane.spans:
            drawn.append(draw_part(lane, opens, due, frame, middle))
    drawn.extend(_note(lane, frame, middle))
    return drawn


def _stretch(lane: Lane, opens: datetime, due: datetime, frame: Frame, middle: float) -> Element:
    step, left, right = lane.step, frame.x(opens), frame.x(due)
    gap = 1.5 if step.recur else 0.0
    return _bar(left, max(right - gap, left + 3), middle, _colours(step), only_if=step.condition is not None)


def _end(lane: Lane, _: datetime, due: datetime, frame: Frame, middle: float) -> Element:
    """A dot where the step is due; an arrow where that lies beyond the picture."""
    strong = _colours(lane.step)[1]
    if due > frame.start + timedelta(days=frame.days):
        return _arrow(frame.x(due) + 3, middle, strong)
    return dot(frame.x(due), middle, 2.8 if len(lane.spans) > 6 else 4.4, strong)


def _bar(left: float, right: float, middle: float, colours: tuple[str, str], *, only_if: bool = False) -> Element:
    tint, strong = colours
    fill, stroke = (PAPER, strong) if only_if else (tint, "")
    return box(left, middle - BAR / 2, right - left, BAR, fill, rx=3, stroke=stroke, dash=only_if)


def _arrow(x: float, y: float, fill: str) -> Element:
    return Element("path", {"d": f"M{x:g} {y - 4.5:g}l7 4.5l-7 4.5z", "fill": fill})


def _colours(step: StepSpec) -> tuple[str, str]:
    return _SYSTEM if step.automatic else _SEEN if step.customer_facing else _INSIDE


def _note(lane: Lane, frame: Frame, middle: float) -> Iterable[Element]:
    """What else holds for a step: behind its end where there is room, else before its opening, else in fewer words."""
    if not lane.spans:
        return
    left, right = frame.x(lane.spans[0][0]), frame.x(lane.spans[-1][1])
    for words in (", ".join(_words(lane.step, short=short)) for short in (False, True)):
        wide = len(words) * _LETTER + 12
        if right + wide < frame.width - RIGHT:
            yield from _faint(right + 9, middle, words, "start")
            return
        if left - wide > _LEFT:
            yield from _faint(left - 8, middle, words, "end")
            return


def _faint(x: float, middle: float, words: str, anchor: str) -> Iterable[Element]:
    return [text(x, middle + 3.5, words, size=10.5, fill=FAINT, anchor=anchor)] if words else []


def _words(step: StepSpec, *, short: bool) -> Iterator[str]:
    if step.condition:
        asked = "" if short else f"{step.condition.step} says ".replace("_", " ")
        yield f"if {asked}{step.condition.decision.replace('_', ' ')}"
    if step.optional:
        yield "optional"
    if step.promise:
        yield "a promise"
    if step.reaches:
        yield f"→ {step.reaches}"


def _offers(offers: tuple[OfferSpec, ...], frame: Frame, top: float) -> Iterator[Element]:
    yield from head(frame.width, top, "May be offered")
    top += HEAD
    for offer in offers:
        middle = top + LANE / 2 + 4
        what = shortened("; ".join(offer.what), _LONGEST_OFFER)
        yield text(24, middle, what, size=11.5)
        yield text(_LEFT, middle, offer.kind.replace("_", " ") if offer.kind else "", size=11, fill=INK)
        yield text(_LEFT + 124, middle, f"approved by {_approver(offer)}", size=11, fill=SOFT)
        yield text(_LEFT + 312, middle, _limits(offer), size=11, fill=SOFT)
        yield line(24, top + LANE, frame.width - RIGHT, top + LANE, RULE, width=0.5)
        top += LANE


def _approver(offer: OfferSpec) -> str:
    return "the ladder" if offer.approval == "discount_ladder" else role_name(offer.approval)


def _limits(offer: OfferSpec) -> str:
    rate = [f"up to {offer.limit_pct} %"] if offer.limit_pct is not None else []
    time = [length_of(offer.limit_duration)] if offer.limit_duration else []
    lead = [f"{length_of(offer.lead)} early"] if offer.lead else []
    prices = [f"{step.pct} % in months {step.months}" for step in offer.schedule if step.pct]
    needs = [f"needs {', '.join(offer.needs).replace('_', ' ')}"] if offer.needs else []
    return ", ".join([*rate, *time, *lead, *prices, *needs])
