"""Many pages on many machines: Dask distributed, files by fsspec, results in Parquet."""
