"""The controller's event log: its records, the request for them, and the table of what they mean.

::

    record = await client.request(event_log.read_event_record(0))
    print(record.sentence())
"""

from omnilink_sansio.messages.event_log import *
