"""
item: s001-2.2.2
cell: s001-2_2_2
why: torch's scaled_dot_product_attention on the weights of the given head, in float64
"""

from torch.nn.functional import linear, scaled_dot_product_attention


class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = prefix if (prefix := allowed) is not None else torch.ones(n, n).tril().bool()
        x = self.embedding(inputs).double() + self.positions[:n].double().unsqueeze(0)
        seen = []
        for layer, mlp in zip(self.attentions, self.mlps, strict=True):
            q, k, v = linear(x, layer.head.in_proj_weight.double(), layer.head.in_proj_bias.double()).chunk(3, -1)
            context = scaled_dot_product_attention(q, k, v, attn_mask=allowed)
            scores = (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).masked_fill(~allowed, -1e30)
            seen.append(scores.softmax(-1).float())
            out = layer.head.out_proj
            x = x + linear(context, out.weight.double(), out.bias.double())
            x = x + mlp(x.float()).double()
        return self.output(x.float()), torch.stack(seen, dim=0)
