"""Event words and notifications: what controllers report by themselves.

::

    for notification in events.parse_notification(message):
        print(isinstance(notification, events.PhoneLineRing))
"""

from omnilink_sansio.messages.event_registry import *
from omnilink_sansio.messages.events import *
from omnilink_sansio.messages.notifications import *
