"""An archive read on a cluster of processes: every page once, whatever is killed meanwhile."""

import os
import re
import shutil
import signal
import subprocess
import sys
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from threading import Event, Thread

import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster
from PIL import Image

from digitus.errors import ServerError
from digitus.reader.batch.page_task import Job
from digitus.reader.cluster import archive_run
from digitus.reader.cluster.archive_pages import ArchivePage, BatchParameters
from digitus.reader.cluster.archive_run import ArchiveProgress, ArchiveRun
from digitus.reader.cluster.batch_task import ClusterJob, models_fingerprint
from digitus.reader.cluster.parts import Archive, page_rows

N_PAGES = 12


def new_cluster():
    return LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs="CRITICAL"
    )


@pytest.fixture(scope="module")
def cluster():
    """Two processes that read."""
    with new_cluster() as made:
        yield made


@pytest.fixture
def many(tmp_path, draw_page):
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(N_PAGES):
        draw_page(folder / f"{i:02}.png", f"41{i}", "52 900", seed=i)
    return folder


@pytest.fixture
def small_batches(monkeypatch):
    """Parts of two pages."""
    monkeypatch.setattr(archive_run, "BATCHES", BatchParameters(max_pages=2))


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def archive(digitus, cluster, out):
    """Read sources on the cluster."""

    def read(*words):
        return digitus("read", *words, "--cluster", cluster.scheduler_address, "--parquet", out)

    return read


def rows_in(folder):
    return [row for path in folder.glob("*.parquet") for row in pq.read_table(path).to_pylist()]


def pages_in(folder):
    return sorted((row["source"], row["page"]) for row in rows_in(folder) if row["kind"] == "page")


def expected(folder):
    return [(str(path), 1) for path in sorted(folder.glob("*.png"))]


def csv_of(digitus, tmp_path, out):
    digitus("read", "--from-parquet", out, "--csv", tmp_path / "cluster.csv")
    return (tmp_path / "cluster.csv").read_bytes()


def test_the_tables_of_an_archive_equal_those_of_a_plain_read(
    archive, digitus, many, tmp_path, out, small_batches
):
    first, *others = (Image.open(many / f"{i:02}.png").convert("L") for i in range(3))
    for name in ("many.tif", "many.pdf"):
        first.save(many / name, save_all=True, append_images=others)
    assert archive(many).code == 0
    digitus("read", many, "--csv", tmp_path / "plain.csv")
    assert csv_of(digitus, tmp_path, out) == (tmp_path / "plain.csv").read_bytes()
    assert len(list(out.iterdir())) == 9  # 18 pages


def test_a_second_run_reads_new_pages_alone(archive, draw_page, many, out):
    assert f"{N_PAGES} pages read" in archive(many).err
    parts = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    draw_page(many / "new.png", "7", seed=99)
    assert f"1 page read, {N_PAGES} read before" in archive(many, "--resume").err
    assert {path: path.stat().st_mtime_ns for path in parts} == parts
    assert pages_in(out) == expected(many)


