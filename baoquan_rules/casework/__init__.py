"""One request from acceptance to feedback, as what it rests on arrives piece by piece, and what approved requests did to a policy."""

from baoquan_rules.casework.books import Booking, BookingRefused, PolicyBook, book, read_book
from baoquan_rules.casework.events import Event, EventRefused
from baoquan_rules.casework.queue import Place, queue, urgency
from baoquan_rules.casework.session import ServiceCase, Status, open_case, resume

__all__ = (
    "Booking", "BookingRefused", "Event", "EventRefused", "Place", "PolicyBook", "ServiceCase", "Status", "book", "open_case", "queue", "read_book", "resume", "urgency",
)  # fmt: skip
