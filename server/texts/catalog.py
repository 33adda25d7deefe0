"""What there is to say: one typed key for each text."""

from dataclasses import dataclass
from typing import NamedTuple


class Plural(NamedTuple):
    """A text that depends on a number; languages without plurals have the same one twice."""

    one: str
    other: str

    @classmethod
    def same(cls, text: str) -> "Plural":
        """Return a text that is the same for every number."""
        return cls(text, text)

    def of(self, count: int, **values: object) -> str:
        """Fill the form for a number, which is `{count}` in the text."""
        return (self.one if count == 1 else self.other).format(count=f"{count:,}", **values)


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The texts in one language; `{…}` are places to fill with `str.format`."""

    language: str

    # A finding, and the test that shows it.
    test: str
    test_with_input: str
    found_input: str
    no_input: str
    output_line: str
    expected_got: str
    expected_but: str
    nothing: str
    error_raised_here: str
    also_changed: str
    not_verified: str
    passes_all_tests: Plural
    passes_some_tests: Plural

    # Verdicts, in the middle of a sentence.
    wrong_answer: str
    runtime_error: str
    time_limit: str
    memory_limit: str
    output_limit: str
    syntax_error: str
    not_judged: str

    # Headings of a failing test and of a fix.
    input: str
    expected: str
    actual: str
    error: str
    error_output: str
    line: str
    line_number: str
    lines_in_all: str
    fix: str
    input_that_was_found: str
    tests_pass: Plural
    read_more: str

    # Rules.
    unknown_rule: str
    did_you_mean: str
    or_: str
    known_are: str

    # Code actions and code lenses.
    fix_program: str
    ignore_here: str
    choose_problem: str
    show_failing_test: str
    show_statement: str
    lens_no_tests: str
    lens_tests: str
    lens_tests_before: str
    document_changed: str

    # Notices and progress in an editor.
    checking_file: str
    checking_workspace: str
    endpoint_starting: str
    endpoint_back: str
    endpoint_status: str
    model: str
    no_model: str
    sandbox: str
    no_sandbox: str
    which_problem: str
    more: str
    solves: str
    ignore: str
    not_checked: str
    not_checked_because: str
    no_problem_known: str
    problem_tests_pass: Plural
    problem_not_judged: str
    nothing_to_compare: str
    nothing_to_ignore: str
    nothing_to_explain: str
    cannot_apply_edits: str
    editor_settings: str

    # Why a document or file is left out, as part of a sentence.
    notebook_cell: str
    notebooks: str
    other_language: str
    unknown_language: str
    half_surrogate: str
    too_long: str
    excluded: str
    no_known_problem: str

    # The command line: summary, progress, errors.
    programs_checked: Plural
    wrong: str
    no_errors_found: str
    fixed: str
    unchecked: str
    fixes_to_apply: Plural
    unsafe_fixes_to_apply: str
    files_without_problem: Plural
    no_files: str
    baseline_not_written: str
    stopped: str
    watching: str
    error_label: str
    fixed_label: str
    skipped: str
    was_not_judged: str
    no_reason: str
    see_diff: str
    starting: str
    state_starting: str
    state_ready: str
    state_busy: str
    state_unauthorized: str
    state_unreachable: str
    endpoint_is_ready: str
    endpoint_is_starting: str
    no_problem_suite: str

    # Files, folders and configuration.
    no_such_path: str
    cannot_read: str
    cannot_write: str
    unreadable: str
    not_utf8: str
    not_fixed_no_character: str
    not_fixed_changed: str
    not_fixed_cannot_write: str
    not_a_baseline: str
    other_baseline: str
    unknown_option: str
    not_a_rule: str
    not_valid: str
    not_a_table: str
    command_line: str
    unknown_problem: str
    endpoint_lists_problems: str

    # The endpoint.
    others_can_read: str
    endpoint_table: str
    endpoint_strings: str
    not_an_endpoint: str
    unencrypted: str
    endpoint_timeout: str
    endpoint_unreachable: str
    endpoint_garbage: str
    endpoint_too_much: str
    endpoint_breaks_off: str
    endpoint_other_version: str
    endpoint_refuses: str
    endpoint_rejects: str
    endpoint_busy: str
    endpoint_still_starting: str
    endpoint_failed: str
    endpoint_status_code: str
    local_did_not_start: str
    local_could_not_start: str
    local_exit_status: str
    local_unknown_place: str

    # The page for a teacher.
    page_title: Plural
    page_heading: Plural
    page_intro: str
    page_without_problem: Plural
    page_skip: str
    page_programs: str
    page_by_problem: str
    page_problem: str
    page_right: str
    page_wrong: str
    page_with_fix: str
    page_by_rule: str
    page_rule: str
    page_share: str
    page_meaning: str
    page_unchecked: str
    page_printed: str
    page_before: str
    page_after: str
    page_program: str
    page_no_fix: str
