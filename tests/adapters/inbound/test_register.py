"""The register of what came in: each once, the first one stays, nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.database import Database
from adapters.erasure.stores import Tables, embedded_stores
from adapters.inbound.embedded import EmbeddedInbox
from models.cancellation import RequestChannel
from models.erasing import EraseData
from models.faults import PermanentFault
from models.inbound import Arrival, InboxReason, InboxState, Judged, Kept

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
NOTHING: Any = None  # stores that are not asked


@pytest.fixture
def inbox(database: Database) -> EmbeddedInbox:
    return EmbeddedInbox(database)


def kept(name: str, hours: int = 0, state: InboxState = InboxState.WAITING) -> Kept:
    arrival = Arrival(id=name, channel=RequestChannel.EMAIL, text="Café 🙂", at=AT - timedelta(hours=hours))
    return Kept(arrival=arrival, judged=Judged(reason=InboxReason.UNCLEAR, why="?"), state=state, kept_at=AT)


async def test_what_is_kept_comes_back_whole_and_the_first_one_stays(inbox: EmbeddedInbox) -> None:
    assert await inbox.add(kept("mail-1")) is None
    assert await inbox.add(kept("mail-1", state=InboxState.DISMISSED)) == kept("mail-1")
    assert await inbox.find("mail-1") == kept("mail-1")
    await inbox.put(kept("mail-1", state=InboxState.DISMISSED))
    assert (await inbox.find("mail-1")).state is InboxState.DISMISSED


async def test_the_list_has_what_is_open_the_first_received_on_top(inbox: EmbeddedInbox) -> None:
    for one in (kept("mail-1"), kept("mail-2", 5), kept("mail-3", 9, InboxState.HANDED_ON)):
        await inbox.add(one)
    await inbox.add(kept("mail-4", 7, InboxState.ON_ITS_WAY))
    assert [one.id for one in await inbox.listed()] == ["mail-4", "mail-2", "mail-1"]
    assert [one.id for one in await inbox.listed(everything=True)] == ["mail-3", "mail-4", "mail-2", "mail-1"]


async def test_one_that_is_not_there_is_named(inbox: EmbeddedInbox) -> None:
    with pytest.raises(PermanentFault, match="nothing that came in has the id 'mail-9'"):
        await inbox.find("mail-9")


async def test_what_came_in_about_an_account_is_erased_with_its_letters(
    database: Database, inbox: EmbeddedInbox
) -> None:  # OFFB-25
    mine = kept("mail-1").model_copy(update={"judged": Judged(account_id="acc-1")})
    await inbox.add(mine)
    await inbox.add(kept("mail-2"))
    stores = [store for store in embedded_stores(database, NOTHING, NOTHING, NOTHING) if isinstance(store, Tables)]
    request = EraseData(key="k", case_id="case-1", account_id="acc-1", at=AT)
    assert sum([await store.remains(request) for store in stores]) == 1
    assert sum([(await store.erase(request)).rows for store in stores]) == 1
    assert [one.id for one in await inbox.listed(everything=True)] == ["mail-2"]
