"""What a screening child has done, as its parent reads it."""

import time

from reference.judge.inside.ledger import Ending, Ledger


def test_before_its_first_attempt_a_child_has_used_no_processor_time():
    while not time.process_time():  # its parent has
        pass
    ledger = Ledger(100)
    cpu, wall = ledger.began()
    assert cpu == 0
    assert wall <= time.monotonic()


def test_records_are_read_as_they_were_added():
    ledger = Ledger(100)
    added = [(Ending.WELL, b"42"), (Ending.OTHER, b""), (Ending.CUT, b"spam")]
    assert all(ledger.add(*record) for record in added)
    ledger.begin()
    assert ledger.records(10) == added
    assert ledger.records(2) == added[:2]
    assert not ledger.stopped
    ledger.begin(stopped=True)
    assert ledger.stopped
