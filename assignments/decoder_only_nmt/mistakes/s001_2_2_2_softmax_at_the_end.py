"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, logits_are_not_squeezed, states_pass_through_constant_layers
misconception: a model returns probabilities
explain: You return probabilities. The loss takes a softmax itself; a second one makes the model nearly
  unable to learn.
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
            looked.append(weights)
        return self.output(x).softmax(dim=-1), torch.stack(looked)
