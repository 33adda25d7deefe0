import pytest

from reference.protocol.rules import RULES
from server.findings import UNREPAIRED
from server.rules import EXPLANATIONS, UnknownRuleError, explanation


def test_every_rule_is_explained() -> None:
    assert set(EXPLANATIONS) == set(RULES)
    assert set(UNREPAIRED.values()) <= set(RULES)


def test_rules_are_found_by_code_or_name_in_any_case() -> None:
    assert explanation("wpc301") is explanation("Off-By-One") is EXPLANATIONS["WPC301"]
    with pytest.raises(UnknownRuleError, match="did you mean off-by-one"):
        explanation("of-by-one")
