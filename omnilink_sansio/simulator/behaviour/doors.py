"""What happens at the doors of a house: locks, and cards at their readers."""

from omnilink_sansio.messages.event_log import EventLogType
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.access_control import Reader
from omnilink_sansio.simulator.timers import Timer

__all__ = ["end_unlocking", "present_card", "set_lock"]


def set_lock(house: House, index: int, unlocked: bool, seconds: float = 0) -> None:
    """Lock or unlock a door that is described, with seconds for that time only."""
    house.readers[index].unlocked = unlocked
    house.timers.stop(Timer.DOOR, index)
    if seconds:
        house.after(seconds, Timer.DOOR, index)
    house.note((ObjectType.ACCESS_CONTROL_READER_LOCK, index))


def end_unlocking(house: House, index: int) -> None:
    """Lock a door that was unlocked for a time."""
    set_lock(house, index, False)


def present_card(house: House, user: int, index: int) -> bool:
    """Let a user, by code number, present a card at a reader; False when there is no such reader."""
    reader = house.use(ObjectType.ACCESS_CONTROL_READER, index)
    if not isinstance(reader, Reader):
        return False
    code = house.codes.get(user)
    reader.denied = code is None or not code.enabled
    reader.last_user = user
    event = EventLogType.ACCESS_DENIED if reader.denied else EventLogType.ACCESS_GRANTED
    house.write_log(event, user, index)
    house.note((ObjectType.ACCESS_CONTROL_READER, index))
    # A door that is open for longer stays so.
    until = house.timers.ends_at(Timer.DOOR, index) if reader.unlocked else house.now
    if not reader.denied and until is not None and until < house.now + reader.unlock_time:
        set_lock(house, index, True, reader.unlock_time)
    return True
