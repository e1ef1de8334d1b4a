"""Objects: properties, status and names of every kind, the messages that carry them, and their values.

::

    (status,) = await client.request(objects.RequestObjectStatus(objects.ObjectType.UNIT, 5, 5))
    print(status.is_on)
"""

from omnilink_sansio.messages.audio_source import *
from omnilink_sansio.messages.durations import *
from omnilink_sansio.messages.name_messages import *
from omnilink_sansio.messages.names import *
from omnilink_sansio.messages.objects.access_control import *
from omnilink_sansio.messages.objects.area import *
from omnilink_sansio.messages.objects.audio import *
from omnilink_sansio.messages.objects.auxiliary_sensor import *
from omnilink_sansio.messages.objects.button import *
from omnilink_sansio.messages.objects.code import *
from omnilink_sansio.messages.objects.expansion_enclosure import *
from omnilink_sansio.messages.objects.forms import *
from omnilink_sansio.messages.objects.message import *
from omnilink_sansio.messages.objects.object_record import *
from omnilink_sansio.messages.objects.object_type import *
from omnilink_sansio.messages.objects.thermostat import *
from omnilink_sansio.messages.objects.unit import *
from omnilink_sansio.messages.objects.user_setting import *
from omnilink_sansio.messages.objects.zone import *
from omnilink_sansio.messages.properties import *
from omnilink_sansio.messages.status import *
from omnilink_sansio.messages.temperature import *
from omnilink_sansio.messages.weekday import *
from omnilink_sansio.messages.zone_ready import *
