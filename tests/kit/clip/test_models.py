"""Loading CLIP models, shipped and in the format of the full-size one, and the script that makes the shipped one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from seq2kit.clip import make as make_clip
from seq2kit.clip import models as clip_models
from seq2kit.clip import shapes
from seq2kit.clip.models import Clip
from torch.nn.functional import normalize
from transformers import CLIPConfig, CLIPModel, CLIPProcessor


@pytest.fixture(scope="module")
def clip() -> Clip:
    return clip_models.load(clip_models.SHIPPED)


@pytest.fixture(scope="module")
def full_format(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in the very format of openai/clip-vit-base-patch32, with few and random numbers: byte-pair tokenizer
    (vocab.json, merges.txt), 77 tokens, a picture processor that resizes, and a model that expects 224 pixels."""
    folder = tmp_path_factory.mktemp("clip")
    letters = [*"abcdefghijklmnopqrstuvwxyz", *(f"{c}</w>" for c in "abcdefghijklmnopqrstuvwxyz")]
    merges = ["r e", "re d</w>", "c a", "ca t</w>"]
    words = [*letters, "re", "red</w>", "ca", "cat</w>", "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: k for k, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    special = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>",
               "pad_token": "<|endoftext|>"}  # fmt: skip
    (folder / "special_tokens_map.json").write_text(json.dumps(special))
    written = {**special, "tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "do_lower_case": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(written))
    clip_models.picture_processor(224, [0.48, 0.46, 0.41], [0.27, 0.26, 0.28]).save_pretrained(folder)
    end = len(words) - 1
    text = {"vocab_size": len(words), "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1,
            "num_attention_heads": 2, "max_position_embeddings": 77, "bos_token_id": end - 1, "eos_token_id": end,
            "pad_token_id": end}  # fmt: skip
    vision = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
              "image_size": 224, "patch_size": 32}  # fmt: skip
    torch.manual_seed(0)
    CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=12)).save_pretrained(folder)
    return folder


def _accuracy(clip: Clip, world: shapes.Gallery) -> float:
    embedded = clip.embed_pictures(world.pictures), clip.embed_texts(shapes.CAPTIONS)
    images, texts = (normalize(e, dim=-1) for e in embedded)
    best = (images @ texts.T).argmax(1)
    return sum(shapes.SCENES[int(k)] == scene for k, scene in zip(best, world.scenes, strict=True)) / len(world)


def test_the_shipped_model_knows_its_world(clip: Clip) -> None:
    """On fresh pictures of all kinds, and on kinds that it was never trained on, nearly all find their caption."""
    assert _accuracy(clip, shapes.draw_gallery(144, 5)) > 0.93
    assert _accuracy(clip, shapes.draw_gallery(65, 6, tuple(shapes.UNSEEN))) > 0.8


def test_each_target_is_found_by_its_plain_caption_and_by_some_others_but_not_by_most(clip: Clip) -> None:
    """The game can be won with allowed captions, and an allowed caption that is one change away often fails."""
    images = normalize(clip_models.embed_gallery(clip), dim=-1)
    world = shapes.gallery()
    for target in shapes.TARGETS:
        scene = world.scenes[target]
        near = [v for group in shapes.near_paraphrases(scene).values() for v in group if not shapes.is_taboo(v, scene)]
        best = (normalize(clip.embed_texts([scene.caption, *near]), dim=-1) @ images.T).argmax(1) == target
        assert bool(best[0])
        assert 3 <= int(best[1:].sum()) <= 0.6 * len(near)


def test_embeddings_do_not_depend_on_their_neighbours(clip: Clip) -> None:
    """A text or a picture is embedded alike alone and among others, and a second time."""
    captions = ["red", "a picture of three large purple triangles", "two goldfish"]
    many = clip.embed_texts(captions)
    fresh = Clip.open(clip_models.SHIPPED)
    torch.testing.assert_close(fresh.embed_texts(captions[0]), many[:1])
    torch.testing.assert_close(clip.embed_texts(captions), many)
    pictures = shapes.gallery().pictures[:5]
    torch.testing.assert_close(clip.embed_pictures(pictures[3]), clip.embed_pictures(pictures)[3:4])
    torch.testing.assert_close(clip_models.embed_gallery(clip)[:5], clip.embed_pictures(pictures))


def test_what_is_handed_out_may_be_changed(clip: Clip) -> None:
    """Changing an embedding in place does not change what the next call gives."""
    picture = shapes.gallery().pictures[0]
    calls = (lambda: clip.embed_texts(["red", "blue"]), lambda: clip.embed_texts("red"),
             lambda: clip_models.embed_gallery(clip), lambda: clip.embed_pictures(picture))  # fmt: skip
    for embed in calls:
        first = embed()
        before = first.clone()
        first.mul_(0)
        assert torch.equal(embed(), before)


