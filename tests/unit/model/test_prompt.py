import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from reference.model.prompt import (
    ACCEPTED,
    END,
    FIRST_LINE,
    MAX_LINES,
    SPECIAL_TOKENS,
    PromptCodec,
    compact_statement,
    split_lines,
)
from reference.protocol import Failure, Problem, Test, Verdict


def byte_tokenizer() -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: len(SPECIAL_TOKENS) + n for n, token in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


CODEC = PromptCodec(byte_tokenizer())
LINES = st.lists(st.sampled_from(["a = 1", "b = 2", "", "\tprint(é)", "x <eos> <fix>"]), max_size=8)


@given(LINES, st.booleans())
def test_an_answer_read_back_is_the_program(lines: list[str], ended: bool) -> None:
    program = "\n".join(["start", *lines]) + "\n" * ended
    answer = CODEC.answer(program)
    assert answer[-1] == END
    assert CODEC.read(answer) == "\n".join(split_lines(program)) + "\n"


def test_an_accepted_program_is_answered_with_a_token_that_is_no_program() -> None:
    assert CODEC.answer(None) == [ACCEPTED, END]
    assert CODEC.read([ACCEPTED, END]) is None


@pytest.mark.parametrize(
    "ids",
    [
        [],
        [END],
        CODEC.text("a = 1\n"),
        [*CODEC.text("a = 1\n"), END, *CODEC.text("b = 2\n"), END],
        [FIRST_LINE, *CODEC.text("a = 1\n"), END],
    ],
    ids=["empty", "end only", "no end", "an end before the last", "a line's name"],
)
def test_nonsense_is_refused(ids: list[int]) -> None:
    assert CODEC.read(ids) is None


def test_text_never_turns_into_special_tokens() -> None:
    ids = CODEC.text("".join(SPECIAL_TOKENS))
    assert min(ids) >= len(SPECIAL_TOKENS)


def test_a_program_has_each_line_named_and_the_failing_test() -> None:
    failure = Failure(
        test="samples-01",
        verdict=Verdict.RUNTIME_ERROR,
        input="1",
        expected="2",
        actual="",
        stderr="Traceback\nIndexError: list index out of range",
        line=1,
    )
    ids = CODEC.program("a = 1\nb = a[2]\n", failure)
    assert ids is not None
    named = [n - FIRST_LINE for n in ids if FIRST_LINE <= n < len(SPECIAL_TOKENS)]
    assert named == [0, 1, 2, 1]
    assert byte_tokenizer().decode(ids).find("IndexError") > 0


def test_a_program_of_too_many_lines_has_no_prompt() -> None:
    assert CODEC.program("x\n" * (MAX_LINES + 1), None) is None


def test_the_start_of_a_prompt_holds_the_statement_and_one_sample() -> None:
    problem = Problem(
        statements={"en": "Add $A$ and $B$.\n\n## Example\n\n1 2"},
        tests=(Test(name="s", input="1 2", output="3", sample=True),),
    )
    text = byte_tokenizer().decode(CODEC.problem(problem))
    assert text == "Add A and B.1 23"


def test_markup_of_statements_is_made_plain() -> None:
    statement = "> - $-60 \\leq A_{i} \\leq 10^5$\n\n**Print** `x`.\n## Sample 1\n3"
    assert compact_statement(statement) == "-60 <= A_i <= 10^5\nPrint x."
