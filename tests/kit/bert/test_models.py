"""The BERTs of the course: their folders, the RoBERTa twin, small random ones, trained models on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from seq2kit import checkpoints
from seq2kit.bert import arithmetic
from seq2kit.bert import make as make_bert
from seq2kit.bert import models as bert_models
from torch import nn
from transformers import AutoConfig, AutoModel, BertForMaskedLM, BertModel, RobertaForMaskedLM, RobertaModel

SENTENCES = ["four minus ten", "zero plus nineteen", "minus"]
SHIPPED = ("bert-math", "bert-tweet", "roberta-tweet")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    bert_models.hush()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_folders_are_small_and_complete(name: str) -> None:
    """A shipped folder has the hub's files, is well below a megabyte, and its tokenizer fits its embedding table."""
    folder = Path(bert_models.folder(name))
    assert {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"} <= {
        path.name for path in folder.iterdir()
    }
    assert sum(path.stat().st_size for path in folder.iterdir()) < 500_000
    assert len(bert_models.tokenizer(name)) == bert_models.vocabulary_size(name)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_word_of_the_task_is_known(name: str) -> None:
    """No sentence of the task holds an unknown word, and each has five tokens."""
    by = bert_models.tokenizer(name)
    rows = bert_models.tokenise([one.text for one in arithmetic.items()], by)
    assert {len(row) for row in rows} == {5}
    assert by.unk_token_id not in {number for row in rows for number in row}


def test_the_roberta_twin_computes_what_bert_tweet_computes() -> None:
    """roberta-tweet predicts the very logits of bert-tweet, word by word, also for a padded batch."""
    bert = BertForMaskedLM.from_pretrained(bert_models.folder("bert-tweet")).eval()
    twin = RobertaForMaskedLM.from_pretrained(bert_models.folder("roberta-tweet")).eval()
    one, two = (bert_models.tokenizer(name) for name in ("bert-tweet", "roberta-tweet"))
    inputs = [by(SENTENCES, padding=True, return_tensors="pt") for by in (one, two)]
    assert inputs[0]["input_ids"].tolist() != inputs[1]["input_ids"].tolist()
    with torch.no_grad():
        mine, theirs = bert(**inputs[0]).logits, twin(**inputs[1]).logits
    words = [word for word in one.get_vocab() if not word.startswith("[")]
    rows = [by.convert_tokens_to_ids(words) for by in (one, two)]
    real = inputs[0]["attention_mask"].bool()
    torch.testing.assert_close(mine[..., rows[0]][real], theirs[..., rows[1]][real], rtol=0, atol=1e-5)


def test_a_class_for_bert_reinitialises_the_roberta_folder() -> None:
    """Read by BertModel, none of the stored weight matrices of roberta-tweet arrives; read by its own class, all do."""
    stored = bert_models.weights("roberta-tweet")

    def arrived(model: nn.Module) -> list[bool]:
        own = dict(model.named_parameters())
        return [
            torch.equal(own[name.removeprefix("roberta.")], value)
            for name, value in stored.items()
            if name.startswith("roberta.") and value.ndim == 2
            and own[name.removeprefix("roberta.")].shape == value.shape
        ]  # fmt: skip

    where = bert_models.folder("roberta-tweet")
    assert all(arrived(AutoModel.from_pretrained(where)))
    config = AutoConfig.from_pretrained(where)
    assert not any(arrived(BertModel.from_pretrained(where, config=config, ignore_mismatched_sizes=True)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("random-bert-6", BertModel), ("random-bert-7", BertModel), ("random-roberta-7", RobertaModel)],
)
def test_random_folders_are_of_their_kind_and_repeatable(name: str, kind: type) -> None:
    """A random folder loads as its own kind, holds generic numbers, and a second call finds the same folder."""
    model: Any = AutoModel.from_pretrained(bert_models.folder(name))
    assert type(model) is kind
    assert bert_models.folder(name) == bert_models.folder(name)
    stored = [value for key, value in bert_models.weights(name).items() if "LayerNorm" in key]
    assert stored
    assert all(float(value.std()) > 0 for value in stored)
    by = bert_models.tokenizer(name)
    assert len(by) == bert_models.vocabulary_size(name)
    with torch.no_grad():
        assert model(torch.tensor(bert_models.tokenise(SENTENCES[:2], by))).pooler_output.shape[0] == 2


