"""Commands to scenes and links, which set several lights at once, and to phantom buttons."""

from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.controller_command import ControllerCommand, checked_command

__all__ = [
    "stop_upb_link_fade",
    "store_scene",
    "store_upb_link",
    "turn_centralite_scene_off",
    "turn_centralite_scene_on",
    "turn_radiora_phantom_button_off",
    "turn_radiora_phantom_button_on",
    "turn_scene_off",
    "turn_scene_on",
    "turn_upb_link_off",
    "turn_upb_link_on",
]


def turn_upb_link_on(link: int) -> ControllerCommand:
    """Activate a UPB link (1 to 255)."""
    return checked_command(Command.UPB_LINK_ON, 0, link)


def turn_upb_link_off(link: int) -> ControllerCommand:
    """Deactivate a UPB link (1 to 255)."""
    return checked_command(Command.UPB_LINK_OFF, 0, link)


def stop_upb_link_fade(link: int) -> ControllerCommand:
    """Stop the fade of a UPB link (1 to 255); not printed by the vendor, and unproven."""
    return checked_command(Command.UPB_LINK_FADE_STOP, 0, link)


def store_upb_link(link: int) -> ControllerCommand:
    """Store the present levels as the preset of a UPB link (1 to 255), in place of what it was."""
    return checked_command(Command.UPB_LINK_SET, 0, link)


def turn_scene_on(scene: int) -> ControllerCommand:
    """Turn a Leviton scene (1 to 65535) on."""
    return checked_command(Command.SCENE_ON, 0, scene)


def turn_scene_off(scene: int) -> ControllerCommand:
    """Turn a Leviton scene (1 to 65535) off."""
    return checked_command(Command.SCENE_OFF, 0, scene)


def store_scene(scene: int) -> ControllerCommand:
    """Store the present levels as a Leviton scene (1 to 65535), in place of what it was."""
    return checked_command(Command.SCENE_SET, 0, scene)


def turn_centralite_scene_on(scene: int) -> ControllerCommand:
    """Turn a CentraLite scene (1 to 65535) on."""
    return checked_command(Command.CENTRALITE_SCENE_ON, 0, scene)


def turn_centralite_scene_off(scene: int) -> ControllerCommand:
    """Turn a CentraLite scene (1 to 65535) off."""
    return checked_command(Command.CENTRALITE_SCENE_OFF, 0, scene)


def turn_radiora_phantom_button_on(button: int) -> ControllerCommand:
    """Press the "on" of a RadioRA phantom button (1 to 65535)."""
    return checked_command(Command.RADIORA_PHANTOM_BUTTON_ON, 0, button)


def turn_radiora_phantom_button_off(button: int) -> ControllerCommand:
    """Press the "off" of a RadioRA phantom button (1 to 65535)."""
    return checked_command(Command.RADIORA_PHANTOM_BUTTON_OFF, 0, button)
