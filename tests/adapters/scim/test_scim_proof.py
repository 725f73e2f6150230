"""What a SCIM service says that must not look like proof, and what is given back to whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from adapters.access import scim_service
from models.access import AccessChange, Holder, Reach, ReduceAccess
from models.faults import PermanentFault, TransientFault
from tests.adapters.scim.conftest import RESTORE, REVOKE, Opened, enrolled
from tests.adapters.test_access import AT
from tests.scim_server import ScimDesk
from tests.wsgi import Answer, says


async def test_an_account_of_which_the_service_has_nobody_is_unknown_and_not_closed(opened: Opened) -> None:
    for asking in (opened().revoke(REVOKE), opened().read_back("acc-1")):
        with pytest.raises(
            PermanentFault, match=r"the SCIM service 127\.0\.0\.1:\d+ knows no account 'acc-1'"
        ) as fault:
            await asking
        assert fault.value.kind == "UnknownAccount"


async def test_an_account_whose_users_were_deleted_after_us_is_closed(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "owner", "member")
    await opened().revoke(REVOKE)
    for user in desk.users().values():
        desk.ask("DELETE", f"Users/{user['id']}")
    assert (await opened().read_back("acc-1")).live == 0
    await opened().restore(RESTORE)
    assert desk.users() == {}


async def test_a_service_that_does_not_filter_loses_nobody_of_another_account(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "member")
    desk.enrol(Holder(account_id="acc-2", external_id="other"))
    desk.blind = True
    with pytest.raises(PermanentFault, match="FOLLOWTHROUGH_SCIM_ACCOUNT must be an attribute that it filters by"):
        await opened().revoke(REVOKE)
    assert [user["active"] for user in desk.users().values()] == [True, True]


async def test_a_service_that_says_yes_and_does_nothing_is_no_receipt(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "member")
    desk.instead.extend([None, says("204 Done")])
    with pytest.raises(TransientFault, match="still shows people with more access than was asked for"):
        await opened().revoke(REVOKE)
    assert (await opened().revoke(REVOKE)).changed == 1


EMPTY = says("200 OK", b'{"totalResults": 0, "Resources": []}')


def always_the_first_page(service: Answer) -> Answer:
    """As of a service that does not know ``startIndex``."""

    def answer(environ: dict[str, Any], begin: Callable[..., Any]) -> Any:
        query = re.sub(r"startIndex=\d+", "startIndex=1", environ["QUERY_STRING"])
        return service(environ | {"QUERY_STRING": query}, begin)

    return answer


async def test_a_list_that_ends_before_its_total_proves_nothing(
    opened: Opened, desk: ScimDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scim_service, "_PAGE", 2)
    enrolled(desk, "owner", "a", "b")
    desk.instead.extend([None, says("200 OK", b'{"totalResults": 3, "Resources": []}')])
    with pytest.raises(TransientFault, match="says that it has 3 users and lists 2"):
        await opened().revoke(REVOKE)
    whole, desk.service = desk.service, always_the_first_page(desk.service)
    for asking in (opened().revoke(REVOKE), opened().read_back("acc-1")):
        with pytest.raises(TransientFault, match="says that it has 3 users and lists 2"):
            await asking
    desk.service = whole
    assert all(user["active"] for user in desk.users().values())
    assert (await opened().revoke(REVOKE)).changed == 3


async def test_whoever_a_list_leaves_out_is_asked_for_before_they_count_as_gone(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "owner", "a", "b")
    before = desk.users()
    desk.instead.extend([None, None, says("500 Broken")])
    with pytest.raises(TransientFault, match="answer 500"):
        await opened().revoke(REVOKE)
    desk.instead.append(EMPTY)
    assert (await opened().read_back("acc-1")).live > 0
    desk.instead.extend([None, None, EMPTY])
    assert (await opened().revoke(REVOKE)).changed == 3
    desk.instead.append(EMPTY)
    assert (await opened().restore(RESTORE)).changed == 3
    assert desk.users() == before


async def test_who_is_gone_is_not_counted_as_given_back(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "owner", "member")
    await opened().revoke(REVOKE)
    desk.ask("DELETE", f"Users/{desk.users()['acc-1.member']['id']}")
    assert (await opened().restore(RESTORE)).changed == 1


async def test_a_case_gives_back_only_what_it_took_itself(opened: Opened, desk: ScimDesk) -> None:
    enrolled(desk, "anna", "bob")
    await opened().revoke(REVOKE)
    anna = desk.users()["acc-1.anna"]
    desk.ask("PUT", f"Users/{anna['id']}", anna | {"active": True, "roles": [{"value": "admin"}]})
    later = {"case_id": "case-2", "account_id": "acc-1", "at": AT}
    before = desk.users()
    await opened().reduce(ReduceAccess(key="case-2/reduce", reach=Reach.ALL, **later))
    await opened().restore(AccessChange(key="case-2/restore", **later))
    assert desk.users() == before
