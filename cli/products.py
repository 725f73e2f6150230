"""The product's data of the sample: what customers made in it, and who gets in."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy.engine import make_url

from adapters.product_data.loading import ProductLoaded, holders, load_product
from models.access import HolderKind
from models.portfolio import RowNote
from parts import Parts
from settings import Settings
from settings.access import AccessPart

_OTHERS = RowNote(
    file="product", line=0, text="not read: FOLLOWTHROUGH_PRODUCT_DATA names a database that is not Followthrough's own"
)


async def load_products(settings: Settings, parts: Parts, folder: Path) -> ProductLoaded:
    """What the sample has of the product itself: its tables, and who gets in.

    It goes into ``product.db`` under the home alone, since it replaces what accounts have there: never into a company's
    product. What became of it is told by file.
    """
    if not await asyncio.to_thread(folder.is_dir):
        return ProductLoaded()
    if make_url(settings.product_data).database != str(settings.home / "product.db"):
        return ProductLoaded(notes=(_OTHERS,))
    loaded = await asyncio.to_thread(load_product, folder, settings.product_data)
    known = {account.id for account in await parts.crm.accounts()}
    for holder in holders(folder):
        theirs = settings.access is not AccessPart.REGISTER and holder.kind is HolderKind.PERSON
        if holder.account_id in known and not theirs:  # an account whose row was refused is named in the report
            await parts.access.put_holder(holder)
    return loaded
