"""What we send to HubSpot fits HubSpot's own description. Run by ``python -m pytest -m shapes``; needs node and npm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.crm.hubspot.adapter import HubSpotCrm
from adapters.crm.hubspot.client import HubSpotClient
from adapters.crm.hubspot.mapping import PROPERTIES, read_map
from adapters.crm.hubspot.records import Kind
from adapters.database import Database
from adapters.directory.port import DirectoryPort
from models.closing import CloseAccount
from models.crm import Contact, SeatRecord
from models.directory import DirectoryPerson
from models.erasing import EraseData
from models.faults import PermanentFault
from tests.adapters.test_crm import WARUNG, change, note, sync
from tests.hubspot_house import HubSpotHouse
from tests.prism import prism

pytestmark = [pytest.mark.shapes, pytest.mark.timeout(400)]
AT = datetime(2026, 3, 21, tzinfo=UTC)


@pytest.fixture
def address(migrated_file: Path, tmp_path: Path) -> str:
    path = tmp_path / "followthrough.db"
    path.write_bytes(migrated_file.read_bytes())
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def client(house: HubSpotHouse, request: pytest.FixtureRequest) -> Iterator[HubSpotClient]:
    """A client whose calls pass Prism, but for the associations, of which the descriptions are of another version."""
    assert request.config.cache
    with prism(request.config.cache.mkdir("hubspot"), house.at().host) as between:
        client, direct = HubSpotClient(house.at(host=between)), HubSpotClient(house.at())
        client._links = direct._links
        yield client
        client.close()
        direct.close()


async def test_all_that_is_sent_fits_hubspots_own_description(
    client: HubSpotClient, database: Database, directory: DirectoryPort, house: HubSpotHouse
) -> None:
    crm = HubSpotCrm(client, read_map(PROPERTIES), database, directory)
    await directory.put_person(DirectoryPerson(id="p-1", name="Mira", email="p-1@firm.example"))
    house.known["tasks"].pop("followthrough_step")
    assert "followthrough_step" in await crm.check()
    assert await crm.prepare() == ("tasks.followthrough_step",)
    await crm.put_account(WARUNG)
    await crm.put_account(WARUNG.model_copy(update={"name": "PT Warung Baru"}))
    await crm.put_contact(Contact(id="con-1", account_id="acc-1", name="李明", email="li@customer.example"))
    await crm.put_seat(SeatRecord(account_id="acc-1", role="csm", person="p-1"))
    await crm.sync_tasks(sync("sync/1", change("t-1"), change("t-2")))
    await crm.sync_tasks(sync("sync/2", change("t-1", is_open=False), change("t-3")))
    await crm.add_note(note("The customer stays."))
    assert [task.open for task in await crm.tasks("acc-1")] == [False, True, True]
    assert await crm.task(next(iter(house.objects["tasks"])))
    assert [one.id for one in await crm.accounts()] == ["acc-1"]
    assert [one.id for one in await crm.contacts_at(("li@customer.example",), "customer.example")] == ["con-1"]
    assert [seat.role for seat in await crm.seats_held("p-1")] == ["csm"]
    own = {"case_id": "can-1", "account_id": "acc-1", "at": AT}
    await crm.close_account(CloseAccount(key="close/1", **own, closed_on=date(2026, 3, 22), reason="price"))
    assert await crm.erase(EraseData(key="erase/1", **own)) == 4


async def test_what_does_not_fit_is_refused_on_the_way(client: HubSpotClient, house: HubSpotHouse) -> None:
    with pytest.raises(PermanentFault, match="answer 422"):
        await client._ask(client._batch.create, Kind.NOTES.value, {"inputs": [{"properties": "no object"}]})
    assert not house.calls
