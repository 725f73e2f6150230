"""The shipped words by which a request to cancel is known."""

from __future__ import annotations

import asyncio

from adapters.playbooks.folder import FolderPlaybooks
from settings import CHECKOUT

SHIPPED = asyncio.run(FolderPlaybooks(CHECKOUT / "playbooks").inbound())
