"""Whether the metrics can be counted as written: steps, outcomes, roles and letters that are there, and time."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import Library, parsed
from adapters.playbooks.shape import shape_faults
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import Words, twice, unknown, unknown_each
from models.calendar import ZERO, Offset
from models.cancellation import CancellationOutcome
from models.case import CaseKind
from models.metrics_policy import MetricsPolicy
from models.save import SaveOutcome

_STEPS = ("first_response", "weekly_update", "service_level", "satisfaction_question")
_TIMES = ("work_takes", "export_warned", "responded_within", "responded_late")


def metrics_faults(library: Library, words: Words) -> list[Fault]:
    """Every fault of the file of the metrics; none where there is no such file."""
    source = library.metrics
    if source is None or not source.readable:
        return list(source.faults) if source else []
    found = source.faults + shape_faults(source, MetricsPolicy, source.data)
    policy = parsed(MetricsPolicy, source.data)
    if policy is None:
        return found
    return [
        *found,
        *_counting(source, policy, words),
        *_people(source, policy, words),
        *_calendar(source, policy, words),
    ]


def _counting(source: Source, policy: MetricsPolicy, words: Words) -> list[Fault]:
    counting, at = policy.counting, ("counting",)
    saves, exits = [one.value for one in SaveOutcome], [one.value for one in CancellationOutcome]
    found: list[Fault] = []
    for field in _STEPS:
        found += unknown(source, (*at, field), "step", getattr(counting, field), words.steps)
    for field in ("saved", "undecided"):
        found += unknown_each(source, (*at, field), "outcome of a save", list(getattr(counting, field)), saves)
    found += unknown(source, (*at, "left"), "outcome of a cancellation", counting.left, exits)
    found += unknown_each(source, (*at, "stayed"), "outcome of a cancellation", list(counting.stayed), exits)
    times: list[tuple[Place, Offset]] = [((*at, field), getattr(counting, field)) for field in _TIMES]
    for field in ("win_back_after", "durable_after"):
        times += [((*at, field, n), time) for n, time in enumerate(getattr(counting, field))]
    return found + _no_time(source, times)


def _people(source: Source, policy: MetricsPolicy, words: Words) -> list[Fault]:
    found = []
    for n, audience in enumerate(policy.patterns.told):
        found += unknown_each(source, ("patterns", "told", n, "roles"), "role", list(audience.roles), words.roles)
    letters = sorted(set[str]().union(*words.languages.values()))
    return found + (unknown(source, ("loop", "letter"), "letter", policy.loop.letter, letters) if letters else [])


def _calendar(source: Source, policy: MetricsPolicy, words: Words) -> list[Fault]:
    named: list[tuple[Place, object]] = [(("reviews", n, "review"), one.review) for n, one in enumerate(policy.reviews)]
    known = words.others.get(CaseKind.REVIEW, ())
    found = [fault for place, name in named for fault in unknown(source, place, "review", name, known)]
    times: list[tuple[Place, Offset]] = [(("loop", "contact_every"), policy.loop.contact_every)]
    return found + twice(source, named, "review") + _no_time(source, times)


def _no_time(source: Source, times: list[tuple[Place, Offset]]) -> list[Fault]:
    right = "write a duration like PT48H, P7D or P3M"
    return [source.fault(place, f"'{place[-1]}' gives no time", right) for place, time in times if time == ZERO]
