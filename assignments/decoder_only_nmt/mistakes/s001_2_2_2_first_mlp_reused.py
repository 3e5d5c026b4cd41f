"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, each_layer_has_its_own_say
misconception: the MLP is shared by all layers
explain: You use the MLP of the first layer in every layer. Each layer has its own.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention in self.attentions:
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + self.mlps[0](x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
