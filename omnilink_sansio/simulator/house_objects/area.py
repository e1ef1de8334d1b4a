"""Areas of a house."""

from dataclasses import dataclass

from omnilink_sansio.messages.names import SHORT_NAME
from omnilink_sansio.messages.objects.area import (
    EXIT_DELAY_BIT,
    AlarmType,
    AreaProperties,
    AreaStatus,
    SecurityMode,
)
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field
from omnilink_sansio.simulator.quirks import Quirk
from omnilink_sansio.simulator.timers import Timer

__all__ = ["Area"]

_LONGEST_TIMER = 255


@dataclass(slots=True)
class Area(HouseObject):
    """A part of the alarm system. Delays are in seconds; the exit delay runs for every mode but OFF."""

    enabled: bool = True
    mode: SecurityMode = SecurityMode.OFF
    """On a Lumina the number of its mode."""
    alarms: int = 0
    """The alarms that are on, bit 0 = burglary."""
    entry_delay: int = 30
    exit_delay: int = 60
    requires_ready: bool = False
    """Whether arming is refused while one of its zones is not ready."""
    auto_bypass: bool = True
    """Whether zones that are not ready after the exit delay are taken out; if not, they raise their alarm."""
    siren: bool = False
    """Whether its siren sounds. No message reports it."""
    entry_zone: int = 0
    """The zone that started the entry delay that runs."""

    def has_alarm(self, alarm: AlarmType) -> bool:
        """Whether an alarm is on."""
        return bool(self.alarms >> alarm - 1 & 1)

    def _mode(self, index: int, house: Surroundings) -> int:
        shown = house.seconds_left(Timer.EXIT_DELAY, index) and Quirk.NO_EXIT_DELAY_BIT not in house.quirks
        return self.mode | EXIT_DELAY_BIT if shown else self.mode

    def _timers(self, index: int, house: Surroundings) -> tuple[int, int]:
        entry, leave = (
            min(house.seconds_left(timer, index), _LONGEST_TIMER)
            for timer in (Timer.ENTRY_DELAY, Timer.EXIT_DELAY)
        )
        return entry, leave

    def properties(self, index: int, house: Surroundings) -> AreaProperties:
        """Its properties now."""
        return AreaProperties(
            index,
            self._mode(index, house),
            self.alarms,
            *self._timers(index, house),
            int(self.enabled),
            self.exit_delay,
            self.entry_delay,
            name_field(self.name, SHORT_NAME, house),
        )

    def status(self, index: int, house: Surroundings) -> AreaStatus:
        """Its state now."""
        return AreaStatus(index, self._mode(index, house), self.alarms, *self._timers(index, house))
