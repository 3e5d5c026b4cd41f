"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, states_pass_through_constant_layers
misconception: every layer adds to the embeddings
explain: Each of your layers adds its attention to the embeddings again, not to the states that the layer before has
  made. What that layer wrote is lost.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        start = x
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = start + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
