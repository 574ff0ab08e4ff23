"""One request from acceptance to feedback, as what it rests on arrives piece by piece."""

from baoquan_rules.casework.events import Event, EventRefused
from baoquan_rules.casework.session import ServiceCase, Status, open_case, resume

__all__ = ("Event", "EventRefused", "ServiceCase", "Status", "open_case", "resume")
