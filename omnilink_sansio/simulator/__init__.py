"""An emulated panel for people without one: a house, its behaviour on the time passed in, its sessions.

::

    panel = EmulatedPanel(key, demo_house(), session_ids=lambda: os.urandom(5))
    panel.happen(parse_stimulus("open zone 3"), now=0.0)
"""

from omnilink_sansio.simulator.demo import *
from omnilink_sansio.simulator.faults.fault_plan import *
from omnilink_sansio.simulator.house import *
from omnilink_sansio.simulator.house_objects.access_control import *
from omnilink_sansio.simulator.house_objects.area import *
from omnilink_sansio.simulator.house_objects.audio import *
from omnilink_sansio.simulator.house_objects.auxiliary_sensor import *
from omnilink_sansio.simulator.house_objects.button import *
from omnilink_sansio.simulator.house_objects.code import *
from omnilink_sansio.simulator.house_objects.console_message import *
from omnilink_sansio.simulator.house_objects.enclosure import *
from omnilink_sansio.simulator.house_objects.house_object import *
from omnilink_sansio.simulator.house_objects.thermostat import *
from omnilink_sansio.simulator.house_objects.unit import *
from omnilink_sansio.simulator.house_objects.user_setting import *
from omnilink_sansio.simulator.house_objects.zone import *
from omnilink_sansio.simulator.models import *
from omnilink_sansio.simulator.panel import *
from omnilink_sansio.simulator.panel_description import *
from omnilink_sansio.simulator.quirks import *
from omnilink_sansio.simulator.stimuli import *
