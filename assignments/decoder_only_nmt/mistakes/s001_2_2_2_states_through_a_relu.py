"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, states_pass_through_constant_layers
misconception: every step ends in a nonlinearity
explain: Your states go through a ReLU after each layer, so every negative number in them is lost. The MLP has its own
  ReLU; the states only have something added.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = torch.relu(x + mlp(x))
            looked.append(weights)
        return self.output(x), torch.stack(looked)