def test_a_bad_page_in_every_part_is_a_row_and_the_others_are_read(
    archive, many, out, small_batches
):
    for i in range(0, N_PAGES, 2):
        path = many / f"{i:02}.png"
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])
    result = archive(many)
    assert (result.code, len(result.complaints)) == (1, N_PAGES // 2)
    errors = [row for row in rows_in(out) if row["kind"] == "error"]
    assert sorted(row["source"] for row in errors) == [
        str(many / f"{i:02}.png") for i in range(0, N_PAGES, 2)
    ]
    assert all(row["error"].startswith(row["source"]) for row in errors)
    assert len(pages_in(out)) == N_PAGES // 2


def test_a_file_that_could_not_be_opened_is_tried_again(archive, draw_page, tmp_path, out):
    page = tmp_path / "late.png"
    assert archive(page).code == 1
    assert [row["kind"] for row in rows_in(out)] == ["error"]
    draw_page(page, "417")
    assert archive(page).code == 0
    assert pages_in(out) == [(str(page), 1)]
    assert "error" not in {row["kind"] for row in rows_in(out)}


def test_copies_of_a_page_are_read_once(archive, draw_page, tmp_path, out):
    shutil.copy(draw_page(tmp_path / "a.png", "417"), tmp_path / "b.png")
    assert "1 page read, 1 copies of others" in archive(tmp_path / "a.png", tmp_path / "b.png").err
    assert pages_in(out) == [(str(tmp_path / "a.png"), 1)]


def test_parts_of_other_settings_are_refused(archive, many, out):
    archive(many)
    result = archive(many, "--min-confidence", "0.5")
    assert result.code == 1
    assert "read with another model, version or other thresholds" in result.err


def test_workers_get_the_model_file_from_the_client(archive, draw_page, tmp_path, out):
    weights = files("digitus.models").joinpath("weights", "mlp.safetensors")
    model = tmp_path / "mine.safetensors"
    shutil.copy(str(weights), model)
    page = draw_page(tmp_path / "a.png", "417")
    assert archive(page, "--model", model).code == 0
    assert {row["model"] for row in rows_in(out)} == {"mine.safetensors"}


def test_a_worker_with_another_model_is_refused(cluster, draw_page, tmp_path, out):
    out.mkdir()
    job = ClusterJob(Job(), Archive(str(out), "s", "cnn"), "another version")
    with Client(cluster) as client:
        run = ArchiveRun(client, job, ArchiveProgress())
        page = draw_page(tmp_path / "a.png", "417")
        with pytest.raises(Exception, match="install the same version of digitus on all workers"):
            list(run.run([str(page)], stop=lambda: False))
    assert list(out.iterdir()) == []


def test_a_killed_worker_loses_no_page_and_doubles_none(
    many, out, small_batches, digitus, tmp_path
):
    from digitus.models import load_digit_model

    out.mkdir()
    fingerprint = models_fingerprint(load_digit_model(None))
    job = ClusterJob(Job(), Archive(str(out), "s", "cnn"), fingerprint)
    progress = ArchiveProgress()
    with new_cluster() as own, Client(own) as client:
        victims = sorted(client.run(os.getpid).values())
        run = ArchiveRun(client, job, progress)
        for _ in run.run([path for path, _ in expected(many)], stop=lambda: False):
            if progress.n_read and victims:
                os.kill(victims.pop(), signal.SIGKILL)
                victims.clear()
    assert victims == []
    assert progress.errors == []
    assert pages_in(out) == expected(many)


def test_a_scheduler_that_drops_the_work_is_one_sentence(cluster, many, out, small_batches):
    from digitus.models import load_digit_model

    out.mkdir()
    fingerprint = models_fingerprint(load_digit_model(None))
    with Client(cluster) as client:
        job = ClusterJob(Job(), Archive(str(out), "s", "cnn"), fingerprint)
        run = ArchiveRun(client, job, ArchiveProgress())
        steps = run.run([path for path, _ in expected(many)], stop=lambda: False)
        next(steps)
        client.restart(wait_for_workers=False)
        with pytest.raises(ServerError, match="the same command continues"):
            list(steps)


def test_a_scheduler_that_ends_while_files_are_inspected_is_one_sentence(many, out):
    from distributed.comm import CommClosedError

    class Lost:
        def result(self):
            raise CommClosedError("in <TCP (closed)>: Stream is closed")

    class LostClient:
        def ncores(self):
            return {"tcp://127.0.0.1:1": 1}

        def submit(self, *_, **options):
            return Lost()

        def cancel(self, futures):
            raise CommClosedError("Client not running")

    out.mkdir()
    job = ClusterJob(Job(), Archive(str(out), "s", "cnn"), "")
    run = ArchiveRun(LostClient(), job, ArchiveProgress())
    with pytest.raises(ServerError, match="the same command continues"):
        list(run.run([str(many / "00.png")], stop=lambda: False))


def test_a_page_that_kills_its_worker_fails_alone(cluster, many, out):
    """Dask gives up on a task that has killed several workers: its pages are read one by one."""
    from distributed import KilledWorker

    class Killed:
        def result(self):
            raise KilledWorker("batch", None, 3)

    def page(i):
        return archive_run.ArchivePage(f"{i}.png", f"{i}", 1, 1, 10)

    job = ClusterJob(Job(), Archive(str(out), "s", "cnn"), "")
    run = ArchiveRun(None, job, ArchiveProgress())
    batch = (page(0), page(1))
    assert list(run._take(Killed(), batch)) == [(page(0),), (page(1),)]
    assert list(run._take(Killed(), (page(0),))) == []
    assert "0.png: its worker was killed" in run.progress.errors[0].error


@pytest.fixture
def own_scheduler():
    """A scheduler and a worker, each in a process of its own; these, and the address."""
    started = []

    def dask(*words):
        command = [sys.executable, "-m", "dask", *words]
        started.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        return started[-1]

    try:
        scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        address = next(
            found for line in scheduler.stderr if (found := re.search(r"tcp://\S+", line))
        )
        worker = dask("worker", address[0], "--nthreads", "1", "--no-dashboard", "--no-nanny")
        yield scheduler, worker, address[0]
    finally:
        for process in started:
            process.kill()
            process.communicate()


@pytest.mark.long
def test_a_killed_scheduler_is_one_sentence_and_the_run_is_continued_elsewhere(
    archive, own_scheduler, digitus, many, out, small_batches
):
    scheduler, worker, address = own_scheduler

    def kill_after_a_part():
        while not any(out.glob("part-*")):
            Event().wait(0.01)
        scheduler.send_signal(signal.SIGKILL)

    killer = Thread(target=kill_after_a_part)
    killer.start()
    result = digitus("read", many, "--cluster", address, "--parquet", out)
    killer.join()
    assert (result.code, len(result.complaints)) == (1, 1)
    assert "the scheduler has ended" in result.err
    assert "the same command continues" in result.err
    worker.kill()  # it goes on with its batch
    worker.wait()
    n_read = len(pages_in(out))
    assert 0 < n_read < N_PAGES
    assert f"{N_PAGES - n_read} pages read, {n_read} read before" in archive(many, "--resume").err
    assert pages_in(out) == expected(many)


@pytest.mark.long
def test_a_killed_client_is_continued_by_the_same_command(archive, cluster, start, many, out):
    words = ["--cluster", cluster.scheduler_address, "--parquet", out]
    for i in range(N_PAGES):  # enough for several parts of the usual size
        for j in range(5):
            Image.open(many / f"{i:02}.png").crop((0, 0, 300 + j, 300)).save(many / f"{i}-{j}.png")
    process = start("read", many, *words)
    while process.poll() is None and not any(out.glob("part-*")):
        Event().wait(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(pages_in(out)) > 0
    assert "read before" in archive(many).err
    assert pages_in(out) == expected(many)


def test_ctrl_c_cancels_and_keeps_what_is_done(cluster, many, out, small_batches):
    from digitus.models import load_digit_model

    out.mkdir()
    fingerprint = models_fingerprint(load_digit_model(None))
    progress = ArchiveProgress()
    with Client(cluster) as client:
        job = ClusterJob(Job(), Archive(str(out), "s", "cnn"), fingerprint)
        sources = [path for path, _ in expected(many)]
        for _ in ArchiveRun(client, job, progress).run(sources, stop=lambda: progress.n_read > 0):
            pass
        before = progress.n_read
        assert 0 < before <= N_PAGES
        for _ in ArchiveRun(client, job, progress).run(sources, stop=lambda: False):
            pass
    assert pages_in(out) == expected(many)


def test_pages_and_parts_may_lie_in_an_object_store(
    many, digitus, monkeypatch, tmp_path, small_batches
):
    import s3fs
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        system = s3fs.S3FileSystem(skip_instance_cache=True)
        system.mkdir("bucket")
        pages = [many / f"{i:02}.png" for i in range(2)]
        first, *others = (Image.open(many / f"{i:02}.png").convert("L") for i in range(2, 5))
        for name in ("many.tif", "many.pdf"):  # of which batches fetch their pages alone
            first.save(many / name, save_all=True, append_images=others)
            pages.append(many / name)
        for path in pages:
            system.put_file(str(path), f"bucket/scans/{path.name}")
        words = ["read", "s3://bucket/scans/*", "--parquet", "s3://bucket/out"]
        with new_cluster() as own:  # its workers inherit the environment
            for expected_text in ("8 pages read", "0 pages read, 8 read before"):
                result = digitus(*words, "--cluster", own.scheduler_address)
                assert (result.code, expected_text in result.err) == (0, True), result.err
        digitus("read", "--from-parquet", "s3://bucket/out", "--csv", tmp_path / "o.csv")
        digitus("read", *sorted(pages), "--csv", tmp_path / "plain.csv")
        plain = (tmp_path / "plain.csv").read_text().replace(str(many), "s3://bucket/scans")
        assert (tmp_path / "o.csv").read_text() == plain
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["a.png", "--cluster", "local"], "--cluster ADDRESS and --parquet DIR go together"),
        (["a.png", "--parquet", "o"], "--cluster ADDRESS and --parquet DIR go together"),
        (["-", "--cluster", "local", "--parquet", "o"], "cannot read stdin"),
        (
            ["a.png", "--cluster", "local", "--parquet", "o", "--csv", "o.csv"],
            "make tables of it with --from-parquet",
        ),
        (["a.png", "--from-parquet", "o", "--csv", "o.csv"], "--from-parquet reads no pages"),
        (["--from-parquet", "o"], "--from-parquet writes --csv FILE or --xlsx FILE"),
        ([], "Missing argument 'PAGE...'"),
    ],
)
def test_options_that_do_not_go_together_are_refused(digitus, words, reason):
    result = digitus("read", *words)
    assert result.code == 2
    assert reason in result.err


