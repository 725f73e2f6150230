"""Who decides who gets in, by the settings."""

from __future__ import annotations

from adapters.access.embedded import EmbeddedAccess
from adapters.access.port import AccessPort
from adapters.database import Database
from settings.access import AccessPart, AccessSettings


def access_service(settings: AccessSettings, database: Database) -> AccessPort:
    """Whoever decides who gets in, by the settings."""
    if settings.access is AccessPart.REGISTER:
        return EmbeddedAccess(database)
    from adapters.access.scim import ScimAccess
    from adapters.access.scim_service import ScimServer

    server = ScimServer(
        url=settings.scim_url,
        token=settings.scim_token,
        account=settings.scim_account,
        reading=settings.scim_reading,
        timeout=settings.scim_timeout,
    )
    return ScimAccess(server, settings.scim_admins, database)
