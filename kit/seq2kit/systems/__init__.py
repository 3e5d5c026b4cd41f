"""The cost of training: messages between workers, activations computed again, tuning a part of a model."""
