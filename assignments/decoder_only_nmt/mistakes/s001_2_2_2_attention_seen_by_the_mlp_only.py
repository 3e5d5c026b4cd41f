"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, states_pass_through_constant_layers
misconception: one sum for both steps will do
explain: Your MLP reads states and attention together, but what attention found is not kept: the states that go on are
  the old ones plus the MLP's answer. Both steps add to the states.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + mlp(x + context)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
