"""Making search attributes known to a namespace before a workflow uses them."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeIndexedValueType
from temporalio.service import RPCError, RPCStatusCode

from models.faults import PermanentFault

Attributes = Mapping[str, SearchAttributeIndexedValueType]
_RACED = (RPCStatusCode.ALREADY_EXISTS,)


async def register(client: Client, attributes: Attributes) -> None:
    """Add those attributes that the client's namespace does not have yet; safe to repeat and to race.

    Works on a cluster with its operator service and on the time-skipping test server. Raises PermanentFault where one
    of them exists with another type, or where this client may not add any.
    """
    try:
        missing = await _missing(client, attributes)
        if missing:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing), retry=True
            )
    except RPCError as error:
        if error.status not in _RACED:
            raise PermanentFault(
                "SearchAttributes",
                f"The search attributes {', '.join(attributes)} cannot be added to namespace '{client.namespace}' "
                f"({error.message}); have its administrator add them.",
            ) from error


async def _missing(client: Client, attributes: Attributes) -> dict[str, IndexedValueType.ValueType]:
    present = await _present(client)
    wrong = [name for name, kind in attributes.items() if present.get(name, kind) != kind]
    if wrong:
        raise PermanentFault(
            "SearchAttributes",
            f"Namespace '{client.namespace}' has {', '.join(wrong)} with another type; use another namespace.",
        )
    return {name: IndexedValueType.ValueType(kind) for name, kind in attributes.items() if name not in present}


async def _present(client: Client) -> Mapping[str, int]:
    try:
        listed = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace), retry=True
        )
    except RPCError as error:
        if error.status == RPCStatusCode.UNIMPLEMENTED:  # the time-skipping test server adds, but does not list
            return {}
        raise
    return dict(listed.custom_attributes) | dict(listed.system_attributes)
