import ast

import pytest

from reference.protocol.rules import RULES
from server.findings import UNREPAIRED
from server.rules import EXPLANATIONS, Explanation, UnknownRuleError, explanation


def test_every_rule_is_explained() -> None:
    assert set(EXPLANATIONS) == set(RULES)
    assert set(UNREPAIRED.values()) <= set(RULES)


@pytest.mark.parametrize("known", EXPLANATIONS.values(), ids=list(EXPLANATIONS))
def test_examples_are_programs_that_differ(known: Explanation) -> None:
    assert known.summary.endswith(".")
    assert bool(known.wrong) == bool(known.right)
    assert not known.wrong or ast.dump(ast.parse(known.wrong)) != ast.dump(ast.parse(known.right))


def test_rules_are_found_by_code_or_name_in_any_case() -> None:
    assert explanation("wpc301") is explanation("Off-By-One") is EXPLANATIONS["WPC301"]
    with pytest.raises(UnknownRuleError, match="did you mean off-by-one"):
        explanation("of-by-one")
