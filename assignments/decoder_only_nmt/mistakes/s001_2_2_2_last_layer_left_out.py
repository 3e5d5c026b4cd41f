"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, each_layer_has_its_own_say, attention_of_each_layer_comes_back
misconception: range(1, L) runs over all layers
explain: One layer never runs in your model. Let the loop go over all of them, the first and the last
  included.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in list(zip(self.attentions, self.mlps, strict=True))[:-1] or [(self.attentions[0], self.mlps[0])]:
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