def test_random_folders_of_other_numbers_differ() -> None:
    """Another number gives other weights and another order of the words."""
    one, two = (bert_models.tokenise(SENTENCES, bert_models.tokenizer(f"random-bert-{k}")) for k in (6, 12))
    assert one != two


def test_names_switch_to_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the option set, math and tweet stand for models of the hub, whose names pass through untouched."""
    assert bert_models.names() == {"math": "bert-math", "tweet": "bert-tweet"}
    monkeypatch.setenv(bert_models.ONLINE, "1")
    hub = bert_models.names()
    assert hub == {"math": "tbs17/MathBERT", "tweet": "vinai/bertweet-base"}
    assert all(bert_models.folder(name) == name for name in hub.values())


def test_generic_numbers_depend_on_seed_and_names_only() -> None:
    """The same seed fills two models of the same names alike, another seed otherwise."""
    models = [nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2)) for _ in range(3)]
    for model, seed in zip(models, (1, 1, 2), strict=True):
        bert_models.generic(model, seed)
    one, two, three = (model[0].weight for model in models)
    assert torch.equal(one, two)
    assert not torch.equal(one, three)


def test_pre_training_is_repeatable_and_learns() -> None:
    """Two short runs of the same seed end with the same numbers, others than at the start."""
    runs = [make_bert.pretrain("bert-math", steps=3)[0].state_dict() for _ in range(2)]
    start = make_bert.pretrain("bert-math", steps=0)[0].state_dict()
    assert all(torch.equal(runs[0][name], runs[1][name]) for name in start)
    name = "bert.embeddings.word_embeddings.weight"
    assert not torch.equal(runs[0][name], start[name])


@pytest.mark.parametrize("name", ["bert-math", "bert-tweet"])
def test_shipped_vocabularies_are_those_of_the_corpora(name: str) -> None:
    """The words of a shipped tokenizer, with their ids, are what the script makes from its corpus today."""
    assert bert_models.tokenizer(name).get_vocab() == make_bert.vocabulary(make_bert.CORPORA[name])


def test_no_math_sentence_names_a_sign_or_a_negative_result() -> None:
    """The math corpus tells nothing about the task's labels: no class is named, no difference is below zero."""
    draw = make_bert.Draw(5)
    number = {word: value for value, word in enumerate(arithmetic.NUMBERS)}
    for _ in range(3000):
        words = make_bert.math_sentence(draw).split()
        assert not {"negative", "positive"} & set(words)
        if "minus" in words:
            assert number[words[0]] - number[words[2]] == number[words[4]] >= 0


def test_the_math_model_knows_the_order_of_numbers_and_the_tweet_model_does_not() -> None:
    """Filling in "less" or "greater", bert-math is right in 85 % of pairs or more; bert-tweet knows no such words."""
    by = bert_models.tokenizer("bert-math")
    model = BertForMaskedLM.from_pretrained(bert_models.folder("bert-math")).eval()
    pairs = [(a, b) for a in range(20) for b in range(20) if a != b]
    rows = [f"{arithmetic.NUMBERS[a]} is [MASK] than {arithmetic.NUMBERS[b]}" for a, b in pairs]
    ids = torch.tensor(bert_models.tokenise(rows, by))
    with torch.no_grad():
        found = model(input_ids=ids).logits[ids == by.mask_token_id]
    less, greater = by.convert_tokens_to_ids(["less", "greater"])
    right = [(bool(row[less] > row[greater])) == (a < b) for row, (a, b) in zip(found, pairs, strict=True)]
    assert sum(right) >= 0.85 * len(right)
    assert not {"less", "greater"} & set(bert_models.tokenizer("bert-tweet").get_vocab())


def test_a_written_folder_names_a_tokenizer_that_both_libraries_know(tmp_path: Path) -> None:
    """The script writes a complete folder whose tokenizer class transformers 4 and 5 can load."""
    make_bert.main([str(tmp_path), "--steps", "1"])
    for name in SHIPPED:
        settings = json.loads((tmp_path / name / "tokenizer_config.json").read_text())
        assert settings["tokenizer_class"] == "PreTrainedTokenizerFast"
        assert (tmp_path / name / "model.safetensors").stat().st_mode & 0o444 == 0o444


