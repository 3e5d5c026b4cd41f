"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, position_codes_count_from_zero
misconception: a layer forgets positions, so they are added again
explain: You add the position codes in every layer. Once, at the start, is enough: the states are carried
  along.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            x = x + self.positions[:n] * bool(looked)
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
