"""Time going by in a house: what is due happens, each thing at its own moment."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from omnilink_sansio.simulator.behaviour.alarms import end_entry_delay, silence_siren, tick_delay
from omnilink_sansio.simulator.behaviour.apply_stimuli import try_apply
from omnilink_sansio.simulator.behaviour.arming import end_exit_delay
from omnilink_sansio.simulator.behaviour.climate import compare, control, take_step
from omnilink_sansio.simulator.behaviour.codes import accept_codes_again
from omnilink_sansio.simulator.behaviour.doors import end_unlocking
from omnilink_sansio.simulator.behaviour.units import end_timed_state, go_on_with_ramp
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.timers import Timer

__all__ = ["pass_time"]


def pass_time(house: House, now: float) -> None:
    """Let time go on to ``now``, on the panel's clock, which never goes back. The first call starts the house."""
    if house.started is None:
        house.start(now)
        for index in house.thermostats:
            control(house, index)
        for index in house.sensors:
            compare(house, index)
    while (due := house.timers.take_due(now)) is not None:
        # What happens then sees the time at which it was due, however late this call comes.
        house.now = max(house.now, due.at)
        _RUN_OUT[due.timer](house, due.number)
    house.now = max(house.now, now)


def _do_what_button_does(house: House, index: int) -> None:
    for stimulus in house.buttons[index].actions:
        try_apply(house, stimulus)


def _go_on_with_script(house: House, index: int) -> None:
    try_apply(house, house.script[index].happening)


_RUN_OUT: Mapping[Timer, Callable[[House, int], None]] = MappingProxyType(
    {
        Timer.UNIT: end_timed_state,
        Timer.RAMP: go_on_with_ramp,
        Timer.EXIT_DELAY: end_exit_delay,
        Timer.ENTRY_DELAY: end_entry_delay,
        Timer.DELAY_TICK: tick_delay,
        Timer.SIREN: silence_siren,
        Timer.CLIMATE: take_step,
        Timer.DOOR: end_unlocking,
        Timer.LOCK_OUT: accept_codes_again,
        Timer.BUTTON: _do_what_button_does,
        Timer.SCRIPT: _go_on_with_script,
    }
)
