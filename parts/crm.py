"""Who keeps the accounts, by the settings."""

from __future__ import annotations

from adapters.crm.embedded import EmbeddedCrm
from adapters.crm.port import CrmPort
from adapters.database import Database
from adapters.directory.port import DirectoryPort
from adapters.erasure.port import ErasableStore
from adapters.watch.fresh import FreshWatch
from adapters.watch.port import WatchPort
from settings import SettingsError
from settings.crm import CrmPart, CrmSettings


def crm_service(settings: CrmSettings, database: Database, directory: DirectoryPort) -> CrmPort:
    """Whoever keeps the accounts. Raises ``SettingsError`` for a file of properties that cannot be used."""
    if settings.crm is CrmPart.EMBEDDED:
        return EmbeddedCrm(database, directory)
    # HubSpot's library takes half a second to import: only who works with it waits for that.
    from adapters.crm.hubspot.adapter import HubSpotCrm
    from adapters.crm.hubspot.client import HubSpotAccount, HubSpotClient
    from adapters.crm.hubspot.mapping import PROPERTIES, read_map

    try:
        names = read_map(settings.hubspot_properties or PROPERTIES)
    except ValueError as error:
        raise SettingsError([f"FOLLOWTHROUGH_HUBSPOT_PROPERTIES: {error}."]) from None
    account = HubSpotAccount(token=settings.hubspot_token, host=settings.hubspot_url)
    return HubSpotCrm(HubSpotClient(account), names, database, directory)


def watch_with(crm: CrmPort, watch: WatchPort) -> WatchPort:
    """The watch, which reads our tables; where the accounts are elsewhere, these are brought up to date first."""
    return watch if isinstance(crm, EmbeddedCrm) else FreshWatch(crm, watch)


def with_crm(crm: CrmPort, stores: tuple[ErasableStore, ...]) -> tuple[ErasableStore, ...]:
    """The stores of the embedded parts, the CRM's together with what a real one holds."""
    if isinstance(crm, EmbeddedCrm):
        return stores
    from adapters.crm.hubspot.adapter import HubSpotCrm
    from adapters.crm.hubspot.erasing import HubSpotStore

    return tuple(HubSpotStore(crm, own) if own.name == "crm" and isinstance(crm, HubSpotCrm) else own for own in stores)
