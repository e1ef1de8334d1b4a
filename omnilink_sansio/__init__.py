"""Omni-Link II for HAI/Leviton Omni controllers, as machines without I/O.

`ClientConnection` and `ControllerConnection` turn bytes and the time into events and bytes to send. Drive them
from any event loop, thread or test; the adapters beside this package do so over real transports.

Here are the machines, their events, errors, settings and keys, and what decodes captures. All else is in modules
by subject, such as ``omnilink_sansio.commands``, ``.objects``, ``.system``, ``.events``, ``.operations``,
``.client`` and ``.simulator``. Nothing is loaded before it is asked for.
"""

from typing import TYPE_CHECKING

from omnilink_sansio.first_use import names_of_parts as _names_of_parts

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

_PARTS = {
    "omnilink_sansio.errors": "*",
    "omnilink_sansio.secrets": "*",
    "omnilink_sansio.wire": "*",
    "omnilink_sansio.session": "*",
    "omnilink_sansio.messages.opcode": "*",
    "omnilink_sansio.messages.message_record": "*",
    "omnilink_sansio.messages.raw_message": "*",
    "omnilink_sansio.messages.request": "*",
    "omnilink_sansio.messages.dialect": "*",
    "omnilink_sansio.messages.raw_request": "*",
    "omnilink_sansio.messages.parse": "*",
    "omnilink_sansio.messages.event_registry": "*",
}
"""Whose names are this package's; what programs ask for first comes first, and event words come last."""

if not TYPE_CHECKING:
    __getattr__, __dir__ = _names_of_parts(__name__, _PARTS)
