"""User settings of a house."""

from dataclasses import dataclass

from omnilink_sansio.messages.names import LONG_NAME
from omnilink_sansio.messages.objects.user_setting import (
    UserSettingKind,
    UserSettingProperties,
    UserSettingStatus,
)
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field

__all__ = ["UserSetting"]


@dataclass(slots=True)
class UserSetting(HouseObject):
    """A value that programs use; raw, see `encode_user_setting`."""

    kind: UserSettingKind = UserSettingKind.NOT_USED
    value: int = 0

    def properties(self, index: int, house: Surroundings) -> UserSettingProperties:
        """Its properties now."""
        name = name_field(self.name, LONG_NAME, house)
        return UserSettingProperties(index, self.kind, self.value, name)

    def status(self, index: int, house: Surroundings) -> UserSettingStatus:
        """Its state now."""
        del house
        return UserSettingStatus(index, self.kind, self.value)
