"""Deliberate breaks of the library, each of which the tests must notice: one row a break.

A row's name is the rule that is broken. Who moves or rewrites the code keeps the rule, and rewrites the texts.
"""

from dataclasses import dataclass

__all__ = ["BREAKS", "Break", "DoesNotFitError"]

_WIRE = ("tests/wire",)
_MESSAGES = ("tests/messages",)
_SESSION = ("tests/session",)
_CLIENT = ("tests/client", "tests/session")
_SIMULATOR = ("tests/simulator",)


class DoesNotFitError(Exception):
    """A row whose text does not stand in its module exactly once."""


@dataclass(frozen=True, slots=True)
class Break:
    """One row: a change of one module that is wrong."""

    name: str
    """The rule that is broken."""
    path: str
    """The module's file, from the top of the tree."""
    old: str
    """What stands there now, exactly once."""
    new: str
    """What stands there instead."""
    nearest: tuple[str, ...]
    """The folders of tests to try first, from the top of the tree."""

    def made_in(self, source: str) -> str:
        """Return the module's text with the break made. Raises `DoesNotFitError` where it cannot be."""
        count = source.count(self.old)
        if count != 1:
            raise DoesNotFitError(
                f"{self.name} no longer fits: its text stands {count} times in {self.path}, not once"
            )
        return source.replace(self.old, self.new)


