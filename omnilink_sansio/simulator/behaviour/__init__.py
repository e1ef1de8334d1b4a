"""What happens in an emulated house: one module a subject, functions of the house. Time and happenings drive them."""

from omnilink_sansio.simulator.behaviour.daily_life import make_happen
from omnilink_sansio.simulator.behaviour.passing_time import pass_time

__all__ = ["make_happen", "pass_time"]
