"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: gradients_are_those_of_the_logits
misconception: a parameter's data is the parameter
explain: You add `positions.data`. The numbers are right, but no gradient comes back to the codes: they stay as random
  as they began.
"""


class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions.data[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