def test_only_so_many_captions_are_remembered(clip: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past its bound the memory is emptied, and the answers stay the same."""
    monkeypatch.setattr(clip_models, "_REMEMBERED", 3)
    small = Clip.open(clip_models.SHIPPED)
    first = small.embed_texts(["red", "blue"])
    small.embed_texts(["green", "ring"])
    assert len(small._texts) == 2
    torch.testing.assert_close(small.embed_texts(["red", "blue", "red"]), first[[0, 1, 0]])


def test_tokens_show_what_the_model_reads(clip: Clip) -> None:
    """Case and punctuation are gone, words it never met are unknown, and the ends are marked."""
    assert clip.tokens("Two RED rings!") == ["<start>", "two", "red", "rings", "<end>"]
    assert clip.tokens("two goldfish")[2] == "<unknown>"
    assert clip.unknown_words("Two goldfish, two nemos") == ["goldfish", "nemos"]
    assert clip.unknown_words("a picture of two red rings") == []
    assert clip.longest == 16


def test_a_caption_that_is_too_long_loses_its_end(clip: Clip) -> None:
    """What lies beyond the 14th word has no influence."""
    long = " ".join(["two small red rings"] + ["the"] * 10)
    torch.testing.assert_close(clip.embed_texts(long + " blue cross"), clip.embed_texts(long + " green square"))


@pytest.mark.parametrize("captions", [[], [3], [None]])
def test_captions_must_be_text(clip: Clip, captions: list[str]) -> None:
    """No caption, or one that is no text, is refused in words."""
    with pytest.raises(ValueError, match="expected captions"):
        clip.embed_texts(captions)


def test_the_models_own_logits_are_scale_times_cosine(clip: Clip) -> None:
    """logits_per_image of the model equals logit_scale times the cosine of our embeddings."""
    world, captions = shapes.draw_gallery(4, 9), ["red", "two small rings", "three crosses"]
    read = clip.tokenizer(captions, padding=True, return_tensors="pt")
    pixels = clip.processor(images=list(world.pictures), return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        out = clip.model(input_ids=read["input_ids"], attention_mask=read["attention_mask"], pixel_values=pixels)
    images, texts = (normalize(e, dim=-1) for e in (clip.embed_pictures(world.pictures), clip.embed_texts(captions)))
    torch.testing.assert_close(out.logits_per_image, clip.logit_scale * images @ texts.T, rtol=1e-4, atol=1e-3)


def test_a_folder_in_the_format_of_the_full_size_model_goes_through_the_same_code(full_format: Path) -> None:
    """Byte-pair tokens, resizing to 224 pixels and 77 positions work with the calls that the notebook makes."""
    clip = clip_models.load(str(full_format))
    assert clip.longest == 77
    assert clip.tokens("A red cat")[1:-1] == ["a</w>", "red</w>", "cat</w>"]
    assert clip.embed_pictures(shapes.gallery().pictures[:3]).shape == (3, 12)
    wide = np.full((2, 60, 80, 3), 120, dtype=np.uint8)
    assert clip.embed_pictures(wide).shape == (2, 12)
    texts = clip.embed_texts(["a red cat", "red"])
    assert texts.shape == (2, 12)
    assert not torch.allclose(texts[0], texts[1])
    assert 14 < clip.logit_scale < 15


def test_one_variable_switches_to_the_full_size_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """load() is the shipped model, and the full-size name where SEQ2KIT_ONLINE is 1; it is opened once."""
    opened: list[str] = []
    monkeypatch.setattr(clip_models, "_opened", lambda name: opened.append(name))
    monkeypatch.delenv("SEQ2KIT_ONLINE", raising=False)
    clip_models.load()
    monkeypatch.setenv("SEQ2KIT_ONLINE", "1")
    clip_models.load()
    clip_models.load("elsewhere")
    assert opened == [clip_models.SHIPPED, "openai/clip-vit-base-patch32", "elsewhere"]


def test_a_folder_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    """A missing folder is reported as such."""
    with pytest.raises(OSError, match="nothing"):
        clip_models.load(str(tmp_path / "nothing"))


def test_weights_in_half_precision_are_used_in_single(tmp_path: Path, clip: Clip) -> None:
    """A checkpoint that was saved in float16 gives float32 embeddings, close to those of the whole numbers."""
    shutil.copytree(clip_models.SHIPPED, tmp_path / "half")
    CLIPModel.from_pretrained(clip_models.SHIPPED).half().save_pretrained(tmp_path / "half")
    half, picture = Clip.open(str(tmp_path / "half")), shapes.gallery().pictures[0]
    for got, wanted in (
        (half.embed_texts("two red rings"), clip.embed_texts("two red rings")),
        (half.embed_pictures(picture), clip.embed_pictures(picture)),
    ):
        assert got.dtype == torch.float32
        torch.testing.assert_close(got, wanted, rtol=0.02, atol=0.02)


def test_a_folder_without_some_weights_is_refused(tmp_path: Path) -> None:
    """What the library would fill with random numbers is an error that names a missing weight."""
    shutil.copytree(clip_models.SHIPPED, tmp_path / "part")
    kept = {name: w for name, w in CLIPModel.from_pretrained(clip_models.SHIPPED).state_dict().items()
            if not name.startswith("text_model.encoder")}  # fmt: skip
    save_file(kept, tmp_path / "part" / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(OSError, match=r"weights are missing, such as text_model\.encoder"):
        Clip.open(str(tmp_path / "part"))


def test_a_folder_as_transformers_saves_it_today_loads(tmp_path: Path, clip: Clip) -> None:
    """One file for tokenizer and picture processor together, as CLIPProcessor writes it, is read as well."""
    CLIPModel.from_pretrained(clip_models.SHIPPED).save_pretrained(tmp_path)
    CLIPProcessor(image_processor=clip.processor, tokenizer=clip.tokenizer).save_pretrained(tmp_path)
    other, picture = Clip.open(str(tmp_path)), shapes.gallery().pictures[0]
    torch.testing.assert_close(other.embed_pictures(picture), clip.embed_pictures(picture))
    torch.testing.assert_close(other.embed_texts("two red rings"), clip.embed_texts("two red rings"))


def test_loading_prints_nothing_and_needs_no_network(tmp_path: Path) -> None:
    """A fresh process loads the shipped model without a word and with the hub switched off."""
    code = "from seq2kit.clip import models as c; assert c.load().embed_texts(['red']).shape == (1, 64)"
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout + done.stderr == ""


def test_shipped_files_are_few_small_and_readable() -> None:
    """The folder holds what from_pretrained needs, below a megabyte, open to other users."""
    files = {path.name: path.stat() for path in Path(clip_models.SHIPPED).iterdir()}
    assert set(files) == {"config.json", "model.safetensors", "preprocessor_config.json", "README.md",
                          "tokenizer.json", "tokenizer_config.json"}  # fmt: skip
    assert sum(stat.st_size for stat in files.values()) < 2**20
    assert all(stat.st_mode & 0o044 == 0o044 for stat in files.values())


_SHORT = make_clip.Plan(pictures=262, steps=6, batch=32)


def test_training_is_repeatable_and_lowers_the_loss(capsys: pytest.CaptureFixture[str]) -> None:
    """The same seed gives the same weights bit for bit, and another seed others."""
    one, again, other = (make_clip.train(_SHORT, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)
    assert capsys.readouterr().out == ""


def test_training_saves_a_folder_that_loads(tmp_path: Path) -> None:
    """What the script writes is read back by the same call as every other model, and gives the same numbers."""
    model = make_clip.train(_SHORT)
    make_clip.save(model, tmp_path, {"seed": 0})
    clip = Clip.open(str(tmp_path))
    world = shapes.gallery().pictures[:3]
    with torch.no_grad():
        direct = clip_models.features(model.get_image_features(pixel_values=make_clip.scaled(world)))
    torch.testing.assert_close(clip.embed_pictures(world), direct, rtol=1e-4, atol=1e-5)
    assert "seed: 0" in (tmp_path / "README.md").read_text()
    assert set(make_clip.examine(clip, 13, 1)) == {"all 144 kinds", "the kinds never seen"}


def test_the_shipped_configuration_is_the_one_that_the_script_makes() -> None:
    """Sizes and vocabulary of the shipped folder are those of make_clip."""
    shipped = CLIPModel.from_pretrained(clip_models.SHIPPED).state_dict()
    made = make_clip.make_model(0).state_dict()
    assert {name: p.shape for name, p in shipped.items()} == {name: p.shape for name, p in made.items()}
    known = json.loads((Path(clip_models.SHIPPED) / "tokenizer.json").read_text())["model"]["vocab"]
    assert list(known) == make_clip.vocabulary()


def test_training_captions_state_what_they_say() -> None:
    """A caption's mask marks the attributes whose word, or a synonym of it, is in the caption."""
    draw = np.random.Generator(np.random.PCG64(3))
    scene = shapes.Scene(3, "small", "green", "cross")
    seen = set()
    for _ in range(300):
        caption, stated = make_clip.say(scene, draw, make_clip.Plan())
        words = set(caption.split())
        assert stated == [bool(words & {word, *shapes.SYNONYMS[word]}) for word in scene.words]
        assert any(stated)
        assert set(shapes.words_of(caption)) <= set(make_clip.vocabulary())
        seen.add(caption)
    assert len(seen) > 40
    assert scene.caption in seen


def test_the_contrastive_loss_prefers_the_pictures_that_fit() -> None:
    """The loss is low when texts lie on their pictures, and a text that fits two is best between them."""
    pictures, scale = torch.eye(3), torch.tensor(10.0)
    own = torch.eye(3, dtype=torch.bool)
    good, bad = (float(make_clip.contrast(texts, pictures, own, scale)) for texts in (pictures, pictures.roll(1, 0)))
    assert good < 0.01 < 5 < bad
    both = torch.tensor([[True, True, False]])
    between = normalize(torch.tensor([[1.0, 1.0, 0.0]]), dim=-1)
    losses = [float(make_clip.contrast(t, pictures, both, scale)) for t in (between, pictures[:1])]
    assert losses[0] < losses[1]
