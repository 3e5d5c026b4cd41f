"""Exports of Moodle and Canvas, and nbgrader's exchange, into submitted/<student>/<assignment>/."""
