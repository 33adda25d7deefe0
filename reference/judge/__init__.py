"""Runs programs that nobody trusts, and says what they did."""

from reference.judge.judge import Judge
from reference.judge.outcome import Judgement, Run, Screening, TestRun
from reference.judge.sandbox import SandboxUnavailable

__all__ = ["Judge", "Judgement", "Run", "SandboxUnavailable", "Screening", "TestRun"]
