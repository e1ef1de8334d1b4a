"""What a client is made of besides its session: the list of calls, the dispatcher, listeners, staying connected.

For programs that drive the machine in a loop of their own: what the adapters are built from::

    dispatcher = Dispatcher(ClientConnection(key), observe=print, dialect=OMNI_LINK_2)
    dispatcher.notifications.add(CallbackListener(print, print))
"""

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
from omnilink_sansio.messages.exchange import *
from omnilink_sansio.session.end_reasons import *
from omnilink_sansio.session.observer import *
