"""Machine-made mistakes: small changes of the solution, each of which some check should notice."""
