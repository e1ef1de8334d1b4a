"""Operations: exchanges of more than one message, written once as generators and run by every adapter.

::

    zones = await client.perform(list_names(ObjectType.ZONE))
"""

from typing import TYPE_CHECKING

from omnilink_sansio.first_use import names_of_parts as _names_of_parts

if TYPE_CHECKING:
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
    from omnilink_sansio.operations.walking import *

_PARTS = {
    "omnilink_sansio.operations.operation": "*",
    "omnilink_sansio.operations.walking": "*",
    "omnilink_sansio.operations.arming": "*",
    "omnilink_sansio.operations.audio": "*",
    "omnilink_sansio.operations.event_log": "*",
    "omnilink_sansio.operations.inventory": "*",
    "omnilink_sansio.operations.names": "*",
    "omnilink_sansio.operations.programs": "*",
    "omnilink_sansio.operations.properties": "*",
    "omnilink_sansio.operations.set_points": "*",
    "omnilink_sansio.operations.status": "*",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = _names_of_parts(__name__, _PARTS)
