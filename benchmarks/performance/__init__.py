"""performance: Uptake beside other ways to keep a history, over the same data; writes docs/performance.md"""
