import json
import shutil


def test_study_asymmetry(cmdiad, demo_model, demo_data, tmp_path):
    data = tmp_path / "Zellen ä"
    for folder in ("good", "dent"):
        shutil.copytree(demo_data / "test" / folder, data / "test" / folder)
    spoilt = data / "test" / "good" / "rgb" / "001.png"
    spoilt.write_bytes(spoilt.read_bytes()[:1000])
    out = tmp_path / "study"
    ended = cmdiad("study", "asymmetry", demo_model, data, "--out", out)
    assert ended.status == 2
    assert [line for line in ended.err.splitlines() if not line.endswith("…")] == [
        line for line in ended.err.splitlines() if "001.png" in line
    ]
    study = json.loads((out / "asymmetry.json").read_text("utf-8"))
    assert (study["schema"], study["n_good"], study["n_defective"]) == (1, 1, 1)
    assert study["data"] == str(data)
    for sentence in study["findings"]:
        assert sentence in ended.out
    assert ended.out.splitlines()[-1] == f"Report: {out / 'asymmetry.html'}"
    assert (out / "asymmetry.html").is_file()


def test_what_cannot_be_studied(refused, demo_model, demo_data, tmp_path, below_a_file):
    command = ("study", "asymmetry", demo_model)
    refused(*command, tmp_path / "nowhere", "--out", tmp_path / "out", naming="nowhere")
    refused(*command, demo_data / "train", "--out", tmp_path / "out", naming="train")
    refused(*command, demo_data, "--out", below_a_file, naming=below_a_file)
    assert not (tmp_path / "out").exists()
