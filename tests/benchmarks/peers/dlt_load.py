"""dlt: its REST source, merged by id into DuckDB.

python -m tests.benchmarks.peers.dlt_load ORIGIN FOLDER [--parquet]

`--parquet` has dlt write parquet files between its steps instead of its default, INSERT statements.
"""

from __future__ import annotations

import os
import sys

from tests.benchmarks.job import mapping, matches

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"

import dlt
from dlt.sources.rest_api import rest_api_source


def main(origin: str, folder: str, parquet: bool) -> None:
    """Extract, filter, map, merge."""
    source = rest_api_source({
        "client": {
            "base_url": f"{origin}/recruit/v2/",
            "paginator": {"type": "page_number", "base_page": 1, "total_path": None, "has_more_path": "info.more_records"},
        },
        "resources": [{
            "name": "leads",
            "primary_key": "id",
            "write_disposition": {"disposition": "merge", "strategy": "upsert"},
            "endpoint": {"path": "Candidates", "params": {"per_page": 200}, "data_selector": "data"},
        }],
    })  # fmt: skip
    source.leads.add_filter(matches).add_map(mapping()).add_filter(lambda lead: lead is not None)
    database = dlt.destinations.duckdb(f"{folder}/leads.duckdb")
    pipeline = dlt.pipeline("leads", destination=database, dataset_name="data", pipelines_dir=folder)
    pipeline.run(source, loader_file_format="parquet" if parquet else None)
    with pipeline.sql_client() as client:
        print(client.execute_sql("SELECT count(*) FROM leads")[0][0])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "--parquet" in sys.argv)
