"""One request from acceptance to feedback, as what it rests on arrives piece by piece, and what approved requests did to a policy."""

from baoquan_rules.casework.books import Booking, BookingRefused, PolicyBook, book, read_book
from baoquan_rules.casework.events import Event, EventRefused
from baoquan_rules.casework.session import ServiceCase, Status, open_case, resume

__all__ = (
    "Booking", "BookingRefused", "Event", "EventRefused", "PolicyBook", "ServiceCase", "Status", "book", "open_case", "read_book", "resume",
)  # fmt: skip
