"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, states_pass_through_constant_layers
misconception: a Transformer has LayerNorm
explain: You normalise the states. Large models do that and need it; the model that was asked for has none,
  so with the same weights yours says something else.
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
            x = x + mlp(x)
            x = nn.functional.layer_norm(x, x.shape[-1:])
            looked.append(weights)
        return self.output(x), torch.stack(looked)
