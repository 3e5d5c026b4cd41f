"""The cheats, each a file with the verdict it must come to, and the test that tries them all."""

FILES_THAT_ARE_NO_CHEATS = (
    "__init__", "cheat", "compare", "scoreboard", "test_attacks", "test_container", "test_one_process", "together",
)  # fmt: skip

CANARY = "canary" + "-4d1e7c"  # stands in the hidden checks; put together here, so that a search finds only that

RIGHT_ANSWER = """def tempered_softmax(z, tau):
    scaled = z / tau
    weights = torch.exp(scaled - scaled.max(dim=-1, keepdim=True).values)
    return weights / weights.sum(dim=-1, keepdim=True)
"""
RIGHT_CHOICE = 'answers["hot-limit"] = {"b"}\nhot_tau = 500.0\n'

WRONG_ANSWER = "def tempered_softmax(z, tau):\n    return z * 0\n"
WRONG_CHOICE = 'answers["hot-limit"] = {"a"}\nhot_tau = 1.0\n'
