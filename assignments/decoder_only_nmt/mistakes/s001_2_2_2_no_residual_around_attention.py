"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, states_pass_through_constant_layers
misconception: attention replaces the states
explain: In your model attention *replaces* the states instead of adding to them. A letter then forgets what
  it was itself, unless attention happens to look at it.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
