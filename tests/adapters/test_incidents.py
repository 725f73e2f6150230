"""The register of shared incidents: each once, its progress numbered, its cases linked once."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.database import Database
from adapters.incidents.embedded import EmbeddedIncidents
from models.faults import PermanentFault
from models.incident import IncidentKind, IncidentLink

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SOON = AT + timedelta(days=3)
GAP = IncidentKind.PRODUCT_GAP


@pytest.fixture
async def register(database: Database) -> EmbeddedIncidents:
    found = EmbeddedIncidents(database, now=lambda: AT)
    await found.open("", GAP, "Bulk import", "usr-12")
    return found


def link(case: str = "case-1") -> IncidentLink:
    return IncidentLink(case_id=case, account_id="acc-1", workflow_id="save:acc-1", by="usr-01", at=AT)


async def refusal(doing: Awaitable[Any]) -> str:
    with pytest.raises(PermanentFault) as fault:
        await doing
    return f"{fault.value.kind}: {fault.value.sentence}"


async def test_an_incident_is_there_once_whatever_how_often_it_is_opened(register: EmbeddedIncidents) -> None:
    await register.open("jira-7", IncidentKind.INCIDENT, "Export fails", "usr-12")
    await register.open("jira-7", IncidentKind.INCIDENT, "Export fails", "usr-13")
    assert [one.id for one in await register.incidents()] == ["inc-1", "jira-7"]
    assert "is 'Export fails' already" in await refusal(register.open("jira-7", GAP, "Another", "usr-12"))


async def test_progress_is_numbered_and_the_same_words_count_once(register: EmbeddedIncidents) -> None:
    first = await register.add_progress("inc-1", "usr-12", "planned", estimate=SOON)
    again = await register.add_progress("inc-1", "usr-13", "planned", estimate=SOON)
    second = await register.add_progress("inc-1", "usr-12", "in test", number=2)
    assert (first.number, again, second.number) == (1, first, 2)
    assert "says something else" in await refusal(register.add_progress("inc-1", "usr-12", "other", number=2))
    assert "is number 3, not 9" in await refusal(register.add_progress("inc-1", "usr-12", "later", number=9))
    assert [note.text for note in (await register.incident("inc-1")).progress] == ["planned", "in test"]


async def test_an_incident_that_is_opened_twice_without_an_id_is_one_incident(register: EmbeddedIncidents) -> None:
    again = await register.open("", GAP, "Bulk import", "usr-13")
    assert (again.id, again.opened_by) == ("inc-1", "usr-12")
    own = await register.open("bulk-2", GAP, "Bulk import", "usr-12")
    incident = await register.open("", IncidentKind.INCIDENT, "Bulk import", "usr-12")
    assert (own.id, incident.id) == ("bulk-2", "inc-2")
    for one in ("inc-1", "bulk-2"):
        await register.add_progress(one, "usr-12", "delivered", closes=True)
    assert (await register.open("", GAP, "Bulk import", "usr-12")).id == "inc-3"


async def test_an_id_that_is_given_is_never_one_that_somebody_chose(register: EmbeddedIncidents) -> None:
    await register.open("inc-3", GAP, "Chosen by hand", "usr-12")
    titles = ("Second", "Third")
    given = [(await register.open("", GAP, title, "usr-12")).id for title in titles]
    assert given == ["inc-2", "inc-4"]


async def test_the_same_words_with_another_estimate_are_further_progress(register: EmbeddedIncidents) -> None:
    await register.add_progress("inc-1", "usr-12", "no progress yet", estimate=SOON)
    later = await register.add_progress("inc-1", "usr-12", "no progress yet", estimate=SOON + timedelta(days=1))
    assert later.number == 2
    assert (await register.add_progress("inc-1", "usr-12", "no progress yet", closes=True)).number == 3


async def test_an_estimate_lies_ahead(register: EmbeddedIncidents) -> None:
    said = await refusal(register.add_progress("inc-1", "usr-12", "planned", estimate=AT - timedelta(days=1)))
    assert said.startswith("IllegalMove: an estimate lies ahead of now, 2026-11-16")
    assert (await register.incident("inc-1")).progress == ()


async def test_a_case_is_linked_once(register: EmbeddedIncidents) -> None:
    await register.link("inc-1", link())
    found = await register.link("inc-1", link())
    assert [one.case_id for one in found.links] == ["case-1"]


async def test_a_closed_one_takes_no_further_progress_and_no_further_case(register: EmbeddedIncidents) -> None:
    await register.link("inc-1", link())
    await register.add_progress("inc-1", "usr-12", "delivered", closes=True)
    assert (await register.incident("inc-1")).closed_at == AT
    assert (await register.add_progress("inc-1", "usr-12", "delivered", closes=True)).number == 1
    assert "is closed since" in await refusal(register.add_progress("inc-1", "usr-12", "more"))
    assert "is closed since" in await refusal(register.link("inc-1", link("case-2")))
    await register.link("inc-1", link())


async def test_an_unknown_one_is_named(register: EmbeddedIncidents) -> None:
    assert (await refusal(register.incident("inc-9"))).startswith("UnknownIncident: no incident has the id 'inc-9'")


async def test_a_case_linked_by_mistake_leaves_and_that_stays_on_record(register: EmbeddedIncidents) -> None:
    await register.link("inc-1", link())
    await register.unlink("inc-1", "case-1", "usr-01", "another import")
    found = await register.unlink("inc-1", "case-1", "usr-02", "said twice")
    assert (found.links, [(one.case_id, one.left_by, one.left_because) for one in found.former]) == (
        (),
        [("case-1", "usr-01", "another import")],
    )
    assert "does not share inc-1" in await refusal(register.unlink("inc-1", "case-2", "usr-01", "x"))
    back = await register.link("inc-1", link())
    assert ([one.case_id for one in back.links], back.former) == (["case-1"], ())
