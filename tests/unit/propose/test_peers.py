import ast

from reference.edits import Program
from reference.propose.peers import (
    PeerIndex,
    propose_grafts,
    propose_splices,
    propose_transplants,
)
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
    assert [graft.cost for graft in parts] == sorted(graft.cost for graft in parts)
    assert wholes[0].candidate().text == LOOP
    texts = [graft.candidate().text for graft in parts]
    assert LOOP.replace("total = 0", "total = 1") in texts
    assert LOOP in texts


def test_the_text_of_a_peer_is_in_the_usual_layout() -> None:
    peer = "n=int( input() )  # how many\nif n>0 : print( sum(\n    i for i in range(n)\n) )\n"
    index = PeerIndex([peer])
    assert index.peers[0].program.text == (
        "n = int(input())\nif n > 0:\n    print(sum(i for i in range(n)))\n"
    )


def test_a_peer_keeps_its_explanations_to_itself() -> None:
    peer = '"""Mine."""\ndef f(a):\n    """Double."""\n    "so"\n    return 2 * a  # twice\n'
    assert PeerIndex([peer]).peers[0].program.text == "def f(a):\n    return 2 * a\n"
    alone = 'def f(a):\n    """Nothing yet."""\n'
    assert PeerIndex([alone]).peers[0].program.text == alone


def test_docstrings_of_the_user_stay_above_what_is_put_in() -> None:
    mine = (
        '"""Sheet 1."""\ndef f(a):\n    """Double.\n\n    Twice."""\n    return\n'
        "def g():\n    pass\n"
    )
    peer = "import math\n@cache\ndef f(x):\n    y = 2 * x\n    return y\ndef g():\n    return 1\n"
    shape = Shape(Program(mine))
    assert translated(Shape(Program(peer)), shape) == (
        '"""Sheet 1."""\nimport math\n@cache\ndef f(a):\n    """Double.\n\n    Twice."""\n'
        "    y = 2 * a\n    return y\ndef g():\n    return 1\n"
    )


def test_a_line_of_a_peer_is_tried_in_every_place() -> None:
    wrong = Program("n = int(input())\ntotal = 0\nfor i in range(n):\n    pass\nprint(total)\n")
    _, wholes = propose_grafts(wrong, PeerIndex([LOOP]))
    transplants = propose_transplants(wrong, [graft.alignment for graft in wholes], {4: 1.0})
    texts = [candidate.text for candidate in transplants]
    assert wrong.text.replace("pass", "total += i * i") in texts
    assert wrong.text.replace("print", "total += i * i\nprint") in texts
    # What changes the suspicious line comes first.
    first = transplants[0]
    assert wrong.text[: first.edits[0].start].count("\n") == 3


def test_a_line_of_a_peer_is_tried_at_the_end_of_every_block() -> None:
    wrong = Program("def f(n):\n    for i in range(n):\n        if i > 2: return i")
    peer = (
        "def f(n):\n    for i in range(n):\n        if i > 2:\n            return i\n    return 0\n"
    )
    _, wholes = propose_grafts(wrong, PeerIndex([peer]))
    transplants = propose_transplants(wrong, [graft.alignment for graft in wholes], {})
    texts = [candidate.text for candidate in transplants]
    for indent in ("", "    ", "        "):
        assert f"{wrong.text}\n{indent}return 0" in texts


def test_a_line_of_a_peer_is_not_tried_where_it_cannot_stand_or_is_never_reached() -> None:
    wrong = Program(
        "@cache\ndef f(n):\n    if n:\n        return n\n    else:\n        n = 1\n    return n\n"
    )
    peer = wrong.text.replace("n = 1", "n = 1\n        n += 2")
    _, wholes = propose_grafts(wrong, PeerIndex([peer]))
    transplants = propose_transplants(wrong, [graft.alignment for graft in wholes], {})
    texts = [candidate.text for candidate in transplants]
    assert wrong.text.replace("n = 1\n", "n = 1\n        n += 2\n") in texts
    for text in texts:
        ast.parse(text)
        assert "return n\n        n += 2" not in text
        assert not text.endswith("    return n\n    n += 2\n")


def test_a_peer_that_reads_alike_goes_where_the_program_answers() -> None:
    wrong = Program("size = int(input())\nk = size + 1\nprint(k)\n")
    (splice,) = propose_splices(wrong, PeerIndex([LOOP, "a, b = input().split()\nprint(a)\n"]))
    assert splice.candidate().text == (
        "size = int(input())\nk = size + 1\ntotal = 0\nfor i in range(size):\n"
        "    total += i * i\nprint(total)\n"
    )


def test_a_splice_leaves_the_names_of_the_program_alone() -> None:
    wrong = Program("m = int(input())\ntotal = 7\nfor i in range(total):\n    m += 1\nprint(m)\n")
    (splice,) = propose_splices(wrong, PeerIndex([LOOP]))
    text = splice.candidate().text
    assert text.startswith(wrong.text.replace("print(m)\n", ""))
    assert "total_ += i_ * i_\n" in text


def test_what_reads_in_a_loop_is_not_spliced() -> None:
    wrong = Program("n = int(input())\nfor i in range(n):\n    print(int(input()))\n")
    assert propose_splices(wrong, PeerIndex([LOOP])) == []