class _Small(nn.Module):
    def __init__(self, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.layer = nn.Linear(3, 2)


def test_kept_models_are_trained_once_and_loaded_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call trains and stores, the second loads the same numbers without training, built when asked for."""
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    calls: list[str] = []

    def build() -> nn.Module:
        calls.append("build")
        return _Small(1)

    def train(model: nn.Module) -> dict[str, Any]:
        calls.append("train")
        with torch.no_grad():
            for parameter in model.parameters():
                parameter += 1.0
        return {"history": [[0.5, 0.9]]}

    first = bert_models.kept("one", "", build, train)
    assert calls == ["build", "train"]
    second = bert_models.kept("one", "", build, train)
    assert calls == ["build", "train"]
    assert second.history == [[0.5, 0.9]]
    pair = zip(first.model.state_dict().values(), second.model.state_dict().values(), strict=True)
    assert all(torch.equal(a, b) for a, b in pair)
    assert calls.count("train") == 1
    torch.testing.assert_close(second.model.layer.bias, _Small(1).layer.bias + 1, rtol=0, atol=2e-3)  # type: ignore[union-attr]


def test_nothing_is_trained_where_a_submission_is_graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a stored model, and where nothing may be trained, NotTrained is raised."""
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")
    with pytest.raises(checkpoints.NotTrained):
        bert_models.kept("absent", "", lambda: _Small(1), lambda model: {})


def test_a_checkpoint_of_another_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stored tensor that the model does not know raises ValueError with what to do."""
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    checkpoints.save("other", {"strange.weight": torch.ones(2)}, {})
    kept = bert_models.kept("other", "", lambda: _Small(1), lambda model: {})
    with pytest.raises(ValueError, match="belongs to another model"):
        assert kept.model


def test_what_the_folder_holds_is_not_stored_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that changed its pooler only is stored as its pooler only, and comes back whole."""
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))

    def build() -> nn.Module:
        torch.manual_seed(3)
        return AutoModel.from_pretrained(bert_models.folder("bert-math"))  # type: ignore[no-any-return]

    kept = bert_models.kept("frozen", "bert-math", build, lambda model: {})
    assert set(checkpoints.load("frozen")[0]) == {"pooler.dense.weight", "pooler.dense.bias"}
    assert torch.equal(
        kept.model.get_parameter("embeddings.word_embeddings.weight"),
        bert_models.weights("bert-math")["bert.embeddings.word_embeddings.weight"],
    )


def test_a_watched_model_writes_down_its_calls() -> None:
    """The log says which sentences came without padding, in which mode, and whether gradients were on."""
    watched = bert_models.Watched(bert_models.BagOfWords(3))
    ids, mask = torch.tensor([[2, 5, 3], [2, 3, 0]]), torch.tensor([[1, 1, 1], [1, 1, 0]])
    assert len(watched(input_ids=ids, attention_mask=mask, labels=torch.tensor([0, 1]))) == 2
    watched.eval()
    with torch.no_grad():
        assert len(watched(input_ids=ids, attention_mask=mask)) == 1
    rows = [[2, 5, 3], [2, 3]]
    assert watched.log == [
        {"ids": rows, "training": True, "gradients": True},
        {"ids": rows, "training": False, "gradients": False},
    ]


@pytest.mark.parametrize("kind", ["bert", "roberta"])
def test_the_library_classifier_answers_in_tuples(kind: Any) -> None:
    """Logits alone, or logits and their mean cross-entropy; the head is linear, whatever kind the backbone is of."""
    model = bert_models.library_classifier(4, 7, kind=kind, dtype="float64")
    ids, labels = torch.tensor([[2, 5, 9, 3]] * 2), torch.tensor([1, 3])
    (alone,) = model(input_ids=ids)
    logits, loss = model(input_ids=ids, labels=labels)
    torch.testing.assert_close(alone, model.classifier(model.bert(input_ids=ids).pooler_output))
    torch.testing.assert_close(logits, alone)
    torch.testing.assert_close(loss, nn.functional.cross_entropy(alone, labels))
    assert isinstance(model.bert, RobertaModel if kind == "roberta" else BertModel)


def test_the_fake_clock_moves_by_steps_only() -> None:
    """Reading the time takes none; each step takes as long as planned; more steps than planned raise IndexError."""
    clock = bert_models.FakeClock([2.0, 0.5])
    before = clock.now()
    assert clock.now() == before
    clock.step()
    clock.step()
    assert clock.now() == before + 2.5
    assert clock.calls == 2
    with pytest.raises(IndexError):
        clock.step()
