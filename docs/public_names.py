"""The public modules of ``omnilink_sansio``, and which of them has a name."""

import importlib
from functools import cache
from types import ModuleType

PUBLIC_MODULES = (
    "omnilink_sansio",
    "omnilink_sansio.commands",
    "omnilink_sansio.objects",
    "omnilink_sansio.system",
    "omnilink_sansio.events",
    "omnilink_sansio.event_log",
    "omnilink_sansio.programs",
    "omnilink_sansio.v1",
    "omnilink_sansio.opcodes",
    "omnilink_sansio.operations",
    "omnilink_sansio.state",
    "omnilink_sansio.client",
    "omnilink_sansio.simulator",
    "omnilink_sansio.testing",
)
"""A name that several have belongs to the first of them."""


def public_names(module: ModuleType) -> list[str]:
    """Return the names that a module offers: its list, or where it has none what it gathers."""
    names: list[str] = getattr(module, "__all__", dir(module))
    return [name for name in names if name[0] != "_" and not isinstance(getattr(module, name), ModuleType)]


@cache
def homes() -> dict[str, str]:
    """Return the public module of each name."""
    found: dict[str, str] = {}
    for path in PUBLIC_MODULES:
        for name in public_names(importlib.import_module(path)):
            found.setdefault(name, path)
    return found
