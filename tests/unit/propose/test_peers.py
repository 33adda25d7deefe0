from reference.edits import Program
from reference.propose.peers import PeerIndex, propose_grafts
from reference.propose.peers.match import translated
from reference.propose.peers.shape import Shape

LOOP = "n = int(input())\ntotal = 0\nfor i in range(n):\n    total += i * i\nprint(total)\n"
FORMULA = "m = int(input())\nprint((m - 1) * m * (2 * m - 1) // 6)\n"
MAIN = "def main():\n    k = int(input())\n    print(sum(x ** 2 for x in range(k)))\nmain()\n"


def test_the_nearest_peer_has_the_same_shape_in_other_names() -> None:
    index = PeerIndex([FORMULA, MAIN, LOOP])
    wrong = "size = int(input())\ns = 0\nfor k in range(size):\n    s += k\nprint(s)\n"
    nearest = index.nearest(Shape(Program(wrong)), 1)[0]
    assert nearest.program.text == LOOP


def test_programs_that_are_the_same_up_to_names_are_kept_once() -> None:
    assert len(PeerIndex([FORMULA, FORMULA.replace("m", "value")]).peers) == 1


def test_a_main_function_is_also_seen_without_it() -> None:
    texts = [peer.program.text for peer in PeerIndex([MAIN]).peers]
    assert texts[0] == MAIN
    assert texts[1].startswith("k = int(input())\n")


def test_what_is_no_program_is_left_out() -> None:
    assert PeerIndex(["if"]).peers == []


def test_a_peer_speaks_in_the_names_of_the_user() -> None:
    mine = Shape(
        Program("size = int(input())\ns = 1\nfor k in range(size):\n    s += k\nprint(s)\n")
    )
    text = translated(Shape(Program(LOOP)), mine)
    assert text == ("size = int(input())\ns = 0\nfor k in range(size):\n    s += k * k\nprint(s)\n")


def test_functions_that_callers_know_keep_their_names() -> None:
    peer = "def day(x):\n    return x[0]\ndef month(x):\n    return x[1]\n"
    mine = "def month(t):\n    return t[0]\ndef day(t):\n    return t[1]\n"
    text = translated(Shape(Program(peer)), Shape(Program(mine)))
    assert "def day(t):\n    return t[0]\n" in text


def test_grafts_go_from_single_changes_to_whole_peers() -> None:
    wrong = Program(LOOP.replace("i * i", "i").replace("total = 0", "total = 1"))
    parts, wholes = propose_grafts(wrong, PeerIndex([LOOP]))
    assert [graft.size for graft in parts] == sorted(graft.size for graft in parts)
    assert wholes[0].candidate().text == LOOP
    texts = [graft.candidate().text for graft in parts]
    assert LOOP.replace("total = 0", "total = 1") in texts
    assert LOOP in texts
