"""The models that an emulated panel can be: how much of everything each has.

The capacities of areas, buttons, codes, messages, thermostats, units, user settings, readers and zones are
the vendor's (20P00 §NAME DATA, 10P17 §NAME DATA); auxiliary sensors have the zones' numbers. Consoles, audio and
ranges of units of the Omni Pro II are known from the field. What is known of no model is taken from its nearest
relative: audio from the Omni Pro II, everything about an Omni LTe from the Omni LT.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from omnilink_sansio.messages.models import ControllerModel
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.unit import UnitType

__all__ = ["MODELS", "PanelModel"]


@dataclass(frozen=True, slots=True)
class PanelModel:
    """One row of the table of models."""

    capacities: Mapping[ObjectType, int]
    """How many objects of each kind there are."""
    outputs: range
    """The units that are outputs."""
    flags: range
    """The units that are flags and counters."""
    firmware: tuple[int, int, int] = (4, 0, 2)
    """Major, minor, revision (1 = "a") of a panel that is described without one."""
    event_log: int = 250
    """How many events the log keeps."""
    programs: int = 1500
    """How many programs there is room for (known of the Omni Pro II only)."""

    def unit_type(self, index: int) -> UnitType:
        """Return the model's default type for this unit."""
        if index in self.flags:
            return UnitType.FLAG
        return UnitType.OUTPUT if index in self.outputs else UnitType.UPB


_NONE = range(0)
_FIRMWARE_OF_OMNI_LINK_1 = (2, 12, 0)

_KINDS = (
    ObjectType.ZONE,
    ObjectType.UNIT,
    ObjectType.BUTTON,
    ObjectType.CODE,
    ObjectType.AREA,
    ObjectType.THERMOSTAT,
    ObjectType.MESSAGE,
    ObjectType.AUXILIARY_SENSOR,
    ObjectType.AUDIO_SOURCE,
    ObjectType.AUDIO_ZONE,
    ObjectType.EXPANSION_ENCLOSURE,
    ObjectType.CONSOLE,
    ObjectType.USER_SETTING,
    ObjectType.ACCESS_CONTROL_READER,
    ObjectType.ACCESS_CONTROL_READER_LOCK,
)


def _capacities(*numbers: int) -> Mapping[ObjectType, int]:
    return MappingProxyType(dict(zip(_KINDS, numbers, strict=True)))


#                      zone  unit btn code area ther msg  aux  src zone enc con set read lock
_SMALLEST = _capacities(25, 36, 16, 8, 1, 2, 16, 25, 8, 8, 0, 4, 0, 0, 0)
_FIRST = _capacities(32, 64, 32, 16, 2, 4, 0, 32, 8, 8, 0, 4, 0, 0, 0)
_FIRST_PRO = _capacities(96, 255, 64, 99, 8, 64, 128, 96, 8, 8, 4, 16, 0, 0, 0)
_MIDDLE_II = _capacities(48, 128, 64, 16, 2, 4, 64, 48, 8, 8, 0, 8, 0, 0, 0)
_MIDDLE = _capacities(48, 128, 64, 16, 2, 4, 64, 48, 8, 8, 0, 8, 10, 4, 4)
_MIDDLE_LUMINA = _capacities(48, 128, 64, 16, 1, 4, 64, 48, 8, 8, 0, 8, 10, 4, 4)
_LARGEST = _capacities(176, 511, 128, 99, 8, 64, 128, 176, 8, 8, 8, 16, 25, 16, 16)
_LARGEST_LUMINA = _capacities(176, 511, 128, 99, 1, 64, 128, 176, 8, 8, 8, 16, 25, 16, 16)

_MIDDLE_OUTPUTS, _MIDDLE_FLAGS = range(65, 73), range(73, 129)
_LARGEST_OUTPUTS, _LARGEST_FLAGS = range(257, 393), range(393, 512)
_OMNI_LTE = PanelModel(_SMALLEST, _NONE, range(29, 37))
_OMNI_IIE = PanelModel(_MIDDLE, _MIDDLE_OUTPUTS, _MIDDLE_FLAGS)
_OMNI_PRO_II = PanelModel(_LARGEST, _LARGEST_OUTPUTS, _LARGEST_FLAGS)

MODELS: Mapping[ControllerModel, PanelModel] = MappingProxyType(
    {
        ControllerModel.OMNI: PanelModel(_FIRST, _NONE, _NONE, _FIRMWARE_OF_OMNI_LINK_1, event_log=100),
        ControllerModel.OMNI_PRO: PanelModel(_FIRST_PRO, _NONE, _NONE, _FIRMWARE_OF_OMNI_LINK_1),
        ControllerModel.OMNI_LT: PanelModel(
            _SMALLEST, _NONE, range(29, 37), _FIRMWARE_OF_OMNI_LINK_1, event_log=50
        ),
        ControllerModel.OMNI_II: PanelModel(
            _MIDDLE_II, _MIDDLE_OUTPUTS, _MIDDLE_FLAGS, _FIRMWARE_OF_OMNI_LINK_1
        ),
        ControllerModel.OMNI_PRO_II: _OMNI_PRO_II,
        ControllerModel.OMNI_IIE: _OMNI_IIE,
        ControllerModel.LUMINA: PanelModel(_MIDDLE_LUMINA, _MIDDLE_OUTPUTS, _MIDDLE_FLAGS),
        ControllerModel.LUMINA_PRO: PanelModel(_LARGEST_LUMINA, _LARGEST_OUTPUTS, _LARGEST_FLAGS),
        ControllerModel.OMNI_LTE: _OMNI_LTE,
        ControllerModel.OMNI_LTE_EU: _OMNI_LTE,
        ControllerModel.OMNI_IIE_EU: _OMNI_IIE,
        ControllerModel.OMNI_PRO_II_EU: _OMNI_PRO_II,
    }
)
"""One row a model. The four that know Omni-Link only are answered for as if their firmware spoke Omni-Link II."""
