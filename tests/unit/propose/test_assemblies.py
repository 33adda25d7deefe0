from collections.abc import Sequence

from reference.edits import Program
from reference.propose.peers import PeerIndex, propose_assemblies

COUNT = "def count(values):\n    return len(values)\n"
TOTAL = "def total(values):\n    return sum(values)\n"
LOOP = "def count(items):\n    n = 0\n    for item in items:\n        n += 1\n    return n\n"


def assembled(wrong: str, peers: Sequence[str], counts: Sequence[int]) -> list[list[str]]:
    proposed = propose_assemblies(Program(wrong), PeerIndex(peers), counts)
    return [[graft.candidate().text for graft in grafts] for grafts in proposed]


def test_every_function_comes_from_the_peer_that_has_it_nearest() -> None:
    wrong = COUNT.replace("len", "max") + TOTAL.replace("sum", "min")
    peers = [
        COUNT + "def total(rows):\n    return rows[0] + rows[1]\n",
        "def count(rows):\n    return rows[0]\n" + TOTAL,
    ]
    [texts] = assembled(wrong, peers, [8])
    assert texts[0] == COUNT + TOTAL


def test_a_version_is_put_in_the_names_of_the_user() -> None:
    wrong = "def count(things):\n    n = 1\n    for one in things:\n        n += 1\n    return n\n"
    [[text]] = assembled(wrong, [LOOP], [8])
    assert text == wrong.replace("n = 1\n", "n = 0\n")


def test_what_stands_beside_the_functions_stays() -> None:
    wrong = "LEAST = 3\n" + COUNT.replace("len", "max") + "def other():\n    return LEAST\n"
    assert assembled(wrong, [COUNT], [8]) == [[wrong.replace("max", "len")]]


def test_a_function_that_calls_what_the_program_does_not_have_is_left_out() -> None:
    peer = "def sized(some):\n    return len(some)\ndef count(some):\n    return sized(some)\n"
    wrong = "def count(values):\n    return max(values)\n"
    assert assembled(wrong, [peer, COUNT], [8]) == [[COUNT]]


def test_there_is_nothing_without_an_accepted_version_of_each_function() -> None:
    peer = "def sized(some):\n    return len(some)\ndef count(some):\n    return sized(some)\n"
    assert assembled("def count(values):\n    return max(values)\n", [peer], [8, 32]) == [[], []]
    assert assembled("print(1)\n", [COUNT], [8]) == [[]]


def test_each_further_time_farther_versions_come_besides() -> None:
    wrong = "def number(a):\n    x = a + 1\n    return x * 2\n"
    near = [wrong.replace("x * 2", f"x * {factor}") for factor in range(3, 9)]
    far = "def number(x):\n    if x > 5:\n        return 7\n    while x:\n        x -= 1\n"
    first, second = assembled(wrong, [*near, far], [1, 7])
    assert set(first) < set(second)
    assert not any("while" in text for text in first)
    assert any("while" in text for text in second)
