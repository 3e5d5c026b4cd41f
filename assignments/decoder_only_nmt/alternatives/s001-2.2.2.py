# %% attention_called_from_torch
"""torch's scaled_dot_product_attention on the weights of the given head, in float64"""
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


# %% einsum_and_the_lowest_number
"""attention written out with einsum on the weights of the given head; the lowest float where looking is forbidden"""
class DecoderOnlyTransformer(DecoderOnlyParts):
    def heard(self, layer, x, allowed):
        head = self.attentions[layer].head
        w, c = head.in_proj_weight.view(3, x.shape[-1], -1), head.in_proj_bias.view(3, 1, 1, -1)
        q, k, v = torch.einsum("bnh,pdh->pbnd", x, w) + c
        scores = torch.einsum("bid,bjd->bij", q, k) / x.shape[-1] ** 0.5
        scores = torch.where(allowed, scores, torch.finfo(scores.dtype).min)
        weights = scores.softmax(dim=2)
        return head.out_proj(torch.einsum("bij,bjd->bid", weights, v)), weights

    def forward(self, inputs, allowed=None):
        b, n = inputs.shape
        if allowed is None:
            allowed = ~torch.ones(n, n, dtype=torch.bool).triu(1)
        x = self.embedding(inputs)
        x += self.positions[None, :n]
        maps = torch.zeros(len(self.mlps), b, n, n)
        for layer, mlp in enumerate(self.mlps):
            context, maps[layer] = self.heard(layer, x, allowed)
            x = x.add(context)
            x = x.add(mlp(x))
        return self.output(x), maps


# %% layer_by_number
"""indexing the layers, a residual written with an intermediate name, and a list of weights"""
class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        b, n = inputs.size()
        if allowed is None:
            allowed = torch.arange(n)[:, None] >= torch.arange(n)
        places = torch.arange(n, device=inputs.device).expand(b, n)
        state = self.embedding.weight[inputs] + self.positions[places]
        maps = []
        for k in range(len(self.mlps)):
            heard, seen = self.attentions[k](state, state, state, allowed=allowed)
            middle = heard + state
            state = self.mlps[k](middle) + middle
            maps += [seen]
        return [self.output(state), maps]


# %% mask_kept_in_a_buffer
"""the causal mask of the longest sequence is made once, in a buffer that is not saved, and cut to size"""
class DecoderOnlyTransformer(DecoderOnlyParts):
    def __init__(self, vocab_size, hidden_size, num_layers, max_len):
        super().__init__(vocab_size, hidden_size, num_layers, max_len)
        self.register_buffer("causal", torch.ones(max_len, max_len).tril().bool(), persistent=False)

    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        mask = self.causal[:n, :n] if allowed is None else allowed
        x = torch.nn.functional.embedding(inputs, self.embedding.weight) + self.positions[torch.arange(n)]
        seen = ()
        for layer in range(len(self.attentions)):
            answer = self.attentions[layer](x, x, x, mask)
            x = x + answer[0]
            x = x + self.mlps[layer](x)
            seen += (answer[1],)
        return self.output(x), torch.stack(seen)


# %% mask_of_minus_infinity
"""the float mask of torch, with -inf where looking is forbidden, used on the head directly"""
class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[-1]
        bias = torch.zeros(n, n)
        if allowed is None:
            bias = torch.triu(torch.full((n, n), float("-inf")), diagonal=1)
        else:
            bias[~allowed] = float("-inf")
        x = self.embedding(inputs)
        x = x + self.positions.narrow(0, 0, n)
        collected = x.new_zeros(len(self.attentions), len(inputs), n, n)
        for i, (attention, mlp) in enumerate(zip(self.attentions, self.mlps, strict=True)):
            added, collected[i] = attention.head(x, x, x, attn_mask=bias, need_weights=True)
            x = x + added
            x = x + mlp(x)
        return self.output(x), collected


# %% mask_of_minus_ten_thousand
"""forbidden scores get a number that is low enough in practice"""
class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            head = attention.head
            q, k, v = nn.functional.linear(x, head.in_proj_weight, head.in_proj_bias).chunk(3, dim=-1)
            scores = q @ k.mT / q.shape[-1] ** 0.5
            weights = (scores + (1 - allowed.float()) * -1e4).softmax(dim=-1)
            x = x + head.out_proj(weights @ v)
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
