"""The controller itself: model, status, clock, formats, features, troubles, its set-up and firmware.

::

    information = await client.request(system.RequestSystemInformation())
    print(information.model_name)
"""

from omnilink_sansio.messages.acknowledgements import *
from omnilink_sansio.messages.maintenance import *
from omnilink_sansio.messages.models import *
from omnilink_sansio.messages.set_time import *
from omnilink_sansio.messages.system import *
