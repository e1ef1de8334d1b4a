"""What happens in an emulated house: one module a subject, functions of the house.

Time (`pass_time`), stimuli (`apply`) and the requests of clients call them.
"""

from omnilink_sansio.simulator.behaviour.apply_stimuli import apply
from omnilink_sansio.simulator.behaviour.passing_time import pass_time

__all__ = ["apply", "pass_time"]
