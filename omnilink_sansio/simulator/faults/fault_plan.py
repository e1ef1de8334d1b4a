"""What goes wrong on purpose: plans of faults as values, as the text that people type, and as they come true."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from math import inf
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.wire.packet import Direction

__all__ = [
    "FAULT_FORMS",
    "FaultKind",
    "FaultPlan",
    "PlannedFault",
]


@unique
class FaultKind(StrEnum):
    """What can go wrong; the value is the word for it in a plan's text."""

    DROP = "drop"
    """A packet is lost, whole; on its way to the panel: what a stream brought in one piece."""
    DELAY = "delay"
    """A packet takes longer. On a stream everything after it waits, a datagram is overtaken."""
    DUPLICATE = "duplicate"
    """A packet comes twice."""
    REORDER = "reorder"
    """A packet comes after the one that followed it, or alone when none followed in time."""
    CORRUPT = "corrupt"
    """One byte of a packet is another, in its header or after it."""
    WRONG_CRC = "wrong-crc"
    """A message is sent, encrypted as it should be, with a CRC that does not fit."""
    WRONG_SEQUENCE = "wrong-sequence"
    """A reply is sent, encrypted as it should be, with the sequence number after that of its request."""
    SPLIT = "split"
    """Streams only: a packet is written in two pieces, with time between them."""
    JOIN = "join"
    """Streams only: a packet is held back and written together with the one that follows it in time."""
    SILENT = "silent"
    """Nothing leaves the panel for a time; what comes in is carried out all the same."""
    REFUSE = "refuse"
    """A client that asks for a session is refused (packet 7); one that has a session never is."""
    TERMINATE = "terminate"
    """All sessions end with packet 6; a request that brought it about is not carried out."""
    REBOOT = "reboot"
    """All sessions are gone, unannounced; a request that brought it about is not carried out."""
    NO_REPEATS = "no-repeats"
    """Datagrams only: a request that comes again is carried out again."""


class _Row(NamedTuple):
    """What a kind of fault takes, besides ``P%``, ``at`` and ``for``."""

    help: str
    by: float | None = None
    """Seconds of ``by`` where it is not given; None: it takes no ``by``."""
    both_ways: bool = False
    """Whether it can happen on the way to the panel, too."""
    lasts: bool = False
    """Whether ``for`` is how long it lasts, and so has to be given."""
    acts: bool = False
    """Whether at its time it happens by itself, with nothing to happen to."""


_ROWS: Mapping[FaultKind, _Row] = MappingProxyType(
    {
        FaultKind.DROP: _Row("a packet is lost", both_ways=True),
        FaultKind.DELAY: _Row("a packet takes longer, 1 second unless given", by=1.0, both_ways=True),
        FaultKind.DUPLICATE: _Row("a packet comes twice", both_ways=True),
        FaultKind.REORDER: _Row("a packet comes after the next, 1 s later at most", by=1.0, both_ways=True),
        FaultKind.CORRUPT: _Row("one byte of a packet is another", both_ways=True),
        FaultKind.WRONG_CRC: _Row("a message has a wrong CRC"),
        FaultKind.WRONG_SEQUENCE: _Row("a reply has another sequence number"),
        FaultKind.SPLIT: _Row("a packet is written in two pieces, 0.1 s apart", by=0.1),
        FaultKind.JOIN: _Row("a packet is written with the next, 0.1 s later at most", by=0.1),
        FaultKind.SILENT: _Row("nothing leaves the panel for that time", lasts=True),
        FaultKind.REFUSE: _Row("a client that asks for a session gets none"),
        FaultKind.TERMINATE: _Row("all sessions are ended by the panel", acts=True),
        FaultKind.REBOOT: _Row("all sessions are gone, the house stays", acts=True),
        FaultKind.NO_REPEATS: _Row("a request that comes again is carried out again"),
    }
)
"""One row a kind."""


def _form(kind: FaultKind, row: _Row) -> str:
    when = "(P% | at T) for D" if row.lasts else "[P%] [at T [for D]]"
    by = "" if row.by is None else " [by D]"
    way = " [to panel | to client]" if row.both_ways else ""
    return f"{kind} {when}{by}{way}: {row.help}"


