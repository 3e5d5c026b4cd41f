"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, a_given_mask_rules_every_layer,
  later_tokens_leave_earlier_logits_alone
misconception: True means hidden
explain: Your mask is used the wrong way round: positions look where they must not. Here True means
  *allowed* (the given attention already turns it around for torch).
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, ~allowed | torch.eye(n, dtype=torch.bool))
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
