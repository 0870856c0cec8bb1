"""`digitus train` on the workers of a Dask cluster through joblib, as in the docs."""

import subprocess
import sys

import joblib
from distributed import Client, LocalCluster
from joblib import Parallel, delayed


def test_runs_on_a_cluster_write_the_models_of_runs_here(digitus, drawn, tmp_path, same_arrays):
    options = ["--data", drawn, "--hidden", 16, "--epochs", 2, "--validation", 40]

    def words(where, seed):
        return [
            "train",
            *options,
            "--seed",
            seed,
            "--out",
            tmp_path / f"{where}-{seed}.safetensors",
        ]

    commands = [
        [sys.executable, "-m", "digitus", *map(str, words("there", seed))] for seed in (1, 2)
    ]
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs="CRITICAL",
        ) as cluster,
        Client(cluster),
        joblib.parallel_backend("dask"),
    ):
        runs = Parallel()(
            delayed(subprocess.run)(command, check=True, capture_output=True)
            for command in commands
        )
    assert [run.returncode for run in runs] == [0, 0]
    for seed in (1, 2):
        assert digitus(*words("here", seed)).code == 0
        here, there = (tmp_path / f"{where}-{seed}.safetensors" for where in ("here", "there"))
        assert same_arrays(here, there)
