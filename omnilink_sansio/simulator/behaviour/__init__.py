"""What happens in an emulated house: one module a subject, functions of the house.

Time (`pass_time`), happenings (`make_happen`) and the requests of clients call them.
"""

from omnilink_sansio.simulator.behaviour.daily_life import make_happen
from omnilink_sansio.simulator.behaviour.passing_time import pass_time

__all__ = ["make_happen", "pass_time"]
