import csv
import json


def test_the_most_doubtful_accepted_parts_are_listed(cmdiad, demo_model, demo_data, tmp_path):
    cmdiad("inspect", demo_model, demo_data / "test", "--using", "rgb", "--json", tmp_path / "all")
    inspected = {one["id"]: one for one in json.loads((tmp_path / "all").read_text())["parts"]}
    accepted = {one["id"] for one in inspected.values() if one["verdict"] == "accept"}
    table, file = tmp_path / "new" / "list.csv", tmp_path / "list.json"
    given = ("nearline", "rank", demo_model, demo_data, "--using", "rgb", "--budget", 3)
    ended = cmdiad(*given, "--json", file, "--csv", table)
    assert ended.status == 0, ended.err
    found = json.loads(file.read_text("utf-8"))
    counted = [one["verdict"] for one in inspected.values()]
    assert found["verdicts"] == {
        name: counted.count(name) for name in ("accept", "undecided", "reject")
    }
    listed = [one["id"] for one in found["parts"]]
    assert len(listed) == min(3, len(accepted)) > 1
    assert set(listed) <= accepted
    for one in found["parts"]:
        assert one["score"] == inspected[one["id"]]["score"]
        assert list(one["files"]) == ["rgb"]
        assert one["why"]
    assert all(part_id in ended.out for part_id in listed)
    with table.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["rank"], row["part"]) for row in rows] == [
        (str(rank), part_id) for rank, part_id in enumerate(listed, start=1)
    ]
    assert [row["why"] for row in rows] == [one["why"] for one in found["parts"]]


def test_a_sensor_that_the_model_never_saw_is_refused(refused, demo_model, demo_data):
    given = ("nearline", "rank", demo_model, demo_data, "--using", "infrared")
    assert "never saw infrared" in refused(*given, naming="model")
