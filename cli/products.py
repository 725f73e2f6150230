"""The product's data of the sample: what customers made in it, and who gets in."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy.engine import make_url

from adapters.product_data.loading import holders, load_product
from parts import Parts
from settings import Settings


async def load_products(settings: Settings, parts: Parts, folder: Path) -> None:
    """What the sample has of the product itself: its tables, and who gets in.

    It goes into ``product.db`` under the home alone, since it replaces what is there: never into a company's product.
    """
    own = str(settings.home / "product.db")
    if make_url(settings.product_data).database != own or not await asyncio.to_thread(folder.is_dir):
        return
    await asyncio.to_thread(load_product, folder, settings.product_data)
    known = {account.id for account in await parts.crm.accounts()}
    for holder in holders(folder):
        if holder.account_id in known:  # an account whose row was refused is named in the report
            await parts.access.put_holder(holder)
