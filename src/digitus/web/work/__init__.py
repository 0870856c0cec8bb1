"""The work behind the server: workers that open what was uploaded, drawings, jobs, batches."""
