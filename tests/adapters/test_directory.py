"""The team directory."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from adapters.directory.calendars import Years, snapshot
from adapters.directory.port import DirectoryPort
from models.calendar import Shift
from models.directory import AwayTime, DirectoryPerson, WorkingTime
from models.faults import PermanentFault

YEARS = Years((2025, 2029))
NIGHTINGALE = DirectoryPerson(
    id="p-nor",
    name="Nor Aisyah binti Osman",
    email="nor@followthrough.example",
    title="Customer Success Manager",
    locale="ms",
    roles=("csm",),
    works=WorkingTime(time_zone="Asia/Kuala_Lumpur", region="MY-14"),
)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def days_off(region: str) -> list[str]:
    week = snapshot(WorkingTime(region=region), YEARS).week
    return [name for name, shifts in zip(WEEKDAYS, week, strict=True) if not shifts]


async def test_a_person_comes_back_as_they_were_put(directory: DirectoryPort) -> None:
    await directory.put_person(NIGHTINGALE)
    assert await directory.person("p-nor") == NIGHTINGALE
    assert await directory.people() == (NIGHTINGALE,)


async def test_putting_a_person_again_replaces_what_is_known(directory: DirectoryPort) -> None:
    await directory.put_person(NIGHTINGALE)
    await directory.put_person(NIGHTINGALE.model_copy(update={"title": "Team Lead"}))
    assert (await directory.card("p-nor")).title == "Team Lead"


async def test_a_case_learns_no_name_and_no_address_of_a_person(directory: DirectoryPort) -> None:  # AMB-41
    await directory.put_person(NIGHTINGALE)
    joined = (await directory.joined("p-nor")).model_dump_json()
    assert "Aisyah" not in joined
    assert "@" not in joined


async def test_an_unknown_person_is_refused_with_a_sentence(directory: DirectoryPort) -> None:
    for ask in (directory.person, directory.joined, directory.card, directory.deactivate):
        with pytest.raises(PermanentFault, match="nobody in the team directory has the id 'p-zed'") as refusal:
            await ask("p-zed")
        assert refusal.value.kind == "UnknownPerson"


async def test_absences_come_back_as_aware_utc(directory: DirectoryPort) -> None:
    await directory.put_person(NIGHTINGALE)
    away = AwayTime(person="p-nor", start=datetime(2026, 3, 9, tzinfo=UTC), end=datetime(2026, 3, 16, tzinfo=UTC))
    await directory.add_absence(away)
    (absence,) = (await directory.joined("p-nor")).person.absences
    assert (absence.start, absence.end) == (away.start, away.end)
    assert absence.start.tzinfo is not None


async def test_nobody_who_is_unknown_can_be_away(directory: DirectoryPort) -> None:
    away = AwayTime(person="p-zed", start=datetime(2026, 3, 9, tzinfo=UTC), end=datetime(2026, 3, 16, tzinfo=UTC))
    with pytest.raises(PermanentFault, match="p-zed"):
        await directory.add_absence(away)


async def test_a_deactivated_person_keeps_their_card(directory: DirectoryPort) -> None:
    await directory.put_person(NIGHTINGALE)
    await directory.deactivate("p-nor")
    assert (await directory.joined("p-nor")).person.active is False
    assert (await directory.card("p-nor")).name == "Nor Aisyah binti Osman"


async def test_many_are_joined_in_the_order_asked_and_unknown_ones_left_out(directory: DirectoryPort) -> None:
    for person_id in ("p-a", "p-b"):
        await directory.put_person(NIGHTINGALE.model_copy(update={"id": person_id}))
    joined = await directory.joined_all(("p-b", "p-zed", "p-a", "p-b"))
    assert [each.person.id for each in joined] == ["p-b", "p-a"]


@pytest.mark.parametrize(
    ("works", "what"),
    [
        (WorkingTime(time_zone="Mars/Olympus"), "'Mars/Olympus' is not a time zone"),
        (WorkingTime(time_zone=""), "'' is not a time zone"),
        (WorkingTime(time_zone="../etc"), "is not a time zone"),
        (WorkingTime(region="XX-99"), "'XX-99' is not a holiday region"),
        (WorkingTime(region="MY-99"), "'MY-99' is not a holiday region"),
    ],
)
async def test_a_time_zone_or_region_that_nobody_knows_is_refused(
    directory: DirectoryPort, works: WorkingTime, what: str
) -> None:
    with pytest.raises(PermanentFault, match=what):
        await directory.put_person(NIGHTINGALE.model_copy(update={"works": works}))


@pytest.mark.parametrize("region", ["MY-14", "ID", "SG", "US-CA", "DE-BE", "GB-ENG"])
def test_holidays_are_known_for_every_year_of_the_snapshot(region: str) -> None:
    holidays = snapshot(WorkingTime(region=region), YEARS).holidays
    assert {day.year for day in holidays} == {2025, 2026, 2027, 2028, 2029}


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    federal_territory_day = date(2027, 2, 1)
    assert federal_territory_day in snapshot(WorkingTime(region="MY-14"), YEARS).holidays
    assert federal_territory_day not in snapshot(WorkingTime(region="MY-10"), YEARS).holidays


def test_the_weekend_is_that_of_the_region() -> None:
    assert days_off("MY-14") == ["Sat", "Sun"]
    assert days_off("MY-03") == ["Fri", "Sat"]  # Kelantan
    assert days_off("SA") == ["Fri", "Sat"]
    assert days_off("") == ["Sat", "Sun"]


def test_johor_works_on_its_new_weekend_since_2025() -> None:
    assert days_off("MY-01") == ["Sat", "Sun"]
    before = snapshot(WorkingTime(region="MY-01"), Years((2022, 2026))).week
    assert [name for name, shifts in zip(WEEKDAYS, before, strict=True) if not shifts] == ["Fri", "Sat"]


def test_a_week_of_ones_own_replaces_the_hours_and_has_its_own_calendar() -> None:
    morning = (Shift(start=time(8), end=time(12)),)
    own = WorkingTime(region="SG", week=(morning, (), (), (), (), (), ()))
    calendar = snapshot(own, YEARS)
    assert calendar.week == own.week
    assert calendar.id != snapshot(WorkingTime(region="SG"), YEARS).id
    assert all(day.weekday() == 0 for day in calendar.holidays)
