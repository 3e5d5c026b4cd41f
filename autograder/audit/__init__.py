"""Is each check sharp, and is it fair? Every declared mistake and alternative through the real pipeline."""

from autograder.audit.bundle import Case
from autograder.audit.matrix import Audit, Row, Verified, audit_assignment, verify, verify_release

__all__ = ["Audit", "Case", "Row", "Verified", "audit_assignment", "verify", "verify_release"]
