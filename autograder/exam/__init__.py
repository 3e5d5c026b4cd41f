"""Exams: papers drawn from the course's bank for each student, printed, sat, and graded like any assignment."""
