"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: position_codes_count_from_zero
misconception: the codes of a sequence are any n rows
explain: You take the last n rows of `positions`. Which code a token gets then depends on how long the
  sequence is, so a token changes its place when another is appended. Count from the first row.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[-n:]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