FAULT_FORMS: tuple[str, ...] = tuple(_form(kind, row) for kind, row in _ROWS.items())
"""How each kind of fault is written and what it does, one line a kind.

``P%``: each time with that chance. ``at T``: the next one from T on, in seconds since the panel started;
``at T for D``: all in that window; with ``P%`` each with that chance from T on, or in the window. None of
these: every time.
"""


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """One fault of a plan: what, and when.

    It happens every time that it can; with ``percent``, each time with that chance (above 0, up to 100); with
    ``at``, from that many seconds after the panel's first input on, and then once, unless ``lasting`` gives the
    seconds of a window or ``percent`` a chance. A silence lasts for ``lasting`` seconds. ``by`` is the seconds
    of a delay, or that a packet waits for the next one at most; `FAULT_FORMS` has what it is where not given.
    ``direction`` is the way of the packets that it happens to. Raises `LocalProtocolError` for what its kind
    does not take.
    """

    kind: FaultKind
    percent: float | None = None
    at: float | None = None
    lasting: float | None = None
    by: float | None = None
    direction: Direction = Direction.TO_CLIENT

    def __post_init__(self) -> None:
        row = _ROWS[self.kind]
        ways = (Direction.TO_CLIENT, Direction.TO_CONTROLLER) if row.both_ways else (Direction.TO_CLIENT,)
        self._require(self.percent is None or 0 < self.percent <= 100, "P% is above 0 and up to 100")
        self._require(self.at is None or 0 <= self.at < inf, "at takes 0 seconds or more")
        self._require(self.lasting is None or 0 < self.lasting < inf, "for takes seconds above 0")
        self._require(self.by is None or 0 < self.by < inf, "by takes seconds above 0")
        self._require(self.by is None or row.by is not None, "it takes no by")
        self._require(self.direction in ways, "it happens to what goes to a client, and to nothing else")
        if row.lasts:
            once = (self.percent is None) is not (self.at is None)
            self._require(self.lasting is not None and once, "it takes either P% or at, and for")
        else:
            self._require(self.lasting is None or self.at is not None, "for needs at")

    def _require(self, condition: bool, rule: str) -> None:
        if not condition:
            raise LocalProtocolError(
                f"{self.kind}: {rule}; the form is: {_form(self.kind, _ROWS[self.kind])}"
            )

    @property
    def wait(self) -> float:
        """The seconds of ``by``, those of its kind when not given."""
        return (_ROWS[self.kind].by or 0.0) if self.by is None else self.by

    @property
    def acts(self) -> bool:
        """Whether it is due at its time even if nothing comes in or goes out then."""
        return _ROWS[self.kind].acts and self.percent is None and self.is_single

    @property
    def is_single(self) -> bool:
        """Whether it happens once."""
        return self.at is not None and self.lasting is None and self.percent is None

    def is_due(self, now: float, begun: float) -> bool:
        """Whether it may happen now, ``begun`` being the time of the panel's first input."""
        if self.at is None:
            return True
        start = begun + self.at
        return start <= now and (self.lasting is None or now < start + self.lasting)

    def __str__(self) -> str:
        words = [str(self.kind)]
        if self.percent is not None:
            words.append(f"{_number(self.percent)}%")
        for word, value in (("at", self.at), ("for", self.lasting), ("by", self.by)):
            if value is not None:
                words += [word, _number(value)]
        if self.direction is not Direction.TO_CLIENT:
            words += ["to", "panel"]
        return " ".join(words)


def _number(value: float) -> str:
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


_WAYS = {"panel": Direction.TO_CONTROLLER, "client": Direction.TO_CLIENT}

_OPTIONS: Mapping[str, tuple[str, Callable[[str], object]]] = MappingProxyType(
    {
        "at": ("at", float),
        "for": ("lasting", float),
        "by": ("by", float),
        "to": ("direction", _WAYS.__getitem__),
    }
)
"""The field that each word of a plan's text gives, and how what follows it is read."""


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """All that is to go wrong. ``str()`` of one is a text that `parse` reads.

    With the same ``seed`` and the same inputs every run is the same, byte for byte. Each fault draws for itself:
    another one in the plan does not change what it draws.
    """

    faults: tuple[PlannedFault, ...] = ()
    seed: int = 0

    @classmethod
    def parse(cls, text: str, seed: int = 0) -> "FaultPlan":
        """Read a plan such as ``drop 5%; delay 10% by 0.5 to panel; silent at 30 for 10; reboot at 60``.

        The faults are of `FAULT_FORMS`, with ``;`` between them. Raises `LocalProtocolError`, which names what is
        wrong with which, and the forms.
        """
        items = [item.strip() for item in text.split(";")]
        return cls(tuple(_parse_fault(item) for item in items if item), seed)

    def __str__(self) -> str:
        return "; ".join(map(str, self.faults))


