"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, position_codes_count_from_zero,
  shortest_and_longest_sequences_work
misconception: positions are counted from one
explain: The first token gets the second row of `positions` in your model. Rows count from 0, and with a
  sequence of full length the last row would be missing.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[1 : n + 1]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
