"""`check --self-check`: single packets of every demand, judged again by the tracer."""
