"""What a client is made of besides its session: the list of calls, the dispatcher, listeners, staying connected.

For programs that drive the machine in a loop of their own: what the adapters are built from::

    dispatcher = Dispatcher(ClientConnection(key), observe=print, dialect=OMNI_LINK_2)
    dispatcher.notifications.add(CallbackListener(print, print))
"""

from typing import TYPE_CHECKING

from omnilink_sansio.first_use import names_of_parts as _names_of_parts

if TYPE_CHECKING:
    from omnilink_sansio.client.awaited_client import *
    from omnilink_sansio.client.blocking_client import *
    from omnilink_sansio.client.calls import *
    from omnilink_sansio.client.client_call import *
    from omnilink_sansio.client.dispatcher import *
    from omnilink_sansio.client.event_queue import *
    from omnilink_sansio.client.listeners import *
    from omnilink_sansio.client.object_subscribers import *
    from omnilink_sansio.client.probe import *
    from omnilink_sansio.client.reconnect_loop import *
    from omnilink_sansio.client.reconnect_policy import *
    from omnilink_sansio.first_use import load_now as load_now
    from omnilink_sansio.messages.exchange import *
    from omnilink_sansio.session.end_reasons import *
    from omnilink_sansio.session.observer import *

_PARTS = {
    "omnilink_sansio.first_use": "load_now",
    "omnilink_sansio.client.event_queue": "*",
    "omnilink_sansio.client.listeners": "*",
    "omnilink_sansio.session.end_reasons": "*",
    "omnilink_sansio.session.observer": "*",
    "omnilink_sansio.client.reconnect_policy": "*",
    "omnilink_sansio.client.client_call": "*",
    "omnilink_sansio.client.calls": "*",
    "omnilink_sansio.client.awaited_client": "*",
    "omnilink_sansio.client.blocking_client": "*",
    "omnilink_sansio.messages.exchange": "*",
    "omnilink_sansio.client.dispatcher": "*",
    "omnilink_sansio.client.object_subscribers": "*",
    "omnilink_sansio.client.probe": "*",
    "omnilink_sansio.client.reconnect_loop": "*",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = _names_of_parts(__name__, _PARTS)
