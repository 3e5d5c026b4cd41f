"""Language models on a language whose entropy is known."""
