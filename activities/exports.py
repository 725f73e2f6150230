"""Exports."""

from __future__ import annotations

from temporalio import activity

from models.export import ExportReceipt, PrepareExport


class ExportActivities:
    """Exports."""

    @activity.defn
    async def prepare_export(self, request: PrepareExport) -> ExportReceipt:
        """Prepare an export."""
        raise NotImplementedError