def _parse_fault(item: str) -> PlannedFault:
    kind, *words = item.lower().split()
    try:
        given: dict[str, object] = {"kind": FaultKind(kind)}
    except ValueError:
        raise _unreadable(item, f"there is no fault {kind!r}") from None
    while words:
        word = words.pop(0)
        field, read, value = _option(item, word, words)
        if field in given:
            raise _unreadable(item, f"{word!r} says again what was said before")
        try:
            given[field] = read(value)
        except (ValueError, KeyError):
            raise _unreadable(item, f"{value!r} cannot be read after {word!r}") from None
    try:
        return PlannedFault(**given)  # type: ignore[arg-type]  # the table has the types
    except LocalProtocolError as error:
        raise LocalProtocolError(f"in the fault {item!r}: {error}") from None


def _option(item: str, word: str, words: list[str]) -> tuple[str, Callable[[str], object], str]:
    """Return the field that a word gives, how its value is read, and the value, taken from the words after it."""
    if word.endswith("%"):
        return "percent", float, word[:-1]
    if word not in _OPTIONS:
        raise _unreadable(item, f"{word!r} has no meaning here")
    if not words:
        raise _unreadable(item, f"nothing follows {word!r}")
    return (*_OPTIONS[word], words.pop(0))


def _unreadable(item: str, why: str) -> LocalProtocolError:
    return LocalProtocolError(
        f"in the fault {item!r}: {why}; faults, with ';' between them, are:\n  " + "\n  ".join(FAULT_FORMS)
    )


class RunningFault:
    """A fault of a plan that is coming true, with draws of its own."""

    def __init__(self, fault: PlannedFault, seed: str) -> None:
        self.fault = fault
        self.random = random.Random(seed)
        self.is_over = False

    def strikes(self, now: float, begun: float, *, spared: bool) -> bool:
        """Whether it happens now; one that happens once keeps for later when ``spared``."""
        fault = self.fault
        if self.is_over or not fault.is_due(now, begun):
            return False
        if fault.percent is not None:
            # Drawn whether or not it counts, so that no other fault can shift the draws.
            return self.random.random() * 100 < fault.percent
        if fault.is_single:
            self.is_over = not spared
        return not spared


class FaultSchedule:
    """A plan on the clock of a panel: asked each time that a fault could happen."""

    def __init__(self, plan: FaultPlan) -> None:
        self._begun: float | None = None
        self._running: dict[tuple[FaultKind, Direction], list[RunningFault]] = {}
        for fault in plan.faults:
            row = self._running.setdefault((fault.kind, fault.direction), [])
            row.append(RunningFault(fault, f"{plan.seed} {fault.kind} {fault.direction.value} {len(row)}"))

    def begin(self, now: float) -> None:
        """Note the panel's first input; later ones change nothing."""
        if self._begun is None:
            self._begun = now

    def strike(
        self, kind: FaultKind, now: float, direction: Direction = Direction.TO_CLIENT
    ) -> RunningFault | None:
        """Return the fault of this kind that happens now, to what could go wrong now; None when none does."""
        if (kind, direction) not in self._running:
            return None
        begun = now if self._begun is None else self._begun
        struck = None
        for running in self._running[kind, direction]:
            if running.strikes(now, begun, spared=struck is not None) and struck is None:
                struck = running
        return struck

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to go wrong."""
        return not self._running

    def has(self, kind: FaultKind) -> bool:
        """Whether the plan has a fault of this kind."""
        return any(planned is kind for planned, _ in self._running)

    def next_act(self) -> float | None:
        """Return when the next fault that needs no occasion is due, on the caller's clock, or None."""
        act = self._next_act()
        return None if act is None else act[0]

    def take_act(self, now: float) -> FaultKind | None:
        """Return what is due by now and needs no occasion, each once, in the order of time; None at the end."""
        act = self._next_act()
        if act is None or act[0] > now:
            return None
        act[1].is_over = True
        return act[1].fault.kind

    def _next_act(self) -> tuple[float, RunningFault] | None:
        if self._begun is None:
            return None
        acts = (
            (self._begun + (running.fault.at or 0.0), running)
            for row in self._running.values()
            for running in row
            if running.fault.acts and not running.is_over
        )
        return min(acts, key=itemgetter(0), default=None)
