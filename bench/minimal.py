"""The smallest workflow that does anything: one activity. What a case is compared with."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow

QUEUE = "bench"


@activity.defn
async def nothing(said: str) -> str:
    """Answer what was said."""
    return said


@workflow.defn(name="Minimal")
class Minimal:
    """One activity, and the end."""

    @workflow.run
    async def run(self, said: str) -> str:
        """Do the one activity."""
        return await workflow.execute_activity(nothing, said, start_to_close_timeout=timedelta(seconds=30))