BREAKS: tuple[Break, ...] = (
    # Wire.
    Break(
        "crc-covers-the-address",
        "omnilink_sansio/wire/message.py",
        "return encoded + crc16(encoded[1:])",
        "return encoded + crc16(encoded[1 if address is None else 2 :])",
        _WIRE,
    ),
    Break(
        "a-zero-crc-needs-its-own-tolerance",
        "omnilink_sansio/wire/message.py",
        "if received == 0 and Tolerance.ZERO_CRC in tolerances:",
        "if received == 0 and tolerances:",
        _WIRE,
    ),
    Break(
        "a-long-crc-is-carried-low-byte-first",
        "omnilink_sansio/wire/crc.py",
        'crc = crc16(carried.to_bytes(2, "little") + ',
        'crc = crc16(carried.to_bytes(2, "big") + ',
        _WIRE,
    ),
    Break(
        "every-block-is-whitened",
        "omnilink_sansio/wire/cipher.py",
        "for block in range(blocks))",
        "for block in range(blocks - 1, blocks))",
        _WIRE,
    ),
    Break(
        "the-key-takes-the-session-id-in-its-order",
        "omnilink_sansio/wire/cipher.py",
        "zip(key[-5:], session_id, strict=True)",
        "zip(key[-5:], session_id[::-1], strict=True)",
        _WIRE,
    ),
    Break(
        "a-message-that-fills-its-blocks-ends-there",
        "omnilink_sansio/wire/framing.py",
        "size = length + 15 & -BLOCK_SIZE",
        "size = length + 16 & -BLOCK_SIZE",
        _WIRE,
    ),
    Break(
        "raw-words-are-skipped-with-their-header",
        "omnilink_sansio/wire/framing.py",
        "self._start += HEADER_SIZE + BLOCK_SIZE",
        "self._start += BLOCK_SIZE",
        _WIRE,
    ),
    Break(
        "a-datagram-too-long-for-its-type-is-refused",
        "omnilink_sansio/wire/framing.py",
        "if len(data) != wanted:",
        "if len(data) < wanted:",
        _WIRE,
    ),
    # Messages.
    Break(
        "duration-byte-219-is-not-19-hours",
        "omnilink_sansio/messages/durations.py",
        "(200, 18, _HOUR)",
        "(200, 19, _HOUR)",
        _MESSAGES,
    ),
    Break(
        "half-a-degree-is-displayed-rounded-up",
        "omnilink_sansio/messages/temperature.py",
        "return (9 * _raw(raw) - 395) // 10",
        "return (9 * _raw(raw) - 396) // 10",
        _MESSAGES,
    ),
    Break(
        "an-exit-timer-alone-means-arming",
        "omnilink_sansio/messages/objects/area.py",
        "bool(self.mode & EXIT_DELAY_BIT or self.exit_timer)",
        "bool(self.mode & EXIT_DELAY_BIT)",
        _MESSAGES,
    ),
    Break(
        "unit-power-has-its-high-byte-first",
        "omnilink_sansio/messages/objects/unit.py",
        'int.from_bytes(self.tail[:2], "big")',
        'int.from_bytes(self.tail[:2], "little")',
        _MESSAGES,
    ),
    Break(
        "zone-1-is-the-highest-bit-of-zones-ready",
        "omnilink_sansio/messages/zone_ready.py",
        "if byte & _LOWEST >> bit",
        "if byte & 1 << bit",
        _MESSAGES,
    ),
    Break(
        "a-timer-that-counts-down-is-no-change",
        "omnilink_sansio/messages/objects/object_record.py",
        "mine, its = bool(mine), bool(its)",
        "mine, its = int(mine), int(its)",
        _MESSAGES,
    ),
    Break(
        "a-unit-beside-a-level-has-nine-bits",
        "omnilink_sansio/messages/commands/parameters.py",
        "_LOW_BITS = 9",
        "_LOW_BITS = 8",
        _MESSAGES,
    ),
    Break(
        "a-button-pressed-twice-is-no-repeat",
        "omnilink_sansio/messages/commands/command_table.py",
        "Command.EXECUTE_BUTTON: _momentary(",
        "Command.EXECUTE_BUTTON: _set(",
        _MESSAGES,
    ),
    Break(
        "a-code-is-not-validated-again-by-itself",
        "omnilink_sansio/messages/opcodes_v2.py",
        "Effect.MOMENTARY, (_T.SECURITY_CODE_VALIDATION,)",
        "Effect.READ, (_T.SECURITY_CODE_VALIDATION,)",
        _MESSAGES,
    ),
    Break(
        "newer-fields-are-read-at-the-payloads-end",
        "omnilink_sansio/messages/record.py",
        "if len(payload) >= end + self._extension.size:",
        "if len(payload) > end + self._extension.size:",
        _MESSAGES,
    ),
    # Session.
    Break(
        "after-sequence-65535-comes-1",
        "omnilink_sansio/session/sequence.py",
        "return sequence % HIGHEST_SEQUENCE + 1",
        "return (sequence + 1) % (HIGHEST_SEQUENCE + 1)",
        _SESSION,
    ),
    Break(
        "as-many-requests-are-remembered-as-set",
        "omnilink_sansio/session/request_memory.py",
        "if len(self._answers) > self._size:",
        "if len(self._answers) >= self._size:",
        _SESSION,
    ),
    Break(
        "a-request-is-repeated-as-often-as-set",
        "omnilink_sansio/session/request_engine.py",
        "again = pending.times_sent <= self._settings.max_repeats",
        "again = pending.times_sent < self._settings.max_repeats",
        _SESSION,
    ),
    Break(
        "a-cancelled-request-keeps-its-place",
        "omnilink_sansio/session/request_engine.py",
        "can_go = is_next and len(self._in_flight) < self._max_in_flight",
        "can_go = is_next and sum(not p.cancelled for p in self._in_flight.values()) < self._max_in_flight",
        _SESSION,
    ),
    Break(
        "an-unanswered-set-has-an-unknown-outcome",
        "omnilink_sansio/session/request_engine.py",
        "if pending.request.effect is not Effect.READ:",
        "if pending.request.effect is Effect.MOMENTARY:",
        _SESSION,
    ),
    Break(
        "keepalive-is-due-when-either-way-is-quiet",
        "omnilink_sansio/session/keepalive.py",
        "return min(self._requests.last_reply_at, self._requests.last_sent_at) + self._interval",
        "return max(self._requests.last_reply_at, self._requests.last_sent_at) + self._interval",
        _SESSION,
    ),
    Break(
        "keepalive-follows-a-time-out-in-silence",
        "omnilink_sansio/session/keepalive.py",
        "if self._interval and any(item.was_silent for item in expired):",
        "if self._interval and len(expired) > 1 and any(item.was_silent for item in expired):",
        _SESSION,
    ),
    Break(
        "a-packet-is-timed-from-its-first-piece",
        "omnilink_sansio/session/secure_link.py",
        "if self._packet_since is None and self._framer.pending:",
        "if self._framer.pending:",
        _SESSION,
    ),
    Break(
        "a-late-copy-of-packet-1-ends-no-session",
        "omnilink_sansio/session/secure_controller_link.py",
        "self._guarded_until = self._now + self._settings.repeated_request_guard",
        "self._guarded_until = self._now",
        _SESSION,
    ),
    Break(
        "a-server-has-no-more-sessions-than-set",
        "omnilink_sansio/session/server.py",
        "taken < self._settings.max_sessions",
        "taken <= self._settings.max_sessions",
        _SESSION,
    ),
    Break(
        "an-old-answer-answers-no-new-request",
        "omnilink_sansio/session/server.py",
        "last_request_id=self._last_request_id,",
        "last_request_id=0,",
        _SESSION,
    ),
    Break(
        "every-lost-event-is-counted",
        "omnilink_sansio/client/event_queue.py",
        "self._lost += 1",
        "self._lost = 1",
        _CLIENT,
    ),
    # Simulator.
    Break(
        "a-double-entry-delay-is-twice-as-long",
        "omnilink_sansio/simulator/behaviour/alarms.py",
        "min(area.entry_delay * row.entry_delays, _LONGEST_DELAY)",
        "min(area.entry_delay, _LONGEST_DELAY)",
        _SIMULATOR,
    ),
    Break(
        "every-second-of-a-delay-is-told",
        "omnilink_sansio/simulator/behaviour/alarms.py",
        "house.timers.start(Timer.DELAY_TICK, index, ends - (left - 1))",
        "house.timers.start(Timer.DELAY_TICK, index, ends - (left - 2))",
        _SIMULATOR,
    ),
    Break(
        "a-bypassed-zone-raises-no-alarm",
        "omnilink_sansio/simulator/house_objects/zone.py",
        "mode in row.modes and not self.is_bypassed",
        "mode in row.modes and not self.auto_bypassed",
        _SIMULATOR,
    ),
    Break(
        "a-right-code-makes-up-for-wrong-ones",
        "omnilink_sansio/simulator/behaviour/codes.py",
        "        house.codes_tried = 0\n        return found",
        "        return found",
        _SIMULATOR,
    ),
    Break(
        "a-unit-timed-anew-goes-back-to-what-lasts",
        "omnilink_sansio/simulator/behaviour/units.py",
        "return unit.state_after if house.timers.is_running(Timer.UNIT, index) else unit.state",
        "return unit.state",
        _SIMULATOR,
    ),
    Break(
        "a-room-at-its-set-point-is-not-heated",
        "omnilink_sansio/simulator/behaviour/climate.py",
        "reading < thermostat.heat_setpoint",
        "reading <= thermostat.heat_setpoint",
        _SIMULATOR,
    ),
    Break(
        "quick-arming-does-not-disarm",
        "omnilink_sansio/simulator/behaviour/codes.py",
        "return mode is not SecurityMode.OFF",
        "return True",
        _SIMULATOR,
    ),
    Break(
        "the-log-keeps-as-many-events-as-it-has-room",
        "omnilink_sansio/simulator/house.py",
        "while len(self.log) >= self.facts.event_log:",
        "while len(self.log) > self.facts.event_log:",
        _SIMULATOR,
    ),
    Break(
        "a-reply-passes-notifications-that-wait",
        "omnilink_sansio/simulator/pacer.py",
        "return bool(self.replies) and not (self.is_notification_first and self.notifications)",
        "return bool(self.replies) and not self.notifications",
        _SIMULATOR,
    ),
    Break(
        "a-planned-wrong-sequence-comes-true",
        "omnilink_sansio/simulator/faults/spoilt_packets.py",
        "        FaultKind.WRONG_SEQUENCE: _seal_with_wrong_sequence,\n",
        "",
        _SIMULATOR,
    ),
)
"""All breaks, from the wire up."""
