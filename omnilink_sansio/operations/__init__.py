"""Operations: exchanges of more than one message, written once as generators and run by every adapter.

::

    zones = await client.perform(list_names(ObjectType.ZONE))
"""

from omnilink_sansio.operations.arming import *
from omnilink_sansio.operations.audio import *
from omnilink_sansio.operations.event_log import *
from omnilink_sansio.operations.inventory import *
from omnilink_sansio.operations.names import *
from omnilink_sansio.operations.operation import *
from omnilink_sansio.operations.programs import *
from omnilink_sansio.operations.properties import *
from omnilink_sansio.operations.set_points import *
from omnilink_sansio.operations.status import *
from omnilink_sansio.operations.walk import *
