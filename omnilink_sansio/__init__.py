"""Omni-Link II for HAI/Leviton Omni controllers, as machines without I/O.

`ClientConnection` and `ControllerConnection` turn bytes and the time into events and bytes to send. Drive them
from any event loop, thread or test; the adapters beside this package do so over real transports.

Here are the machines, their events, errors, settings and keys, and what decodes captures. All else is in modules
by subject, such as ``omnilink_sansio.commands``, ``.objects``, ``.system``, ``.events``, ``.operations``,
``.client`` and ``.simulator``. Nothing is loaded before it is asked for.
"""

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omnilink_sansio.errors import *
    from omnilink_sansio.messages.dialect import *
    from omnilink_sansio.messages.event_registry import *
    from omnilink_sansio.messages.message_record import *
    from omnilink_sansio.messages.opcode import *
    from omnilink_sansio.messages.parse import *
    from omnilink_sansio.messages.raw_message import *
    from omnilink_sansio.messages.raw_request import *
    from omnilink_sansio.messages.request import *
    from omnilink_sansio.secrets import *
    from omnilink_sansio.session import *
    from omnilink_sansio.wire import *

_PARTS = (
    "omnilink_sansio.errors",
    "omnilink_sansio.secrets",
    "omnilink_sansio.wire",
    "omnilink_sansio.messages.opcode",
    "omnilink_sansio.messages.message_record",
    "omnilink_sansio.messages.raw_message",
    "omnilink_sansio.messages.request",
    "omnilink_sansio.messages.event_registry",
    "omnilink_sansio.messages.dialect",
    "omnilink_sansio.messages.raw_request",
    "omnilink_sansio.messages.parse",
    "omnilink_sansio.session",
)
"""Whose names are this package's: from the ground up, since each loads those below it anyway."""


def _names_of(part: ModuleType) -> Iterable[str]:
    """Return what a part offers: its list, or where it has none what it imports."""
    listed: Iterable[str] | None = getattr(part, "__all__", None)
    if listed is not None:
        return listed
    return [n for n, value in vars(part).items() if n[0] != "_" and not isinstance(value, ModuleType)]


def _lazily(package: str, parts: Iterable[str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package whose names are those of its parts."""
    namespace = vars(import_module(package))

    def names() -> list[str]:
        return sorted({name for part in parts for name in _names_of(import_module(part))})

    def find(name: str) -> object:
        if name == "__all__":
            return names()
        if name[0] != "_":
            if find_spec(f"{package}.{name}") is not None:
                return import_module(f"{package}.{name}")
            for part in map(import_module, parts):
                if name in _names_of(part):
                    namespace[name] = getattr(part, name)
                    return namespace[name]
        raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=package)

    return find, names


if not TYPE_CHECKING:
    __getattr__, __dir__ = _lazily(__name__, _PARTS)
