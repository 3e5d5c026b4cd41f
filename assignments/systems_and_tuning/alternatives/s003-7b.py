# %% embedding
"""the vectors are a table of words"""
class SoftPrompt(nn.Module):
    def __init__(self, tokens, d):
        super().__init__()
        self.table = nn.Embedding(tokens, d)

    def forward(self, embeds, mask):
        b = embeds.shape[0]
        front = self.table.weight.unsqueeze(0).repeat(b, 1, 1)
        real = torch.ones(b, self.table.num_embeddings, dtype=mask.dtype)
        return torch.cat((front, embeds), dim=1), torch.cat((real, mask), dim=1)


def prompt_params(tokens, d):
    return nn.Embedding(tokens, d, device="meta").weight.numel()


# %% padded
"""pads both and adds the prompt"""
class SoftPrompt(nn.Module):
    def __init__(self, tokens, d):
        super().__init__()
        self.prompt = nn.Parameter(torch.rand(1, tokens, d))

    def forward(self, embeds, mask):
        k = self.prompt.shape[1]
        out = nn.functional.pad(embeds, (0, 0, k, 0)) + nn.functional.pad(self.prompt, (0, 0, 0, embeds.shape[1]))
        return out, nn.functional.pad(mask, (k, 0), value=1)


# %% a_list_and_a_float
"""a list comes back; the number as a float"""
class SoftPrompt(nn.Module):
    def __init__(self, tokens, d):
        super().__init__()
        self.vectors = nn.Parameter(torch.randn(tokens, d))

    def forward(self, embeds, mask):
        rows = [torch.cat([self.vectors, row]) for row in embeds]
        return [torch.stack(rows), torch.cat([torch.ones_like(mask[:, :1]).repeat(1, len(self.vectors)), mask], -1)]


def prompt_params(tokens, d):
    return float(tokens) * d
