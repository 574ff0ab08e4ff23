"""What approved requests did to a policy: bookings, one after another, and the reversal (保全回退) of the last of them.

A policy's book is its opening state and its bookings. What holds now follows from the bookings that are not reversed, so
that a reversal restores exactly what was before and keeps no second copy of it. Money is never struck out: a reversal
posts each entry of what it reverses once more, the other way round.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from baoquan_rules.authoring import BaoquanError, Problem
from baoquan_rules.contract.scalars import plain_value
from baoquan_rules.decision.decision import Change, Decision

FORMAT: Final = 1


class BookingRefused(BaoquanError):
    """A booking that may not be made, with the reason. The book is as it was."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Money from one account to another, in fen (at least 1): debit and credit accounts, and for whom it is held, if for somebody."""

    debit: str
    credit: str
    amount: int
    payee: str


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect as it is kept: its kind, and its words and values by name as plain values (money "10000.00", days in ISO form)."""

    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Booking:
    """What one approved request did.

    Attributes:
        number: tells it from all others of the policy.
        service: the servicing item.
        at: when it was booked, on Shanghai's clock: ``2026-09-21T10:12``.
        by: who booked it.
        effects: what it changed.
        postings: its ledger entries; debit and credit balance in each.
        reverses: number of the booking that it reverses, if it is a reversal.
    """

    number: str
    service: str
    at: str
    by: str
    effects: tuple[Effect, ...]
    postings: tuple[Posting, ...]
    reverses: str = ""

    def __repr__(self) -> str:
        return f"Booking({self.number}: {self.service} at {self.at})"


@dataclass(frozen=True, slots=True, repr=False)
class PolicyBook:
    """The state of a policy and all that was booked on it. A value: ``book`` gives a new one and leaves this as it is."""

    policy: str
    opening: Mapping[str, Any]
    bookings: tuple[Booking, ...] = ()

    def __repr__(self) -> str:
        return f"PolicyBook({self.policy}: {len(self.bookings)} bookings)"

    @property
    def in_force(self) -> tuple[Booking, ...]:
        """The bookings that are not reversed; reversals themselves leave nothing on the policy."""
        undone = {one.reverses for one in self.bookings}
        return tuple(one for one in self.bookings if not one.reverses and one.number not in undone)

    @property
    def state(self) -> dict[str, Any]:
        """What holds now, by name: what the policy was opened with, and each later value in place of an earlier one."""
        out = dict(self.opening)
        for _, effect in self._effects("state"):
            out.update(effect.values)
        return out

    @property
    def registers(self) -> dict[str, list[dict[str, Any]]]:
        """The entries of each register, in the order in which they were made."""
        out: dict[str, list[dict[str, Any]]] = {}
        for booking, effect in self._effects("register"):
            entry = {key: value for key, value in effect.values.items() if key != "register"}
            out.setdefault(str(effect.values.get("register", "")), []).append({"booking": booking.number, **entry})
        return out

    @property
    def endorsements(self) -> tuple[str, ...]:
        """The numbers of the bookings whose endorsement belongs to the contract now."""
        return tuple(dict.fromkeys(booking.number for booking, _ in self._effects("endorsement")))

    @property
    def balances(self) -> dict[str, int]:
        """Each account with its balance in fen, debit positive; accounts that are even are left out. All together come to zero."""
        out: dict[str, int] = {}
        for booking in self.bookings:
            for posting in booking.postings:
                out[posting.debit] = out.get(posting.debit, 0) + posting.amount
                out[posting.credit] = out.get(posting.credit, 0) - posting.amount
        return {account: amount for account, amount in sorted(out.items()) if amount}

    def to_json(self, *, indent: int | None = 1) -> str:
        """The book as JSON; ``read_book`` reads it."""
        made = {"format": FORMAT, "policy": self.policy, "opening": dict(self.opening), "bookings": [_plain(one) for one in self.bookings]}
        return json.dumps(made, ensure_ascii=False, indent=indent, sort_keys=True)

    def _effects(self, kind: str) -> Iterator[tuple[Booking, Effect]]:
        for booking in self.in_force:
            for effect in booking.effects:
                if effect.kind == kind:
                    yield booking, effect


def book(onto: PolicyBook, decision: Decision, number: str, *, at: str, by: str) -> PolicyBook:
    """The book with what a decision brings about.

    A decision with an effect of kind ``reversal`` reverses the booking that the effect names (its value ``number``).

    Raises:
        BookingRefused: the decision is not approved or is of another policy, the number is taken, or what is to be
            reversed is not the last booking in force.
    """
    if decision.outcome != "approved":
        raise _refused("BQ660", f"结果是 {decision.outcome}，只有同意的才能入账", f"the outcome is {decision.outcome}; only what is approved is booked",
                       "先补齐所缺的，再入账", "complete what is missing first")  # fmt: skip
    of = decision.case.facts.get("policy.id")
    if of != onto.policy:
        raise _refused("BQ661", f"这是保单 {of or '（没有写明）'} 的决定，不是 {onto.policy} 的", f"this decision is of policy {of or '(not stated)'}, not of {onto.policy}",
                       "事实里的 policy.id 写保单号", "policy.id in the facts is the number of the policy")  # fmt: skip
    if any(one.number == number for one in onto.bookings):
        raise _refused("BQ662", f"编号 {number} 已经入过账", f"{number} is booked already", "同一件事不要记两次", "do not book the same thing twice")
    effects = tuple(_kept(change) for change in decision.effects if change.kind != "reversal")
    postings = tuple(Posting(one.debit, one.credit, one.amount, one.payee) for one in decision.entries)
    made = Booking(number, decision.service, at, by, effects, postings)
    target = next((str(_kept(change).values.get("number", "")) for change in decision.effects if change.kind == "reversal"), None)
    if target is not None:
        undone = _last(onto, target)
        made = replace(made, reverses=target, postings=(*postings, *(_back(one) for one in undone.postings)))
    return replace(onto, bookings=(*onto.bookings, made))


def read_book(text: str) -> PolicyBook:
    """A book from its JSON.

    Raises:
        BookingRefused: it is no book of this format.
    """
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise _refused("BQ664", f"不认识格式 {found['format']}", f"format {found['format']} is not known")
        return PolicyBook(found["policy"], found["opening"], tuple(_read(one) for one in found["bookings"]))
    except (ValueError, TypeError, KeyError) as error:
        raise _refused("BQ664", "这不是一份保单台账", "this is no book of a policy", str(error)) from None


def not_processed(number: str) -> BookingRefused:
    """The refusal to book a request that has not been processed."""
    return _refused("BQ660", f"申请 {number} 还没有处理，不能入账", f"request {number} has not been processed and cannot be booked",
                    "先记录 processed", "enter processed first")  # fmt: skip


def _last(onto: PolicyBook, number: str) -> Booking:
    """The booking to be reversed: the last in force, because whatever came later was decided on what it had changed."""
    kept = onto.in_force
    place = next((i for i, one in enumerate(kept) if one.number == number), None)
    if place is None:
        raise _refused("BQ663", f"没有可以回退的 {number}", f"there is no {number} to reverse",
                       f"可以回退：{kept[-1].number}" if kept else None, f"can be reversed: {kept[-1].number}" if kept else None)  # fmt: skip
    if place != len(kept) - 1:
        later = kept[-1]
        raise _refused("BQ663", f"{number} 之后还办理了 {later.number}（{later.service}）", f"{later.number} ({later.service}) was carried out after {number}",
                       f"先回退 {later.number}", f"reverse {later.number} first")  # fmt: skip
    return kept[place]


def _back(posting: Posting) -> Posting:
    """The same money the other way."""
    return replace(posting, debit=posting.credit, credit=posting.debit)


def _kept(change: Change) -> Effect:
    return Effect(change.kind, {**change.words, **{key: plain_value(value, kind) for key, (value, kind) in change.values.items()}})


def _plain(booking: Booking) -> dict[str, Any]:
    return {
        "number": booking.number, "service": booking.service, "at": booking.at, "by": booking.by, "reverses": booking.reverses,
        "effects": [{"kind": one.kind, "values": dict(one.values)} for one in booking.effects],
        "postings": [[one.debit, one.credit, one.amount, one.payee] for one in booking.postings],
    }  # fmt: skip


def _read(found: Mapping[str, Any]) -> Booking:
    effects = tuple(Effect(one["kind"], one["values"]) for one in found["effects"])
    postings = tuple(Posting(*one) for one in found["postings"])
    if any(type(one.amount) is not int or one.amount <= 0 for one in postings):
        raise ValueError("a posting is a whole number of fen above zero")
    return Booking(found["number"], found["service"], found["at"], found["by"], effects, postings, found["reverses"])


def _refused(code: str, zh: str, en: str, hint: str | None = None, hint_en: str | None = None) -> BookingRefused:
    return BookingRefused([Problem(code, zh, None, hint, message_en=en, hint_en=hint_en)])
