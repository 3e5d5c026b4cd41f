"""Tests of autograder/guest."""
