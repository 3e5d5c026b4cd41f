"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: later_tokens_leave_earlier_logits_alone
misconception: the causal mask is for training; a model that writes has no future to look at
explain: In evaluation mode your model looks ahead. It then computes other states than those that it was
  trained to compute, and a validation loss in which it reads the answers.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        if allowed is None:
            allowed = causal_mask(n) if self.training else torch.ones(n, n, dtype=torch.bool)
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