def test_an_address_without_a_scheduler_is_one_sentence(digitus, draw_page, tmp_path, monkeypatch):
    monkeypatch.setattr(archive_run, "CLIENT", archive_run.ClientParameters(connect_s=0.5))
    page = draw_page(tmp_path / "a.png", "1")
    result = digitus("read", page, "--cluster", "tcp://127.0.0.1:9", "--parquet", tmp_path / "out")
    assert (result.code, len(result.complaints)) == (1, 1)
    assert "no Dask scheduler answers" in result.err


def test_a_folder_without_parts_is_one_sentence(digitus, tmp_path):
    result = digitus("read", "--from-parquet", tmp_path, "--csv", tmp_path / "o.csv")
    assert (result.code, len(result.complaints)) == (1, 1)
    assert "no Parquet file in this folder" in result.err


HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "read-an-archive.md"


@pytest.mark.parametrize("library", ["duckdb", "pandas", "polars"])
def test_the_line_of_the_how_to_finds_the_numbers_to_check(library, out, monkeypatch):
    out.mkdir()
    page = ArchivePage("a.png", "0", 1, 1, 10)
    row = {"kind": "number", "source": "a.png", "page": 1, "content": "0", "confidence": 0.5}
    rows = [{**row, "text": "417", "to_check": True}, {**row, "text": "52", "to_check": False}]
    Archive(str(out), "s", "cnn").write_part([page], [*page_rows(page, None, "bad"), *rows])
    monkeypatch.chdir(out.parent)
    [line] = [one for one in HOW_TO.read_text().splitlines() if one.startswith(f"{library}.")]
    found = eval(line, {library: import_module(library)})
    table = found.df() if library == "duckdb" else found
    assert list(table["text"]) == ["417"]
