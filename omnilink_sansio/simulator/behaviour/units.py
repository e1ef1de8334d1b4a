"""What happens to the units of a house."""

from collections.abc import Mapping

from omnilink_sansio.messages.events import AllOnOff
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.unit import LEVEL_OFFSET, UnitType
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.unit import Ramp, Unit
from omnilink_sansio.simulator.timers import Timer

__all__ = [
    "begin_ramp",
    "count",
    "end_timed_state",
    "go_on_with_ramp",
    "lasting_state",
    "set_level",
    "set_preset",
    "set_state",
    "switch_all",
    "use_preset",
]

_NO_LIGHTS = (UnitType.FLAG, UnitType.OUTPUT)
_HIGHEST_COUNT = 255
_PUSH_EVERY = 1.0


def _unit(house: House, index: int) -> Unit | None:
    found = house.use(ObjectType.UNIT, index)
    return found if isinstance(found, Unit) else None


def lasting_state(house: House, index: int) -> int:
    """Return the state that a unit is in, or goes back to when a timed one is over."""
    unit = house.find(ObjectType.UNIT, index)
    if not isinstance(unit, Unit):
        return 0
    return unit.state_after if house.timers.is_running(Timer.UNIT, index) else unit.state


def set_state(house: House, index: int, state: int, seconds: float = 0, state_after: int = 0) -> bool:
    """Set a unit's state byte, with seconds for that time only; False when there is no such unit."""
    unit = _unit(house, index)
    if unit is None:
        return False
    house.timers.stop(Timer.RAMP, index)
    house.timers.stop(Timer.UNIT, index)
    unit.ramp = None
    unit.state, unit.state_after = state, state_after
    if seconds:
        house.after(seconds, Timer.UNIT, index)
    house.note((ObjectType.UNIT, index))
    return True


def set_level(house: House, index: int, percent: int, seconds: float = 0) -> bool:
    """Set a unit's level, with seconds for that time only; False when there is no such unit."""
    return set_state(house, index, LEVEL_OFFSET + percent, seconds, lasting_state(house, index))


def end_timed_state(house: House, index: int) -> None:
    """Let a timed unit go to the state after it."""
    set_state(house, index, house.units[index].state_after)


def begin_ramp(house: House, index: int, percent: int, full_seconds: float) -> bool:
    """Let a unit go to a level as slowly as it would take for the way from 0 to 100 %; False: no such unit."""
    unit = _unit(house, index)
    if unit is None:
        return False
    first = unit.level
    seconds = full_seconds * abs(percent - first) / 100
    if not seconds:
        return set_state(house, index, LEVEL_OFFSET + percent)
    set_state(house, index, LEVEL_OFFSET + first)
    unit.ramp = Ramp(first, percent, house.now, house.now + seconds)
    _step_later(house, index, unit.ramp)
    return True


def go_on_with_ramp(house: House, index: int) -> None:
    """Take a unit to where it has come on its way to a level."""
    unit = house.units[index]
    if unit.ramp is None:
        return
    state = LEVEL_OFFSET + unit.ramp.level(house.now)
    if unit.state != state:
        unit.state = state
        house.note((ObjectType.UNIT, index))
    if house.now < unit.ramp.ends:
        _step_later(house, index, unit.ramp)
    else:
        unit.ramp = None


def _step_later(house: House, index: int, ramp: Ramp) -> None:
    house.timers.start(Timer.RAMP, index, min(house.now + _PUSH_EVERY, ramp.ends))


def count(house: House, index: int, step: int) -> bool:
    """Let a counter count, within 0 to 255; False when there is no such unit."""
    unit = _unit(house, index)
    return unit is not None and set_state(house, index, min(max(unit.state + step, 0), _HIGHEST_COUNT))


def switch_all(house: House, area: int, on: bool) -> bool:
    """Switch all lights of an area, with 0 of all areas; False when there is no such area."""
    if area > house.capacity(ObjectType.AREA):
        return False
    for index, unit in house.units.items():
        kind = house.unit_type(index) if unit.unit_type is None else unit.unit_type
        # Flags and outputs are no lights.
        if unit.name and kind not in _NO_LIGHTS and unit.is_in(area):
            set_state(house, index, int(on))
    house.note(AllOnOff(on, area))
    return True


def use_preset(house: House, preset: Mapping[int, int], on: bool) -> None:
    """Take the units of a scene or link to their states in it, or turn them off."""
    for index, state in preset.items():
        set_state(house, index, state if on else 0)


def set_preset(house: House, preset: dict[int, int]) -> None:
    """Keep the states that the units of a scene or link are in, for the next time."""
    for index in preset:
        preset[index] = lasting_state(house, index)
