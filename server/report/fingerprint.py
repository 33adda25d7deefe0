"""Names of findings that stay the same from run to run."""

import hashlib
from collections import Counter

from server.check.result import FileResult, Summary
from server.findings import Finding


def fingerprinted(summary: Summary) -> list[tuple[FileResult, Finding, str]]:
    """Return all findings, each with a fingerprint that is unique and outlives line shifts."""
    seen: Counter[tuple[str, str]] = Counter()
    marked = []
    for result in summary.results:
        for finding in result.findings:
            key = result.path, finding.rule
            name = "\0".join((*key, str(seen[key])))
            seen[key] += 1
            marked.append((result, finding, hashlib.sha256(name.encode()).hexdigest()))
    return marked
