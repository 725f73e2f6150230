"""Exports for tests of letters that speak of none."""

from __future__ import annotations

from typing import Any

NO_EXPORTS: Any = None
