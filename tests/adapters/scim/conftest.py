"""A SCIM service with people of an account that the CRM knows, and what is asked of their access."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from adapters.access.embedded import ADMINS
from adapters.access.scim import ScimAccess
from adapters.crm.port import CrmPort
from adapters.database import Database
from models.access import AccessChange, Holder, Reach, ReduceAccess
from models.crm import AccountRecord
from tests.adapters.conftest import WallClock
from tests.adapters.test_access import asked
from tests.scim_server import ScimDesk

Opened = Callable[..., ScimAccess]
REDUCE_ALL = ReduceAccess(**asked("reduce"), reach=Reach.ALL)
REVOKE, RESTORE = AccessChange(**asked("revoke")), AccessChange(**asked("restore"))


@pytest.fixture(params=["sqlite"])
def address(migrated_file: Any, tmp_path: Any) -> str:
    """What is particular to SCIM does not depend on the kind of database."""
    path = tmp_path / "followthrough.db"
    path.write_bytes(migrated_file.read_bytes())
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def opened(database: Database, crm: CrmPort, clock: WallClock, desk: ScimDesk) -> Opened:
    """The adapter for an account that the CRM knows; what is given differs from the settings of the service."""
    await crm.put_account(AccountRecord(id="acc-1", name="PT Warung Sejahtera"))
    return lambda **more: ScimAccess(desk.at(**more), ADMINS, database, clock)


def enrolled(desk: ScimDesk, *names: str, **more: Any) -> None:
    for name in names:
        role = name if name in ADMINS else "member"
        desk.enrol(Holder(account_id="acc-1", external_id=name, role=role), **more)
