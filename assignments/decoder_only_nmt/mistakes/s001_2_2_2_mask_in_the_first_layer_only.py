"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, later_tokens_leave_earlier_logits_alone,
  a_given_mask_rules_every_layer
misconception: one masked layer is enough
explain: Only your first layer obeys the mask. From the second on, every position looks at every other, and
  the future comes in by that door.
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
            allowed = torch.ones_like(allowed)
        return self.output(x), torch.stack(looked)
